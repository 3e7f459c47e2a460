# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.user_state_record_type import UserStateRecordType

if TYPE_CHECKING:
    from ..models.user_state_record_state import UserStateRecordState


T = TypeVar("T", bound="UserStateRecord")


@_attrs_define
class UserStateRecord:
    """The state that a `user_state` function keeps for a user.

    Attributes:
        type_ (UserStateRecordType): What this is.
        user_id (UUID): The user's id.
        memory_function_id (UUID): The memory function's id.
        state (UserStateRecordState): The state. It is stored as it is, also if the schema has changed since.
    """

    type_: UserStateRecordType
    user_id: UUID
    memory_function_id: UUID
    state: UserStateRecordState
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_.value

        user_id = str(self.user_id)

        memory_function_id = str(self.memory_function_id)

        state = self.state.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "type": type_,
                "user_id": user_id,
                "memory_function_id": memory_function_id,
                "state": state,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.user_state_record_state import UserStateRecordState  # noqa: PLC0415

        d = dict(src_dict)
        type_ = UserStateRecordType(d.pop("type"))

        user_id = UUID(d.pop("user_id"))

        memory_function_id = UUID(d.pop("memory_function_id"))

        state = UserStateRecordState.from_dict(d.pop("state"))

        user_state_record = cls(
            type_=type_,
            user_id=user_id,
            memory_function_id=memory_function_id,
            state=state,
        )

        user_state_record.additional_properties = d
        return user_state_record

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
