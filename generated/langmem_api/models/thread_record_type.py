# Made by scripts/generate from openapi.yaml; edit that instead.
from enum import StrEnum


class ThreadRecordType(StrEnum):
    THREAD = "thread"

    def __str__(self) -> str:
        return str(self.value)
