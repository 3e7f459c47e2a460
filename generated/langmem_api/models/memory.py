# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.memory_content import MemoryContent
    from ..models.memory_scores import MemoryScores


T = TypeVar("T", bound="Memory")


@_attrs_define
class Memory:
    """One memory.

    Attributes:
        id (str): The memory's id.
        created_at (str): When it was stored.
        last_accessed (str): When an extraction last made or met it.
        text (str): The memory in words. For the unstructured memory subject, predicate and object; for
            others the properties and their values.
        content (MemoryContent): `subject`, `predicate` and `object` for the unstructured memory; an object of the
            function's schema for others.
        scores (MemoryScores): Each score, scaled to 0..1 over the pool of candidates, before weighting.
    """

    id: str
    created_at: str
    last_accessed: str
    text: str
    content: MemoryContent
    scores: MemoryScores
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        created_at = self.created_at

        last_accessed = self.last_accessed

        text = self.text

        content = self.content.to_dict()

        scores = self.scores.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "created_at": created_at,
                "last_accessed": last_accessed,
                "text": text,
                "content": content,
                "scores": scores,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.memory_content import MemoryContent  # noqa: PLC0415
        from ..models.memory_scores import MemoryScores  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        created_at = d.pop("created_at")

        last_accessed = d.pop("last_accessed")

        text = d.pop("text")

        content = MemoryContent.from_dict(d.pop("content"))

        scores = MemoryScores.from_dict(d.pop("scores"))

        memory = cls(
            id=id,
            created_at=created_at,
            last_accessed=last_accessed,
            text=text,
            content=content,
            scores=scores,
        )

        memory.additional_properties = d
        return memory

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
