# Made by scripts/generate from openapi.yaml; edit that instead.
from enum import StrEnum


class UserStateRecordType(StrEnum):
    USER_STATE = "user_state"

    def __str__(self) -> str:
        return str(self.value)
