"""Securing evidence: ``capture``."""

from __future__ import annotations

from typing import Any, get_args

import click

from exowatch.cli.here import clock_of, config_of
from exowatch.cli.output import Progress, as_json, plain
from exowatch.cli.types import PLACE
from exowatch.config import Config
from exowatch.model.sources import MADE, Source, SourceKind
from exowatch.securing import Wanted, addresses, assigned, country_of


@click.command(short_help="Secure pages at once, as the crawler and a browser see them.")
@click.argument("urls", nargs=-1, required=True, metavar="URL…")
@click.option("--case", "case_id", type=int, help="Number of the case that they are secured for.")
@click.option(
    "--kind",
    type=click.Choice(get_args(SourceKind)),
    default="clinic",
    show_default=True,
    help="Kind of a site that is on no watchlist.",
)
@click.option("--jurisdiction", type=PLACE, help="Where such a site sits; else by the ending of its name.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.pass_context
def capture(
    ctx: click.Context,
    urls: tuple[str, ...],
    case_id: int | None,
    kind: SourceKind,
    jurisdiction: str | None,
    form: str,
) -> int:
    """Secure pages at once: fetched by the crawler and, where one is installed, seen by a browser, with a screenshot of
    the whole page and a PDF file. All of it is archived, read as in a crawl, and sealed.

    The page is asked for with the same manners as in a crawl: robots.txt, delay, no private addresses. A site of the
    watchlist keeps its source; another gets one of its own (captured-…). Exit 1 where a page could not be secured.
    """
    from exowatch.crawl import secure

    config = config_of(ctx)
    wanted = Wanted(kind, jurisdiction, _office(config))
    places = addresses(urls)
    _tell_assumed(config, places, wanted)
    progress = Progress("securing", len(places))
    events = secure(config.file, places, wanted, case_id, on_event=lambda event: _step(progress, event))
    progress.end()
    told = [_one(place, events) for place in places]
    if form == "json":
        click.echo(as_json(told))
    else:
        for one in told:
            _print(one)
        if sources := sorted({one["source"] for one in told if one["secured"]}):
            click.echo(f"Next: `exowatch flags --source {sources[0]}`, `exowatch dossier FLAG -o FILE.zip`.")
    return 0 if all(one["secured"] for one in told) else 1


def _office(config: Config) -> str | None:
    """The one jurisdiction that letters here are for."""
    places = config.digest.jurisdictions
    return places[0] if len(places) == 1 else None


def _tell_assumed(config: Config, places: tuple[str, ...], wanted: Wanted) -> None:
    from exowatch.watchlist import load_watchlist

    clock, _ = clock_of()
    watched = load_watchlist(config.watchlist.dir).sources if config.watchlist.dir.is_dir() else ()
    for source in assigned(watched, places, wanted, clock().date()):
        if source.id.startswith(MADE) and not wanted.jurisdiction:
            why = _why(source)
            click.echo(
                f"note: {source.name} is on no watchlist; it is kept as {source.id} and read as a {source.kind} in "
                f"{source.jurisdiction} ({why}); --kind and --jurisdiction say otherwise",
                err=True,
            )


def _why(source: Source) -> str:
    host = source.name.rpartition(":")[0] or source.name
    return "by its name" if country_of(host) == source.jurisdiction else "assumed"


def _step(progress: Progress, event: dict[str, Any]) -> None:
    if event.get("event") in ("page", "look"):
        progress.step(str(event["url"]))


def _one(place: str, events: list[dict[str, Any]]) -> dict[str, Any]:
    """What became of one address."""
    led = {url: page for one in events if one.get("event") == "led" for url, page in one["urls"].items()}
    names = (place, led.get(place, place))  # two addresses may lead to one page, which is asked for once
    looks = [one for one in events if one.get("event") == "look" and (one["asked"] in names or one["url"] in names)]
    pages = [one for one in events if one.get("event") == "page"]
    if not looks:
        failed = next((one for one in pages if one["url"] == place), None)
        why = f"{failed['code']}: {failed['detail']}" if failed else "no answer was archived"
        return {"url": place, "secured": False, "why": why}
    look = looks[0]
    page = next((one for one in pages if one["url"] == look["url"]), {})
    facts = ("source", "id", "file", "read_from", "both", "pictures", "lacking")
    differing = {name: list(look[name]) for name in ("browser_lacks", "crawler_lacks", "unread")}
    told = {name: look[name] for name in facts} | differing
    read = {"result": page.get("result"), "code": page.get("code"), "detail": page.get("detail")}
    return {"url": place, "secured": True, "answered": look["url"], **told, **read}


def _print(one: dict[str, Any]) -> None:
    if not one["secured"]:
        click.echo(f"NOT SECURED {plain(one['url'])}: {plain(one['why'])}")
        return
    by = "crawler and browser" if one["both"] else "crawler alone"
    click.echo(f"secured {plain(one['url'])} ({one['source']}): seen by {by}, {one['pictures']} pictures")
    if one["answered"] != one["url"]:
        click.echo(f"  it led to {plain(one['answered'])}")
    reading = f"{str(one['result']).lower()} ({one['code']})"
    click.echo(f"  capture {one['id']} in {one['file']}, read from what the {one['read_from']} got: {reading}")
    if one["lacking"]:
        click.echo(f"  note: {plain(one['lacking'])}")
    for name, words in _DIFFERENT.items():
        for quote in one[name]:
            click.echo(f"  {words}: {plain(quote)}")


_DIFFERENT = {
    "browser_lacks": "a browser does not show",
    "crawler_lacks": "not in the page as it was sent, shown by a browser",
    "unread": "in the other look alone, and not read",
}
