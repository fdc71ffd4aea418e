"""Is there a browser to look at pages with? The extra that drives it, and the program itself."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

#: Names under which systems have Chromium and its relatives.
_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
#: Where `playwright install chromium` puts one of its own.
_OWN = "chromium-*/chrome-linux*/chrome"
INSTALL = "`pip install 'exowatch[render]'`, then `apt-get install chromium` (Debian) or `playwright install chromium`"


@dataclass(frozen=True, slots=True)
class Browser:
    """What was found."""

    path: Path | None
    """The program; None: there is none that could be used."""
    why: str = ""
    """Why not, and what to do."""


def find_browser(wanted: Path | None = None) -> Browser:
    """The browser that ``[crawl] browser`` names (``wanted``), else one that is installed."""
    missing = [name for name in ("playwright", "scrapy_playwright") if find_spec(name) is None]
    if missing:
        return Browser(None, f"no browser can be driven ({missing[0]} is not installed): {INSTALL}")
    if wanted is not None:
        fits = wanted.is_file() and os.access(wanted, os.X_OK)
        return Browser(wanted) if fits else Browser(None, f"[crawl] browser names {wanted}, which is no program")
    for name in _NAMES:
        if found := shutil.which(name):
            return Browser(Path(found))
    home = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    own = sorted(home.glob(_OWN))
    if own:
        return Browser(own[-1])
    return Browser(None, f"no browser is here: {INSTALL}; or name one in [crawl] browser")
