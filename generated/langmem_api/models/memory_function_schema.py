# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.memory_function_schema_parameters import MemoryFunctionSchemaParameters


T = TypeVar("T", bound="MemoryFunctionSchema")


@_attrs_define
class MemoryFunctionSchema:
    """The shape of what a memory function remembers.

    Attributes:
        name (str): The schema's name.
        description (str): What the schema is about.
        parameters (MemoryFunctionSchemaParameters): A JSON Schema.
    """

    name: str
    description: str
    parameters: MemoryFunctionSchemaParameters
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        description = self.description

        parameters = self.parameters.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "description": description,
                "parameters": parameters,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.memory_function_schema_parameters import (
            MemoryFunctionSchemaParameters,  # noqa: PLC0415
        )

        d = dict(src_dict)
        name = d.pop("name")

        description = d.pop("description")

        parameters = MemoryFunctionSchemaParameters.from_dict(d.pop("parameters"))

        memory_function_schema = cls(
            name=name,
            description=description,
            parameters=parameters,
        )

        memory_function_schema.additional_properties = d
        return memory_function_schema

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
