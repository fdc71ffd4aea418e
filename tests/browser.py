"""Is there a browser for tests that look at pages? A fresh machine may have none, and then says so."""

import pytest

from exowatch.browser import find_browser

FOUND = find_browser()
needs_browser = pytest.mark.skipif(FOUND.path is None, reason=f"no browser: {FOUND.why}")
