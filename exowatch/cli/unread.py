"""Why a crawl could not read what it went for: the commonest cause of each source, and what helps."""

from __future__ import annotations

from collections.abc import Iterator

from exowatch.crawl import CrawlSummary


def why_unread(summary: CrawlSummary) -> dict[str, str]:
    """Of each source that could not be read whole the commonest cause, how often, and what helps."""
    from exowatch.digest.wording import cause_words
    from exowatch.health.note import mending

    found = {}
    for source in summary.failed:
        if causes := summary.unread.get(source):
            code, unread = max(causes.items(), key=lambda one: one[1].pages)
            pages = sum(one.pages for one in causes.values())
            often = f"{unread.pages} of {pages} pages" if pages > 1 else "1 page"
            found[source] = f"{often} not read: {cause_words(code, unread.detail)}; {mending(code)}"
    return found


def nobody_answers(summary: CrawlSummary) -> Iterator[str]:
    """One line where several sites were asked and none answered: that is our network."""
    from exowatch.schedule.tasks import away

    read = {"READ", "UNCHANGED"} & set(summary.counts)
    if len(summary.unread) > 1 and not read and away({code for causes in summary.unread.values() for code in causes}):
        yield "No site answered at all: is the network of this machine down?"
