"""A dossier as a file: everything gathered, rendered, digested and zipped, the same bytes for the same record."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exowatch import __version__
from exowatch.archive.excerpt import as_warc
from exowatch.archive.sums import NAME
from exowatch.dossier.facts import Facts, facts_of
from exowatch.dossier.gather import Gathered, Proof, gather
from exowatch.dossier.looks import picture_name
from exowatch.dossier.render import index_page, readable_copy, verify_page
from exowatch.errors import SetupError
from exowatch.files import write_whole
from exowatch.intake import Desk
from exowatch.seal.manifest import FOLDER, NOTICE, signature_of
from exowatch.seal.stamp import stamp_of

WARC = "records.warc.gz"
FACTS = "facts.json"
LINES = f"{FOLDER}/lines.jsonl"
#: The first day that a ZIP can tell: when it was made is nobody's evidence.
_NO_DATE = (1980, 1, 1, 0, 0, 0)
_CONTENTS = (
    ("index.html", "the flags: words in context, assessment, facts of the capture"),
    ("pages/…html", "each page as text, quotes marked"),
    ("pages/…source.txt", "each page's bytes, content coding undone (a PDF as .pdf)"),
    ("pages/…png, …jpg, …pdf", "where a browser looked: the page as it drew it, each named by its record"),
    (WARC, "the archived records: requests, answers, redirects, robots.txt"),
    (
        f"{FOLDER}/",
        "the signed manifests that list them, whole, each with its signature (and its time stamp, .tsr, where an "
        "authority gave one); lines.jsonl: their lines alone",
    ),
    ("keys/", "public keys"),
    (FACTS, "all of index.html for programs"),
    (NAME, "digests of every file here"),
)


@dataclass(frozen=True, slots=True)
class Dossier:
    """What was written."""

    flags: tuple[int, ...]
    records: int
    notes: tuple[str, ...]


def write_dossier(desk: Desk, wanted: Sequence[str], file: Path) -> Dossier:
    """Everything about the flags and cases ``wanted`` into a ZIP.

    SetupError for a name that is none; ArchiveError where a record cannot be read; OutputError where the file cannot
    be written.
    """
    found = gather(desk, wanted)
    if not (found.flags or found.secured):
        raise SetupError("no flag is named")
    write_whole(file, zipped(contents_of(desk, found)))
    notes = []
    if unsealed := [one for one in found.proofs if one not in found.lines]:
        notes.append(f"{len(unsealed)} captures are in no signed manifest yet: `exowatch record seal`, then again")
    return Dossier(tuple(flag.row["id"] for flag in found.flags), len(found.records), tuple(notes))


def contents_of(desk: Desk, found: Gathered) -> dict[str, bytes]:
    """Name in the bundle → bytes."""
    facts = facts_of(found, desk.knowledge.reading_digest)
    warc, pieces = _warc(found)
    keys = sorted({manifest.head.key for manifest in found.manifests}, key=lambda key: key.id)
    files = {WARC: warc, FACTS: (json.dumps(facts, ensure_ascii=True, indent=1) + "\n").encode()} | _pictures(found)
    for proof in found.proofs.values():
        files |= _page_files(found, proof, facts)
    for manifest in found.manifests:
        path = desk.archive_dir / FOLDER / manifest.head.file
        files[f"{FOLDER}/{path.name}"] = manifest.body
        files[f"{FOLDER}/{signature_of(path).name}"] = signature_of(path).read_bytes()
        if manifest.head.file in found.stamps:
            files[f"{FOLDER}/{stamp_of(path).name}"] = stamp_of(path).read_bytes()
    lines = (json.dumps(line, separators=(",", ":")) + "\n" for _, line in sorted(found.lines.items()))
    files[LINES] = "".join(lines).encode()
    files |= {f"keys/{key.id}.pem": key.pem for key in keys}
    files["index.html"] = index_page(facts).encode()
    files["VERIFY.html"] = verify_page(facts, [key.id for key in keys], pieces, _CONTENTS).encode()
    sums = "".join(f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in sorted(files.items()))
    return files | {NAME: sums.encode()}


def zipped(files: dict[str, bytes]) -> bytes:
    """A ZIP whose bytes depend on nothing but the files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bundle:
        for name, body in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _NO_DATE)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            packed = name.endswith((".gz", ".sig", ".tsr", ".pdf", ".png", ".jpg", ".webp"))
            entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            bundle.writestr(entry, body)
    return out.getvalue()


def _warc(found: Gathered) -> tuple[bytes, list[dict[str, Any]]]:
    """The WARC file, and where each record stands in it."""
    members = [found.files.raw(record) for record in found.records]
    numbers = ", ".join(str(flag.row["id"]) for flag in found.flags)
    what = f"flag {numbers}" if numbers else "what pages said"
    about = {
        "software": f"ExoWatch/{__version__}",
        "format": "WARC File Format 1.1",
        "description": f"Records that prove {what}, as they were archived. {NOTICE}",
    }
    newest = max(record.at for record in found.records)
    warc = as_warc(members, about, newest, WARC)
    start, pieces = len(warc) - sum(map(len, members)), list[dict[str, Any]]()
    for record, member in zip(found.records, members, strict=True):
        line = found.lines.get(record.id)
        if line is not None:
            told = {"kind": record.kind, "id": record.id, "url": record.url, "at": record.at}
            pieces.append(told | {"start": start, "length": len(member), "sha256": line["record"]})
        start += len(member)
    return warc, pieces


def _page_files(found: Gathered, proof: Proof, facts: Facts) -> dict[str, bytes]:
    capture = proof.capture
    suffix = ".pdf" if proof.body.startswith(b"%PDF-") else ".source.txt"
    source = f"pages/{capture.id}{suffix}"
    at = next(one["fetched_at"] for one in facts["captures"] if one["id"] == capture.id)
    quotes = [flag.row["quote"] for flag in found.flags if flag.row["capture_id"] == capture.id]
    mine = (picture_name(one) for one in found.records if one.url.endswith(f":{capture.final_url}"))
    copy = readable_copy(proof, at, quotes, source, sorted(filter(None, mine)))
    return {f"pages/{capture.id}.html": copy.encode(), source: proof.body}


def _pictures(found: Gathered) -> dict[str, bytes]:
    """What a browser drew of the pages: resource records beside the answers."""
    return {name: found.files.block(one) for one in found.records if (name := picture_name(one))}
