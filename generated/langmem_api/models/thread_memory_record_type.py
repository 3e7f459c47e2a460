# Made by scripts/generate from openapi.yaml; edit that instead.
from enum import StrEnum


class ThreadMemoryRecordType(StrEnum):
    THREAD_MEMORY = "thread_memory"

    def __str__(self) -> str:
        return str(self.value)
