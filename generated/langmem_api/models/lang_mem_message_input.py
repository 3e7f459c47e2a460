# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.message_content_type_1_item import MessageContentType1Item
    from ..models.message_user_input import MessageUserInput


T = TypeVar("T", bound="LangMemMessageInput")


@_attrs_define
class LangMemMessageInput:
    """A message in the service's own form.

    Attributes:
        content (list[MessageContentType1Item] | None | str): The text, or a list of parts as model APIs know them.
        user (MessageUserInput): Who speaks.
        id (None | str | Unset): The message's id, unique in the thread. Without it the service makes one.
        timestamp (None | str | Unset): When it was said; ISO 8601, UTC without a zone. Without it, when it arrived.
    """

    content: list[MessageContentType1Item] | None | str
    user: MessageUserInput
    id: None | str | Unset = UNSET
    timestamp: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        content: list[dict[str, Any]] | None | str
        if isinstance(self.content, list):
            content = []
            for componentsschemas_message_content_type_1_item_data in self.content:
                componentsschemas_message_content_type_1_item = (
                    componentsschemas_message_content_type_1_item_data.to_dict()
                )
                content.append(componentsschemas_message_content_type_1_item)

        else:
            content = self.content

        user = self.user.to_dict()

        id: None | str | Unset
        if isinstance(self.id, Unset):
            id = UNSET
        else:
            id = self.id

        timestamp: None | str | Unset
        if isinstance(self.timestamp, Unset):
            timestamp = UNSET
        else:
            timestamp = self.timestamp

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "content": content,
                "user": user,
            }
        )
        if id is not UNSET:
            field_dict["id"] = id
        if timestamp is not UNSET:
            field_dict["timestamp"] = timestamp

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.message_content_type_1_item import MessageContentType1Item  # noqa: PLC0415
        from ..models.message_user_input import MessageUserInput  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_content(data: object) -> list[MessageContentType1Item] | None | str:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                componentsschemas_message_content_type_1 = []
                _componentsschemas_message_content_type_1 = data
                for (
                    componentsschemas_message_content_type_1_item_data
                ) in _componentsschemas_message_content_type_1:
                    componentsschemas_message_content_type_1_item = (
                        MessageContentType1Item.from_dict(
                            componentsschemas_message_content_type_1_item_data
                        )
                    )

                    componentsschemas_message_content_type_1.append(
                        componentsschemas_message_content_type_1_item
                    )

                return componentsschemas_message_content_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[MessageContentType1Item] | None | str, data)

        content = _parse_content(d.pop("content"))

        user = MessageUserInput.from_dict(d.pop("user"))

        def _parse_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        id = _parse_id(d.pop("id", UNSET))

        def _parse_timestamp(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        timestamp = _parse_timestamp(d.pop("timestamp", UNSET))

        lang_mem_message_input = cls(
            content=content,
            user=user,
            id=id,
            timestamp=timestamp,
        )

        lang_mem_message_input.additional_properties = d
        return lang_mem_message_input

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
