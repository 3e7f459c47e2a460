# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.memory_function_record_type import MemoryFunctionRecordType
from ..models.memory_function_status import MemoryFunctionStatus
from ..models.memory_function_type import MemoryFunctionType
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.memory_function_schema import MemoryFunctionSchema


T = TypeVar("T", bound="MemoryFunctionRecord")


@_attrs_define
class MemoryFunctionRecord:
    """A memory function.

    Attributes:
        type_ (MemoryFunctionRecordType): What this is.
        id (UUID): The memory function's id.
        memory_function_type (MemoryFunctionType): `user_state`: one object of the schema for each user, kept current.
            `user_append_state`: a growing list of objects of the schema for each user, searched by
            similarity. `user_semantic_memory`: subject, predicate and object triples for each user, the
            unstructured memory. `thread_summary`: one object of the schema for each thread.
        schema (MemoryFunctionSchema): The shape of what a memory function remembers.
        custom_instructions (None | str | Unset): What the extraction is told besides the schema. By default nothing.
        status (MemoryFunctionStatus | Unset): A disabled function is not run. When it is made active again it catches
            up on the messages
            it has missed.
        created_at (str | Unset): When it was stored. By default now.
    """

    type_: MemoryFunctionRecordType
    id: UUID
    memory_function_type: MemoryFunctionType
    schema: MemoryFunctionSchema
    custom_instructions: None | str | Unset = UNSET
    status: MemoryFunctionStatus | Unset = UNSET
    created_at: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_.value

        id = str(self.id)

        memory_function_type = self.memory_function_type.value

        schema = self.schema.to_dict()

        custom_instructions: None | str | Unset
        if isinstance(self.custom_instructions, Unset):
            custom_instructions = UNSET
        else:
            custom_instructions = self.custom_instructions

        status: str | Unset = UNSET
        if not isinstance(self.status, Unset):
            status = self.status.value

        created_at = self.created_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "type": type_,
                "id": id,
                "memory_function_type": memory_function_type,
                "schema": schema,
            }
        )
        if custom_instructions is not UNSET:
            field_dict["custom_instructions"] = custom_instructions
        if status is not UNSET:
            field_dict["status"] = status
        if created_at is not UNSET:
            field_dict["created_at"] = created_at

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.memory_function_schema import MemoryFunctionSchema  # noqa: PLC0415

        d = dict(src_dict)
        type_ = MemoryFunctionRecordType(d.pop("type"))

        id = UUID(d.pop("id"))

        memory_function_type = MemoryFunctionType(d.pop("memory_function_type"))

        schema = MemoryFunctionSchema.from_dict(d.pop("schema"))

        def _parse_custom_instructions(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        custom_instructions = _parse_custom_instructions(d.pop("custom_instructions", UNSET))

        _status = d.pop("status", UNSET)
        status: MemoryFunctionStatus | Unset
        if isinstance(_status, Unset):
            status = UNSET
        else:
            status = MemoryFunctionStatus(_status)

        created_at = d.pop("created_at", UNSET)

        memory_function_record = cls(
            type_=type_,
            id=id,
            memory_function_type=memory_function_type,
            schema=schema,
            custom_instructions=custom_instructions,
            status=status,
            created_at=created_at,
        )

        memory_function_record.additional_properties = d
        return memory_function_record

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
