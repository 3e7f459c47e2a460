"""The commands of `langmem-server` beside running the service."""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path
from typing import Any, Final

from langmem_server import admin, auth
from langmem_server.settings import Settings
from langmem_server.store import backup
from langmem_server.store.errors import StoreError

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the commands to the parser; `run` is then what does one, with the options it takes."""
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    keys = commands.add_parser("keys", help="make, list and revoke API keys")
    verbs = keys.add_subparsers(title="commands", metavar="COMMAND", required=True)
    create = _command(verbs, "create", "make an API key, and show it this once", create_key)
    create.add_argument("name", type=_name, help="what it is for, such as the application's name")
    create.add_argument(
        "--tenant", type=_name, default=auth.DEFAULT_TENANT, help="whose data it opens (default)"
    )
    create.add_argument(
        "--scope",
        choices=(auth.APPLICATION, auth.METRICS),
        default=auth.APPLICATION,
        help="application, or metrics: to read /metrics and nothing else (application)",
    )
    create.add_argument("--json", action="store_true", help="write JSON")
    listed = _command(verbs, "list", "list the API keys", list_keys)
    listed.add_argument("--json", action="store_true", help="write a JSON object for each")
    revoke = _command(verbs, "revoke", "have an API key count no more", revoke_key)
    revoke.add_argument("id", help="the key's id, as `list` shows it")
    _add_copies(commands)


def _add_copies(commands: Any) -> None:
    copy = _command(commands, "backup", "copy the database, also while it is served", back_up)
    copy.add_argument("copy", type=Path, help="the file to write, which must not exist")
    copy = _command(commands, "restore", "put a copy in the database's place", restore)
    copy.add_argument("copy", type=Path, help="a file that `backup` wrote")
    _command(
        commands, "vacuum", "write the database anew, without traces of what was deleted", vacuum
    )


def create_key(options: argparse.Namespace) -> int:
    """Make a key; it alone goes to the standard output."""
    path = _path(options)
    record, key = admin.create_key(path, options.name, options.tenant, options.scope)
    if options.json:
        _say(admin.as_json(record, key=key))
        return 0
    whose = f"API key {record.id} ({record.scope}) of tenant {record.tenant}"
    _say(f"{whose}. It is shown this once:", to=sys.stderr)
    _say(key)
    return 0


def list_keys(options: argparse.Namespace) -> int:
    """List the keys."""
    found = admin.list_keys(_path(options))
    _say("\n".join(map(admin.as_json, found)) if options.json else admin.table(found))
    return 0


def revoke_key(options: argparse.Namespace) -> int:
    """Revoke a key."""
    key = admin.revoke_key(_path(options), options.id)
    if key is None:
        raise StoreError(f"There is no API key {options.id}: `keys list` shows those there are.")
    _say(f"API key {key.id} ({key.name}) counts no more, since {key.revoked_at}.")
    return 0


def back_up(options: argparse.Namespace) -> int:
    """Copy the database."""
    backup.backup(_path(options), options.copy)
    _say(f"The copy is {options.copy.absolute()}.")
    return 0


def restore(options: argparse.Namespace) -> int:
    """Put a copy in the database's place."""
    path = _path(options)
    kept = backup.restore(options.copy, path)
    _say(f"The database {path.absolute()} is what {options.copy} holds.")
    if kept is not None:
        _say(f"What it was before is {kept}: delete it when you need it no more.")
    return 0


def vacuum(options: argparse.Namespace) -> int:
    """Write the database anew."""
    path = _path(options)
    backup.vacuum(path)
    _say(f"The database {path.absolute()} is written anew.")
    return 0


def _command(verbs: Any, name: str, help: str, run: Any) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=help, description=help)
    # Not set where it is not given, for then it would hide one that stands before the command.
    parser.add_argument("--database", default=argparse.SUPPRESS, help="the file (./langmem.db)")
    parser.set_defaults(run=run)
    return parser


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise argparse.ArgumentTypeError(
            f"{text!r}: give 1 to 64 letters, digits, dots, hyphens or underscores"
        )
    return text


def _path(options: argparse.Namespace) -> Path:
    # Nothing else of the environment: a setting of the service's is not these commands' business.
    environ = {"LANGMEM_DATABASE": os.environ.get("LANGMEM_DATABASE", "")}
    return Settings.from_environment(environ, database=options.database).database


def _say(text: str, to: Any = None) -> None:
    print(text, file=to)
