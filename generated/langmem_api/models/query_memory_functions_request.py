# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.target_type import TargetType
from ..types import UNSET, Unset

T = TypeVar("T", bound="QueryMemoryFunctionsRequest")


@_attrs_define
class QueryMemoryFunctionsRequest:
    """Filters on memory functions.

    Attributes:
        target_type (list[TargetType] | None | Unset): Only functions with one of these target types.
        cursor (None | str | Unset): The `next_cursor` of the page before; an opaque string.
    """

    target_type: list[TargetType] | None | Unset = UNSET
    cursor: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        target_type: list[str] | None | Unset
        if isinstance(self.target_type, Unset):
            target_type = UNSET
        elif isinstance(self.target_type, list):
            target_type = []
            for target_type_type_0_item_data in self.target_type:
                target_type_type_0_item = target_type_type_0_item_data.value
                target_type.append(target_type_type_0_item)

        else:
            target_type = self.target_type

        cursor: None | str | Unset
        if isinstance(self.cursor, Unset):
            cursor = UNSET
        else:
            cursor = self.cursor

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if target_type is not UNSET:
            field_dict["target_type"] = target_type
        if cursor is not UNSET:
            field_dict["cursor"] = cursor

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_target_type(data: object) -> list[TargetType] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                target_type_type_0 = []
                _target_type_type_0 = data
                for target_type_type_0_item_data in _target_type_type_0:
                    target_type_type_0_item = TargetType(target_type_type_0_item_data)

                    target_type_type_0.append(target_type_type_0_item)

                return target_type_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[TargetType] | None | Unset, data)

        target_type = _parse_target_type(d.pop("target_type", UNSET))

        def _parse_cursor(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        cursor = _parse_cursor(d.pop("cursor", UNSET))

        query_memory_functions_request = cls(
            target_type=target_type,
            cursor=cursor,
        )

        query_memory_functions_request.additional_properties = d
        return query_memory_functions_request

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
