# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.open_ai_message import OpenAIMessage
    from ..models.thread_metadata_type_0 import ThreadMetadataType0


T = TypeVar("T", bound="Thread")


@_attrs_define
class Thread:
    """A thread with its newest messages.

    Attributes:
        id (str): The thread's id.
        metadata (None | ThreadMetadataType0): Facts of your own about the thread.
        created_at (str): When the thread was stored.
        last_message_timestamp (None | str): When messages last arrived.
        last_message_batch_id (int | None): Counts the calls that added messages, from 0.
        messages (list[OpenAIMessage]): The newest messages, at most 100, oldest first.
    """

    id: str
    metadata: None | ThreadMetadataType0
    created_at: str
    last_message_timestamp: None | str
    last_message_batch_id: int | None
    messages: list[OpenAIMessage]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.thread_metadata_type_0 import ThreadMetadataType0  # noqa: PLC0415

        id = self.id

        metadata: dict[str, Any] | None
        if isinstance(self.metadata, ThreadMetadataType0):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata

        created_at = self.created_at

        last_message_timestamp: None | str
        last_message_timestamp = self.last_message_timestamp

        last_message_batch_id: int | None
        last_message_batch_id = self.last_message_batch_id

        messages = []
        for messages_item_data in self.messages:
            messages_item = messages_item_data.to_dict()
            messages.append(messages_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "metadata": metadata,
                "created_at": created_at,
                "last_message_timestamp": last_message_timestamp,
                "last_message_batch_id": last_message_batch_id,
                "messages": messages,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.open_ai_message import OpenAIMessage  # noqa: PLC0415
        from ..models.thread_metadata_type_0 import ThreadMetadataType0  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        def _parse_metadata(data: object) -> None | ThreadMetadataType0:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = ThreadMetadataType0.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ThreadMetadataType0, data)

        metadata = _parse_metadata(d.pop("metadata"))

        created_at = d.pop("created_at")

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

        messages = []
        _messages = d.pop("messages")
        for messages_item_data in _messages:
            messages_item = OpenAIMessage.from_dict(messages_item_data)

            messages.append(messages_item)

        thread = cls(
            id=id,
            metadata=metadata,
            created_at=created_at,
            last_message_timestamp=last_message_timestamp,
            last_message_batch_id=last_message_batch_id,
            messages=messages,
        )

        thread.additional_properties = d
        return thread

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
