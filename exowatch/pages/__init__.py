"""Bytes of a page become blocks of text that can be found again. The door is ``exowatch.pages.page.read_page``."""
