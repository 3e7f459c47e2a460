"""The clients, at the module path programs have always imported them from."""

from langmem._async.client import AsyncClient
from langmem._settings import DEFAULT_TIMEOUT
from langmem._settle import raise_for_status_with_text
from langmem._sync.client import Client

__all__ = ["DEFAULT_TIMEOUT", "AsyncClient", "Client", "raise_for_status_with_text"]
