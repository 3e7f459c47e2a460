# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.memory_function_type import MemoryFunctionType
from ..models.run_status import RunStatus

if TYPE_CHECKING:
    from ..models.token_usage import TokenUsage


T = TypeVar("T", bound="Run")


@_attrs_define
class Run:
    """One memory function over one range of a thread's messages, for one target.

    Attributes:
        id (str): The run's id.
        memory_function_id (str): The memory function's id.
        memory_function_name (str): The name of its schema.
        memory_function_type (MemoryFunctionType | str): Its type; an open enumeration.
        thread_id (str): The thread whose messages it works on.
        user_id (None | str): The user it remembers things about; null for a thread-level function.
        message_ids (list[str]): The messages it works on, oldest first.
        status (RunStatus | str): How far it is; an open enumeration.
        error (None | str): Why it failed or was skipped.
        attempts (int): How often the model was asked.
        created_at (str): When it was planned.
        started_at (None | str): When it last began.
        finished_at (None | str): When it ended.
        usage (TokenUsage): What the model counted over all attempts.
    """

    id: str
    memory_function_id: str
    memory_function_name: str
    memory_function_type: MemoryFunctionType | str
    thread_id: str
    user_id: None | str
    message_ids: list[str]
    status: RunStatus | str
    error: None | str
    attempts: int
    created_at: str
    started_at: None | str
    finished_at: None | str
    usage: TokenUsage
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        memory_function_id = self.memory_function_id

        memory_function_name = self.memory_function_name

        memory_function_type: str
        if isinstance(self.memory_function_type, MemoryFunctionType):
            memory_function_type = self.memory_function_type.value
        else:
            memory_function_type = self.memory_function_type

        thread_id = self.thread_id

        user_id: None | str
        user_id = self.user_id

        message_ids = self.message_ids

        status: str
        if isinstance(self.status, RunStatus):
            status = self.status.value
        else:
            status = self.status

        error: None | str
        error = self.error

        attempts = self.attempts

        created_at = self.created_at

        started_at: None | str
        started_at = self.started_at

        finished_at: None | str
        finished_at = self.finished_at

        usage = self.usage.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "memory_function_id": memory_function_id,
                "memory_function_name": memory_function_name,
                "memory_function_type": memory_function_type,
                "thread_id": thread_id,
                "user_id": user_id,
                "message_ids": message_ids,
                "status": status,
                "error": error,
                "attempts": attempts,
                "created_at": created_at,
                "started_at": started_at,
                "finished_at": finished_at,
                "usage": usage,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.token_usage import TokenUsage  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        memory_function_id = d.pop("memory_function_id")

        memory_function_name = d.pop("memory_function_name")

        def _parse_memory_function_type(data: object) -> MemoryFunctionType | str:
            try:
                if not isinstance(data, str):
                    raise TypeError()
                memory_function_type_type_0 = MemoryFunctionType(data)

                return memory_function_type_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MemoryFunctionType | str, data)

        memory_function_type = _parse_memory_function_type(d.pop("memory_function_type"))

        thread_id = d.pop("thread_id")

        def _parse_user_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        user_id = _parse_user_id(d.pop("user_id"))

        message_ids = cast(list[str], d.pop("message_ids"))

        def _parse_status(data: object) -> RunStatus | str:
            try:
                if not isinstance(data, str):
                    raise TypeError()
                status_type_0 = RunStatus(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(RunStatus | str, data)

        status = _parse_status(d.pop("status"))

        def _parse_error(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        error = _parse_error(d.pop("error"))

        attempts = d.pop("attempts")

        created_at = d.pop("created_at")

        def _parse_started_at(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        started_at = _parse_started_at(d.pop("started_at"))

        def _parse_finished_at(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        finished_at = _parse_finished_at(d.pop("finished_at"))

        usage = TokenUsage.from_dict(d.pop("usage"))

        run = cls(
            id=id,
            memory_function_id=memory_function_id,
            memory_function_name=memory_function_name,
            memory_function_type=memory_function_type,
            thread_id=thread_id,
            user_id=user_id,
            message_ids=message_ids,
            status=status,
            error=error,
            attempts=attempts,
            created_at=created_at,
            started_at=started_at,
            finished_at=finished_at,
            usage=usage,
        )

        run.additional_properties = d
        return run

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
