"""The client that a command speaks through."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from langmem._cli.failures import FAILED, MISUSED, CommandError
from langmem.client import AsyncClient, Client

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def connected(url: str | None) -> Iterator[Client]:
    """Give a client of the service until the block ends.

    Raises:
        CommandError: An option or a variable cannot be used.
    """
    with _misuse_explained():
        client = Client(url)
    with client:
        yield client


def async_client(url: str | None) -> AsyncClient:
    """Return an asynchronous client of the service.

    Raises:
        CommandError: An option or a variable cannot be used.
    """
    with _misuse_explained():
        return AsyncClient(url)


def service_name(url: str | None) -> str:
    """Return the service's URL without a password, as files of ours and people may see it."""
    text = (url or os.environ.get("LANGMEM_API_URL") or "").strip()
    text = re.sub(r"//.*@", "//", text)
    return text if text.endswith("//") else text.rstrip("/")


@contextmanager
def _misuse_explained() -> Iterator[None]:
    try:
        yield
    except (TypeError, ValueError) as error:
        # The client speaks of its arguments; here they are options.
        raise CommandError(MISUSED, str(error).replace("api_url", "--url")) from None
    except ImportError as error:  # what a service in this process needs
        raise CommandError(FAILED, str(error)) from None
