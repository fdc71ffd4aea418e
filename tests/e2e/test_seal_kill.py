"""Sealing killed at random moments leaves a chain that verifies and goes on."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from exowatch.archive.sums import sum_of, sums_of
from exowatch.seal.chain import manifest_paths, read_chain
from exowatch.seal.keys import load_key
from exowatch.seal.verify import verify_archive_alone

SEAL = """
import itertools, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from exowatch.seal.sealing import Sealer, rotate, seal
from exowatch.store.session import Store
here = Path(sys.argv[1])
for day in itertools.count(int(sys.argv[2])):
    at = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=day)
    sealer = Sealer(here / "archive", here / "signing.pem", Store(f"sqlite:///{here}/exowatch.db"), lambda: at)
    seal(sealer)
    print("sealed", flush=True)
    if day % 3 == 2:
        rotate(sealer)
"""


@pytest.mark.long
def test_the_chain_is_whole_after_twenty_kills(tmp_path, sqlite_template):
    shutil.copy(sqlite_template, tmp_path / "exowatch.db")
    rng, archive = random.Random(20261126), tmp_path / "archive"
    root = Path(__file__).parents[2]
    for turn in range(20):
        command = [sys.executable, "-c", SEAL, str(tmp_path), str(turn * 1000)]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(root)})
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(rng.uniform(0.001, 0.12))
        assert child.poll() is None, "it ended by itself"
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
    paths = manifest_paths(archive)
    assert len(paths) > 20
    first = read_chain(archive).links[0].head.key
    chain = read_chain(archive, [first])
    assert (chain.damage, chain.trusted, len(chain.links)) == ((), True, len(paths))
    assert verify_archive_alone(archive, [first]).damage == ()
    listed = sums_of(archive)
    missing = [path.name for path in paths if listed.get(f"manifests/{path.name}") != {sum_of(path)}]
    assert missing in ([], [paths[-1].name])
    expected = chain.links[-1].head.next_key or chain.links[-1].head.key
    waiting = [load_key(tmp_path / name) for name in ("signing.pem", "signing.pem.next")]
    assert expected in {key.public for key in waiting if key}
