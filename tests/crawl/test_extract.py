"""``exowatch extract URL``: an address as people paste it."""

from tests.e2e.sites import clinic
from tests.e2e.watch import make_watch
from tests.e2e.web import served


def test_an_address_is_read_however_it_was_pasted(tmp_path):
    with served({"one": clinic(1)}) as web:
        watch = make_watch(tmp_path, web, {"one": {}})
        pasted = [web.url("one", end) for end in ("", "/#top", "/?utm_source=x", "/exosomes/0")]
        told = watch.run("extract", *pasted, "--format", "jsonl").stdout.splitlines()
    assert len(told) == len(pasted)
