"""What a dossier says, as plain data: for its pages, and for programs (``facts.json``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from exowatch.archive import headers as names
from exowatch.archive.excerpt import Record, robots_url
from exowatch.dossier.gather import FlagFile, Gathered, Proof
from exowatch.dossier.looks import LookFile, picture_name
from exowatch.seal.manifest import NOTICE, Line
from exowatch.seal.stamp import Stamp
from exowatch.unseen import in_lines

TIME_BASIS = "time as stated by this system"
#: WARC headers that a reader asks for, in these words; all others follow under their own name.
_NAMED = {
    "WARC-Date": "Time of the answer",
    "WARC-IP-Address": "Address of the server (IP)",
    names.CERTIFICATE: "Digest of the server's TLS certificate",
    names.BROWSER: "Browser",
    "WARC-Payload-Digest": "Digest of the body as sent",
    "WARC-Block-Digest": "Digest of the whole answer",
    "WARC-Record-ID": "WARC record",
    "WARC-Truncated": "Cut because of",
    names.FIRST_URL: "Address asked for",
    names.RUN: "Run",
    names.SOURCE: "Source",
    names.ORIGIN: "Taken from, or handed in by",
}
_LEFT_OUT = {"content-length", "content-type", "warc-type", "warc-target-uri"}
Facts = dict[str, Any]
#: What of a flag's row is told.
_KEPT = (
    *("id", "source", "source_name", "trader", "source_kind", "jurisdiction", "url", "page_title", "quote", "context"),
    *("heading_path", "locator", "zone", "visible", "speaker", "kinds", "stance", "conditions", "agencies", "status"),
    *("severity", "verdict", "reasons", "change", "before", "raised_at", "first_seen", "last_seen", "live"),
    *("jurisdictions", "language", "capture_id", "body_digest", "claim_key", "knowledge", "reader", "state", "case_id"),
    "law",
)


def facts_of(found: Gathered, knowledge: str) -> Facts:
    """The whole dossier. ``knowledge``: digest of the rules that cut the pages into blocks here."""
    return {
        "notice": NOTICE,
        "time_basis": _time_basis(found),
        "read_under": knowledge,
        "flags": [_flag(flag) for flag in found.flags],
        "secured": [plain_data(_look(look) | {"url": row["url"]}) for row, look in found.secured],
        "captures": [_capture(found, proof) for _, proof in sorted(found.proofs.items())],
        "manifests": [
            {
                "file": manifest.head.file,
                "sha256": manifest.sha256,
                "key": manifest.head.key.id,
                "sealed_at": iso(manifest.head.sealed_at),
                "simulated": manifest.head.simulated,
                "stamp": _stamp(found.stamps.get(manifest.head.file)),
            }
            for manifest in found.manifests
        ],
    }


def _flag(flag: FlagFile) -> Facts:
    row, seen = flag.row, flag.sightings
    judged = ("jurisdiction", "verdict", "flag", "severity", "reasons", "judging", "valid_from", "valid_to", "evidence")
    told = {name: row.get(name) for name in _KEPT}
    told["registration_no"] = flag.source["trader_registration_no"]
    told["assessments"] = [{name: one[name] for name in judged} for one in flag.judgements]
    # who decided, and what was noted, is the office's own business
    told["reviews"] = [{name: one[name] for name in ("reading", "action", "because", "at")} for one in flag.reviews]
    told["seen"] = {
        "visits": len(seen),
        "first": iso(seen[0].at) if seen else None,
        "last": iso(seen[-1].at) if seen else None,
    }
    if flag.look:
        told["looked_at"] = _look(flag.look) | {"sentence_in": flag.look.shows(str(row["quote"]))}
    made: Facts = plain_data(told)
    return made


def _look(look: LookFile) -> Facts:
    """One time that crawler and browser looked, and what they left in this bundle."""
    pictures = sorted(filter(None, map(picture_name, look.records)))
    return {"at": look.at, "read_from": look.read_from, "lacking": look.lacking, "pictures": pictures}


def _capture(found: Gathered, proof: Proof) -> Facts:
    capture, page = proof.capture, proof.page
    answer = next(one for one in proof.records if one.id == capture.id)
    sent = _request_headers(proof)
    robots = next((one for one in proof.records if one.url == robots_url(answer.url) and one.kind == "response"), None)
    line = found.lines.get(capture.id)
    pairs = [
        ("Address that answered", capture.final_url),
        ("Led there by", ", ".join(capture.redirect_chain) or None),
        ("HTTP status", capture.status),
        ("Media type", capture.content_type),
        ("Bytes as sent", capture.size),
        ("Digest of the body, content coding undone", capture.content_digest),
        *((_NAMED.get(name, name), value) for name, value in _told_headers(answer)),
        ("Time", _basis_of(found, capture.id)),
        ("Clock of the server against ours", _clock_words(capture.clock_offset)),
        (
            "Looked at by",
            "a browser, after scripts ran" if capture.rendered else "the crawler, which runs no scripts",
        ),
        ("User agent sent", sent.get("user-agent", "not recorded: no request of this system stands behind it")),
        ("Language asked for", sent.get("accept-language", "none sent")),
        ("Language of the page", page.language),
        (
            "Fit to speak for the page",
            page.fitness.code if page.fitness.fit else f"{page.fitness.code}: {page.fitness.why}",
        ),
        ("robots.txt", _robots_words(robots)),
        *_line_facts(line),
    ]
    made: Facts = plain_data(
        {
            "id": capture.id,
            "url": capture.final_url,
            "fetched_at": answer.at,
            "title": page.title,
            "facts": [[name, str(value)] for name, value in pairs if value not in (None, "")],
            "records": [_record(one, found.lines.get(one.id)) for one in proof.records],
        }
    )
    return made


def _time_basis(found: Gathered) -> str:
    """On whose word the times rest, for the bundle as a whole."""
    stamped = [found.stamps[one.head.file] for one in found.manifests if one.head.file in found.stamps]
    if not stamped or len(stamped) < len(found.manifests):
        return TIME_BASIS
    last = max(stamped, key=lambda one: one.at)
    return f"{TIME_BASIS}; none is later than {iso(last.at)}, when {last.authority} stamped the manifests"


def _basis_of(found: Gathered, record_id: str) -> str:
    """The same for one record: stamped is the manifest that lists it."""
    mine = [one for one in found.manifests if any(line["capture"] == record_id for line in one.captures)]
    stamp = found.stamps.get(mine[0].head.file) if mine else None
    if stamp is None:
        return TIME_BASIS
    told = _stamp(stamp)
    return f"{TIME_BASIS}; its manifest was there at {told['at']}, says {told['authority']} ({told['said']})"


def _stamp(stamp: Stamp | None) -> Facts:
    """A time stamp as printed; empty where there is none."""
    if stamp is None:
        return {}
    proven = "its certificate leads to a root that is trusted here" if stamp.proven else "its root is not known here"
    accuracy = f", to {stamp.accuracy} s" if stamp.accuracy is not None else ""
    words = f"RFC 3161 time stamp {stamp.serial}{accuracy}; {proven}"
    return {"at": iso(stamp.at), "authority": stamp.authority, "proven": stamp.proven, "said": words}


def _clock_words(offset: int | None) -> str:
    if offset is None:
        return "the server did not tell its time"
    return f"{offset:+d} seconds (its own Date header, whole seconds)"


def _told_headers(record: Record) -> Iterator[tuple[str, str]]:
    ordered = sorted(record.headers, key=lambda pair: list(_NAMED).index(pair[0]) if pair[0] in _NAMED else len(_NAMED))
    return (pair for pair in ordered if pair[0].lower() not in _LEFT_OUT)


def _line_facts(line: Line | None) -> list[tuple[str, Any]]:
    if line is None:
        return [("Manifest", "in none yet: `exowatch record seal`, then make the dossier again")]
    return [("SHA-256 of the record as archived", line["record"])]


def _record(record: Record, line: Line | None) -> Facts:
    return {
        "id": record.id,
        "kind": record.kind,
        "url": record.url,
        "at": record.at,
        "file": record.place.file,
        "offset": record.place.offset,
        "sha256": line["record"] if line else None,
    }


def _request_headers(proof: Proof) -> Mapping[str, str]:
    """Headers of the request behind the capture, names in small letters."""
    for one in proof.records:
        if one.kind == "request" and names.record_id(one.told("WARC-Concurrent-To")) == proof.capture.id:
            lines = one.head.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
            return {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return {}


def _robots_words(record: Record | None) -> str:
    if record is None:
        return "no answer of this visit stands in the same archive file; the crawler asks for nothing that it forbids"
    status = record.head.split(b" ", 2)[1:2]
    code = status[0][:3].decode("ascii", "replace") if status else "?"
    return f"asked for at {record.at} (HTTP {code}), obeyed: the page was asked for because it is not forbidden there"


def iso(moment: datetime | None) -> str | None:
    """UTC, to the second."""
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def plain_data(value: Any) -> Any:
    """Data as JSON has it, every letter kept."""
    if isinstance(value, Mapping):
        return {str(key): plain_data(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_data(part) for part in value]
    if isinstance(value, datetime):
        return iso(value)
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


def shown(value: Any) -> Any:
    """The same for a reader's eye: letters that could steer it, or that no file can hold, as signs."""
    if isinstance(value, str):
        return in_lines(value)
    if isinstance(value, Mapping):
        return {key: shown(part) for key, part in value.items()}
    return [shown(part) for part in value] if isinstance(value, (list, tuple)) else value
