# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.message_content_type_1_item import MessageContentType1Item
    from ..models.message_user import MessageUser


T = TypeVar("T", bound="LangMemMessage")


@_attrs_define
class LangMemMessage:
    """A message in the service's own form.

    Attributes:
        id (str): The message's id.
        content (list[MessageContentType1Item] | None | str): The text, or a list of parts as model APIs know them.
        timestamp (str): When it was said; ISO 8601, UTC, without a zone.
        user (MessageUser): Who speaks.
    """

    id: str
    content: list[MessageContentType1Item] | None | str
    timestamp: str
    user: MessageUser
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

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

        timestamp = self.timestamp

        user = self.user.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "content": content,
                "timestamp": timestamp,
                "user": user,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.message_content_type_1_item import MessageContentType1Item  # noqa: PLC0415
        from ..models.message_user import MessageUser  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

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

        timestamp = d.pop("timestamp")

        user = MessageUser.from_dict(d.pop("user"))

        lang_mem_message = cls(
            id=id,
            content=content,
            timestamp=timestamp,
            user=user,
        )

        lang_mem_message.additional_properties = d
        return lang_mem_message

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
