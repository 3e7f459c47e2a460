"""What the model was used for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from langmem_server.errors import RequestError
from langmem_server.service import views
from langmem_server.service.base import Base
from langmem_server.store import usage

USAGE_DAYS = 30
"""How many days are listed, where the request names no first one."""


class Usage(Base):
    """The operation on what was used."""

    def list_usage(
        self, tenant: str, start: str | None = None, end: str | None = None
    ) -> dict[str, Any]:
        """List the tokens used on each day."""
        last = datetime.now(UTC).date() if end is None else date.fromisoformat(end)
        if start is None:
            # The calendar begins with the year 1.
            first = date.min + max(last - date.min - timedelta(USAGE_DAYS - 1), timedelta())
        else:
            first = date.fromisoformat(start)
        if first > last:
            raise RequestError(422, f"query.start: {first} is after the last day, {last}")
        days = self._db.read(lambda conn: usage.days(conn, tenant, str(first), str(last)))
        return {"days": [views.daily_usage(day) for day in days]}
