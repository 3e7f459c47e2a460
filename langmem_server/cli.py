"""`langmem-server`: runs the service until it is told to stop."""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import os
import socket
import sys
from typing import TYPE_CHECKING, Final

import uvicorn

from langmem_server.app import create_app
from langmem_server.running import Running
from langmem_server.settings import Settings, SettingsError
from langmem_server.store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

FAILED: Final = 1
MISUSED: Final = 2
GRACE_SECONDS: Final = 5
BACKLOG: Final = 2048


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the service.

    Args:
        arguments: The command line without the program's name; None reads the real one.

    Returns:
        The exit status: 0 when stopped by Ctrl-C, 1 when the database or port cannot be used, 2
        when a setting cannot.

    Example:
        >>> main(["--port", "9000"])  # doctest: +SKIP
    """
    options = vars(_parser().parse_args(arguments))
    greet = _described if options.pop("json") else _greeting
    try:
        settings = Settings.from_environment(os.environ, **options)
    except SettingsError as error:
        return _fail(MISUSED, str(error))
    try:
        # Opened once before, so that a file that cannot be used is a sentence and no traceback.
        Running(settings).close()
        listener = _listen(settings.host, settings.port)
    except StoreError as error:
        return _fail(FAILED, str(error))
    except OSError as error:
        reason = (error.strerror or "it cannot be used").lower()
        return _fail(
            FAILED,
            f"Cannot listen on {settings.host} port {settings.port}: {reason};"
            " choose another with --port.",
        )
    with listener:
        port = listener.getsockname()[1]
        print(greet(settings, port), flush=True)  # noqa: T201 - a program speaks
        _serve(settings, listener)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="langmem-server",
        description="Run the LangMem service on this machine.",
        epilog="Each option may also be set by the environment: LANGMEM_HOST, LANGMEM_PORT,"
        " LANGMEM_DATABASE. LANGMEM_LLM_MODEL, LANGMEM_LLM_BASE_URL and LANGMEM_LLM_API_KEY name"
        " the model that turns messages into memories.",
    )
    parser.add_argument("--host", help="the loopback address to listen on (127.0.0.1)")
    parser.add_argument("--port", help="the port to listen on; 0 takes a free one (8100)")
    parser.add_argument("--database", help="the SQLite file (./langmem.db)")
    parser.add_argument("--json", action="store_true", help="say where it listens as JSON")
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
    _log(settings.log_level.upper())
    config = uvicorn.Config(
        create_app(settings),
        # Query strings hold what people look for: `access` logs requests without them.
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        ws="none",
    )
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn has stopped by then
        uvicorn.Server(config).run([listener])


def _log(level: str) -> None:
    # The libraries stay at warnings: below these, httpx logs URLs and sqlalchemy values.
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("langmem_server").setLevel(level)


def _fail(status: int, sentence: str) -> int:
    print(f"langmem-server: {sentence}", file=sys.stderr)  # noqa: T201 - a program speaks
    return status
