from __future__ import annotations

import contextlib
from typing import Any

import jsonschema
from hypothesis import HealthCheck, given, settings
from referencing import Registry

from langmem_server.schemas import Checker, SchemaError, check_references, list_of, only_known
from tests.server.odd_schemas import ODD_SCHEMAS, ODD_VALUES, VALUES, ordinary

relaxed = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


@relaxed
@given(ordinary(), VALUES)
def test_ordinary_schemas_mean_what_they_say(schema: dict[str, Any], value: Any) -> None:
    """A value fits by the bounded judgement if and only if it does by jsonschema's own."""
    plain = jsonschema.Draft202012Validator(schema, registry=Registry())
    assert bool(Checker(schema).problems(value)) is bool(list(plain.iter_errors(value)))


@relaxed
@given(ODD_SCHEMAS, ODD_VALUES)
def test_odd_schemas_are_judged_by_or_refused(schema: dict[str, Any], value: Any) -> None:
    """Whatever the schema and the value, there is a verdict or a SchemaError, and nothing else."""
    for change in (lambda whole: whole, only_known, lambda whole: list_of(whole, "x")):
        changed = change(schema)
        with contextlib.suppress(SchemaError):
            check_references(changed)
        with contextlib.suppress(SchemaError):
            assert all(len(problem) < 250 for problem in Checker(changed).problems(value))
