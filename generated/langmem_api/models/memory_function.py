# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.memory_function_status import MemoryFunctionStatus
from ..models.memory_function_type import MemoryFunctionType
from ..models.target_type import TargetType

if TYPE_CHECKING:
    from ..models.memory_function_schema import MemoryFunctionSchema


T = TypeVar("T", bound="MemoryFunction")


@_attrs_define
class MemoryFunction:
    """A memory function.

    Attributes:
        id (str): The memory function's id.
        type_ (MemoryFunctionType | str): The kind of memory; an open enumeration.
        custom_instructions (None | str): What the extraction is told besides the schema.
        schema (MemoryFunctionSchema): The shape of what a memory function remembers.
        status (MemoryFunctionStatus | str): Whether the function is run; an open enumeration.
        target_type (str | TargetType): Follows from `type`; an open enumeration.
    """

    id: str
    type_: MemoryFunctionType | str
    custom_instructions: None | str
    schema: MemoryFunctionSchema
    status: MemoryFunctionStatus | str
    target_type: str | TargetType
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        type_: str
        if isinstance(self.type_, MemoryFunctionType):
            type_ = self.type_.value
        else:
            type_ = self.type_

        custom_instructions: None | str
        custom_instructions = self.custom_instructions

        schema = self.schema.to_dict()

        status: str
        if isinstance(self.status, MemoryFunctionStatus):
            status = self.status.value
        else:
            status = self.status

        target_type: str
        if isinstance(self.target_type, TargetType):
            target_type = self.target_type.value
        else:
            target_type = self.target_type

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "type": type_,
                "custom_instructions": custom_instructions,
                "schema": schema,
                "status": status,
                "target_type": target_type,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.memory_function_schema import MemoryFunctionSchema  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        def _parse_type_(data: object) -> MemoryFunctionType | str:
            try:
                if not isinstance(data, str):
                    raise TypeError()
                type_type_0 = MemoryFunctionType(data)

                return type_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MemoryFunctionType | str, data)

        type_ = _parse_type_(d.pop("type"))

        def _parse_custom_instructions(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        custom_instructions = _parse_custom_instructions(d.pop("custom_instructions"))

        schema = MemoryFunctionSchema.from_dict(d.pop("schema"))

        def _parse_status(data: object) -> MemoryFunctionStatus | str:
            try:
                if not isinstance(data, str):
                    raise TypeError()
                status_type_0 = MemoryFunctionStatus(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MemoryFunctionStatus | str, data)

        status = _parse_status(d.pop("status"))

        def _parse_target_type(data: object) -> str | TargetType:
            try:
                if not isinstance(data, str):
                    raise TypeError()
                target_type_type_0 = TargetType(data)

                return target_type_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(str | TargetType, data)

        target_type = _parse_target_type(d.pop("target_type"))

        memory_function = cls(
            id=id,
            type_=type_,
            custom_instructions=custom_instructions,
            schema=schema,
            status=status,
            target_type=target_type,
        )

        memory_function.additional_properties = d
        return memory_function

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
