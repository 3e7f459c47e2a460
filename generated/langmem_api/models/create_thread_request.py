# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.create_thread_request_metadata_type_0 import (
        CreateThreadRequestMetadataType0,
    )
    from ..models.lang_mem_message_input import LangMemMessageInput
    from ..models.open_ai_message_input import OpenAIMessageInput


T = TypeVar("T", bound="CreateThreadRequest")


@_attrs_define
class CreateThreadRequest:
    """A thread to store.

    Attributes:
        id (None | Unset | UUID): The id you choose; without it the service makes one.
        messages (list[LangMemMessageInput | OpenAIMessageInput] | None | Unset): Messages to begin with, oldest first.
        metadata (CreateThreadRequestMetadataType0 | None | Unset): Facts of your own about the thread.
    """

    id: None | Unset | UUID = UNSET
    messages: list[LangMemMessageInput | OpenAIMessageInput] | None | Unset = UNSET
    metadata: CreateThreadRequestMetadataType0 | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.create_thread_request_metadata_type_0 import (
            CreateThreadRequestMetadataType0,  # noqa: PLC0415
        )
        from ..models.open_ai_message_input import OpenAIMessageInput  # noqa: PLC0415

        id: None | str | Unset
        if isinstance(self.id, Unset):
            id = UNSET
        elif isinstance(self.id, UUID):
            id = str(self.id)
        else:
            id = self.id

        messages: list[dict[str, Any]] | None | Unset
        if isinstance(self.messages, Unset):
            messages = UNSET
        elif isinstance(self.messages, list):
            messages = []
            for messages_type_0_item_data in self.messages:
                messages_type_0_item: dict[str, Any]
                if isinstance(messages_type_0_item_data, OpenAIMessageInput):
                    messages_type_0_item = messages_type_0_item_data.to_dict()
                else:
                    messages_type_0_item = messages_type_0_item_data.to_dict()

                messages.append(messages_type_0_item)

        else:
            messages = self.messages

        metadata: dict[str, Any] | None | Unset
        if isinstance(self.metadata, Unset):
            metadata = UNSET
        elif isinstance(self.metadata, CreateThreadRequestMetadataType0):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if id is not UNSET:
            field_dict["id"] = id
        if messages is not UNSET:
            field_dict["messages"] = messages
        if metadata is not UNSET:
            field_dict["metadata"] = metadata

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.create_thread_request_metadata_type_0 import (
            CreateThreadRequestMetadataType0,  # noqa: PLC0415
        )
        from ..models.lang_mem_message_input import LangMemMessageInput  # noqa: PLC0415
        from ..models.open_ai_message_input import OpenAIMessageInput  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                id_type_0 = UUID(data)

                return id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        id = _parse_id(d.pop("id", UNSET))

        def _parse_messages(
            data: object,
        ) -> list[LangMemMessageInput | OpenAIMessageInput] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                messages_type_0 = []
                _messages_type_0 = data
                for messages_type_0_item_data in _messages_type_0:

                    def _parse_messages_type_0_item(
                        data: object,
                    ) -> LangMemMessageInput | OpenAIMessageInput:
                        try:
                            if not isinstance(data, dict):
                                raise TypeError()
                            componentsschemas_input_message_type_0 = OpenAIMessageInput.from_dict(
                                data
                            )

                            return componentsschemas_input_message_type_0
                        except (TypeError, ValueError, AttributeError, KeyError):
                            pass
                        if not isinstance(data, dict):
                            raise TypeError()
                        componentsschemas_input_message_type_1 = LangMemMessageInput.from_dict(data)

                        return componentsschemas_input_message_type_1

                    messages_type_0_item = _parse_messages_type_0_item(messages_type_0_item_data)

                    messages_type_0.append(messages_type_0_item)

                return messages_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[LangMemMessageInput | OpenAIMessageInput] | None | Unset, data)

        messages = _parse_messages(d.pop("messages", UNSET))

        def _parse_metadata(data: object) -> CreateThreadRequestMetadataType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = CreateThreadRequestMetadataType0.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CreateThreadRequestMetadataType0 | None | Unset, data)

        metadata = _parse_metadata(d.pop("metadata", UNSET))

        create_thread_request = cls(
            id=id,
            messages=messages,
            metadata=metadata,
        )

        create_thread_request.additional_properties = d
        return create_thread_request

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
