"""The pictures of the docs: the demo's letter of its second day, as a wide screen and a phone show it, light and dark.

Run: ``python -m bench.pictures`` (a Chromium is needed); writes ``docs/digest*.png``. Look at them before keeping them.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from exowatch.browser import find_browser

DOCS = Path(__file__).parents[1] / "docs"
#: Name, width, height, dark.
SHOTS = (
    ("digest", 1100, 1500, False),
    ("digest-dark", 1100, 1500, True),
    ("digest-phone", 390, 1500, False),
    ("digest-phone-dark", 390, 1500, True),
)
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


def main() -> None:
    browser = find_browser(None).path
    if browser is None:
        raise SystemExit("no Chromium was found")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "demo"
        subprocess.run([sys.executable, "-m", "exowatch", "demo", str(place)], check=True, capture_output=True)
        letter = max((place / "digests").glob("*.html"))
        for name, width, height, dark in SHOTS:
            shoot(str(browser), letter, DOCS / f"{name}.png", width, height, dark=dark)
            print(f"docs/{name}.png")


def shoot(browser: str, page: Path, file: Path, width: int, height: int, *, dark: bool) -> None:
    """One picture of the top of a page, in few colours: docs stay small."""
    with tempfile.TemporaryDirectory() as profile:
        scheme = ["--force-dark-mode", "--blink-settings=preferredColorScheme=0"] if dark else []
        size = [f"--window-size={width},{height}", f"--user-data-dir={profile}", f"--screenshot={file}"]
        subprocess.run([browser, *FLAGS, *scheme, *size, page.as_uri()], check=True, capture_output=True)
    Image.open(file).convert("RGB").quantize(64).save(file, "PNG", optimize=True)


if __name__ == "__main__":
    main()
