# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.memory_weights import MemoryWeights
    from ..models.thread_query import ThreadQuery


T = TypeVar("T", bound="QueryUserMemoryRequest")


@_attrs_define
class QueryUserMemoryRequest:
    """A search.

    Attributes:
        text (str): What to look for. Empty, all memories are equally relevant.
        k (int | Unset): How many memories to return at most. Without it, 200.
        memory_function_ids (list[UUID] | None | Unset): Search the memories of these functions (`user_append_state` or
            `user_semantic_memory`).
            Null searches the unstructured memories alone.
        weights (MemoryWeights | None | Unset):
        state (list[UUID] | None | Unset): The `user_state` functions whose states to return besides.
        thread_query (None | ThreadQuery | Unset):
    """

    text: str
    k: int | Unset = UNSET
    memory_function_ids: list[UUID] | None | Unset = UNSET
    weights: MemoryWeights | None | Unset = UNSET
    state: list[UUID] | None | Unset = UNSET
    thread_query: None | ThreadQuery | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.memory_weights import MemoryWeights  # noqa: PLC0415
        from ..models.thread_query import ThreadQuery  # noqa: PLC0415

        text = self.text

        k = self.k

        memory_function_ids: list[str] | None | Unset
        if isinstance(self.memory_function_ids, Unset):
            memory_function_ids = UNSET
        elif isinstance(self.memory_function_ids, list):
            memory_function_ids = []
            for memory_function_ids_type_0_item_data in self.memory_function_ids:
                memory_function_ids_type_0_item = str(memory_function_ids_type_0_item_data)
                memory_function_ids.append(memory_function_ids_type_0_item)

        else:
            memory_function_ids = self.memory_function_ids

        weights: dict[str, Any] | None | Unset
        if isinstance(self.weights, Unset):
            weights = UNSET
        elif isinstance(self.weights, MemoryWeights):
            weights = self.weights.to_dict()
        else:
            weights = self.weights

        state: list[str] | None | Unset
        if isinstance(self.state, Unset):
            state = UNSET
        elif isinstance(self.state, list):
            state = []
            for state_type_0_item_data in self.state:
                state_type_0_item = str(state_type_0_item_data)
                state.append(state_type_0_item)

        else:
            state = self.state

        thread_query: dict[str, Any] | None | Unset
        if isinstance(self.thread_query, Unset):
            thread_query = UNSET
        elif isinstance(self.thread_query, ThreadQuery):
            thread_query = self.thread_query.to_dict()
        else:
            thread_query = self.thread_query

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "text": text,
            }
        )
        if k is not UNSET:
            field_dict["k"] = k
        if memory_function_ids is not UNSET:
            field_dict["memory_function_ids"] = memory_function_ids
        if weights is not UNSET:
            field_dict["weights"] = weights
        if state is not UNSET:
            field_dict["state"] = state
        if thread_query is not UNSET:
            field_dict["thread_query"] = thread_query

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.memory_weights import MemoryWeights  # noqa: PLC0415
        from ..models.thread_query import ThreadQuery  # noqa: PLC0415

        d = dict(src_dict)
        text = d.pop("text")

        k = d.pop("k", UNSET)

        def _parse_memory_function_ids(data: object) -> list[UUID] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                memory_function_ids_type_0 = []
                _memory_function_ids_type_0 = data
                for memory_function_ids_type_0_item_data in _memory_function_ids_type_0:
                    memory_function_ids_type_0_item = UUID(memory_function_ids_type_0_item_data)

                    memory_function_ids_type_0.append(memory_function_ids_type_0_item)

                return memory_function_ids_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[UUID] | None | Unset, data)

        memory_function_ids = _parse_memory_function_ids(d.pop("memory_function_ids", UNSET))

        def _parse_weights(data: object) -> MemoryWeights | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                weights_type_0 = MemoryWeights.from_dict(data)

                return weights_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MemoryWeights | None | Unset, data)

        weights = _parse_weights(d.pop("weights", UNSET))

        def _parse_state(data: object) -> list[UUID] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                state_type_0 = []
                _state_type_0 = data
                for state_type_0_item_data in _state_type_0:
                    state_type_0_item = UUID(state_type_0_item_data)

                    state_type_0.append(state_type_0_item)

                return state_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[UUID] | None | Unset, data)

        state = _parse_state(d.pop("state", UNSET))

        def _parse_thread_query(data: object) -> None | ThreadQuery | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                thread_query_type_0 = ThreadQuery.from_dict(data)

                return thread_query_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ThreadQuery | Unset, data)

        thread_query = _parse_thread_query(d.pop("thread_query", UNSET))

        query_user_memory_request = cls(
            text=text,
            k=k,
            memory_function_ids=memory_function_ids,
            weights=weights,
            state=state,
            thread_query=thread_query,
        )

        query_user_memory_request.additional_properties = d
        return query_user_memory_request

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
