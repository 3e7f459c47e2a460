from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langmem_server.store import runs
from langmem_server.store.database import Database
from langmem_server.store.records import Run, utc_now
from tests.server.store.run_steps import (
    DONE,
    FACTS,
    SUMMARY,
    T,
    add_functions,
    begun,
    plan,
    say,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def many(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[sqlite3.Connection, list[Run]]]:
    """Runs of two threads, two users and several statuses."""
    database = Database(tmp_path_factory.mktemp("page") / "langmem.db")
    conn = database._connect()
    add_functions(conn, FACTS, SUMMARY)
    for number in range(6):
        thread = f"t{number % 2}"
        say(conn, "ann", *["bob"] * (number % 3), thread=thread)
        for position, run in enumerate(plan(conn, thread)):
            if position != 1:
                status = "failed" if number % 2 else "succeeded"
                runs.finish(conn, begun(conn, run), replace(DONE, status=status), utc_now())
    yield conn, runs.page(conn, T, limit=1000)
    conn.close()
    database.close()


class TestPage:
    """How runs are listed."""

    @given(
        st.none() | st.sampled_from(["t0", "t1", "t2"]),
        st.none() | st.sampled_from(["ann", "bob", "nobody"]),
        st.none() | st.sampled_from(["queued", "succeeded", "failed", "skipped"]),
        st.integers(1, 7),
    )
    def test_pages_join_to_the_whole(
        self,
        many: tuple[sqlite3.Connection, list[Run]],
        thread: str | None,
        user: str | None,
        status: str | None,
        size: int,
    ) -> None:
        """Pages of any size and filter list each run once, newest first."""
        conn, everything = many
        listed: list[Run] = []
        while True:
            after = listed[-1].ordinal if listed else None
            page = runs.page(
                conn, T, thread_id=thread, user_id=user, status=status, after=after, limit=size
            )
            listed += page
            if len(page) < size:
                break
        assert listed == [
            run
            for run in everything
            if (thread is None or run.thread_id == thread)
            and (user is None or run.user_id == user)
            and (status is None or run.status == status)
        ]

    def test_newest_first(self, many: tuple[sqlite3.Connection, list[Run]]) -> None:
        """The last run planned is the first listed."""
        _, everything = many
        assert len(everything) > 10
        ordinals = [run.ordinal for run in everything]
        assert ordinals == sorted(ordinals, reverse=True)
