from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langmem_server.settings import OPENAI_BASE_URL, VARIABLES, Settings, SettingsError

GOOD = {
    "LANGMEM_HOST": "::1",
    "LANGMEM_PORT": "9000",
    "LANGMEM_DATABASE": "/tmp/memory.db",
    "LANGMEM_PROCESSING_DELAY": "0.5",
    "LANGMEM_LLM_BASE_URL": "https://models.example/v1",
    "LANGMEM_LLM_MODEL": "small",
    "LANGMEM_LLM_API_KEY": "key-1",
    "LANGMEM_LLM_TIMEOUT": "2",
    "LANGMEM_LLM_CONCURRENCY": "3",
    "LANGMEM_MAX_BODY_BYTES": "1000",
    "LANGMEM_MAX_CONNECTIONS": "5",
    "LANGMEM_MAX_REQUESTS": "4",
    "LANGMEM_KEY_MAX_REQUESTS": "3",
    "LANGMEM_RATE_LIMIT": "2.5",
    "LANGMEM_KEY_RATE_LIMIT": "0.5",
    "LANGMEM_LOG_LEVEL": "INFO",
    "LANGMEM_LOG_FORMAT": "JSON",
}
BAD = [
    ("LANGMEM_HOST", "1.2.3"),
    ("LANGMEM_RATE_LIMIT", "0"),
    ("LANGMEM_KEY_MAX_REQUESTS", "0"),
    ("LANGMEM_LOG_FORMAT", "xml"),
    ("LANGMEM_HOST", "example.com"),
    ("LANGMEM_PORT", "http"),
    ("LANGMEM_PORT", "65536"),
    ("LANGMEM_PORT", "-1"),
    ("LANGMEM_PORT", "9" * 5000),
    ("LANGMEM_PROCESSING_DELAY", "soon"),
    ("LANGMEM_PROCESSING_DELAY", "-1"),
    ("LANGMEM_PROCESSING_DELAY", "nan"),
    ("LANGMEM_PROCESSING_DELAY", "inf"),
    ("LANGMEM_LLM_BASE_URL", "models.example/v1"),
    ("LANGMEM_LLM_BASE_URL", "ftp://models.example"),
    ("LANGMEM_LLM_BASE_URL", "http://"),
    ("LANGMEM_LLM_BASE_URL", "http://[bad"),
    ("LANGMEM_LLM_BASE_URL", "http://host:port"),
    ("OPENAI_BASE_URL", "nowhere"),
    ("LANGMEM_LLM_API_KEY", "two\nlines"),
    ("OPENAI_API_KEY", "schlüssel"),
    ("LANGMEM_LLM_TIMEOUT", "0"),
    ("LANGMEM_LLM_CONCURRENCY", "0"),
    ("LANGMEM_LLM_CONCURRENCY", "1.5"),
    ("LANGMEM_MAX_BODY_BYTES", "0"),
    ("LANGMEM_LOG_LEVEL", "loud"),
]


def test_defaults() -> None:
    """An empty environment gives a local service without a model."""
    settings = Settings.from_environment({})
    assert settings == Settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 8100)
    assert settings.database == Path("langmem.db")
    assert settings.processing_delay == 60.0
    assert settings.max_body_bytes == 10_485_760
    assert settings.log_level == "warning"
    assert not settings.model_configured


def test_every_variable_is_read() -> None:
    """Each field comes from its variable."""
    settings = Settings.from_environment(GOOD)
    assert settings == Settings(
        host="::1",
        port=9000,
        database=Path("/tmp/memory.db"),
        processing_delay=0.5,
        llm_base_url="https://models.example/v1",
        llm_model="small",
        llm_api_key="key-1",
        llm_timeout=2.0,
        llm_concurrency=3,
        max_body_bytes=1000,
        max_connections=5,
        max_requests=4,
        key_max_requests=3,
        rate_limit=2.5,
        key_rate_limit=0.5,
        log_level="info",
        log_format="json",
    )
    assert settings.model_configured
    assert {names[0] for names in VARIABLES.values()} == GOOD.keys()


def test_an_empty_variable_is_not_set() -> None:
    """`LANGMEM_PORT=` and blanks leave the default."""
    assert Settings.from_environment(dict.fromkeys(GOOD, "  ")) == Settings()


def test_the_variables_of_openai_are_the_second_choice() -> None:
    """OPENAI_* count where LANGMEM_LLM_* are not set."""
    openai = {"OPENAI_BASE_URL": "http://127.0.0.1:1/v1", "OPENAI_API_KEY": "theirs"}
    named = {"LANGMEM_LLM_MODEL": "m"}
    settings = Settings.from_environment(openai | named)
    assert (settings.llm_base_url, settings.llm_api_key) == ("http://127.0.0.1:1/v1", "theirs")
    settings = Settings.from_environment(GOOD | openai)
    assert (settings.llm_base_url, settings.llm_api_key) == ("https://models.example/v1", "key-1")


def test_a_model_and_a_key_alone_mean_openai() -> None:
    """The base URL is OpenAI's when only a model and a key are given."""
    settings = Settings.from_environment({"LANGMEM_LLM_MODEL": "m", "OPENAI_API_KEY": "k"})
    assert settings.llm_base_url == OPENAI_BASE_URL
    assert settings.model_configured


def test_no_model_is_configured_without_its_name() -> None:
    """A key that happens to be in the environment configures nothing."""
    assert not Settings.from_environment({"OPENAI_API_KEY": "k"}).model_configured


def test_a_model_without_a_place_is_refused() -> None:
    """A model's name alone is an error that says what else to set, never a silent nothing."""
    with pytest.raises(SettingsError, match=r"^LANGMEM_LLM_MODEL: .*LANGMEM_LLM_BASE_URL"):
        Settings.from_environment({"LANGMEM_LLM_MODEL": "m"})


@pytest.mark.parametrize(("variable", "value"), BAD, ids=lambda text: text[:30])
def test_a_bad_value_is_named(variable: str, value: str) -> None:
    """The error names the variable that is wrong."""
    with pytest.raises(SettingsError, match=f"^{variable}: "):
        Settings.from_environment({variable: value})


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_is_served(host: str) -> None:
    """Every loopback address may be listened on."""
    assert Settings.from_environment({"LANGMEM_HOST": host}).host == host


def test_what_is_given_beats_the_environment() -> None:
    """An override wins, may be text or value, and is named as the option it came from."""
    settings = Settings.from_environment(GOOD, port="1", host=None, database=Path("x.db"))
    assert (settings.port, settings.host, settings.database) == (1, "::1", Path("x.db"))
    with pytest.raises(SettingsError, match=r"^--port: "):
        Settings.from_environment({}, port="x")


def test_settings_do_not_change() -> None:
    """Settings are decided once."""
    with pytest.raises(FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]


def test_the_key_is_not_shown() -> None:
    """Neither a repr nor an error holds the key."""
    assert "key-1" not in repr(Settings.from_environment(GOOD))
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({"LANGMEM_LLM_API_KEY": "secret\u00e9"})
    assert "secret" not in str(caught.value)
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({"LANGMEM_LLM_BASE_URL": "https://user:secret@"})
    assert "secret" not in str(caught.value)


@given(st.dictionaries(st.sampled_from(sorted(GOOD)), st.text(max_size=10)))
def test_any_environment_is_read_or_refused(environ: dict[str, str]) -> None:
    """Whatever the variables hold, the outcome is settings or a SettingsError."""
    try:
        settings = Settings.from_environment(environ)
    except SettingsError:
        return
    assert 0 <= settings.port <= 65535
