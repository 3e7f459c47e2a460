# Made by scripts/generate from openapi.yaml; edit that instead.
from enum import StrEnum


class ThreadStateRecordType(StrEnum):
    THREAD_STATE = "thread_state"

    def __str__(self) -> str:
        return str(self.value)
