# Made by scripts/generate from openapi.yaml; edit that instead.
from enum import StrEnum


class MemoryFunctionStatus(StrEnum):
    ACTIVE = "active"
    DISABLED = "disabled"

    def __str__(self) -> str:
        return str(self.value)
