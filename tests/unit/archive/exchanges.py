"""Exchanges to be archived, and the rows that a database would hold of them."""

import dataclasses
from datetime import UTC, datetime

from exowatch.archive.exchange import Exchange
from exowatch.archive.verify import Stored
from exowatch.model.captures import KnownPage
from exowatch.model.sources import Run

AT = datetime(2026, 11, 24, 6, 0, 1, 250000, tzinfo=UTC)
RUN = Run("20261124T060000Z-abc", "crawl", ("quay",), AT, 1)


def exchange(body=b"<p>hello</p>", **facts):
    plain = Exchange(
        source_id="quay",
        url="https://quay.example/start",
        request_url="https://quay.example/a",
        method="GET",
        request_headers=(("User-Agent", "ExoWatch"),),
        status=200,
        reason="OK",
        response_headers=(
            ("Content-Type", "text/html"),
            ("ETag", '"1"'),
            ("Transfer-Encoding", "chunked"),
        ),
        body=body,
        fetched_at=AT,
        redirect_chain=("https://quay.example/start",),
    )
    return dataclasses.replace(plain, **facts)


class Rows:
    """The rows of a database that holds these captures, and an outcome of each."""

    def __init__(self, *captures):
        self.captures = captures

    def files(self):
        return {capture.warc.file for capture in self.captures}

    def rows(self, file):
        return [
            Stored(c.warc, c.run_id, c.source_id, c.final_url, c.id, c.payload_digest, c.status, c.fetched_at)
            for c in self.captures
            if c.warc.file == file
        ]

    def pages(self, run_id):
        return {"quay": frozenset(c.final_url for c in self.captures)} if run_id == RUN.id else None


class NoRows(Rows):
    """A database that knows the run, and saw no source of it whole."""

    def pages(self, run_id):
        return {}


def known_from(capture):
    return KnownPage(
        capture.final_url,
        capture.id,
        capture.fetched_at,
        capture.etag,
        None,
        capture.payload_digest,
        None,
        capture.content_type,
        None,
        capture.warc,
    )
