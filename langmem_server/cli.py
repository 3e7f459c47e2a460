"""`langmem-server`: runs the service until it is told to stop."""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import os
import signal
import socket
import sys
from typing import TYPE_CHECKING, Final, NoReturn

from langmem_server import commands
from langmem_server.app import create_app
from langmem_server.auth import is_loopback
from langmem_server.connections import server
from langmem_server.running import Running
from langmem_server.settings import Settings, SettingsError
from langmem_server.store import keys
from langmem_server.store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

FAILED: Final = 1
MISUSED: Final = 2
BACKLOG: Final = 2048


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the service, or a command.

    Args:
        arguments: The command line without the program's name; None reads the real one.

    Returns:
        The exit status: 0 when stopped by Ctrl-C or SIGTERM, or done; 1 when the database or port
        cannot be used; 2 when a setting cannot.

    Example:
        >>> main(["--port", "9000"])  # doctest: +SKIP
    """
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
    except SettingsError as error:
        return _fail(MISUSED, str(error))
    except StoreError as error:
        return _fail(FAILED, str(error))
    return status


def _run_service(options: argparse.Namespace) -> int:
    given = {name: getattr(options, name) for name in ("host", "port", "database")}
    settings = Settings.from_environment(os.environ, **given)
    # Opened once before, so that a file that cannot be used is a sentence and no traceback.
    running = Running(settings)
    has_keys = running.db.read(keys.any_made)
    running.close()
    if not has_keys and settings.host != "localhost" and not is_loopback(settings.host):
        return _fail(
            MISUSED,
            f"--host: {settings.host} would serve other machines, and there is no API key yet:"
            " create one first, with langmem-server keys create NAME, or use 127.0.0.1.",
        )
    try:
        listener = _listen(settings.host, settings.port)
    except OSError as error:
        reason = (error.strerror or "it cannot be used").lower()
        return _fail(
            FAILED,
            f"Cannot listen on {settings.host} port {settings.port}: {reason};"
            " choose another with --port.",
        )
    # uvicorn raises the signal once more when it has stopped, which is then a good end.
    signal.signal(signal.SIGTERM, _end)
    with listener:
        port = listener.getsockname()[1]
        greet = _described if options.json else _greeting
        print(greet(settings, port), flush=True)  # noqa: T201 - a program speaks
        _serve(settings, listener)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="langmem-server",
        description="Run the LangMem service, or one of the commands.",
        epilog="Each option may also be set by the environment: LANGMEM_HOST, LANGMEM_PORT,"
        " LANGMEM_DATABASE. LANGMEM_LLM_MODEL, LANGMEM_LLM_BASE_URL and LANGMEM_LLM_API_KEY name"
        " the model that turns messages into memories.",
    )
    parser.add_argument(
        "--host", help="the address to listen on; others than loopback need an API key (127.0.0.1)"
    )
    parser.add_argument("--port", help="the port to listen on; 0 takes a free one (8100)")
    parser.add_argument("--database", help="the SQLite file (./langmem.db)")
    parser.add_argument("--json", action="store_true", help="say where it listens as JSON")
    parser.set_defaults(run=_run_service)
    commands.add_to(parser)
    return parser


def _listen(host: str, port: int) -> socket.socket:
    # With the protocol spelled out, unlike in socket.create_server: only then does asyncio turn
    # Nagle's algorithm off, which costs 40 ms a request.
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        # On Windows it would let two programs share the port.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, os.name == "posix")
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _url(settings: Settings, port: int) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{port}"


def _described(settings: Settings, port: int) -> str:
    model = settings.llm_model if settings.model_configured else None
    where = {"url": _url(settings, port), "database": str(settings.database), "model": model}
    return json.dumps(where, ensure_ascii=False)


def _greeting(settings: Settings, port: int) -> str:
    model = (
        f"model {settings.llm_model}"
        if settings.model_configured
        else "no model: set LANGMEM_LLM_MODEL and LANGMEM_LLM_BASE_URL for more than what users say"
    )
    return f"LangMem at {_url(settings, port)}, database {settings.database}, {model}"


def _serve(settings: Settings, listener: socket.socket) -> None:
    _log(settings.log_level.upper(), settings.log_format)
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn has stopped by then
        server(create_app(settings), settings).run([listener])


def _log(level: str, form: str) -> None:
    # The libraries stay at warnings: below these, httpx logs URLs and sqlalchemy values.
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("langmem_server").setLevel(level)
    if form == "json":
        from pythonjsonlogger.json import JsonFormatter  # noqa: PLC0415 - few ask for it

        formatter = JsonFormatter(
            ["levelname", "name", "message"],
            rename_fields={"levelname": "level", "name": "logger"},
            timestamp=True,
        )
        for handler in logging.getLogger().handlers:
            handler.setFormatter(formatter)


def _end(*_: object) -> NoReturn:
    raise SystemExit(0)


def _fail(status: int, sentence: str) -> int:
    print(f"langmem-server: {sentence}", file=sys.stderr)  # noqa: T201 - a program speaks
    return status
