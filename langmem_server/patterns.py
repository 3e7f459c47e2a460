"""The patterns of JSON Schemas, matched without backtracking: the time grows with the text alone.

The engine is the one of jsonschema-rs, which reads patterns by ECMA 262 and never tries a text
twice. It has no back-references and no look-around. Look-aheads at the beginning, right after `^`,
are what people write all the same: there they are patterns of their own, which must match too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

# What compiling may make of a pattern, in KiB; the smallest that is enough counts.
SIZES: Final = (4, 8, 16, 32, 64, 128, 256, 512)
# KiB of pattern times characters of text of one match: the engine holds the interpreter meanwhile,
# for a tenth of a second at the worst.
MAX_PRODUCT: Final = 327_680
# Of a match and of compiling, so that neither is worth an attack.
_PRODUCT_OF_STEP: Final = 32
_STEPS_OF_KIB: Final = 40
_CACHE: Final = 256 * 1024


class PatternError(Exception):
    """A pattern cannot be compiled, or not be tried on a text; the text says why."""


class _Part(NamedTuple):
    wanted: bool
    size: int
    matches: Callable[[str], bool]


class Pattern:
    """A pattern, ready to be searched for in texts.

    Args:
        source: The pattern.
        charge: Takes the steps that each piece of work is worth, before it is done; it may raise.

    Raises:
        PatternError: It is no pattern, needs backtracking, or is too large.

    Example:
        >>> password = Pattern(r"^(?=.*[A-Z])(?=.*[0-9]).{8,}$", lambda steps: None)
        >>> password.search("Passw0rds"), password.search("password")
        (True, False)
    """

    def __init__(self, source: str, charge: Callable[[int], None]) -> None:
        self._source = source
        self._charge = charge
        self._parts = []
        for wanted, text in _split(source):
            part = _compiled(wanted, text, charge)
            if part is None:
                raise PatternError(
                    f"{source[:100]!r} is no pattern that can be used here: by ECMA 262, without"
                    " back-references, with look-aheads right after ^ alone, and not too large:"
                    " maxLength bounds lengths better than {1,1000}"
                )
            self._parts.append(part)

    def search(self, text: str) -> bool:
        """Say whether the pattern matches anywhere in a text.

        Raises:
            PatternError: The text is too long for it.
        """
        for part in self._parts:
            product = part.size * len(text)
            if product > MAX_PRODUCT:
                raise PatternError(
                    f"a text of {len(text):,} characters is too long for the pattern"
                    f" {self._source[:100]!r}, which takes {MAX_PRODUCT // part.size:,}"
                )
            self._charge(1 + product // _PRODUCT_OF_STEP)
            if part.matches(text) is not part.wanted:
                return False
        return True


def _compiled(wanted: bool, source: str, charge: Callable[[int], None]) -> _Part | None:
    # Here, for a service is up sooner than it needs this.
    import jsonschema_rs  # noqa: PLC0415

    for size in SIZES:
        charge(size * _STEPS_OF_KIB)
        options = jsonschema_rs.RegexOptions(size_limit=size * 1024, dfa_size_limit=_CACHE)
        # Nothing but a pattern: a schema of somebody's own might make it fetch another.
        schema: dict[str, Any] = {"pattern": source}
        try:
            validator = jsonschema_rs.Draft202012Validator(schema, pattern_options=options)
        except (jsonschema_rs.ValidationError, ValueError):
            continue
        return _Part(wanted, size, validator.is_valid)
    return None


def _split(source: str) -> list[tuple[bool, str]]:
    """Take the look-aheads off the beginning; with each, whether it must match."""
    parts = []
    rest = source.removeprefix("^")
    while rest != source and rest.startswith(("(?=", "(?!")):
        end = _end_of_group(rest)
        if end is None:
            return [(True, source)]
        parts.append((rest[2] == "=", f"^(?:{rest[3:end]})"))
        rest = rest[end + 1 :]
    if not parts or _has_choice(rest):
        return [(True, source)]
    return [*parts, (True, f"^(?:{rest})")]


def _end_of_group(source: str) -> int | None:
    """Find where the group that a pattern begins with ends."""
    return next((place for place, depth, _ in _walk(source) if depth == 0), None)


def _has_choice(source: str) -> bool:
    """Say whether a pattern is a choice as a whole, so that its `^` is of the first branch alone.

    A repetition of the last look-ahead counts too: it would become one of nothing.
    """
    return source[:1] in {"*", "+", "?", "{"} or any(
        depth == 0 and character == "|" for _, depth, character in _walk(source)
    )


def _walk(source: str) -> list[tuple[int, int, str]]:
    """List the characters that are neither escaped nor in a class, with how deep they stand."""
    found = []
    depth, in_class, place = 0, False, 0
    while place < len(source):
        character = source[place]
        if character == "\\":
            place += 1
        elif in_class:
            in_class = character != "]"
        elif character == "[":
            in_class = True
        else:
            depth += {"(": 1, ")": -1}.get(character, 0)
            found.append((place, depth, character))
        place += 1
    return found
