# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.token_usage import TokenUsage


T = TypeVar("T", bound="DailyUsage")


@_attrs_define
class DailyUsage:
    """What was used of the model on one day.

    Attributes:
        date (datetime.date): The day in UTC.
        runs (int): Runs that ended, well or not.
        attempts (int): Questions put to the model.
        usage (TokenUsage): What the model counted over all attempts.
    """

    date: datetime.date
    runs: int
    attempts: int
    usage: TokenUsage
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        date = self.date.isoformat()

        runs = self.runs

        attempts = self.attempts

        usage = self.usage.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "date": date,
                "runs": runs,
                "attempts": attempts,
                "usage": usage,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.token_usage import TokenUsage  # noqa: PLC0415

        d = dict(src_dict)
        date = datetime.date.fromisoformat(d.pop("date"))

        runs = d.pop("runs")

        attempts = d.pop("attempts")

        usage = TokenUsage.from_dict(d.pop("usage"))

        daily_usage = cls(
            date=date,
            runs=runs,
            attempts=attempts,
            usage=usage,
        )

        daily_usage.additional_properties = d
        return daily_usage

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
