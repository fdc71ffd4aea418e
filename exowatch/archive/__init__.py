"""Raw bytes with their provenance: WARC files, written once, never changed."""
