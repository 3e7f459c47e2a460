# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.memory_function_type import MemoryFunctionType

if TYPE_CHECKING:
    from ..models.memory_output_output import MemoryOutputOutput


T = TypeVar("T", bound="MemoryOutput")


@_attrs_define
class MemoryOutput:
    """One output of one memory function.

    Attributes:
        memory_function_id (str): The memory function's id.
        memory_function_name (str): The name of its schema.
        memory_function_type (MemoryFunctionType | str): Its type; an open enumeration.
        target (str): What it is about: /users/<id> or /threads/<id>.
        output (MemoryOutputOutput): An object of the function's schema.
    """

    memory_function_id: str
    memory_function_name: str
    memory_function_type: MemoryFunctionType | str
    target: str
    output: MemoryOutputOutput
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        memory_function_id = self.memory_function_id

        memory_function_name = self.memory_function_name

        memory_function_type: str
        if isinstance(self.memory_function_type, MemoryFunctionType):
            memory_function_type = self.memory_function_type.value
        else:
            memory_function_type = self.memory_function_type

        target = self.target

        output = self.output.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "memory_function_id": memory_function_id,
                "memory_function_name": memory_function_name,
                "memory_function_type": memory_function_type,
                "target": target,
                "output": output,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.memory_output_output import MemoryOutputOutput  # noqa: PLC0415

        d = dict(src_dict)
        memory_function_id = d.pop("memory_function_id")

        memory_function_name = d.pop("memory_function_name")

        def _parse_memory_function_type(data: object) -> MemoryFunctionType | str:
            try:
                if not isinstance(data, str):
                    raise TypeError()
                memory_function_type_type_0 = MemoryFunctionType(data)

                return memory_function_type_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MemoryFunctionType | str, data)

        memory_function_type = _parse_memory_function_type(d.pop("memory_function_type"))

        target = d.pop("target")

        output = MemoryOutputOutput.from_dict(d.pop("output"))

        memory_output = cls(
            memory_function_id=memory_function_id,
            memory_function_name=memory_function_name,
            memory_function_type=memory_function_type,
            target=target,
            output=output,
        )

        memory_output.additional_properties = d
        return memory_output

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
