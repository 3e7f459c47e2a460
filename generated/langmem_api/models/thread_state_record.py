# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.thread_state_record_type import ThreadStateRecordType
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.thread_state_record_state import ThreadStateRecordState


T = TypeVar("T", bound="ThreadStateRecord")


@_attrs_define
class ThreadStateRecord:
    """JSON of your own, kept with a thread.

    Attributes:
        type_ (ThreadStateRecordType): What this is.
        thread_id (UUID): The thread's id.
        state (ThreadStateRecordState): What `add_thread_state` stored.
        key (None | str | Unset): The slot; null, the default, for the nameless one.
    """

    type_: ThreadStateRecordType
    thread_id: UUID
    state: ThreadStateRecordState
    key: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_.value

        thread_id = str(self.thread_id)

        state = self.state.to_dict()

        key: None | str | Unset
        if isinstance(self.key, Unset):
            key = UNSET
        else:
            key = self.key

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "type": type_,
                "thread_id": thread_id,
                "state": state,
            }
        )
        if key is not UNSET:
            field_dict["key"] = key

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.thread_state_record_state import ThreadStateRecordState  # noqa: PLC0415

        d = dict(src_dict)
        type_ = ThreadStateRecordType(d.pop("type"))

        thread_id = UUID(d.pop("thread_id"))

        state = ThreadStateRecordState.from_dict(d.pop("state"))

        def _parse_key(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        key = _parse_key(d.pop("key", UNSET))

        thread_state_record = cls(
            type_=type_,
            thread_id=thread_id,
            state=state,
            key=key,
        )

        thread_state_record.additional_properties = d
        return thread_state_record

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
