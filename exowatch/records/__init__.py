"""Bytes of a feed or an API answer become records."""
