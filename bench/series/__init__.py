"""Series of page captures with the truth of what really changed, put through the doors as a crawl does."""
