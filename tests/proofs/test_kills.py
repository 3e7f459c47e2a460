"""kill -9 at random moments under load: nothing acknowledged is lost, nothing takes effect twice.

    scripts/prove kills

LANGMEM_PROOF_KILLS says how often the service is killed; 10 times by default. The long run:

    LANGMEM_PROOF_KILLS=200 scripts/prove kills
"""

from __future__ import annotations

import os
import random
import sqlite3
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

from langmem import Client
from tests.proofs.kills import (
    Answers,
    Verdict,
    Victim,
    insist,
    make_functions,
    wait_until_done,
    writing,
)
from tests.server.scripted_model import ScriptedModel

if TYPE_CHECKING:
    from pathlib import Path

KILLS = int(os.environ.get("LANGMEM_PROOF_KILLS", "10"))
SEED = 20240406
WRITERS = 4
LONGEST_LIFE = 3.0


def test_kills_lose_nothing_and_double_nothing(tmp_path: Path, unused_port: int) -> None:
    """Whatever moment the service is killed at, each message is stored and takes effect once."""
    begun = time.monotonic()
    moments = random.Random(SEED)
    with ScriptedModel() as model:
        model.default(Answers(SEED))
        with (
            Victim(tmp_path, unused_port, model) as victim,
            Client(victim.url, max_retries=0) as client,
        ):
            functions: dict[str, str] = {}
            insist(lambda: functions.update(make_functions(client)))
            with writing(WRITERS, victim.url) as writers:
                for _ in range(KILLS):
                    # From before it listens to the middle of its work.
                    threading.Event().wait(moments.uniform(0.1, LONGEST_LIFE))
                    victim.kill()
            assert [writer.error for writer in writers] == [None] * WRITERS
            ledgers = [writer.ledger for writer in writers]
            settled = wait_until_done(client, ledgers)
            verdict = Verdict()
            for ledger in ledgers:
                verdict.add(client, functions, ledger)
    with closing(sqlite3.connect(tmp_path / "langmem.db")) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
    print(
        f"\nkills {KILLS}  acknowledged {verdict.acknowledged}"
        f" ({sum(ledger.resumed for ledger in ledgers)} resumed)  stored {verdict.stored}"
        f"  applied {verdict.applied}  lost {verdict.lost}  doubled {verdict.doubled}"
        f"  out of order {verdict.disordered}  runs {dict(verdict.runs)}"
        f"  settled in {settled:.0f} s  {time.monotonic() - begun:.0f} s in all"
    )
    assert (verdict.lost, verdict.doubled, verdict.disordered) == (0, 0, 0)
    assert verdict.acknowledged == verdict.stored == verdict.applied > 0
    assert verdict.runs.keys() == {"succeeded"}
