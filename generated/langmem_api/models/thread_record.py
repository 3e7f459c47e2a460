# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.thread_record_type import ThreadRecordType
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.processed_messages import ProcessedMessages
    from ..models.thread_record_metadata_type_0 import ThreadRecordMetadataType0


T = TypeVar("T", bound="ThreadRecord")


@_attrs_define
class ThreadRecord:
    """A thread, without its messages.

    Attributes:
        type_ (ThreadRecordType): What this is.
        id (UUID): The thread's id.
        metadata (None | ThreadRecordMetadataType0 | Unset): Facts of your own about the thread. By default null.
        created_at (str | Unset): When the thread was stored. By default now.
        last_message_timestamp (None | str | Unset): When messages last arrived. By default null.
        last_message_batch_id (int | None | Unset): Counts the calls that added messages, from 0. By default null.
        last_seq (int | Unset): The greatest `seq` that a message of the thread has had, so that none is given twice. By
            default 0.
        processed (list[ProcessedMessages] | Unset): How far memory functions have processed the thread. By default
            empty.
    """

    type_: ThreadRecordType
    id: UUID
    metadata: None | ThreadRecordMetadataType0 | Unset = UNSET
    created_at: str | Unset = UNSET
    last_message_timestamp: None | str | Unset = UNSET
    last_message_batch_id: int | None | Unset = UNSET
    last_seq: int | Unset = UNSET
    processed: list[ProcessedMessages] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.thread_record_metadata_type_0 import ThreadRecordMetadataType0  # noqa: PLC0415

        type_ = self.type_.value

        id = str(self.id)

        metadata: dict[str, Any] | None | Unset
        if isinstance(self.metadata, Unset):
            metadata = UNSET
        elif isinstance(self.metadata, ThreadRecordMetadataType0):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata

        created_at = self.created_at

        last_message_timestamp: None | str | Unset
        if isinstance(self.last_message_timestamp, Unset):
            last_message_timestamp = UNSET
        else:
            last_message_timestamp = self.last_message_timestamp

        last_message_batch_id: int | None | Unset
        if isinstance(self.last_message_batch_id, Unset):
            last_message_batch_id = UNSET
        else:
            last_message_batch_id = self.last_message_batch_id

        last_seq = self.last_seq

        processed: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.processed, Unset):
            processed = []
            for processed_item_data in self.processed:
                processed_item = processed_item_data.to_dict()
                processed.append(processed_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "type": type_,
                "id": id,
            }
        )
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if created_at is not UNSET:
            field_dict["created_at"] = created_at
        if last_message_timestamp is not UNSET:
            field_dict["last_message_timestamp"] = last_message_timestamp
        if last_message_batch_id is not UNSET:
            field_dict["last_message_batch_id"] = last_message_batch_id
        if last_seq is not UNSET:
            field_dict["last_seq"] = last_seq
        if processed is not UNSET:
            field_dict["processed"] = processed

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.processed_messages import ProcessedMessages  # noqa: PLC0415
        from ..models.thread_record_metadata_type_0 import ThreadRecordMetadataType0  # noqa: PLC0415

        d = dict(src_dict)
        type_ = ThreadRecordType(d.pop("type"))

        id = UUID(d.pop("id"))

        def _parse_metadata(data: object) -> None | ThreadRecordMetadataType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = ThreadRecordMetadataType0.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ThreadRecordMetadataType0 | Unset, data)

        metadata = _parse_metadata(d.pop("metadata", UNSET))

        created_at = d.pop("created_at", UNSET)

        def _parse_last_message_timestamp(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        last_message_timestamp = _parse_last_message_timestamp(
            d.pop("last_message_timestamp", UNSET)
        )

        def _parse_last_message_batch_id(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        last_message_batch_id = _parse_last_message_batch_id(d.pop("last_message_batch_id", UNSET))

        last_seq = d.pop("last_seq", UNSET)

        _processed = d.pop("processed", UNSET)
        processed: list[ProcessedMessages] | Unset = UNSET
        if _processed is not UNSET:
            processed = []
            for processed_item_data in _processed:
                processed_item = ProcessedMessages.from_dict(processed_item_data)

                processed.append(processed_item)

        thread_record = cls(
            type_=type_,
            id=id,
            metadata=metadata,
            created_at=created_at,
            last_message_timestamp=last_message_timestamp,
            last_message_batch_id=last_message_batch_id,
            last_seq=last_seq,
            processed=processed,
        )

        thread_record.additional_properties = d
        return thread_record

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
