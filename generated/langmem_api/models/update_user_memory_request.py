# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.update_user_memory_request_state import UpdateUserMemoryRequestState


T = TypeVar("T", bound="UpdateUserMemoryRequest")


@_attrs_define
class UpdateUserMemoryRequest:
    """A state to store.

    Attributes:
        state (UpdateUserMemoryRequestState): An object of the function's schema.
    """

    state: UpdateUserMemoryRequestState
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        state = self.state.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "state": state,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.update_user_memory_request_state import (
            UpdateUserMemoryRequestState,  # noqa: PLC0415
        )

        d = dict(src_dict)
        state = UpdateUserMemoryRequestState.from_dict(d.pop("state"))

        update_user_memory_request = cls(
            state=state,
        )

        update_user_memory_request.additional_properties = d
        return update_user_memory_request

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
