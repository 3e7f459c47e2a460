# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.memory_function_status import MemoryFunctionStatus
from ..models.memory_function_type import MemoryFunctionType
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.update_memory_function_request_function import (
        UpdateMemoryFunctionRequestFunction,
    )
    from ..models.update_memory_function_request_schema import (
        UpdateMemoryFunctionRequestSchema,
    )


T = TypeVar("T", bound="UpdateMemoryFunctionRequest")


@_attrs_define
class UpdateMemoryFunctionRequest:
    """What to change of a memory function.

    Attributes:
        name (str | Unset): The new schema name.
        description (str | Unset): The new schema description.
        custom_instructions (str | Unset): The new custom instructions.
        type_ (MemoryFunctionType | Unset): `user_state`: one object of the schema for each user, kept current.
            `user_append_state`: a growing list of objects of the schema for each user, searched by
            similarity. `user_semantic_memory`: subject, predicate and object triples for each user, the
            unstructured memory. `thread_summary`: one object of the schema for each thread.
        status (MemoryFunctionStatus | Unset): A disabled function is not run. When it is made active again it catches
            up on the messages
            it has missed.
        schema (UpdateMemoryFunctionRequestSchema | Unset): The new JSON Schema itself, without name and description
            around it.
        function (UpdateMemoryFunctionRequestFunction | Unset): What the asynchronous client of 2024 calls `schema`;
            `schema` wins.
    """

    name: str | Unset = UNSET
    description: str | Unset = UNSET
    custom_instructions: str | Unset = UNSET
    type_: MemoryFunctionType | Unset = UNSET
    status: MemoryFunctionStatus | Unset = UNSET
    schema: UpdateMemoryFunctionRequestSchema | Unset = UNSET
    function: UpdateMemoryFunctionRequestFunction | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        description = self.description

        custom_instructions = self.custom_instructions

        type_: str | Unset = UNSET
        if not isinstance(self.type_, Unset):
            type_ = self.type_.value

        status: str | Unset = UNSET
        if not isinstance(self.status, Unset):
            status = self.status.value

        schema: dict[str, Any] | Unset = UNSET
        if not isinstance(self.schema, Unset):
            schema = self.schema.to_dict()

        function: dict[str, Any] | Unset = UNSET
        if not isinstance(self.function, Unset):
            function = self.function.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if name is not UNSET:
            field_dict["name"] = name
        if description is not UNSET:
            field_dict["description"] = description
        if custom_instructions is not UNSET:
            field_dict["custom_instructions"] = custom_instructions
        if type_ is not UNSET:
            field_dict["type"] = type_
        if status is not UNSET:
            field_dict["status"] = status
        if schema is not UNSET:
            field_dict["schema"] = schema
        if function is not UNSET:
            field_dict["function"] = function

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.update_memory_function_request_function import (
            UpdateMemoryFunctionRequestFunction,  # noqa: PLC0415
        )
        from ..models.update_memory_function_request_schema import (
            UpdateMemoryFunctionRequestSchema,  # noqa: PLC0415
        )

        d = dict(src_dict)
        name = d.pop("name", UNSET)

        description = d.pop("description", UNSET)

        custom_instructions = d.pop("custom_instructions", UNSET)

        _type_ = d.pop("type", UNSET)
        type_: MemoryFunctionType | Unset
        if isinstance(_type_, Unset):
            type_ = UNSET
        else:
            type_ = MemoryFunctionType(_type_)

        _status = d.pop("status", UNSET)
        status: MemoryFunctionStatus | Unset
        if isinstance(_status, Unset):
            status = UNSET
        else:
            status = MemoryFunctionStatus(_status)

        _schema = d.pop("schema", UNSET)
        schema: UpdateMemoryFunctionRequestSchema | Unset
        if isinstance(_schema, Unset):
            schema = UNSET
        else:
            schema = UpdateMemoryFunctionRequestSchema.from_dict(_schema)

        _function = d.pop("function", UNSET)
        function: UpdateMemoryFunctionRequestFunction | Unset
        if isinstance(_function, Unset):
            function = UNSET
        else:
            function = UpdateMemoryFunctionRequestFunction.from_dict(_function)

        update_memory_function_request = cls(
            name=name,
            description=description,
            custom_instructions=custom_instructions,
            type_=type_,
            status=status,
            schema=schema,
            function=function,
        )

        update_memory_function_request.additional_properties = d
        return update_memory_function_request

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
