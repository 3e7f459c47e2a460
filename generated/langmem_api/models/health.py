# Made by scripts/generate from openapi.yaml; edit that instead.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.health_status_type_0 import HealthStatusType0

T = TypeVar("T", bound="Health")


@_attrs_define
class Health:
    """The service's health.

    Attributes:
        status (HealthStatusType0 | str): `ok`, or another word when the service needs attention; an open enumeration.
        version (str): The service's version.
        model_configured (bool): Whether functions that need a model can run.
    """

    status: HealthStatusType0 | str
    version: str
    model_configured: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        status: str
        if isinstance(self.status, HealthStatusType0):
            status = self.status.value
        else:
            status = self.status

        version = self.version

        model_configured = self.model_configured

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "status": status,
                "version": version,
                "model_configured": model_configured,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_status(data: object) -> HealthStatusType0 | str:
            try:
                if not isinstance(data, str):
                    raise TypeError()
                status_type_0 = HealthStatusType0(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(HealthStatusType0 | str, data)

        status = _parse_status(d.pop("status"))

        version = d.pop("version")

        model_configured = d.pop("model_configured")

        health = cls(
            status=status,
            version=version,
            model_configured=model_configured,
        )

        health.additional_properties = d
        return health

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
