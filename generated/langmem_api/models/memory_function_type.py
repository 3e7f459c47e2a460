# Made by scripts/generate from openapi.yaml; edit that instead.
from enum import StrEnum


class MemoryFunctionType(StrEnum):
    THREAD_SUMMARY = "thread_summary"
    USER_APPEND_STATE = "user_append_state"
    USER_SEMANTIC_MEMORY = "user_semantic_memory"
    USER_STATE = "user_state"

    def __str__(self) -> str:
        return str(self.value)
