"""The same state as Prometheus metrics, in a file that its textfile collector takes: numbers, and no word of a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from exowatch import __version__
from exowatch.config import Config
from exowatch.errors import ExoWatchError
from exowatch.files import write_whole
from exowatch.health.state import Health, health_of
from exowatch.store.session import Store


def metrics_of(health: Health) -> bytes:
    """All metrics in Prometheus' text form."""
    made = CollectorRegistry()

    def gauge(name: str, words: str, labels: Mapping[Any, float] | float, *names: str) -> None:
        one = Gauge(f"exowatch_{name}", words, names, registry=made)
        for values, value in labels.items() if isinstance(labels, Mapping) else [((), labels)]:
            (one.labels(*values) if names else one).set(value)

    gauge("build_info", "Version of the program; always 1", {(__version__,): 1}, "version")
    gauge("status", "0 well, 1 attention, 2 stale, as `exowatch status` exits", health.exit_code)
    gauge("observed_timestamp_seconds", "When this was written", health.at.timestamp())
    if health.crawl:
        gauge("last_crawl_timestamp_seconds", "End of the newest crawl", health.crawl["finished_at"].timestamp())
        counts = {(str(result).lower(),): float(count) for result, count in health.crawl["outcomes"].items()}
        gauge("last_crawl_pages", "Pages of the newest crawl by what came of them", counts, "outcome")
    states = dict.fromkeys(("well", "late", "broken", "never"), 0.0)
    for state in health.sources.values():
        states[state] += 1
    gauge("sources", "Sources by how their visits go", {(state,): count for state, count in states.items()}, "state")
    flags = {
        (severity, place, "yes" if decided else "no"): float(count)
        for (severity, place, decided), count in health.flags.items()
    }
    gauge("open_flags", "Open flags", flags, "severity", "jurisdiction", "decided")
    if health.letter_at:
        gauge("last_digest_timestamp_seconds", "When a letter was last composed", health.letter_at.timestamp())
    _deliveries(gauge, health)
    gauge("disk_free_bytes", "Free for the archive", health.disk.free)
    if health.disk.growth is not None and health.disk.days is not None:
        gauge("archive_growth_bytes_per_day", "What the archive grows by", health.disk.growth)
        gauge("disk_days", "Days until no more may be written", health.disk.days)
    ends = {ended: at.timestamp() for ended, at in health.ends.items()}
    gauge("last_job_timestamp_seconds", "When a job of this kind last ended so", ends, "job", "outcome")
    gauge("issues_24h", "Issues in 24 hours", {(code,): float(count) for code, count in health.issues.items()}, "code")
    return generate_latest(made)


def _deliveries(gauge: object, health: Health) -> None:
    assert callable(gauge)
    counts: dict[tuple[str, ...], float] = {}
    for row in health.deliveries:
        counts[(row["state"],)] = counts.get((row["state"],), 0.0) + row["count"]
    gauge("outbox", "Letters in the outbox", counts, "state")
    waiting = [row["oldest"] for row in health.deliveries if row["state"] in ("waiting", "sending")]
    oldest = (health.at - min(waiting)).total_seconds() if waiting else 0.0
    gauge("outbox_oldest_waiting_seconds", "How long the oldest letter waits", oldest)
    sent = [row["newest"] for row in health.deliveries if row["newest"]]
    if sent:
        gauge("last_sent_timestamp_seconds", "When a server last took a letter", max(sent).timestamp())


def write_metrics(config: Config, store: Store, now: datetime) -> str | None:
    """Write ``[monitor] metrics_file`` where one is named; why it could not be, in words. Never raises: to measure
    must not end what is measured."""
    file = config.monitor.metrics_file
    if file is None:
        return None
    try:
        write_whole(file, metrics_of(health_of(config, store, now)))
    except ExoWatchError as error:
        return f"metrics were not written: {error}"
    return None
