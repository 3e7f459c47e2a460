# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.message_record_type import MessageRecordType
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.message_content_type_1_item import MessageContentType1Item
    from ..models.message_metadata_input import MessageMetadataInput


T = TypeVar("T", bound="MessageRecord")


@_attrs_define
class MessageRecord:
    """A message. Without `seq` it is one of your own data, which is taken as `add_messages` takes
    a message in the form of model APIs.

        Attributes:
            type_ (MessageRecordType): What this is.
            thread_id (UUID): The thread's id.
            role (str): Who speaks: `user`, `assistant`, `system`, `tool` or another word. `human` means `user`
                and `ai` means `assistant`.
            content (list[MessageContentType1Item] | None | str): The text, or a list of parts as model APIs know them.
            name (None | str | Unset): The speaker's name.
            metadata (MessageMetadataInput | None | Unset):
            timestamp (None | str | Unset): When it was said, if `metadata` does not say so; ISO 8601, UTC without a zone.
            seq (int | Unset): Its place in the thread, counted from 1. `metadata.id` is then required.
            batch_id (int | Unset): Which of the calls that added messages to the thread brought it, counted from 0. By
                default 0; counts only beside `seq`.
            timestamp_given (bool | Unset): Whether its sender gave the timestamp, by which messages posted again are then
                told. By
                default, whether there is one; counts only beside `seq`.
    """

    type_: MessageRecordType
    thread_id: UUID
    role: str
    content: list[MessageContentType1Item] | None | str
    name: None | str | Unset = UNSET
    metadata: MessageMetadataInput | None | Unset = UNSET
    timestamp: None | str | Unset = UNSET
    seq: int | Unset = UNSET
    batch_id: int | Unset = UNSET
    timestamp_given: bool | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.message_metadata_input import MessageMetadataInput  # noqa: PLC0415

        type_ = self.type_.value

        thread_id = str(self.thread_id)

        role = self.role

        content: list[dict[str, Any]] | None | str
        if isinstance(self.content, list):
            content = []
            for componentsschemas_message_content_type_1_item_data in self.content:
                componentsschemas_message_content_type_1_item = (
                    componentsschemas_message_content_type_1_item_data.to_dict()
                )
                content.append(componentsschemas_message_content_type_1_item)

        else:
            content = self.content

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        metadata: dict[str, Any] | None | Unset
        if isinstance(self.metadata, Unset):
            metadata = UNSET
        elif isinstance(self.metadata, MessageMetadataInput):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata

        timestamp: None | str | Unset
        if isinstance(self.timestamp, Unset):
            timestamp = UNSET
        else:
            timestamp = self.timestamp

        seq = self.seq

        batch_id = self.batch_id

        timestamp_given = self.timestamp_given

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "type": type_,
                "thread_id": thread_id,
                "role": role,
                "content": content,
            }
        )
        if name is not UNSET:
            field_dict["name"] = name
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if timestamp is not UNSET:
            field_dict["timestamp"] = timestamp
        if seq is not UNSET:
            field_dict["seq"] = seq
        if batch_id is not UNSET:
            field_dict["batch_id"] = batch_id
        if timestamp_given is not UNSET:
            field_dict["timestamp_given"] = timestamp_given

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.message_content_type_1_item import MessageContentType1Item  # noqa: PLC0415
        from ..models.message_metadata_input import MessageMetadataInput  # noqa: PLC0415

        d = dict(src_dict)
        type_ = MessageRecordType(d.pop("type"))

        thread_id = UUID(d.pop("thread_id"))

        role = d.pop("role")

        def _parse_content(data: object) -> list[MessageContentType1Item] | None | str:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                componentsschemas_message_content_type_1 = []
                _componentsschemas_message_content_type_1 = data
                for (
                    componentsschemas_message_content_type_1_item_data
                ) in _componentsschemas_message_content_type_1:
                    componentsschemas_message_content_type_1_item = (
                        MessageContentType1Item.from_dict(
                            componentsschemas_message_content_type_1_item_data
                        )
                    )

                    componentsschemas_message_content_type_1.append(
                        componentsschemas_message_content_type_1_item
                    )

                return componentsschemas_message_content_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[MessageContentType1Item] | None | str, data)

        content = _parse_content(d.pop("content"))

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        def _parse_metadata(data: object) -> MessageMetadataInput | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = MessageMetadataInput.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MessageMetadataInput | None | Unset, data)

        metadata = _parse_metadata(d.pop("metadata", UNSET))

        def _parse_timestamp(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        timestamp = _parse_timestamp(d.pop("timestamp", UNSET))

        seq = d.pop("seq", UNSET)

        batch_id = d.pop("batch_id", UNSET)

        timestamp_given = d.pop("timestamp_given", UNSET)

        message_record = cls(
            type_=type_,
            thread_id=thread_id,
            role=role,
            content=content,
            name=name,
            metadata=metadata,
            timestamp=timestamp,
            seq=seq,
            batch_id=batch_id,
            timestamp_given=timestamp_given,
        )

        message_record.additional_properties = d
        return message_record

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
