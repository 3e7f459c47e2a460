"""One lane at a time: take its oldest run, do it, store what came of it."""

from __future__ import annotations

import logging
import threading
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from langmem_server.extract import extract
from langmem_server.llm import ModelClosedError
from langmem_server.store import runs
from langmem_server.store.errors import StoreError
from langmem_server.store.records import Outcome, utc_now

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langmem_server.llm import Model
    from langmem_server.store.database import Database
    from langmem_server.store.records import Work

logger = logging.getLogger(__name__)

MAX_TRIES: Final = 5
STORE_PAUSE: Final = 5.0
STOP_PATIENCE: Final = 5.0
_MOVED: Final = (
    f"the document changed while the model was asked, {MAX_TRIES} times in a row: trigger this "
    "run again"
)


class Worker:
    """Does runs, for any number of threads at once.

    Args:
        db: The store.
        model: The model to ask, or None; the worker closes it.
    """

    def __init__(self, db: Database, model: Model | None) -> None:
        self._db = db
        self._model = model
        self._stopping = threading.Event()
        self._changed = threading.Condition()
        self._active = 0

    def work(self, lane: str) -> None:
        """Do the oldest unfinished run of a lane, if there is one. Never raises.

        The model is asked outside of any transaction. If the document it started from has changed
        when it answers, it is asked again with the new one, up to `MAX_TRIES` times. When the
        store cannot be used, this waits until it can.
        """
        with self._counted():
            while not self._stopping.is_set():
                try:
                    self._work(lane)
                except StoreError as error:
                    log_error("Storing a run", error)
                    self._stopping.wait(STORE_PAUSE)
                    continue
                except ModelClosedError:
                    pass  # the run stays unfinished, for the next start
                except Exception as error:  # noqa: BLE001 - the engine must not see it
                    log_error("A run", error)
                break

    def stop(self) -> None:
        """Cut short what is at work and wait for it, at most `STOP_PATIENCE` seconds."""
        self._stopping.set()
        if self._model is not None:
            self._model.close()
        with self._changed:
            self._changed.wait_for(lambda: self._active == 0, STOP_PATIENCE)

    def _work(self, lane: str) -> None:
        for tries in range(1, MAX_TRIES + 1):
            work = self._db.write(lambda conn: runs.begin(conn, lane))
            if work is None or self._finish(work, self._extract(work)):
                return
            if tries == MAX_TRIES:
                self._finish(work, _failure(_MOVED))

    def _finish(self, work: Work, outcome: Outcome) -> bool:
        try:
            return self._store(work, outcome)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - what cannot be stored, whyever, has failed
            log_error("Storing what a run found", error)
            return self._store(work, _unexpected(error))

    def _store(self, work: Work, outcome: Outcome) -> bool:
        return self._db.write(lambda conn: runs.finish(conn, work, outcome, utc_now()))

    def _extract(self, work: Work) -> Outcome:
        try:
            return extract(work, self._model)
        except ModelClosedError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the run must end
            log_error("Extraction", error)
            return _unexpected(error)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._changed:
            self._active += 1
        try:
            yield
        finally:
            with self._changed:
                self._active -= 1
                self._changed.notify_all()


def log_error(doing: str, error: Exception) -> None:
    """Log where an error came from, without its text: that may quote what people wrote."""
    place = "".join(traceback.format_tb(error.__traceback__))
    logger.error("%s failed with %s:\n%s", doing, type(error).__name__, place)


def _unexpected(error: Exception) -> Outcome:
    return _failure(f"unexpected {type(error).__name__}: the log of the service says where")


def _failure(reason: str) -> Outcome:
    return Outcome("failed", reason, attempts=0, prompt_tokens=0, completion_tokens=0)
