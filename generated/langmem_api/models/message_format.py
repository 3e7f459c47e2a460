# Made by scripts/generate from openapi.yaml; edit that instead.
from enum import StrEnum


class MessageFormat(StrEnum):
    LANGMEM = "langmem"
    OPENAI = "openai"

    def __str__(self) -> str:
        return str(self.value)
