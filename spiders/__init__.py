"""Adapters in: Scrapy spiders that find the next request, and the guards around them."""
