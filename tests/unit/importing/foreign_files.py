"""Archives as other programs write them, made on the fly."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import datetime

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

SAYS = "Our exosome serum reduces fine lines within two weeks."
MORE = "Exosome therapy cures alopecia and psoriasis for good."
AT = "2026-11-20T06:00:00Z"
HOME = "https://quay.example/"


def page(*sentences: str, title: str = "Exosome clinic") -> bytes:
    told = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    about = "<p>Book your exosome treatment with our team today. Prices from 250 euro a session.</p>" * 3
    text = f'<html lang="en"><head><title>{title}</title></head><body><main><h1>{title}</h1>{told}{about}</main></body>'
    return f"{text}</html>".encode()


class Warc:
    """A WARC file in memory, built record by record with warcio."""

    def __init__(self, *, packed: bool = True, version: str = "1.0") -> None:
        self._out = io.BytesIO()
        self._writer = WARCWriter(self._out, gzip=packed, warc_version=version)
        self.ids: list[str] = []

    def bytes(self) -> bytes:
        return self._out.getvalue()

    def tell(self) -> int:
        return self._out.tell()

    def answer(self, url=HOME, body=None, *, status="200 OK", headers=(("Content-Type", "text/html"),), kind="response",
               at=AT, digests=True, **more):  # fmt: skip
        body = page(SAYS) if body is None else body
        http = StatusAndHeaders(status, list(headers), protocol="HTTP/1.1") if kind in ("response", "revisit") else None
        told = {"WARC-Date": at} | {name.replace("_", "-"): value for name, value in more.items()}
        record = self._writer.create_warc_record(
            url, kind, payload=io.BytesIO(body), length=len(body), http_headers=http, warc_headers_dict=told,
            warc_content_type=more.get("Content_Type", ""),
        )  # fmt: skip
        if digests:
            self._writer.ensure_digest(record)
        else:
            self._writer.ensure_digest = lambda *args, **kwargs: None
        self._writer.write_record(record)
        self.ids.append(record.rec_headers.get_header("WARC-Record-ID"))
        return self

    def request(self, url=HOME, method="GET", **more):
        http = StatusAndHeaders(f"{method} / HTTP/1.1", [("Host", "quay.example")], is_http_request=True)
        told = {"WARC-Date": AT} | {name.replace("_", "-"): value for name, value in more.items()}
        self._writer.write_record(
            self._writer.create_warc_record(url, "request", http_headers=http, warc_headers_dict=told)
        )
        return self


def chunked(body: bytes, size: int = 40) -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def arc(*pages: tuple[str, bytes], packed: bool = False) -> bytes:
    head = b"1 0 Tests\nURL IP-address Archive-date Content-type Archive-length\n"
    parts = [b"filedesc://x.arc 0.0.0.0 20261120060000 text/plain %d\n%s\n" % (len(head), head)]
    for url, body in pages:
        answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
        parts.append(b"%s 1.2.3.4 20261120060000 text/html %d\n%s\n" % (url.encode(), len(answer), answer))
    return b"".join(gzip.compress(part) for part in parts) if packed else b"".join(parts)


def wacz(*warcs: bytes, packed: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as bundle:
        bundle.writestr("datapackage.json", "{}")
        for number, warc in enumerate(warcs):
            bundle.writestr(f"archive/data-{number}.warc.gz", warc)
        bundle.writestr("pages/pages.jsonl", "{}\n")
    return out.getvalue()


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
