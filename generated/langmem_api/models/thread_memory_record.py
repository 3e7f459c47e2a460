# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.thread_memory_record_type import ThreadMemoryRecordType

if TYPE_CHECKING:
    from ..models.thread_memory_record_output import ThreadMemoryRecordOutput


T = TypeVar("T", bound="ThreadMemoryRecord")


@_attrs_define
class ThreadMemoryRecord:
    """What a `thread_summary` function remembers of a thread.

    Attributes:
        type_ (ThreadMemoryRecordType): What this is.
        thread_id (UUID): The thread's id.
        memory_function_id (UUID): The memory function's id.
        output (ThreadMemoryRecordOutput): The output. It is stored as it is, also if the schema has changed since.
    """

    type_: ThreadMemoryRecordType
    thread_id: UUID
    memory_function_id: UUID
    output: ThreadMemoryRecordOutput
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_.value

        thread_id = str(self.thread_id)

        memory_function_id = str(self.memory_function_id)

        output = self.output.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "type": type_,
                "thread_id": thread_id,
                "memory_function_id": memory_function_id,
                "output": output,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.thread_memory_record_output import ThreadMemoryRecordOutput  # noqa: PLC0415

        d = dict(src_dict)
        type_ = ThreadMemoryRecordType(d.pop("type"))

        thread_id = UUID(d.pop("thread_id"))

        memory_function_id = UUID(d.pop("memory_function_id"))

        output = ThreadMemoryRecordOutput.from_dict(d.pop("output"))

        thread_memory_record = cls(
            type_=type_,
            thread_id=thread_id,
            memory_function_id=memory_function_id,
            output=output,
        )

        thread_memory_record.additional_properties = d
        return thread_memory_record

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
