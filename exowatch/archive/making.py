"""The records of an exchange as warcio has them: response, revisit or resource, request, picture."""

from __future__ import annotations

import io
import json
from datetime import datetime
from typing import Any
from urllib.parse import quote

from exowatch.archive import headers as names
from exowatch.archive.clocks import clock_offset
from exowatch.archive.digests import digest_of
from exowatch.archive.exchange import Exchange, Picture
from exowatch.archive.wire import head
from exowatch.model.sources import Run


def warc_date(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if moment.microsecond else moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _carried(exchange: Exchange, run: Run, capture_id: str) -> dict[str, str]:
    told = {
        "WARC-Date": warc_date(exchange.fetched_at),
        "WARC-Record-ID": f"<urn:uuid:{capture_id}>",
        names.SOURCE: exchange.source_id,
        names.RUN: run.id,
        names.FIRST_URL: exchange.url,
    }
    if exchange.redirect_chain:
        told[names.CHAIN] = json.dumps(list(exchange.redirect_chain))
    if exchange.ip:
        told["WARC-IP-Address"] = exchange.ip
    if not exchange.page:
        told[names.PAGE] = "no"
    if exchange.truncated:
        told["WARC-Truncated"] = exchange.truncated
    if exchange.origin:
        told[names.ORIGIN] = exchange.origin
    if exchange.certificate:
        told[names.CERTIFICATE] = exchange.certificate
    if exchange.beside:
        told[names.BESIDE] = f"<urn:uuid:{exchange.beside}>"
    return {name: one_line(value) for name, value in told.items()}


def answer_record(writer: Any, exchange: Exchange, run: Run, capture_id: str, digest: str) -> tuple[Any, str | None]:
    known, carried = exchange.known, _carried(exchange, run, capture_id)
    if exchange.browser:
        return _document(writer, exchange, carried | {names.PAYLOAD: digest}), None
    kept = [(k, v) for k, v in exchange.response_headers if k.lower() != "transfer-encoding"]
    http = head(f"{exchange.status} {exchange.reason or 'OK'}", kept)
    not_modified = exchange.status == 304 and known is not None
    identical = known is not None and known.payload_digest == digest and exchange.status == known.status
    if known is None or not (not_modified or identical):
        carried[names.PAYLOAD] = digest
        record = writer.create_warc_record(
            exchange.request_url,
            "response",
            payload=io.BytesIO(exchange.body),
            length=len(exchange.body),
            http_headers=http,
            warc_headers_dict=carried,
        )
        return record, None
    carried |= {
        "WARC-Profile": names.NOT_MODIFIED if not_modified else names.IDENTICAL,
        "WARC-Refers-To": f"<urn:uuid:{known.capture_id}>",
        "WARC-Refers-To-Target-URI": known.url,
        "WARC-Refers-To-Date": warc_date(known.fetched_at),
        names.PAYLOAD: known.payload_digest,
        names.REPEATS: f"{known.warc.file}@{known.warc.offset}",
        names.KNOWN: json.dumps([known.content_type, known.content_encoding, len(exchange.body)]),
    }
    record = writer.create_warc_record(exchange.request_url, "revisit", http_headers=http, warc_headers_dict=carried)
    return record, known.capture_id


def _document(writer: Any, exchange: Exchange, carried: dict[str, str]) -> Any:
    """What a browser made of a page: bytes that no server sent, so no answer but a resource."""
    told = {name.lower(): value for name, value in exchange.response_headers}
    carried |= {names.BROWSER: one_line(exchange.browser or ""), names.STATUS: str(exchange.status)}
    offset = clock_offset(exchange.response_headers, exchange.fetched_at)
    if offset is not None:
        carried[names.CLOCK] = str(offset)
    return writer.create_warc_record(
        exchange.request_url,
        "resource",
        payload=io.BytesIO(exchange.body),
        length=len(exchange.body),
        warc_content_type=told.get("content-type") or "text/html; charset=utf-8",
        warc_headers_dict=carried,
    )


def picture_record(writer: Any, picture: Picture, run: Run) -> Any:
    told = {
        "WARC-Date": warc_date(picture.at),
        names.SOURCE: picture.source_id,
        names.RUN: run.id,
        names.PAGE: "no",
        names.BROWSER: picture.browser,
        names.PAYLOAD: digest_of(picture.body),
    }
    if picture.beside:
        told[names.BESIDE] = f"<urn:uuid:{picture.beside}>"
    if picture.truncated:
        told["WARC-Truncated"] = picture.truncated
    return writer.create_warc_record(
        escaped(picture.uri),
        "resource",
        payload=io.BytesIO(picture.body),
        length=len(picture.body),
        warc_content_type=picture.media_type,
        warc_headers_dict={name: one_line(value) for name, value in told.items()},
    )


def request_record(writer: Any, exchange: Exchange, run: Run, capture_id: str) -> Any:
    path = "/" + exchange.request_url.split("/", 3)[3] if exchange.request_url.count("/") >= 3 else "/"
    http = head(f"{exchange.method} {path} HTTP/1.1", exchange.request_headers, request=True)
    carried = {
        "WARC-Date": warc_date(exchange.fetched_at),
        "WARC-Concurrent-To": f"<urn:uuid:{capture_id}>",
        names.SOURCE: exchange.source_id,
        names.RUN: run.id,
    }
    return writer.create_warc_record(exchange.request_url, "request", http_headers=http, warc_headers_dict=carried)


def escaped(url: str) -> str:
    """An address without blanks and line breaks."""
    return "".join(letter if letter.isprintable() and letter != " " else quote(letter) for letter in url)


def one_line(value: str) -> str:
    """Without line breaks and what else is no letter: neither a server nor a file may smuggle a header or a record."""
    return "".join(letter if letter.isprintable() else " " for letter in value)
