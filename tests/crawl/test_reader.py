"""Reader processes that die: real ones, with a stand-in for reading that some captures end."""

import asyncio
import os
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from exowatch.config import Config
from exowatch.intake import reader as module
from exowatch.intake.reader import Reader, ReaderDied, Told


def opened(config, parent):
    """Nothing to open: the stand-in below reads nothing."""


def reading(capture, source, run, beside):
    """``capture`` names a file to write when the reading begins; 'bad' ones end the process after a moment."""
    with Path(capture).open("a") as file:
        file.write(f"{os.getpid()}\n")
    time.sleep(0.3)
    if "bad" in capture:
        os._exit(1)
    return Told("read")


@pytest.fixture
def made(monkeypatch):
    monkeypatch.setattr(module, "_take_in", reading)
    monkeypatch.setattr(module, "_open", opened)
    one = Reader(Config.model_construct(reading=SimpleNamespace(processes=2)))
    yield one
    one.close()


def test_only_the_pages_that_end_a_reader_are_blamed_whatever_else_is_read_at_once(made, tmp_path):
    names = ["good1", "bad1", "good2", "bad2", "good3", "good4"]

    async def read_all():
        going = []
        for name in names:
            going.append(asyncio.ensure_future(made.read(str(tmp_path / name), None, None)))
            await asyncio.sleep(0.2)
        return await asyncio.gather(*going, return_exceptions=True)

    results = asyncio.run(read_all())
    told = {name: isinstance(result, ReaderDied) for name, result in zip(names, results, strict=True)}
    assert told == {name: "bad" in name for name in names}


def test_the_pool_goes_on_after_a_death(made, tmp_path):
    async def one_after_the_other():
        with pytest.raises(ReaderDied):
            await made.read(str(tmp_path / "bad"), None, None)
        return await made.read(str(tmp_path / "good"), None, None)

    assert asyncio.run(one_after_the_other()).outcome == "read"
    assert len((tmp_path / "bad").read_text().split()) == 2
    assert len((tmp_path / "good").read_text().split()) == 1
