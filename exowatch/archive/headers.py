"""Names of the WARC headers in which a record carries what rebuilds its Capture."""

SOURCE = "ExoWatch-Source"
RUN = "ExoWatch-Run"
FIRST_URL = "ExoWatch-First-URL"
CHAIN = "ExoWatch-Redirect-Chain"
PAYLOAD = "WARC-Payload-Digest"
IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


def record_id(urn: str | None) -> str:
    """``<urn:uuid:X>`` → ``X``."""
    return (urn or "").removeprefix("<urn:uuid:").removesuffix(">")
