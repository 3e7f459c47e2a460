# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.memory_function_type import MemoryFunctionType
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.memory_function_schema import MemoryFunctionSchema


T = TypeVar("T", bound="CreateMemoryFunctionRequest")


@_attrs_define
class CreateMemoryFunctionRequest:
    """A memory function to store.

    Attributes:
        schema (MemoryFunctionSchema): The shape of what a memory function remembers.
        type_ (MemoryFunctionType | Unset): `user_state`: one object of the schema for each user, kept current.
            `user_append_state`: a growing list of objects of the schema for each user, searched by
            similarity. `user_semantic_memory`: subject, predicate and object triples for each user, the
            unstructured memory. `thread_summary`: one object of the schema for each thread.
        custom_instructions (None | str | Unset): What the extraction is to be told besides the schema.
        id (None | Unset | UUID): The id you choose; without it the service makes one.
    """

    schema: MemoryFunctionSchema
    type_: MemoryFunctionType | Unset = UNSET
    custom_instructions: None | str | Unset = UNSET
    id: None | Unset | UUID = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        schema = self.schema.to_dict()

        type_: str | Unset = UNSET
        if not isinstance(self.type_, Unset):
            type_ = self.type_.value

        custom_instructions: None | str | Unset
        if isinstance(self.custom_instructions, Unset):
            custom_instructions = UNSET
        else:
            custom_instructions = self.custom_instructions

        id: None | str | Unset
        if isinstance(self.id, Unset):
            id = UNSET
        elif isinstance(self.id, UUID):
            id = str(self.id)
        else:
            id = self.id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "schema": schema,
            }
        )
        if type_ is not UNSET:
            field_dict["type"] = type_
        if custom_instructions is not UNSET:
            field_dict["custom_instructions"] = custom_instructions
        if id is not UNSET:
            field_dict["id"] = id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.memory_function_schema import MemoryFunctionSchema  # noqa: PLC0415

        d = dict(src_dict)
        schema = MemoryFunctionSchema.from_dict(d.pop("schema"))

        _type_ = d.pop("type", UNSET)
        type_: MemoryFunctionType | Unset
        if isinstance(_type_, Unset):
            type_ = UNSET
        else:
            type_ = MemoryFunctionType(_type_)

        def _parse_custom_instructions(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        custom_instructions = _parse_custom_instructions(d.pop("custom_instructions", UNSET))

        def _parse_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                id_type_0 = UUID(data)

                return id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        id = _parse_id(d.pop("id", UNSET))

        create_memory_function_request = cls(
            schema=schema,
            type_=type_,
            custom_instructions=custom_instructions,
            id=id,
        )

        create_memory_function_request.additional_properties = d
        return create_memory_function_request

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
