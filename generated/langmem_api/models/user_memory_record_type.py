# Made by scripts/generate from openapi.yaml; edit that instead.
from enum import StrEnum


class UserMemoryRecordType(StrEnum):
    USER_MEMORY = "user_memory"

    def __str__(self) -> str:
        return str(self.value)
