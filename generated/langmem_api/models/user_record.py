# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.user_record_type import UserRecordType
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.user_record_metadata_type_0 import UserRecordMetadataType0


T = TypeVar("T", bound="UserRecord")


@_attrs_define
class UserRecord:
    """A user.

    Attributes:
        type_ (UserRecordType): What this is.
        id (UUID): The user's id.
        name (None | str | Unset): The user's name. By default null.
        named (bool | Unset): Whether a call gave the name: then messages do not change it. By default, whether there
            is a name.
        tags (list[str] | None | Unset): Labels of your own. By default null.
        metadata (None | Unset | UserRecordMetadataType0): Facts of your own about the user. By default null.
    """

    type_: UserRecordType
    id: UUID
    name: None | str | Unset = UNSET
    named: bool | Unset = UNSET
    tags: list[str] | None | Unset = UNSET
    metadata: None | Unset | UserRecordMetadataType0 = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.user_record_metadata_type_0 import UserRecordMetadataType0  # noqa: PLC0415

        type_ = self.type_.value

        id = str(self.id)

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        named = self.named

        tags: list[str] | None | Unset
        if isinstance(self.tags, Unset):
            tags = UNSET
        elif isinstance(self.tags, list):
            tags = self.tags

        else:
            tags = self.tags

        metadata: dict[str, Any] | None | Unset
        if isinstance(self.metadata, Unset):
            metadata = UNSET
        elif isinstance(self.metadata, UserRecordMetadataType0):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "type": type_,
                "id": id,
            }
        )
        if name is not UNSET:
            field_dict["name"] = name
        if named is not UNSET:
            field_dict["named"] = named
        if tags is not UNSET:
            field_dict["tags"] = tags
        if metadata is not UNSET:
            field_dict["metadata"] = metadata

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.user_record_metadata_type_0 import UserRecordMetadataType0  # noqa: PLC0415

        d = dict(src_dict)
        type_ = UserRecordType(d.pop("type"))

        id = UUID(d.pop("id"))

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        named = d.pop("named", UNSET)

        def _parse_tags(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                tags_type_0 = cast(list[str], data)

                return tags_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        tags = _parse_tags(d.pop("tags", UNSET))

        def _parse_metadata(data: object) -> None | Unset | UserRecordMetadataType0:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = UserRecordMetadataType0.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UserRecordMetadataType0, data)

        metadata = _parse_metadata(d.pop("metadata", UNSET))

        user_record = cls(
            type_=type_,
            id=id,
            name=name,
            named=named,
            tags=tags,
            metadata=metadata,
        )

        user_record.additional_properties = d
        return user_record

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
