"""Whatever is changed, added or taken away after it was sealed is named, with the public key alone."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from exowatch.archive.sums import NAME, sum_of
from exowatch.model.keys import wording_key
from exowatch.seal.chain import read_chain
from exowatch.seal.keys import make_key
from exowatch.seal.manifest import make_manifest, signature_of
from exowatch.seal.verify import verify_archive_alone
from tests.unit.importing.foreign_files import HOME, MORE, SAYS, page

LAST = "(SELECT MAX(id) FROM {0})"
#: Statement → words that must be told.
EDITS = {
    "UPDATE captures SET fitness = 'empty' WHERE final_url LIKE '%two'": "captures row",
    "UPDATE captures SET language = 'fr'": "captures row",
    "UPDATE captures SET fetched_at = '2026-11-19T00:00:00Z'": "captures row",
    "UPDATE claims SET quote = quote || ' Maybe.'": "its words are not those that its key names",
    "UPDATE claims SET stance = 'hedged'": "claims row",
    "UPDATE claims SET conditions = ''": "claims row",
    "UPDATE flags SET severity = 'low'": "flags row",
    "UPDATE flags SET reasons = '[]'": "flags row",
    "UPDATE flags SET raised_at = '2026-11-01T00:00:00Z'": "flags row",
    "UPDATE assessments SET verdict = 'supported'": "assessments row",
    "UPDATE outcomes SET result = 'UNFIT' WHERE url LIKE '%two'": f"not as sealed: {HOME}two",
    "DELETE FROM assessments": "is gone",
}


@pytest.mark.parametrize("edit", EDITS)
def test_a_row_that_was_edited_or_deleted_is_named(sealed, edit):
    assert sealed.problems(sealed.key) == []
    sealed.write(edit)
    assert any(EDITS[edit] in one for one in sealed.problems(sealed.key))


def test_words_and_key_edited_together_are_found_by_the_seal_and_by_the_page(sealed):
    said = "Exosomes cure everything."
    sealed.write(f"UPDATE claims SET quote = '{said}', key = '{wording_key(said)}'")
    found = sealed.problems(sealed.key)
    assert any("claims row 1 was edited after 000001" in one for one in found)
    assert any("its sentence does not stand in the page" in one for one in found)


def test_a_capture_that_was_deleted_with_all_its_rows_is_named(sealed):
    ((name,),) = sealed.taken.sql(f"SELECT id FROM captures WHERE final_url = '{HOME}two'")
    with closing(sqlite3.connect(sealed.taken.folder / "exowatch.db", isolation_level=None)) as db:
        for table in ("readings", "appearances", "flags", "outcomes"):
            db.execute(f"DELETE FROM {table} WHERE capture_id = ?", [name])
        db.execute("DELETE FROM pages WHERE last_fit_capture_id = ?", [name])
        db.execute("DELETE FROM captures WHERE id = ?", [name])
    found = " ".join(sealed.problems(sealed.key))
    assert f"captures row {name} is gone" in found
    assert "flags row" in found
    assert "outcomes of quay" in found


def test_a_row_that_was_put_in_among_older_ones_is_named(sealed):
    sealed.write(f"DELETE FROM reviews WHERE id = {LAST.format('reviews')}")
    sealed.write("INSERT INTO reviews (id, flag_id, claim_key, by, at) VALUES (7, 1, 'k', 'A', '2026-11-24T00:00:00Z')")
    sealed.seal()
    assert sealed.problems() == []
    sealed.write("INSERT INTO reviews (id, flag_id, claim_key, by, at) VALUES (9, 1, 'k', 'A', '2026-11-24T00:00:00Z')")
    sealed.seal()
    assert sealed.problems() == []
    sealed.write("DELETE FROM reviews WHERE id = 7")
    sealed.write("INSERT INTO reviews (id, flag_id, claim_key, by, at) VALUES (7, 1, 'z', 'B', '2026-11-24T00:00:00Z')")
    assert any("reviews row 7 was edited" in one for one in sealed.problems())


def test_a_row_that_came_late_is_sealed_late(sealed):
    """A server gives out numbers before the rows are there."""
    put = "INSERT INTO reviews (id, flag_id, claim_key, by, at) VALUES ({}, 1, 'k', 'A', '2026-11-24T00:00:00Z')"
    sealed.write(put.format(3))
    assert sealed.seal().head.gaps["reviews"] == (1, 2)
    sealed.write(put.format(2))
    made = sealed.seal()
    assert ([line["id"] for line in made.rows], made.head.gaps["reviews"]) == ([2], (1,))
    assert sealed.problems() == []


def test_a_flipped_bit_is_named_with_its_capture_even_where_every_list_was_made_anew(sealed):
    (file,) = sealed.archive.glob("*.warc.gz")
    line = next(iter(next(read_chain(sealed.archive).manifests).captures))
    data = bytearray(file.read_bytes())
    data[line["offset"] + line["length"] // 2] ^= 1
    file.write_bytes(data)
    listed = (sealed.archive / NAME).read_text().splitlines()
    listed = [f"{sum_of(file)}  {file.name}" if one.endswith(file.name) else one for one in listed]
    (sealed.archive / NAME).write_text("\n".join(listed) + "\n")
    found = " ".join(sealed.problems(sealed.key))
    assert f"capture {line['capture']}" in found
    assert "does not have the digest that 000001" in found


@pytest.fixture
def three(sealed):
    sealed.bring("second", (HOME, page(MORE)))
    sealed.seal(days=1)
    assert sealed.problems(sealed.key) == []
    return sealed


@pytest.mark.parametrize("which", [0, 1, 2])
@pytest.mark.parametrize("listed", [True, False])
def test_a_manifest_that_was_deleted_is_missed(three, which, listed):
    gone = three.manifests[which]
    gone.unlink()
    signature_of(gone).unlink()
    if not listed:  # taken out of the list as well
        lines = [line for line in (three.archive / NAME).read_text().splitlines() if gone.name not in line]
        (three.archive / NAME).write_text("\n".join(lines) + "\n")
    found = " ".join(three.problems(three.key))
    if listed:
        assert f"{gone.name}: the manifest is gone" in found
    elif which < 2:
        assert f"manifest {which + 1} before it cannot be read or is gone" in found
    else:
        assert found == "", "the newest one, taken out of the list too, is missed by whoever kept it: see below"


def test_the_newest_manifest_is_missed_by_whoever_kept_it(three, tmp_path):
    kept = shutil.copy(three.manifests[-1], tmp_path / "kept.jsonl")
    assert three.problems(three.key, kept=[kept]) == []
    three.manifests[-1].unlink()
    assert any("is not in the chain" in one for one in three.problems(three.key, kept=[kept]))


def test_a_manifest_that_was_changed_is_named(three):
    path = three.manifests[1]
    path.write_bytes(path.read_bytes().replace(b'"kind":"response"', b'"kind":"resource"', 1))
    assert any(f"{path.name}: not as it was signed" in one for one in three.problems(three.key))


def forged(sealed, which, key):
    """One manifest written anew by somebody else, its last line left out, the rest of the chain as it was."""
    old = read_chain(sealed.archive).links[which].read()
    head = old.head.__class__(**{name: getattr(old.head, name) for name in old.head.__slots__} | {"key": key.public})
    made = make_manifest(head, old.lines[:-1])
    path = sealed.manifests[which]
    path.write_bytes(made.body)
    signature_of(path).write_bytes(key.sign(made.body))
    return path


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_manifest_that_was_replaced_by_a_stranger_is_named(three, tmp_path, which):
    path = forged(three, which, make_key(tmp_path / "stranger.pem"))
    assert any(path.name in one and "signed by key" in one for one in three.problems(three.key))


def test_a_manifest_that_the_holder_of_the_key_replaced_breaks_the_chain(three):
    from exowatch.seal.keys import load_key

    path = forged(three, 1, load_key(three.desk.config.record.signing_key))
    assert any(f"the chain is broken: {path.name}" in one for one in three.problems(three.key))


def test_a_chain_that_a_stranger_made_whole_is_told_by_the_key(three, tmp_path):
    public = three.key
    shutil.rmtree(three.archive / "manifests")
    three.desk.config.record.signing_key.unlink()
    lines = [line for line in (three.archive / NAME).read_text().splitlines() if "manifests/" not in line]
    (three.archive / NAME).write_text("\n".join(lines) + "\n")
    three.seal()
    assert three.problems() == []
    assert any("which was not given" in one for one in three.problems(public))


def test_a_signature_that_is_missing_is_named(three):
    signature_of(three.manifests[0]).unlink()
    assert any("its signature is missing" in one for one in three.problems(three.key))


def test_a_copy_of_the_archive_is_verified_without_a_database(three, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(three.archive, copy)
    found = verify_archive_alone(copy, [three.key])
    assert (found.damage, found.manifests, found.captures) == ((), 3, 3)
    next(iter(copy.glob("*.warc.gz"))).unlink()
    assert any("is gone; 00000" in one.problem for one in verify_archive_alone(copy, [three.key]).damage)


def test_a_file_that_no_manifest_lists_though_a_later_one_was_written_is_named(sealed, monkeypatch):
    monkeypatch.setattr("exowatch.importing.seal_run", lambda *told: None)
    sealed.bring("second", (HOME, page(SAYS, MORE)))
    assert sealed.problems() == []
    assert any("in no manifest yet" in note for note in sealed.verify().notes)


def test_without_any_key_the_chain_says_so(three):
    three.desk.config.record.signing_key.unlink()
    found = three.verify()
    assert found.damage == ()
    assert any("no public key was given" in note for note in found.notes)


def test_manifests_of_a_version_that_sealed_fewer_columns_stay_valid(sealed, monkeypatch):
    from exowatch.store import sealed_rows

    whole = sealed_rows.SEALED["captures"]
    monkeypatch.setitem(sealed_rows.SEALED, "captures", whole[: whole.index("ip")])
    sealed.bring("second", (HOME, page(MORE)))
    monkeypatch.undo()
    sealed.bring("third", (HOME + "three", page(SAYS)))
    assert sealed.problems(sealed.key) == []
    sealed.write("UPDATE captures SET ip = '192.0.2.9'")
    assert [one for one in sealed.problems(sealed.key) if "captures row" in one and "edited" in one]


def test_a_bare_answer_is_held_against_no_words_of_its_own(sealed):
    """Its key is that of its question with it."""
    asked = (
        "<details><summary>Are exosomes safe and without any risk?</summary><p>Yes, exosomes are safe.</p></details>"
    )
    sealed.bring("second", (HOME, page(f"{SAYS}{asked}")))
    ((quote, key),) = sealed.taken.sql("SELECT quote, key FROM claims WHERE quote LIKE 'Yes%'")
    assert key != wording_key(quote)
    sealed.seal(days=1)
    assert sealed.problems(sealed.key) == []
    sealed.write("UPDATE claims SET quote = 'No, exosomes are safe.' WHERE quote LIKE 'Yes%'")
    assert any("claims row" in one for one in sealed.problems(sealed.key))
