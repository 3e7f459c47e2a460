# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ThreadListItem")


@_attrs_define
class ThreadListItem:
    """A thread in a list.

    Attributes:
        id (str): The thread's id.
        last_message_timestamp (None | str): When messages last arrived.
        last_message_batch_id (int | None): Counts the calls that added messages, from 0.
    """

    id: str
    last_message_timestamp: None | str
    last_message_batch_id: int | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        last_message_timestamp: None | str
        last_message_timestamp = self.last_message_timestamp

        last_message_batch_id: int | None
        last_message_batch_id = self.last_message_batch_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "last_message_timestamp": last_message_timestamp,
                "last_message_batch_id": last_message_batch_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        def _parse_last_message_timestamp(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        last_message_timestamp = _parse_last_message_timestamp(d.pop("last_message_timestamp"))

        def _parse_last_message_batch_id(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        last_message_batch_id = _parse_last_message_batch_id(d.pop("last_message_batch_id"))

        thread_list_item = cls(
            id=id,
            last_message_timestamp=last_message_timestamp,
            last_message_batch_id=last_message_batch_id,
        )

        thread_list_item.additional_properties = d
        return thread_list_item

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
