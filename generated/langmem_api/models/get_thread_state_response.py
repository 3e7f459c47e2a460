# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.get_thread_state_response_state_type_0 import (
        GetThreadStateResponseStateType0,
    )


T = TypeVar("T", bound="GetThreadStateResponse")


@_attrs_define
class GetThreadStateResponse:
    """A thread's state.

    Attributes:
        state (GetThreadStateResponseStateType0 | None | Unset): What was stored; null where nothing is.
    """

    state: GetThreadStateResponseStateType0 | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.get_thread_state_response_state_type_0 import (
            GetThreadStateResponseStateType0,  # noqa: PLC0415
        )

        state: dict[str, Any] | None | Unset
        if isinstance(self.state, Unset):
            state = UNSET
        elif isinstance(self.state, GetThreadStateResponseStateType0):
            state = self.state.to_dict()
        else:
            state = self.state

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if state is not UNSET:
            field_dict["state"] = state

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.get_thread_state_response_state_type_0 import (
            GetThreadStateResponseStateType0,  # noqa: PLC0415
        )

        d = dict(src_dict)

        def _parse_state(data: object) -> GetThreadStateResponseStateType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                state_type_0 = GetThreadStateResponseStateType0.from_dict(data)

                return state_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(GetThreadStateResponseStateType0 | None | Unset, data)

        state = _parse_state(d.pop("state", UNSET))

        get_thread_state_response = cls(
            state=state,
        )

        get_thread_state_response.additional_properties = d
        return get_thread_state_response

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
