"""A first look at values: nearly all fit, and to see that takes jsonschema-rs next to nothing.

It says yes or no alone. Whatever it does not pass goes the long way, which can explain
(`shapes`). So the schema it is given has to be at least as strict as that way is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Screen:
    """Passes values that fit a schema.

    Args:
        schema: A schema without references.
        formats: What judges each format, of values of any type.
        own_keys: Tells of a branch and all kinds of object it stands among which required keys it
            alone has.

    Example:
        >>> screen = Screen({"type": "string"}, {}, lambda branch, among: set())
        >>> screen.passes("text"), screen.passes(5)
        (True, False)
    """

    def __init__(
        self,
        schema: Mapping[str, Any],
        formats: Mapping[str, Callable[[object], bool]],
        own_keys: Callable[[dict[str, Any], list[dict[str, Any]]], set[str]],
    ) -> None:
        # Here, for a service is up sooner than it needs this.
        import jsonschema_rs  # noqa: PLC0415

        self._own_keys = own_keys
        self._validator = jsonschema_rs.Draft202012Validator(
            self._strict(schema), formats=dict(formats), validate_formats=True
        )

    def passes(self, value: Any) -> bool:
        """Say whether a value fits for sure."""
        return self._validator.is_valid(value)

    def _strict(self, node: Any) -> Any:
        """Have each union choose its branch as `shapes` does."""
        if isinstance(node, list):
            return [self._strict(item) for item in node]
        if not isinstance(node, dict):
            return node
        strict = {key: self._strict(item) for key, item in node.items()}
        kinds = [branch for branch in node.get("anyOf", ()) if branch.get("type") == "object"]
        if len(kinds) > 1 and "discriminator" not in node:
            others = [b for b in node["anyOf"] if b.get("type") != "object"]
            strict["anyOf"] = [*self._strict(others), self._chosen(kinds, kinds)]
        return strict

    def _chosen(self, left: list[dict[str, Any]], kinds: list[dict[str, Any]]) -> Any:
        """Choose the first kind of object that has a key of its own in the value."""
        if not left:
            return False
        keys = self._own_keys(left[0], kinds)
        own = {"type": "object", "anyOf": [{"required": [key]} for key in sorted(keys)]}
        rest = self._chosen(left[1:], kinds)
        return {"if": own, "then": self._strict(left[0]), "else": rest} if keys else rest
