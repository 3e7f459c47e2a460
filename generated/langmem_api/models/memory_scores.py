# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="MemoryScores")


@_attrs_define
class MemoryScores:
    """Each score, scaled to 0..1 over the pool of candidates, before weighting.

    Attributes:
        recency (float): How lately the memory was made or met.
        importance (float): How much it matters.
        relevance (float): How well it matches the text.
    """

    recency: float
    importance: float
    relevance: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        recency = self.recency

        importance = self.importance

        relevance = self.relevance

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "recency": recency,
                "importance": importance,
                "relevance": relevance,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        recency = d.pop("recency")

        importance = d.pop("importance")

        relevance = d.pop("relevance")

        memory_scores = cls(
            recency=recency,
            importance=importance,
            relevance=relevance,
        )

        memory_scores.additional_properties = d
        return memory_scores

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
