"""Whether the service works, and whether it is ready for work."""

from __future__ import annotations

from typing import Any

import langmem_server
from langmem_server.errors import RequestError
from langmem_server.service.base import Base


class Health(Base):
    """The operations on the service itself."""

    def get_health(self, tenant: str) -> dict[str, Any]:
        """Touch the database and say what the service is."""
        del tenant
        self._db.read(lambda conn: conn.execute("SELECT 1"))
        return {
            "status": "ok",
            "version": langmem_server.__version__,
            "model_configured": self._settings.model_configured,
        }

    def get_readiness(self, tenant: str) -> dict[str, Any]:
        """Touch the database as a write does, and refuse while nothing is processed."""
        del tenant
        self._db.write(lambda _: None)
        if not self._processing.ready:
            raise RequestError(
                503,
                "Messages are not processed yet: if this lasts, the log of the service says why.",
            )
        return {"status": "ready"}
