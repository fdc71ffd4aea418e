"""Short words to a chat service, by Apprise (the extra ``chat``), which says no more than yes or no."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

from exowatch.delivery.smtp import Answer
from exowatch.errors import SetupError

#: What its plugins say (at debug) of an exchange that failed.
_TROUBLE = "Socket Exception: "
#: Failures after which nothing can have arrived: no connection came about.
_NEVER_THERE = re.compile(r"NewConnection|ConnectTimeout|NameResolution|refused|resolve|ProxyError|SSLError", re.I)
_STATUS = re.compile(r"error=(\d{3})")
_PERMANENT = ("400", "401", "403", "404", "410")


def service_of(url: str) -> str:
    """The service that an address names, without any of its secrets. SetupError where Apprise knows none."""
    plugin = _plugin(url)
    return f"{plugin.service_name} ({url.partition(':')[0].lower()})"


def post(url: str, title: str, words: str, claim: Callable[[], bool]) -> Answer:
    """Send ``words`` once. ``claim`` is asked before; False: nothing is sent. SetupError where Apprise is missing."""
    plugin = _plugin(url)
    if not claim():
        return Answer("skipped", "somebody else has it")
    with _overheard() as said:
        try:
            taken = plugin.notify(body=words, title=title, body_format="text")
        except Exception as error:  # noqa: BLE001 - a plugin of any service; what it raises is not told
            return Answer("unclear", f"the plugin failed: {type(error).__name__}")
    return Answer("taken", "taken by the service") if taken else _judged(said)


def _judged(said: list[str]) -> Answer:
    """What a refusal was, from what the plugin said of it. Its words may hold secrets and are not kept."""
    trouble = next((line for line in said if _TROUBLE in line), None)
    status = next((match[1] for line in said if (match := _STATUS.search(line))), None)
    if any(line.startswith("Sent ") for line in said):  # it went in several parts, or to several rooms
        return Answer("unclear", "the service took a part of it")
    if trouble is not None:
        if _NEVER_THERE.search(trouble):
            return Answer("later", "no connection to the service")
        return Answer("unclear", "the connection ended before the service answered")
    if status is not None:
        return Answer("refused" if status in _PERMANENT else "later", f"the service answered {status}")
    return Answer("unclear", "the service did not say yes")


@contextlib.contextmanager
def _overheard() -> Iterator[list[str]]:
    """What Apprise logs meanwhile, kept from every other log: it may hold addresses with their secrets."""
    said: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    logger = logging.getLogger("apprise")
    before = logger.handlers, logger.level, logger.propagate
    logger.handlers, logger.propagate = [Ear()], False
    logger.setLevel(logging.DEBUG)
    try:
        yield said
    finally:
        logger.handlers, logger.level, logger.propagate = before


def _plugin(url: str) -> Any:
    try:
        import apprise
    except ModuleNotFoundError:
        raise SetupError(
            "letters to chat services need Apprise, which is not installed",
            key="digest.recipients",
            remedy='pip install "exowatch[chat]"',
        ) from None
    with _overheard():
        plugin = apprise.Apprise.instantiate(url, suppress_exceptions=True)
    if plugin is None:
        raise SetupError(
            f"no chat service is known by an address that starts {url.partition(':')[0][:20]!r} and goes on so",
            key="digest.recipients.url",
            remedy="https://github.com/caronc/apprise lists what the address of each service holds",
        )
    return plugin
