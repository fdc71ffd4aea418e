"""The same claim on several sites is one group with a date; each site's history stays its own."""

from dataclasses import replace

import pytest

from tests.unit.intake.sites import Site, make_site

COPIED = "Our exosome serum brings back firm and radiant skin after only three sessions."
EDITED = "At Velmar our exosome serum brings back firm, radiant skin after only three sessions."
OTHER = "Exosome drops for the eyes make dark circles fade over the summer months."
DENIED = "Our exosome serum does not bring back firm and radiant skin after only three sessions."


@pytest.fixture
def sites(database_url):
    """Three sites on one desk, visited one after the other."""
    first = make_site(database_url)
    others = [
        Site(first.desk, replace(first.source, id=name), number) for name, number in (("second", 20), ("third", 40))
    ]
    yield first, *others
    first.desk.store.close()


def told(site):
    """Quote → (on how many sites, since when on the first) of one site's flags."""
    rows = site.rows("flags", source=(site.source.id,))
    return {row["quote"]: (row["sites"], str(row["sites_since"])[:10]) for row in rows}


def test_a_sentence_copied_to_other_sites_is_one_group_since_the_first(sites):
    first, second, third = sites
    first.visit({"https://one.example/": [COPIED, OTHER]})
    assert told(first) == {COPIED: (1, "2026-11-01"), OTHER: (1, "2026-11-01")}
    second.visit({"https://two.example/": [COPIED]})
    third.visit({"https://three.example/": [EDITED]})
    assert told(first)[COPIED] == told(second)[COPIED] == told(third)[EDITED] == (3, "2026-11-01")
    assert told(first)[OTHER] == (1, "2026-11-01")


def test_a_denial_is_not_grouped_with_what_it_denies(sites):
    first, second, _ = sites
    first.visit({"https://one.example/": [COPIED]})
    second.visit({"https://two.example/": [DENIED, OTHER]})
    assert told(first)[COPIED][0] == 1


def test_one_site_that_takes_it_down_leaves_the_others_their_history(sites):
    first, second, _ = sites
    first.visit({"https://one.example/": [COPIED]})
    second.visit({"https://two.example/": [COPIED, OTHER]})
    for _ in range(3):
        second.visit({"https://two.example/": [OTHER]})
    assert [kind for kind, _, _ in second.changes(source=("second",))] == ["gone"]
    assert first.changes(source=("quay",)) == []
    assert told(first)[COPIED] == (1, "2026-11-01")
