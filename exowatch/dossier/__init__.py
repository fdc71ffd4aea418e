"""Bundles of evidence: what proves a flag, to be verified by whoever receives it."""
