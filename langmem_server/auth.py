"""Whose data a request may see."""

from __future__ import annotations

from typing import Final

DEFAULT_TENANT: Final = "default"


def tenant_of(api_key: str | None) -> str:
    """Return the tenant a request belongs to.

    There are no keys yet: on loopback, which is all that is served, any key or none will do.

    Args:
        api_key: The request's `x-api-key`, or None.

    Example:
        >>> tenant_of(None)
        'default'
    """
    del api_key
    return DEFAULT_TENANT
