from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import time_machine

from langmem_server.store import functions, idempotency, memories, runs, threads, users
from langmem_server.store.backup import restore
from langmem_server.store.database import Database
from langmem_server.store.migrations import MIGRATIONS
from langmem_server.store.records import User
from langmem_server.store.schema import SEMANTIC_FUNCTION_ID
from tests.server.background import TENANT, all_runs, remembered, running, wait_for
from tests.server.scripted_model import ScriptedModel
from tests.server.store.old_schemas import (
    ANN,
    BOB,
    FACTS,
    OTHER,
    SCHEMAS,
    STATE,
    SUMMARY,
    THREAD,
    rows_of,
    schema_of,
    write,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECONDS = 60


@pytest.fixture(params=SCHEMAS)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A file of each old schema."""
    path = tmp_path / "langmem.db"
    write(path, request.param)
    return path


@pytest.fixture
def db(old: Path) -> Iterator[Database]:
    """An old file, opened by the program of today."""
    database = Database(old)
    yield database
    database.close()


def test_the_schemas_are_what_they_were() -> None:
    """The files differ in what their commits changed, and the newest is a step behind today's."""
    written = {name: path.read_text(encoding="utf-8") for name, path in SCHEMAS.items()}
    by_age, keyed = "INDEX memory_functions_by_age", "TABLE idempotency_keys"
    assert {name: (by_age in text, keyed in text) for name, text in written.items()} == {
        "1-first": (False, False),
        "2-functions-by-age": (True, False),
        "3-idempotency-keys": (False, True),
        "4-version-0.1.0": (True, True),
    }
    assert not any(MIGRATIONS[2].__name__ in text for text in written.values())


def test_an_old_file_becomes_what_a_new_one_is(old: Path, tmp_path: Path) -> None:
    """Tables, indexes and triggers are to the letter those of a new file."""
    assert schema_of(old) != {}
    Database(old).close()
    Database(tmp_path / "new.db").close()
    assert schema_of(old) == schema_of(tmp_path / "new.db")


def test_every_row_stays(old: Path) -> None:
    """All rows of an old file are there, column by column."""
    names = {name for name, sql in schema_of(old).items() if "STRICT" in sql}
    before = rows_of(old, names - {"langmem_migrations"})
    Database(old).close()
    after = rows_of(old, names - {"langmem_migrations"})
    assert sum(map(len, before.values())) > 40
    for name, rows in before.items():
        assert [{key: row[key] for key in rows[0]} for row in after[name]] == rows


def test_what_an_old_file_remembers_is_read(db: Database) -> None:
    """The functions of the store find users, threads, messages, states and memories."""
    assert db.read(lambda c: users.get(c, TENANT, ANN)) == User(
        ANN, "Ann", ["vip"], {"city": "Lyon"}
    )
    assert db.read(lambda c: users.find(c, TENANT, ["Bob"], None)) == [User(BOB, "Bob")]
    thread = db.read(lambda c: threads.get(c, TENANT, THREAD))
    assert thread is not None
    assert (thread.metadata, thread.last_message_batch_id) == ({"topic": "animals"}, 2)
    assert db.read(lambda c: threads.get_state(c, TENANT, THREAD, "step")) == {"step": 2}
    messages = db.read(lambda c: threads.messages_between(c, TENANT, THREAD, 1, 9))
    assert [(m.content, m.user_id, m.extra) for m in messages] == [
        ("I keep two pikas.", ANN, {"channel": "web"}),
        ("I ride horses.", BOB, {"channel": "web"}),
        ("And donkeys.", BOB, {"channel": "web"}),
    ]
    listed = db.read(lambda c: functions.list_page(c, TENANT, None, None, 9))
    assert [f.id for f in listed] == [SEMANTIC_FUNCTION_ID, STATE, FACTS, SUMMARY]
    outputs = db.read(lambda c: memories.list_for_user(c, TENANT, ANN))
    assert [(o.function_id, o.value) for o in outputs] == [
        (key, {"text": "I keep two pikas."}) for key in (SEMANTIC_FUNCTION_ID, STATE, FACTS)
    ]
    [summary] = db.read(lambda c: memories.thread_outputs(c, TENANT, THREAD))
    assert summary.value == {"text": "I keep two pikas. I ride horses."}


def test_the_text_search_finds_what_an_old_file_remembers(db: Database) -> None:
    """The index answers by stems, and is sound."""
    [hit] = db.read(lambda c: memories.search(c, TENANT, BOB, [SEMANTIC_FUNCTION_ID], ["horse"], 9))
    assert (hit.memory.text, hit.relevance > 0) == ("I ride horses.", True)
    check = "INSERT INTO memories_fts (memories_fts, rank) VALUES ('integrity-check', 1)"
    db.write(lambda c: c.execute(check).close())


def test_keyed_requests_stay_done(old: Path) -> None:
    """Where an old file has keys, they count for their lifetime, and a new one can be kept."""
    keyed = "idempotency_keys" in schema_of(old)
    with time_machine.travel("2026-11-28T07:00:00+00:00"):
        db = Database(old)
        answers = [
            db.read(lambda c, key=key: idempotency.find(c, TENANT, key))  # type: ignore[misc]
            for key in ("key-of-ann", "key-of-nobody")
        ]
        db.close()
    if keyed:
        assert [a and (a.fingerprint[:2], a.answer, a.erased) for a in answers] == [
            ("5f", {"id": ANN, "name": "Ann"}, False),
            ("6f", None, False),
        ]
    else:
        assert answers == [None, None]


def test_runs_of_an_old_file_go_on(db: Database) -> None:
    """What was under way, queued or due is done by a service of today, a failed run on retry."""
    before = {run.ordinal: run.status for run in all_runs(db)}
    assert list(before.values()) == ["succeeded"] * 7 + ["failed", "running", "queued", "queued"]
    with ScriptedModel() as model:
        with running(db, model, llm_base_url=model.base_url, llm_model="scripted"):
            wait_for(
                lambda: (
                    db.read(runs.next_due) is None
                    and not {"queued", "running"} & {run.status for run in all_runs(db)}
                ),
                "a run is not finished",
            )
            done = {run.ordinal: run.status for run in all_runs(db)}
            assert len(done) > len(before)
            assert {o for o, status in done.items() if status != "succeeded"} == {8}
            [failed] = [run for run in all_runs(db) if run.ordinal == 8]
            assert db.write(lambda c: runs.retry(c, TENANT, failed.id)) is not None
        with running(db, model, llm_base_url=model.base_url, llm_model="scripted"):
            wait_for(
                lambda: {run.status for run in all_runs(db)} == {"succeeded"}, "the retried run"
            )
    assert remembered(db, ANN) == ["Ann said One is ill.", "I keep two pikas."]
    assert remembered(db, BOB) == ["Bob said And donkeys.", "I ride horses."]
    state = db.read(lambda c: memories.get_state(c, TENANT, ANN, STATE))
    assert state is not None
    assert state[0] == {"text": "One is ill."}
    assert [o.value for o in db.read(lambda c: memories.thread_outputs(c, TENANT, OTHER))] == [
        {"text": "One is ill."}
    ]


def test_an_old_copy_is_restored(old: Path, tmp_path: Path) -> None:
    """A copy an earlier version made is taken, and brought up to date at the next start."""
    restore(old, tmp_path / "restored.db")
    assert schema_of(tmp_path / "restored.db") == schema_of(old)
    Database(tmp_path / "restored.db").close()
    Database(tmp_path / "new.db").close()
    assert schema_of(tmp_path / "restored.db") == schema_of(tmp_path / "new.db")


DIES = """
import os, shutil, signal, sqlite3, sys
from pathlib import Path
from langmem_server.store.migrations import migrate

template, cases = map(Path, sys.argv[1:])
for number in range(1, 1000):
    path = cases / f"{number}.db"
    shutil.copyfile(template, path)
    child = os.fork()
    if child == 0:
        left = [number]

        def count(_):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        conn = sqlite3.connect(path, isolation_level=None)
        conn.set_trace_callback(count)
        migrate(conn)
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        break
"""


def test_a_migration_that_is_killed_changes_nothing(old: Path, tmp_path: Path) -> None:
    """Killed before any of its statements, a migration leaves the old schema, whole."""
    cases = tmp_path / "cases"
    cases.mkdir()
    command = [sys.executable, "-c", DIES, str(old), str(cases)]
    subprocess.run(command, check=True, timeout=SECONDS)
    before = schema_of(old)
    count = len(list(cases.glob("*.db")))
    assert count > 10
    for number in range(1, count):
        path = cases / f"{number}.db"
        assert schema_of(path) == before
        with closing(sqlite3.connect(path)) as conn:
            assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    shutil.copyfile(old, tmp_path / "done.db")
    Database(tmp_path / "done.db").close()
    assert schema_of(cases / f"{count}.db") == schema_of(tmp_path / "done.db") != before
    last = cases / f"{count - 1}.db"
    Database(last).close()
    assert schema_of(last) == schema_of(tmp_path / "done.db")
