"""Bytes of a page become blocks of text that can be found again."""
