"""Letters to many through a real mail server that fails and hangs, by a sender killed (SIGKILL) at random moments.

Run: ``python -m bench.mail [--recipients 500] [--kills 10] [--seed 1] [--database URL]``. Exit 1 where somebody got a
letter twice, where one was lost, or where something that nobody can know was not told.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from exowatch.config import load_config
from exowatch.delivery.send import drop, resend
from exowatch.intake import Desk, open_desk
from exowatch.store.read_rows import rows
from tests.mail.servers import HOST, Post, mail_server

_TOML = """
[database]
url = "{url}"
[digest.smtp]
host = "{host}"
port = {port}
security = "none"
sender = "ExoWatch <watch@example.org>"
timeout = 2
"""
_RECIPIENT = '[[digest.recipients]]\nid = "r{number}"\nmail = "r{number}@mail.example"\n'
_SOURCE = "{id: one, name: One, kind: clinic, jurisdiction: IE, start_urls: ['https://one.example/'], reason: bench}"


@dataclass
class Trial:
    """What was seen."""

    killed: int = 0
    starts: int = 0
    unclear: int = 0
    """Letters of which nobody knows, as told by the program."""
    arrived: int = 0
    """Of those, how many the server had taken."""
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0


class Installation:
    """An installation whose clock moves half an hour with each command."""

    def __init__(self, folder: Path, recipients: int, port: int, url: str) -> None:
        self.folder, self.now = folder, datetime(2026, 11, 26, 7, 0, tzinfo=UTC)
        (folder / "watchlist").mkdir()
        (folder / "watchlist" / "one.yml").write_text(_SOURCE)
        people = "".join(_RECIPIENT.format(number=number) for number in range(recipients))
        (folder / "exowatch.toml").write_text(_TOML.format(host=HOST, port=port, url=url) + people)
        with self.desk():
            pass

    def start(self, *words: str) -> subprocess.Popen[str]:
        self.now += timedelta(minutes=30)
        return subprocess.Popen(
            [sys.executable, "-m", "exowatch", *words],
            cwd=self.folder,
            env=os.environ | {"EXOWATCH_NOW": self.now.isoformat(), "PYTHONPATH": str(Path(__file__).parents[1])},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """The same installation in this process, which nobody kills."""
        self.now += timedelta(minutes=30)
        desk = open_desk(load_config(self.folder / "exowatch.toml", {}), lambda: self.now, True)
        try:
            yield desk
        finally:
            desk.store.close()

    def rows(self, table: str) -> list[dict[str, Any]]:
        with self.desk() as desk, desk.store.reading() as db:
            return rows(db, table, [])


def trial(folder: Path, recipients: int, kills: int, seed: int, url: str, failing: dict[int, str]) -> Trial:
    """Send one letter to so many; ``failing``: what happens to the so-manieth letter handed over."""
    rng, seen, began = random.Random(seed), Trial(), time.monotonic()
    post = Post(slow=0.005, nth=dict(failing))
    with mail_server(post) as server:
        here = Installation(folder, recipients, server.port, url)
        while True:
            seen.starts += 1
            process = here.start("digest", "--send")
            if seen.killed < kills:
                more = post.handed + rng.randint(1, max(1, (recipients - post.handed) // (kills - seen.killed + 1)))
                while process.poll() is None and post.handed < more:
                    time.sleep(0.001)
                time.sleep(rng.random() * 0.02)
                process.send_signal(signal.SIGKILL)
            out, _ = process.communicate()
            seen.killed += process.returncode == -signal.SIGKILL
            # 75: a database server has not yet noticed that the last one died; what waits is tried by the next
            if process.returncode in (0, 1) and "waiting" not in out:
                break
        _judge(here, post, recipients, seen)
    seen.seconds = time.monotonic() - began
    return seen


def _judge(here: Installation, post: Post, recipients: int, seen: Trial) -> None:
    """Nobody twice, nobody never; what is unclear was told, and is settled as an operator would."""
    rows, wrong = here.rows("outbox"), seen.wrong
    if len(rows) != recipients or len({row["digest_id"] for row in rows}) != 1:
        wrong.append(f"{len(rows)} deliveries of {len({row['digest_id'] for row in rows})} letters")
    counts = post.counts
    wrong += [f"{address} got {count}" for address, count in counts.items() if count > 1]
    said = " ".join(row["message"] for row in here.rows("issues") if row["code"] == "delivery-unclear")
    told = {int(number) for number in re.findall(r"delivery (\d+)", said)}
    unclear = [row for row in rows if row["state"] == "unclear"]
    wrong += [f"{row['recipient']} is {row['state']}" for row in rows if row["state"] not in ("sent", "unclear")]
    wrong += [f"{row['recipient']} is unclear and was not told" for row in unclear if row["id"] not in told]
    wrong += [
        f"{row['recipient']} is {row['state']} but got {counts[_address(row)]}"
        for row in rows
        if row["state"] == "sent" and counts[_address(row)] != 1
    ]
    seen.unclear = len(unclear)
    seen.arrived = sum(counts[_address(row)] for row in unclear)
    with here.desk() as desk:
        for row in unclear:
            (drop if counts[_address(row)] else resend)(desk, str(row["id"]))
    left = Counter(post.counts.values())
    if left != {1: recipients}:
        wrong.append(f"in the end so many letters for so many recipients: {dict(left)}")


def _address(row: dict[str, Any]) -> str:
    return f"{row['recipient']}@mail.example"


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--recipients", type=int, default=500)
    asked.add_argument("--kills", type=int, default=10)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--database", default="sqlite:///exowatch.db")
    given = asked.parse_args()
    failing = {1: "451 not now", 100: "take-and-drop", 250: "hang", 499: "drop"}
    with tempfile.TemporaryDirectory() as folder:
        seen = trial(Path(folder), given.recipients, given.kills, given.seed, given.database, failing)
    print(f"{given.recipients} recipients, {seen.killed} kills, {seen.starts} starts, {seen.seconds:.0f} s")
    print(f"unclear and told: {seen.unclear}, of which {seen.arrived} had arrived")
    print("\n".join(seen.wrong) or "each got one letter; nothing was lost, nothing repeated, every ambiguity told")
    return 1 if seen.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
