# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="MemoryWeights")


@_attrs_define
class MemoryWeights:
    """How much each score counts. A weight left out is 1.

    Attributes:
        relevance (float | Unset): How well the text matches.
        recency (float | Unset): How lately the memory was made or used.
        importance (float | Unset): How much the memory matters.
    """

    relevance: float | Unset = UNSET
    recency: float | Unset = UNSET
    importance: float | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        relevance = self.relevance

        recency = self.recency

        importance = self.importance

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if relevance is not UNSET:
            field_dict["relevance"] = relevance
        if recency is not UNSET:
            field_dict["recency"] = recency
        if importance is not UNSET:
            field_dict["importance"] = importance

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        relevance = d.pop("relevance", UNSET)

        recency = d.pop("recency", UNSET)

        importance = d.pop("importance", UNSET)

        memory_weights = cls(
            relevance=relevance,
            recency=recency,
            importance=importance,
        )

        return memory_weights
