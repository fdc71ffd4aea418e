"""The record itself: verifying it, sealing it, its keys, upgrading the database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from exowatch.cli.here import clock_of, config_of, store_of
from exowatch.cli.output import Progress, as_json, plain
from exowatch.cli.saying import log_option, say
from exowatch.errors import SetupError

if TYPE_CHECKING:
    from collections.abc import Callable

    from exowatch.seal.keys import PublicKey
    from exowatch.seal.sealing import Sealer
    from exowatch.seal.verify import Verified

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command(short_help="Hold the record against its digests, its rows and its signed manifests.")
@click.argument("place", required=False, type=click.Path(path_type=Path, exists=True), metavar="[PATH]")
@click.option("--key", "keys", multiple=True, type=_FILE, help="Public key (PEM) to trust; may be given again.")
@click.option("--kept", multiple=True, type=_FILE, help="A manifest kept elsewhere: it must stand in the chain.")
@click.option("--root", type=_FILE, help="Root certificates (PEM) to hold time stamps against.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@log_option
@click.pass_context
def verify(
    ctx: click.Context, place: Path | None, keys: tuple[Path, ...], kept: tuple[Path, ...], root: Path | None, form: str
) -> int:
    """Hold every archived record against its digest, every row against its record, and both against the manifests.

    The public key is enough: --key names one that came to you by another way than the record itself; without it, that
    of this installation is used. PATH: a dossier (ZIP), or a copy of an archive folder, instead of this installation.
    Exit 3 where something was changed, added or taken away: it is named.
    """
    from exowatch.seal.keys import read_public_key

    trusted = [read_public_key(path) for path in keys]
    progress = Progress("verifying")
    found = _verified(ctx, place, trusted, kept, root, progress.step)
    progress.end()
    damage = [{"file": plain(d.file), "offset": d.offset, "problem": plain(d.problem)} for d in found.damage]
    if form == "json":
        counts = ("captures", "files", "members", "manifests", "sealed", "stamped")
        told = {name: getattr(found, name) for name in counts}
        click.echo(as_json(told | {"keys": found.keys, "notes": found.notes, "damage": damage}))
        return 3 if damage else 0
    for one in damage:
        at = "" if one["offset"] is None else f"@{one['offset']}"
        click.echo(f"DAMAGED {one['file']}{at}: {one['problem']}")
    for note in found.notes:
        click.echo(f"note: {plain(note)}")
    if found.manifests:
        whose = f" by key {', '.join(found.keys)}" if found.keys else ""
        click.echo(f"{found.manifests} manifests signed{whose}, of {found.sealed} answers and rows")
    state = "all whole" if not damage else f"{len(damage)} damaged"
    click.echo(f"{found.captures} captures, {found.members} records in {found.files} files: {state}")
    return 3 if damage else 0


def _verified(
    ctx: click.Context,
    place: Path | None,
    keys: list[PublicKey],
    kept: tuple[Path, ...],
    root: Path | None,
    step: Callable[[], None],
) -> Verified:
    from exowatch.seal.stamp import read_roots
    from exowatch.seal.verify import verify_archive_alone, verify_installation

    if place is None:
        config = config_of(ctx)
        roots = read_roots(root or config.record.timestamp_roots)
        from exowatch.schedule.by_hand import verify_by_hand

        store = store_of(config)
        found, why = verify_by_hand(
            config, store, clock_of()[0], lambda: verify_installation(config, store, keys, kept, step, roots)
        )
        if why:
            say(f"exowatch: {plain(why)}")
        return found
    if place.is_dir():
        return verify_archive_alone(place, keys, kept, step, read_roots(root))
    from exowatch.dossier.check import check_dossier

    return check_dossier(place, keys, read_roots(root))


@click.group(short_help="Sign the record: manifests and keys.")
def record() -> None:
    """The signed record: seal what is new, show the keys, change the key (docs/record.md)."""


@record.command()
@click.pass_context
def seal(ctx: click.Context) -> None:
    """Sign what no manifest lists yet; every run does it at its end. Once a day there is one in any case.

    \b
    Example:
      exowatch record seal
    """
    from exowatch.seal.run import stamp_run
    from exowatch.seal.sealing import seal as seal_now
    from exowatch.store.lock import hold_lock

    sealer = _sealer(ctx)
    with hold_lock(config_of(ctx)):
        made = seal_now(sealer)
        why = stamp_run(config_of(ctx), sealer.store, sealer.clock)
    if made is None:
        click.echo("nothing is new since today's manifest")
    else:
        click.echo(f"{sealer.folder / made.head.file} signed by key {made.head.key.id}")
    if why:
        say(f"exowatch: {plain(why)}")


@record.command()
@click.pass_context
def keys(ctx: click.Context) -> None:
    """The public keys of this record, as files to hand out, and which one signs now.

    \b
    Example:
      exowatch record keys
    """
    from exowatch.seal.chain import last_manifest
    from exowatch.seal.keys import read_public_key

    sealer = _sealer(ctx)
    last = last_manifest(sealer.archive)
    now = (last.head.next_key or last.head.key) if last else None
    for path in sorted(sealer.folder.glob("*.pem")):
        signs = "signs now" if read_public_key(path) == now else "signed before"
        click.echo(f"{path}  {signs}")
    if now is None:
        click.echo(f"no manifest was signed yet; the first run makes the key in {sealer.key_file}")


@record.command()
@click.option("--lost", is_flag=True, help="The old key is gone: begin with a fresh one that nothing vouches for.")
@click.pass_context
def rotate(ctx: click.Context, lost: bool) -> None:
    """Sign with a fresh key from now on; the old one signs a manifest that names it.

    \b
    Example:
      exowatch record rotate
    """
    from exowatch.seal.sealing import rotate as rotate_key

    sealer = _sealer(ctx)
    key = rotate_key(sealer, lost=lost)
    click.echo(f"key {key.id} signs from now on; hand out {sealer.folder / f'{key.id}.pem'}")
    if lost:
        click.echo("the key before it was lost: tell everybody who holds it, by another way, that this one is yours")


def _sealer(ctx: click.Context) -> Sealer:
    from exowatch.seal.run import sealer_of

    config = config_of(ctx)
    return sealer_of(config, store_of(config), *clock_of())


@click.group()
def db() -> None:
    """The database: bring it up to this version."""


@db.command()
@click.pass_context
def upgrade(ctx: click.Context) -> None:
    """Bring the tables up to this program's version; safe to run again. Back the database up first.

    \b
    Example:
      exowatch db upgrade
    """
    from exowatch.store.migrate import HEAD, no_file_at, refuse_new_beside, revision_of
    from exowatch.store.migrate import upgrade as upgrade_store
    from exowatch.store.session import Store
    from exowatch.store.whose import refuse_foreign

    config = config_of(ctx)
    refuse_foreign(config.database.url)
    refuse_new_beside(config.archive.dir, config.database.url)
    new = no_file_at(config.database.url)
    store = Store(config.database.url, busy_seconds=config.database.busy_seconds)
    before = revision_of(store)
    upgrade_store(store)
    click.echo(f"database: {'made' if new else before or 'empty'} → {HEAD}")


@click.command(short_help="A bundle of evidence about flags.")
@click.argument("flags", nargs=-1, required=True, metavar="FLAG|CASE…")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The ZIP to write.")
@click.pass_context
def dossier(ctx: click.Context, flags: tuple[str, ...], output: Path) -> None:
    """Everything that proves what flags say: WARC records, quotes in context, assessment, signed manifests, and how to
    verify all of it without this program.

    FLAG is a number from `exowatch flags`; a case is written case:NUMBER and stands for all its flags. The same
    arguments on the same record give the same bytes.
    """
    from exowatch.cli.here import desk_of
    from exowatch.dossier.write import write_dossier
    from exowatch.files import need_folder

    if output.suffix.lower() != ".zip":
        raise SetupError(f"{output} is to be a ZIP", key="--output", remedy="name a file that ends in .zip")
    need_folder(output)
    made = write_dossier(desk_of(ctx, making=False), flags, output)
    click.echo(f"{len(made.flags)} flags, {made.records} records: written to {output}")
    for note in made.notes:
        say(f"note: {plain(note)}")
