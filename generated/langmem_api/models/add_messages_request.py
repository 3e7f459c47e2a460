# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.lang_mem_message_input import LangMemMessageInput
    from ..models.open_ai_message_input import OpenAIMessageInput


T = TypeVar("T", bound="AddMessagesRequest")


@_attrs_define
class AddMessagesRequest:
    """Messages to add.

    Attributes:
        messages (list[LangMemMessageInput | OpenAIMessageInput]): The messages, oldest first.
    """

    messages: list[LangMemMessageInput | OpenAIMessageInput]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.open_ai_message_input import OpenAIMessageInput  # noqa: PLC0415

        messages = []
        for messages_item_data in self.messages:
            messages_item: dict[str, Any]
            if isinstance(messages_item_data, OpenAIMessageInput):
                messages_item = messages_item_data.to_dict()
            else:
                messages_item = messages_item_data.to_dict()

            messages.append(messages_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "messages": messages,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.lang_mem_message_input import LangMemMessageInput  # noqa: PLC0415
        from ..models.open_ai_message_input import OpenAIMessageInput  # noqa: PLC0415

        d = dict(src_dict)
        messages = []
        _messages = d.pop("messages")
        for messages_item_data in _messages:

            def _parse_messages_item(data: object) -> LangMemMessageInput | OpenAIMessageInput:
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    componentsschemas_input_message_type_0 = OpenAIMessageInput.from_dict(data)

                    return componentsschemas_input_message_type_0
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_input_message_type_1 = LangMemMessageInput.from_dict(data)

                return componentsschemas_input_message_type_1

            messages_item = _parse_messages_item(messages_item_data)

            messages.append(messages_item)

        add_messages_request = cls(
            messages=messages,
        )

        add_messages_request.additional_properties = d
        return add_messages_request

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
