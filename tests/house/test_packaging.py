import os
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    from hatchling.build import build_wheel

    folder = tmp_path_factory.mktemp("wheel")
    before = Path.cwd()
    os.chdir(ROOT)
    try:
        name = build_wheel(str(folder))
    finally:
        os.chdir(before)
    with zipfile.ZipFile(folder / name) as built:
        return built.namelist()


def test_the_wheel_holds_exactly_three_top_level_packages(wheel):
    tops = {name.split("/")[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"exowatch", "spiders", "pipelines"}


@pytest.mark.parametrize(
    "needed",
    [
        "exowatch/starter/exowatch.toml",
        "exowatch/starter/watchlist/fda-exosomes.yml",
        "exowatch/store/migrations/script.py.mako",
        "exowatch/digest/templates/digest.html.j2",
        "exowatch/dossier/templates/verify.html.j2",
        "exowatch/knowledge/fitness.yml",
    ],
)
def test_the_wheel_holds_the_data_the_program_reads(wheel, needed):
    assert needed in wheel


def test_the_constraints_name_versions_and_no_address():
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if line and not line.startswith("#")]
    assert lines
    assert all("==" in line and "/" not in line and "@" not in line for line in lines)
