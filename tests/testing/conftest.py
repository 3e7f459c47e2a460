"""The plugin's fixtures, also where this checkout was installed before it had a plugin."""

from langmem.testing._plugin import langmem_async_client, langmem_client, langmem_service

__all__ = ["langmem_async_client", "langmem_client", "langmem_service"]
