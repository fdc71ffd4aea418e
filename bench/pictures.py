"""Pictures of a letter for docs/: the demo's last one in a real browser, on a desk and on a phone, light and dark.

Every request that is not for the letter itself is refused and told, and so is whatever is wider than the screen.
Run: ``python -m bench.pictures [FOLDER] [--letter FILE.html]`` (default: docs/; runs the demo).
"""

from __future__ import annotations

import argparse
import io
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

from exowatch.browser import find_browser
from exowatch.demo.tour import run_demo

DOCS = Path(__file__).parents[1] / "docs"
WIDE, PHONE = (1440, 1000), (390, 844)
LOOKS = {
    "digest": (WIDE, "light"),
    "digest-dark": (WIDE, "dark"),
    "digest-phone": (PHONE, "light"),
    "digest-phone-dark": (PHONE, "dark"),
}
#: Where on the letter a second picture begins: its first entry.
ENTRY = "article.entry"


def pictures(letter: Path, folder: Path) -> list[str]:
    """A PNG a look of the top of the letter, and one of its first entry. Returns what was wrong, in words."""
    browser = find_browser()
    wrong: list[str] = []
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(browser.path), args=["--no-sandbox"])
        for name, (size, scheme) in LOOKS.items():
            page = opened.new_page(
                viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, java_script_enabled=True
            )
            page.on("request", lambda request: _asked(request.url, letter, wrong))
            page.on("dialog", lambda dialog: (wrong.append("a script asked something"), dialog.dismiss()))
            page.goto(letter.as_uri())
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > size[0]:
                wrong.append(f"{name}: {width} px wide on a screen of {size[0]}")
            _keep(page.screenshot(), folder / f"{name}.png")
            entry = page.locator(ENTRY).first
            if name.startswith("digest-phone") or entry.count() == 0:
                page.close()
                continue
            entry.evaluate("one => window.scrollTo(0, one.getBoundingClientRect().top - 90)")
            _keep(page.screenshot(), folder / f"{name}-entry.png")
            page.close()
        opened.close()
    return wrong


def _asked(url: str, letter: Path, wrong: list[str]) -> None:
    if url != letter.as_uri() and not url.startswith("data:"):
        wrong.append(f"asked for {url}")


def _keep(shot: bytes, path: Path) -> None:
    """Small: 128 colours are enough for text."""
    Image.open(io.BytesIO(shot)).convert("RGB").quantize(128).save(path, "PNG", optimize=True)


def _say(words: Any) -> None:
    print(words)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("folder", type=Path, nargs="?", default=DOCS)
    asked.add_argument("--letter", type=Path)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as made:
        letter = given.letter
        if letter is None:
            run_demo(Path(made) / "demo", _say)
            letter = max((Path(made) / "demo" / "digests").glob("*.html"))
        for words in pictures(letter.resolve(), given.folder):
            print(words)


if __name__ == "__main__":
    main()
