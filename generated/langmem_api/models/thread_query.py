# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="ThreadQuery")


@_attrs_define
class ThreadQuery:
    """Which thread summaries to return besides.

    Attributes:
        memory_function_ids (list[UUID]): The `thread_summary` functions.
        k (int | list[str] | None | Unset): How many of the user's threads for each function, the one last written to
            first.
            Without it, 10.
            A list counts as not given: the synchronous client of 2024 sent the function ids here.
    """

    memory_function_ids: list[UUID]
    k: int | list[str] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        memory_function_ids = []
        for memory_function_ids_item_data in self.memory_function_ids:
            memory_function_ids_item = str(memory_function_ids_item_data)
            memory_function_ids.append(memory_function_ids_item)

        k: int | list[str] | None | Unset
        if isinstance(self.k, Unset):
            k = UNSET
        elif isinstance(self.k, list):
            k = self.k

        else:
            k = self.k

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "memory_function_ids": memory_function_ids,
            }
        )
        if k is not UNSET:
            field_dict["k"] = k

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        memory_function_ids = []
        _memory_function_ids = d.pop("memory_function_ids")
        for memory_function_ids_item_data in _memory_function_ids:
            memory_function_ids_item = UUID(memory_function_ids_item_data)

            memory_function_ids.append(memory_function_ids_item)

        def _parse_k(data: object) -> int | list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                k_type_1 = cast(list[str], data)

                return k_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(int | list[str] | None | Unset, data)

        k = _parse_k(d.pop("k", UNSET))

        thread_query = cls(
            memory_function_ids=memory_function_ids,
            k=k,
        )

        thread_query.additional_properties = d
        return thread_query

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
