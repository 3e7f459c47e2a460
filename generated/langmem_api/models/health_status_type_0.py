# Made by scripts/generate from openapi.yaml; edit that instead.
from enum import StrEnum


class HealthStatusType0(StrEnum):
    OK = "ok"

    def __str__(self) -> str:
        return str(self.value)
