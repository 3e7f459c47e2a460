# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.user_memory_record_type import UserMemoryRecordType
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.user_memory_record_content import UserMemoryRecordContent


T = TypeVar("T", bound="UserMemoryRecord")


@_attrs_define
class UserMemoryRecord:
    """A single memory, of a `user_append_state` or a `user_semantic_memory` function.

    Attributes:
        type_ (UserMemoryRecordType): What this is.
        id (UUID): The memory's id.
        user_id (UUID): The user's id.
        memory_function_id (UUID): The memory function's id.
        text (str): The memory in words; what a search looks through.
        content (UserMemoryRecordContent): What the function made; see `Memory`.
        importance (float | None | Unset): How much it matters, from 1 to 10; null, the default, if nobody judged it.
        created_at (str | Unset): When it was stored. By default now.
        last_accessed (str | Unset): When an extraction last made or met it. By default `created_at`.
        thread_ids (list[UUID] | Unset): The threads it was drawn from: it is erased with the last of them. By default
            none.
    """

    type_: UserMemoryRecordType
    id: UUID
    user_id: UUID
    memory_function_id: UUID
    text: str
    content: UserMemoryRecordContent
    importance: float | None | Unset = UNSET
    created_at: str | Unset = UNSET
    last_accessed: str | Unset = UNSET
    thread_ids: list[UUID] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_.value

        id = str(self.id)

        user_id = str(self.user_id)

        memory_function_id = str(self.memory_function_id)

        text = self.text

        content = self.content.to_dict()

        importance: float | None | Unset
        if isinstance(self.importance, Unset):
            importance = UNSET
        else:
            importance = self.importance

        created_at = self.created_at

        last_accessed = self.last_accessed

        thread_ids: list[str] | Unset = UNSET
        if not isinstance(self.thread_ids, Unset):
            thread_ids = []
            for thread_ids_item_data in self.thread_ids:
                thread_ids_item = str(thread_ids_item_data)
                thread_ids.append(thread_ids_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "type": type_,
                "id": id,
                "user_id": user_id,
                "memory_function_id": memory_function_id,
                "text": text,
                "content": content,
            }
        )
        if importance is not UNSET:
            field_dict["importance"] = importance
        if created_at is not UNSET:
            field_dict["created_at"] = created_at
        if last_accessed is not UNSET:
            field_dict["last_accessed"] = last_accessed
        if thread_ids is not UNSET:
            field_dict["thread_ids"] = thread_ids

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.user_memory_record_content import UserMemoryRecordContent  # noqa: PLC0415

        d = dict(src_dict)
        type_ = UserMemoryRecordType(d.pop("type"))

        id = UUID(d.pop("id"))

        user_id = UUID(d.pop("user_id"))

        memory_function_id = UUID(d.pop("memory_function_id"))

        text = d.pop("text")

        content = UserMemoryRecordContent.from_dict(d.pop("content"))

        def _parse_importance(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        importance = _parse_importance(d.pop("importance", UNSET))

        created_at = d.pop("created_at", UNSET)

        last_accessed = d.pop("last_accessed", UNSET)

        _thread_ids = d.pop("thread_ids", UNSET)
        thread_ids: list[UUID] | Unset = UNSET
        if _thread_ids is not UNSET:
            thread_ids = []
            for thread_ids_item_data in _thread_ids:
                thread_ids_item = UUID(thread_ids_item_data)

                thread_ids.append(thread_ids_item)

        user_memory_record = cls(
            type_=type_,
            id=id,
            user_id=user_id,
            memory_function_id=memory_function_id,
            text=text,
            content=content,
            importance=importance,
            created_at=created_at,
            last_accessed=last_accessed,
            thread_ids=thread_ids,
        )

        user_memory_record.additional_properties = d
        return user_memory_record

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
