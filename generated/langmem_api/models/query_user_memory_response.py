# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.memory import Memory
    from ..models.memory_output import MemoryOutput
    from ..models.query_user_memory_response_state_type_0_item_type_0 import (
        QueryUserMemoryResponseStateType0ItemType0,
    )


T = TypeVar("T", bound="QueryUserMemoryResponse")


@_attrs_define
class QueryUserMemoryResponse:
    """What a search found.

    Attributes:
        user_id (str): The user's id.
        memories (list[Memory]): The memories, greatest weighted score first.
        state (list[None | QueryUserMemoryResponseStateType0ItemType0] | None): The bare states in the order asked, null
            for one not computed yet. Null when none was
            asked for.
        thread_summaries (list[MemoryOutput] | None): The summaries, function by function in the order asked, the thread
            last written to
            first. Null when none was asked for.
    """

    user_id: str
    memories: list[Memory]
    state: list[None | QueryUserMemoryResponseStateType0ItemType0] | None
    thread_summaries: list[MemoryOutput] | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.query_user_memory_response_state_type_0_item_type_0 import (
            QueryUserMemoryResponseStateType0ItemType0,  # noqa: PLC0415
        )

        user_id = self.user_id

        memories = []
        for memories_item_data in self.memories:
            memories_item = memories_item_data.to_dict()
            memories.append(memories_item)

        state: list[dict[str, Any] | None] | None
        if isinstance(self.state, list):
            state = []
            for state_type_0_item_data in self.state:
                state_type_0_item: dict[str, Any] | None
                if isinstance(state_type_0_item_data, QueryUserMemoryResponseStateType0ItemType0):
                    state_type_0_item = state_type_0_item_data.to_dict()
                else:
                    state_type_0_item = state_type_0_item_data
                state.append(state_type_0_item)

        else:
            state = self.state

        thread_summaries: list[dict[str, Any]] | None
        if isinstance(self.thread_summaries, list):
            thread_summaries = []
            for thread_summaries_type_0_item_data in self.thread_summaries:
                thread_summaries_type_0_item = thread_summaries_type_0_item_data.to_dict()
                thread_summaries.append(thread_summaries_type_0_item)

        else:
            thread_summaries = self.thread_summaries

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "user_id": user_id,
                "memories": memories,
                "state": state,
                "thread_summaries": thread_summaries,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.memory import Memory  # noqa: PLC0415
        from ..models.memory_output import MemoryOutput  # noqa: PLC0415
        from ..models.query_user_memory_response_state_type_0_item_type_0 import (
            QueryUserMemoryResponseStateType0ItemType0,  # noqa: PLC0415
        )

        d = dict(src_dict)
        user_id = d.pop("user_id")

        memories = []
        _memories = d.pop("memories")
        for memories_item_data in _memories:
            memories_item = Memory.from_dict(memories_item_data)

            memories.append(memories_item)

        def _parse_state(
            data: object,
        ) -> list[None | QueryUserMemoryResponseStateType0ItemType0] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                state_type_0 = []
                _state_type_0 = data
                for state_type_0_item_data in _state_type_0:

                    def _parse_state_type_0_item(
                        data: object,
                    ) -> None | QueryUserMemoryResponseStateType0ItemType0:
                        if data is None:
                            return data
                        try:
                            if not isinstance(data, dict):
                                raise TypeError()
                            state_type_0_item_type_0 = (
                                QueryUserMemoryResponseStateType0ItemType0.from_dict(data)
                            )

                            return state_type_0_item_type_0
                        except (TypeError, ValueError, AttributeError, KeyError):
                            pass
                        return cast(None | QueryUserMemoryResponseStateType0ItemType0, data)

                    state_type_0_item = _parse_state_type_0_item(state_type_0_item_data)

                    state_type_0.append(state_type_0_item)

                return state_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[None | QueryUserMemoryResponseStateType0ItemType0] | None, data)

        state = _parse_state(d.pop("state"))

        def _parse_thread_summaries(data: object) -> list[MemoryOutput] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                thread_summaries_type_0 = []
                _thread_summaries_type_0 = data
                for thread_summaries_type_0_item_data in _thread_summaries_type_0:
                    thread_summaries_type_0_item = MemoryOutput.from_dict(
                        thread_summaries_type_0_item_data
                    )

                    thread_summaries_type_0.append(thread_summaries_type_0_item)

                return thread_summaries_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[MemoryOutput] | None, data)

        thread_summaries = _parse_thread_summaries(d.pop("thread_summaries"))

        query_user_memory_response = cls(
            user_id=user_id,
            memories=memories,
            state=state,
            thread_summaries=thread_summaries,
        )

        query_user_memory_response.additional_properties = d
        return query_user_memory_response

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
