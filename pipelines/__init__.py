"""Adapters out: what a spider hands over goes to the core, and the crawl is watched for health."""
