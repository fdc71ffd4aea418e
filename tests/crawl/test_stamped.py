"""A loopback authority of time: manifests are stamped at the end of a run, dossiers carry it, and it is not needed."""

import json
import shutil
import subprocess
import zipfile

import pytest

from exowatch.dossier.check import check_dossier
from tests.authority import Authority
from tests.e2e.sites import CLAIMS, page
from tests.e2e.watch import make_watch
from tests.e2e.web import html, served


@pytest.fixture
def authority():
    return Authority(at=None)


def stamping(authority):
    """The answer of a server that is the authority."""

    def give(handler):
        query = handler.rfile.read(int(handler.headers["Content-Length"]))
        body = authority.answer(query)
        handler.send_response(200)
        handler.send_header("Content-Type", "application/timestamp-reply")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return give


def test_manifests_are_stamped_once_the_authority_answers_and_a_dossier_says_so(tmp_path, authority):
    with served({"one": {"/": html(page("Exosome clinic", [CLAIMS[0], CLAIMS[1]]))}, "time": {}}) as web:
        watch = make_watch(tmp_path, web, {"one": {}})
        watch.env = {"EXOWATCH_RECORD__TIMESTAMP_URL": web.url("time", "/tsr")}
        done = watch.run("crawl", "--all")
        assert "has no time stamp yet; it is asked for again next time" in done.stderr
        assert [row["code"] for row in watch.sql("SELECT code FROM issues")] == ["record-unstamped"]
        web.answers["time"]["/tsr"] = stamping(authority)
        watch.here("record", "seal")
    (tmp_path / "root.pem").write_bytes(authority.root_pem)
    watch.env = {"EXOWATCH_RECORD__TIMESTAMP_ROOTS": str(tmp_path / "root.pem")}
    told = json.loads(watch.here("verify", "--format", "json"))
    assert (told["damage"], told["stamped"], told["manifests"]) == ([], 1, 1)
    assert not any("no root" in note for note in told["notes"])
    watch.here("dossier", str(watch.rows("flags")[0]["id"]), "-o", str(tmp_path / "d.zip"))
    with zipfile.ZipFile(tmp_path / "d.zip") as bundle:
        facts, names = json.loads(bundle.read("facts.json")), bundle.namelist()
    (stamp,) = [manifest["stamp"] for manifest in facts["manifests"]]
    assert (stamp["authority"], stamp["proven"]) == ("CN=Test clock", True)
    assert facts["time_basis"].startswith("time as stated by this system; none is later than ")
    assert any(name.endswith(".tsr") for name in names)
    checked = check_dossier(tmp_path / "d.zip", (), (authority.root,))
    assert (checked.damage, checked.stamped) == ((), 1)
    holds_for_openssl(tmp_path / "archive" / "manifests", tmp_path / "root.pem")


def holds_for_openssl(folder, root):
    if shutil.which("openssl") is None:
        return
    (manifest,) = folder.glob("*.jsonl")
    asked = ["openssl", "ts", "-verify", "-data", manifest, "-in", manifest.with_suffix(".tsr"), "-CAfile", root]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert "Verification: OK" in done.stdout + done.stderr
