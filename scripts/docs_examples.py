"""Has the site show the examples of docstrings as code: griffe knows the heading in the plural."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from griffe import Extension

if TYPE_CHECKING:
    from griffe import Object


class Examples(Extension):
    """Reads `Example:` as the `Examples:` of Google's style."""

    def on_object(self, *, obj: Object, **_: Any) -> None:
        """Rename the section in the docstring that was read."""
        if obj.docstring is not None:
            obj.docstring.value = re.sub(
                r"^(\s*)Example:$", r"\1Examples:", obj.docstring.value, flags=re.MULTILINE
            )
