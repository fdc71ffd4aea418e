"""Whatever `exowatch status` and its metrics can say is explained in docs/operating.md, and no more than that."""

import re
from pathlib import Path

import pytest

from exowatch.health.state import GRAVE

ROOT = Path(__file__).parents[2]
TOLD = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
STATE = (ROOT / "exowatch/health/state.py").read_text(encoding="utf-8")
METRICS = (ROOT / "exowatch/health/metrics.py").read_text(encoding="utf-8")
LINES = {line.split("|")[1].strip() for line in TOLD.split("## Metrics")[0].splitlines() if line.startswith("| ")}


def test_every_line_of_status_is_explained_and_no_other():
    said = set(re.findall(r'Line\(\s*"([a-z]+)"', STATE))
    assert len(said) > 8
    assert said == LINES - {"line"}


def test_every_metric_is_explained_and_no_other():
    made = {f"exowatch_{name}" for name in re.findall(r'gauge\("([a-z0-9_]+)"', METRICS)}
    assert len(made) > 10
    assert made == set(re.findall(r"`?(exowatch_[a-z0-9_]+)", TOLD.split("## Metrics")[1].split("## The weekly")[0]))


@pytest.mark.parametrize("code", GRAVE)
def test_every_grave_issue_is_explained_and_is_one_that_somebody_raises(code):
    assert f"`{code}`" in TOLD
    files = [
        path for room in ("exowatch", "spiders") for path in (ROOT / room).rglob("*.py") if path.name != "state.py"
    ]
    assert any(f'"{code}"' in path.read_text(encoding="utf-8") for path in files)
