"""The demo: two days on a made-up web, from a watchlist to the letter on disk."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from exowatch.archive.read import read_response
from exowatch.model.captures import WarcPlace
from exowatch.pages.decode import decoded
from tests.e2e.watch import Watch


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "shown"
    env = os.environ | {"XDG_CACHE_HOME": str(folder.parent / "cache")}
    command = [sys.executable, "-m", "exowatch", "demo", str(folder)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=180)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, done.stdout


def ask(folder: Path, *words: str):
    return json.loads(Watch(folder).here(*words, "--format", "json"))


def test_day_two_adds_strengthens_rewords_moves_and_removes(demo):
    kinds = {row["kind"] for row in ask(demo[0], "changes", "--kind", "claim")}
    assert {"new", "stronger", "reworded", "moved", "gone"} <= kinds


def test_a_page_that_answers_with_a_challenge_loses_nothing(demo):
    unfit = ask(demo[0], "sql", "SELECT DISTINCT source_id, code FROM outcomes WHERE result = 'UNFIT'")
    assert unfit == [{"source_id": "dermaluz", "code": "challenge"}]
    gone = ask(demo[0], "changes", "--change", "gone")
    assert {row["source"] for row in gone} == {"calderbrook"}


def test_the_clinic_that_declines_the_journal_and_the_regulator_are_never_flagged(demo):
    flagged = {row["source"] for row in ask(demo[0], "flags")}
    assert flagged == {"liffeyside", "calderbrook", "mesa-alta", "dermaluz"}


def test_the_letter_of_day_two_lies_on_disk_and_its_summary_is_shown(demo):
    folder, said = demo
    letter = (folder / "digests" / "2026-11-24.txt").read_text()
    assert "Parkinson" in letter
    assert "Machine reading of a public page; not a finding against anyone" in letter
    assert "SIMULATED" in letter
    assert "Parkinson" in said
    told = json.loads((folder / "digests" / "2026-11-24.json").read_text())
    assert {flag["change"] for flag in told["flags"]} == {"new", "stronger"}


def test_the_flag_that_the_readme_decides_about_is_a_critical_one_that_the_letter_is_sure_of(demo):
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    (number,) = re.findall(r"exowatch review (\d+) ", readme)
    assert f"exowatch case open {number} " in readme
    rows = {row["id"]: row for row in ask(demo[0], "flags", "--review", "undecided", "--severity", "critical")}
    assert (rows[int(number)]["certain"], rows[int(number)]["change"]) == ("sure", "new")


def test_every_flag_says_something_by_itself(demo):
    assert [row["quote"] for row in ask(demo[0], "flags") if len(row["quote"].split()) < 3] == []


def test_every_flag_leads_to_archived_bytes_that_hold_its_quote(demo):
    folder, _ = demo
    places = ask(
        folder,
        "sql",
        "SELECT f.quote, c.warc_file, c.warc_offset FROM v_flags f JOIN captures c ON c.id = f.capture_id",
    )
    assert places
    for row in places:
        archived = read_response(folder / "archive", WarcPlace(row["warc_file"], row["warc_offset"]))
        encoding = dict(archived.headers).get("Content-Encoding")
        body = decoded(archived.body, encoding, 10_000_000).decode()
        words = row["quote"].split()
        assert words[0] in body
        assert words[-1].rstrip(".") in body


def test_flags_that_local_rules_would_change_are_foreseen_and_nothing_is_written(demo, tmp_path, monkeypatch):
    why = "reason: not ours, source: us, reviewer: us, date: 2026-11-24"
    (tmp_path / "ours.yml").write_text(f"- {{id: parkinson, role: condition, {why}, disable: true}}\n")
    monkeypatch.setenv("EXOWATCH_KNOWLEDGE__DIR", str(tmp_path))
    before = ask(demo[0], "flags")
    told = ask(demo[0], "knowledge", "diff", "--flags")
    assert [(row["name"], row["kind"]) for row in told["local"]] == [("parkinson", "removed")]
    assert told["local"] == told["stored"]["rules"]
    (change,) = told["flags"]
    assert (change["now"], change["then"], "Parkinson" in change["quote"]) == ("critical", "medium", True)
    assert ask(demo[0], "flags") == before


def test_the_demo_can_be_shown_again_in_its_own_folder_only(demo, tmp_path):
    foreign = tmp_path / "mine"
    foreign.mkdir()
    (foreign / "letter.txt").write_text("keep me")
    command = [sys.executable, "-m", "exowatch", "demo", str(foreign)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert (foreign / "letter.txt").read_text() == "keep me"


def test_a_flag_is_handed_over_as_a_bundle_that_verifies_with_the_public_key(demo, tmp_path):
    watch = Watch(demo[0])
    watch.inside = True
    key = watch.run("record", "keys").stdout.split("  ")[0]
    flag = ask(demo[0], "flags", "--severity", "critical")[0]
    watch.run("dossier", str(flag["id"]), "-o", str(tmp_path / "evidence.zip"))
    held = watch.run("verify", str(tmp_path / "evidence.zip"), "--key", key, "--format", "json")
    assert json.loads(held.stdout)["damage"] == []
    watch.run("verify", "--key", key)
    watch.run("dossier", "999999", "-o", str(tmp_path / "none.zip"), expect=2)
    (tmp_path / "evidence.zip").write_bytes((tmp_path / "evidence.zip").read_bytes()[:-2000])
    watch.run("verify", str(tmp_path / "evidence.zip"), "--key", key, expect=2)


def test_a_bit_that_is_flipped_ends_verify_with_3_and_a_name(demo, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(demo[0], folder)
    manifest = min(folder.glob("archive/manifests/*.jsonl"))
    line = next(json.loads(one) for one in manifest.read_text().splitlines() if one.startswith('{"capture"'))
    file = folder / "archive" / line["file"]
    data = bytearray(file.read_bytes())
    data[line["offset"] + line["length"] // 2] ^= 1
    file.write_bytes(data)
    command = [sys.executable, "-m", "exowatch", "--config", str(folder / "exowatch.toml"), "verify"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert f"DAMAGED {file.name}@{line['offset']}: capture {line['capture']}" in done.stdout
