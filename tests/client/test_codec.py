from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from langmem import _codec

ROOT = Path(__file__).resolve().parents[2]
encode, decode = _codec._with_msgspec(msgspec)

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(values)
def test_both_ways_write_the_same_value(value: Any) -> None:
    """What the fast way writes is compact, and the standard library reads the value back."""
    assert json.loads(encode(value)) == value
    assert json.loads(_codec.encode_plainly(value)) == value
    assert b": " not in encode({"a": 1})


@given(values, st.booleans(), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_both_ways_read_the_same_value(value: Any, escaped: bool, encoding: str) -> None:
    """The type of every number and each letter are as the standard library has them."""
    content = json.dumps(value, ensure_ascii=escaped, indent=1).encode(encoding)
    assert repr(decode(content)) == repr(json.loads(content))


@given(
    st.binary(max_size=20) | st.text(alphabet='[]{}",:0123456789.eE+-truefalsn\\u ').map(str.encode)
)
def test_both_ways_refuse_the_same(content: bytes) -> None:
    """Whatever the bytes are, either both read them alike or both raise ValueError."""
    try:
        wanted = repr(json.loads(content))
    except ValueError:
        with pytest.raises(ValueError):  # noqa: PT011 - each has words of its own
            decode(content)
        return
    assert repr(decode(content)) == wanted


@pytest.mark.parametrize("content", [b"NaN", b"[Infinity]", b'"\\ud800"', b"1e999", b"[" * 10**5])
def test_what_msgspec_refuses_is_left_to_the_standard_library(content: bytes) -> None:
    """What has been read until now is read still, and what was too deep still is."""
    try:
        wanted = repr(json.loads(content))
    except RecursionError:
        with pytest.raises(RecursionError):
            decode(content)
        return
    assert repr(decode(content)) == wanted


@pytest.mark.parametrize("value", [math.nan, [math.inf], "\ud800"])
def test_what_json_cannot_hold_is_refused(value: Any) -> None:
    """Neither way writes null for it."""
    with pytest.raises(ValueError):  # noqa: PT011 - each has words of its own
        _codec.encode_plainly(value)


@pytest.mark.parametrize(
    ("setting", "expected"), [("", "True"), ("on", "True"), ("OFF", "False"), ("0", "False")]
)
def test_the_environment_turns_it_off(setting: str, expected: str) -> None:
    """LANGMEM_FAST=off has everything done by the standard library and httpx."""
    program = "import sys; from langmem import Client, _json; print('msgspec' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={"LANGMEM_FAST": setting, "PYTHONPATH": f"{ROOT}:{ROOT / 'generated'}"},
    )
    assert run.stdout.strip() == expected


def test_without_the_extra_the_standard_library_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody need install it."""
    monkeypatch.setitem(sys.modules, "msgspec", None)
    assert _codec._choose() == (_codec.encode_plainly, json.loads)
