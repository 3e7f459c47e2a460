# Made by scripts/generate from openapi.yaml; edit that instead.
from enum import StrEnum


class MemoryFunctionRecordType(StrEnum):
    MEMORY_FUNCTION = "memory_function"

    def __str__(self) -> str:
        return str(self.value)
