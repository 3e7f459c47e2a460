# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.memory_function_record import MemoryFunctionRecord
    from ..models.message_record import MessageRecord
    from ..models.thread_memory_record import ThreadMemoryRecord
    from ..models.thread_record import ThreadRecord
    from ..models.thread_state_record import ThreadStateRecord
    from ..models.user_memory_record import UserMemoryRecord
    from ..models.user_record import UserRecord
    from ..models.user_state_record import UserStateRecord


T = TypeVar("T", bound="ImportRecordsRequest")


@_attrs_define
class ImportRecordsRequest:
    """Records to store.

    Attributes:
        records (list[MemoryFunctionRecord | MessageRecord | ThreadMemoryRecord | ThreadRecord | ThreadStateRecord |
            UserMemoryRecord | UserRecord | UserStateRecord]): The records, in any order; what one needs may come in the
            same request.
    """

    records: list[
        MemoryFunctionRecord
        | MessageRecord
        | ThreadMemoryRecord
        | ThreadRecord
        | ThreadStateRecord
        | UserMemoryRecord
        | UserRecord
        | UserStateRecord
    ]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.memory_function_record import MemoryFunctionRecord  # noqa: PLC0415
        from ..models.thread_memory_record import ThreadMemoryRecord  # noqa: PLC0415
        from ..models.thread_record import ThreadRecord  # noqa: PLC0415
        from ..models.thread_state_record import ThreadStateRecord  # noqa: PLC0415
        from ..models.user_memory_record import UserMemoryRecord  # noqa: PLC0415
        from ..models.user_record import UserRecord  # noqa: PLC0415
        from ..models.user_state_record import UserStateRecord  # noqa: PLC0415

        records = []
        for records_item_data in self.records:
            records_item: dict[str, Any]
            if isinstance(records_item_data, MemoryFunctionRecord):
                records_item = records_item_data.to_dict()
            elif isinstance(records_item_data, UserRecord):
                records_item = records_item_data.to_dict()
            elif isinstance(records_item_data, ThreadRecord):
                records_item = records_item_data.to_dict()
            elif isinstance(records_item_data, ThreadStateRecord):
                records_item = records_item_data.to_dict()
            elif isinstance(records_item_data, UserStateRecord):
                records_item = records_item_data.to_dict()
            elif isinstance(records_item_data, UserMemoryRecord):
                records_item = records_item_data.to_dict()
            elif isinstance(records_item_data, ThreadMemoryRecord):
                records_item = records_item_data.to_dict()
            else:
                records_item = records_item_data.to_dict()

            records.append(records_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "records": records,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.memory_function_record import MemoryFunctionRecord  # noqa: PLC0415
        from ..models.message_record import MessageRecord  # noqa: PLC0415
        from ..models.thread_memory_record import ThreadMemoryRecord  # noqa: PLC0415
        from ..models.thread_record import ThreadRecord  # noqa: PLC0415
        from ..models.thread_state_record import ThreadStateRecord  # noqa: PLC0415
        from ..models.user_memory_record import UserMemoryRecord  # noqa: PLC0415
        from ..models.user_record import UserRecord  # noqa: PLC0415
        from ..models.user_state_record import UserStateRecord  # noqa: PLC0415

        d = dict(src_dict)
        records = []
        _records = d.pop("records")
        for records_item_data in _records:

            def _parse_records_item(
                data: object,
            ) -> (
                MemoryFunctionRecord
                | MessageRecord
                | ThreadMemoryRecord
                | ThreadRecord
                | ThreadStateRecord
                | UserMemoryRecord
                | UserRecord
                | UserStateRecord
            ):
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    componentsschemas_record_type_0 = MemoryFunctionRecord.from_dict(data)

                    return componentsschemas_record_type_0
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    componentsschemas_record_type_1 = UserRecord.from_dict(data)

                    return componentsschemas_record_type_1
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    componentsschemas_record_type_2 = ThreadRecord.from_dict(data)

                    return componentsschemas_record_type_2
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    componentsschemas_record_type_3 = ThreadStateRecord.from_dict(data)

                    return componentsschemas_record_type_3
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    componentsschemas_record_type_4 = UserStateRecord.from_dict(data)

                    return componentsschemas_record_type_4
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    componentsschemas_record_type_5 = UserMemoryRecord.from_dict(data)

                    return componentsschemas_record_type_5
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    componentsschemas_record_type_6 = ThreadMemoryRecord.from_dict(data)

                    return componentsschemas_record_type_6
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_record_type_7 = MessageRecord.from_dict(data)

                return componentsschemas_record_type_7

            records_item = _parse_records_item(records_item_data)

            records.append(records_item)

        import_records_request = cls(
            records=records,
        )

        import_records_request.additional_properties = d
        return import_records_request

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
