# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.message_content_type_1_item import MessageContentType1Item
    from ..models.message_metadata import MessageMetadata


T = TypeVar("T", bound="OpenAIMessage")


@_attrs_define
class OpenAIMessage:
    """A message in the form of model APIs, with no other keys.

    Attributes:
        content (list[MessageContentType1Item] | None | str): The text, or a list of parts as model APIs know them.
        role (str): Who speaks: user, assistant, system or another word.
        name (None | str): The speaker's name, guests included.
        metadata (MessageMetadata): What is known of a message, with the keys of your own it was posted with.
    """

    content: list[MessageContentType1Item] | None | str
    role: str
    name: None | str
    metadata: MessageMetadata
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

        role = self.role

        name: None | str
        name = self.name

        metadata = self.metadata.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "content": content,
                "role": role,
                "name": name,
                "metadata": metadata,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.message_content_type_1_item import MessageContentType1Item  # noqa: PLC0415
        from ..models.message_metadata import MessageMetadata  # noqa: PLC0415

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

        role = d.pop("role")

        def _parse_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        name = _parse_name(d.pop("name"))

        metadata = MessageMetadata.from_dict(d.pop("metadata"))

        open_ai_message = cls(
            content=content,
            role=role,
            name=name,
            metadata=metadata,
        )

        open_ai_message.additional_properties = d
        return open_ai_message

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
