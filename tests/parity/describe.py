"""Print as JSON what this interpreter's `langmem` says of its clients and of its types.

python describe.py
"""

from __future__ import annotations

import inspect
import json
import sys
from typing import TYPE_CHECKING, Any

import langmem
from langmem import client, schemas

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType


def parameters(method: Callable[..., Any]) -> dict[str, list[str]]:
    """By name, in order: the kind of each parameter, and its default if it has one."""
    return {
        name: [one.kind.name, *([repr(one.default)] if one.default is not one.empty else [])]
        for name, one in inspect.signature(method).parameters.items()
    }


def describe(cls: type) -> dict[str, Any]:
    """Return the docstring of a class, and of each public method with its parameters."""
    methods = {
        name: method
        for name, method in inspect.getmembers(cls, inspect.isfunction)
        if not name.startswith("_") or name == "__init__"
    }
    return {
        "doc": inspect.getdoc(cls),
        "methods": {
            name: {"doc": inspect.getdoc(method), "parameters": parameters(method)}
            for name, method in methods.items()
        },
    }


def keys(module: ModuleType) -> dict[str, list[str]]:
    """By name: the keys of each TypedDict of a module, all of them optional."""
    return {
        name: sorted(one.__optional_keys__)
        for name, one in vars(module).items()
        if getattr(one, "__optional_keys__", None) and not one.__required_keys__
    }


if __name__ == "__main__":
    classes = (langmem.Client, langmem.AsyncClient)
    said = {
        "classes": {cls.__name__: describe(cls) for cls in classes},
        "schemas": keys(schemas),
        "default timeout": repr(client.DEFAULT_TIMEOUT),
    }
    json.dump(said, sys.stdout)
