"""What an operator can choose, read once from the environment into something frozen."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

OPENAI_BASE_URL: Final = "https://api.openai.com/v1"

# The variables that set each field; the first one that is not empty counts.
VARIABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "host": ("LANGMEM_HOST",),
    "port": ("LANGMEM_PORT",),
    "database": ("LANGMEM_DATABASE",),
    "processing_delay": ("LANGMEM_PROCESSING_DELAY",),
    "llm_base_url": ("LANGMEM_LLM_BASE_URL", "OPENAI_BASE_URL"),
    "llm_model": ("LANGMEM_LLM_MODEL",),
    "llm_api_key": ("LANGMEM_LLM_API_KEY", "OPENAI_API_KEY"),
    "llm_timeout": ("LANGMEM_LLM_TIMEOUT",),
    "llm_concurrency": ("LANGMEM_LLM_CONCURRENCY",),
    "max_body_bytes": ("LANGMEM_MAX_BODY_BYTES",),
    "max_connections": ("LANGMEM_MAX_CONNECTIONS",),
    "max_requests": ("LANGMEM_MAX_REQUESTS",),
    "key_max_requests": ("LANGMEM_KEY_MAX_REQUESTS",),
    "rate_limit": ("LANGMEM_RATE_LIMIT",),
    "key_rate_limit": ("LANGMEM_KEY_RATE_LIMIT",),
    "log_level": ("LANGMEM_LOG_LEVEL",),
    "log_format": ("LANGMEM_LOG_FORMAT",),
}


class SettingsError(Exception):
    """A setting cannot be used; the text names it and the fix, and never holds a secret."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one service.

    Attributes:
        host: The address to listen on; one that others can reach needs a key in the database.
        port: The port; 0 takes any free one.
        database: The SQLite file.
        processing_delay: Seconds from the arrival of messages to their processing.
        llm_base_url: Where the model's API begins; None when no model can be asked.
        llm_model: The model's name; None when there is no model.
        llm_api_key: The model's key, or None.
        llm_timeout: Seconds one question to the model may take.
        llm_concurrency: How many runs may be at work at once.
        max_body_bytes: The largest request body that is accepted.
        max_connections: How many connections may be open at a time.
        max_requests: How many requests may be at work at a time.
        key_max_requests: The same for one API key.
        rate_limit: How many requests a second are answered.
        key_rate_limit: The same for one API key.
        log_level: What the service logs: debug, info (a line for each request), warning, error.
        log_format: How: `text`, or `json` for a JSON object in each line.

    Example:
        >>> Settings.from_environment({"LANGMEM_PORT": "9000"}).port
        9000
    """

    host: str = "127.0.0.1"
    port: int = 8100
    database: Path = Path("langmem.db")
    processing_delay: float = 60.0
    llm_base_url: str | None = None
    llm_model: str | None = None
    llm_api_key: str | None = field(default=None, repr=False)
    llm_timeout: float = 60.0
    llm_concurrency: int = 8
    max_body_bytes: int = 10 * 1024 * 1024
    max_connections: int = 1000
    max_requests: int = 512
    key_max_requests: int = 256
    rate_limit: float = 4000.0
    key_rate_limit: float = 2000.0
    log_level: str = "warning"
    log_format: str = "text"

    @property
    def model_configured(self) -> bool:
        """Whether memory functions that need a model can run."""
        return self.llm_model is not None and self.llm_base_url is not None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], **overrides: object) -> Self:
        """Read the settings.

        Args:
            environ: The environment; an empty variable counts as not set.
            **overrides: Fields to take from elsewhere, such as the command line, as text or as
                what the field holds. None leaves a field to the environment.

        Raises:
            SettingsError: A value cannot be used, or a model is named and not where to find it.
        """
        given = {
            name: _PARSERS[name](variable, text)
            for name in VARIABLES
            for variable, text in [_find(name, environ, overrides.get(name))]
            if text
        }
        if "llm_model" in given and "llm_base_url" not in given:
            if "llm_api_key" not in given:
                raise SettingsError(
                    "LANGMEM_LLM_MODEL: also set LANGMEM_LLM_BASE_URL to where the model is, such"
                    " as http://127.0.0.1:11434/v1, or OPENAI_API_KEY to use OpenAI's."
                )
            given["llm_base_url"] = OPENAI_BASE_URL
        return cls(**given)


def _find(name: str, environ: Mapping[str, str], override: object) -> tuple[str, str]:
    """Return what a field is set by, as a person would call it, and to what; "" when it is not."""
    if override is not None:
        return f"--{name}", str(override)
    found = ((variable, environ.get(variable, "").strip()) for variable in VARIABLES[name])
    return next((item for item in found if item[1]), ("", ""))


def _host(variable: str, text: str) -> str:
    if text != "localhost":
        try:
            ip_address(text)
        except ValueError:
            raise SettingsError(
                f"{variable}: give an IP address such as 127.0.0.1 or 0.0.0.0, not {text!r}."
            ) from None
    return text


def _text(_: str, text: str) -> str:
    return text


def _path(_: str, text: str) -> Path:
    return Path(text)


def _url(variable: str, text: str) -> str:
    # The text is not shown: a URL may hold a password.
    wrong = SettingsError(f"{variable}: give a URL such as http://127.0.0.1:11434/v1.")
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        raise wrong from None
    if not usable:
        raise wrong
    return text


def _key(variable: str, text: str) -> str:
    if not (text.isascii() and text.isprintable()):
        raise SettingsError(f"{variable}: a key is printable ASCII; copy it anew.")
    return text


def _whole(low: int, high: int) -> Callable[[str, str], int]:
    def parse(variable: str, text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = low - 1
        if not low <= number <= high:
            raise SettingsError(
                f"{variable}: give a whole number from {low} to {high}, not {text!r}."
            )
        return number

    return parse


def _one_of(*choices: str) -> Callable[[str, str], str]:
    def parse(variable: str, text: str) -> str:
        if text.lower() not in choices:
            raise SettingsError(f"{variable}: give one of {', '.join(choices)}, not {text!r}.")
        return text.lower()

    return parse


def _number(low: float, unit: str) -> Callable[[str, str], float]:
    def parse(variable: str, text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not low <= number < math.inf:
            raise SettingsError(f"{variable}: give {unit}, at least {low:g}, not {text!r}.")
        return number

    return parse


_PARSERS: Final[dict[str, Callable[[str, str], Any]]] = {
    "host": _host,
    "port": _whole(0, 65535),
    "database": _path,
    "processing_delay": _number(0, "seconds"),
    "llm_base_url": _url,
    "llm_model": _text,
    "llm_api_key": _key,
    "llm_timeout": _number(0.001, "seconds"),
    "llm_concurrency": _whole(1, 1000),
    "max_body_bytes": _whole(1, 2**40),
    "max_connections": _whole(1, 1_000_000),
    "max_requests": _whole(1, 1_000_000),
    "key_max_requests": _whole(1, 1_000_000),
    "rate_limit": _number(0.001, "requests a second"),
    "key_rate_limit": _number(0.001, "requests a second"),
    "log_level": _one_of("debug", "info", "warning", "error"),
    "log_format": _one_of("text", "json"),
}
