"""Names of the WARC headers in which a record carries what rebuilds its Capture."""

SOURCE = "ExoWatch-Source"
RUN = "ExoWatch-Run"
FIRST_URL = "ExoWatch-First-URL"
CHAIN = "ExoWatch-Redirect-Chain"
#: "no" on exchanges that are no page: robots.txt, sitemaps, feeds, redirects.
PAGE = "ExoWatch-Page"
#: On a revisit record: where the body stands, and what is needed to read it, as JSON.
REPEATS = "ExoWatch-Refers-To-Place"
KNOWN = "ExoWatch-Known"
#: On imported records: the file, place and record that the bytes were taken from, or who saved them.
ORIGIN = "ExoWatch-Origin"
#: SHA-256 of the TLS certificate (DER) that the server showed.
CERTIFICATE = "ExoWatch-TLS-Certificate"
#: On what a browser made of a page: which browser; status, and offset of the server's clock, of the answer to it.
BROWSER = "ExoWatch-Browser"
STATUS = "ExoWatch-Status"
CLOCK = "ExoWatch-Clock-Offset"
#: The id of the record that this one belongs to.
BESIDE = "WARC-Concurrent-To"
PAYLOAD = "WARC-Payload-Digest"
IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


def record_id(urn: str | None) -> str:
    """``<urn:uuid:X>`` → ``X``."""
    return (urn or "").removeprefix("<urn:uuid:").removesuffix(">")
