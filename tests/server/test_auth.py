from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from langmem_server import admin, auth
from langmem_server.settings import Settings
from langmem_server.store import functions
from langmem_server.store.errors import StoreError
from langmem_server.store.lock import hold
from langmem_server.store.migrations import MIGRATIONS
from langmem_server.store.schema import SEMANTIC_FUNCTION_ID
from tests.server.live import running, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.server.live import Api

FOREIGN = [
    {"host": "evil.example"},
    {"host": "localhost.evil.example"},
    {"host": "127.0.0.1.evil.example:8100"},
    {"host": "10.0.0.1"},
    {"host": ""},
    {"host": "evil@localhost"},
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://[bad"},
    {"origin": "file://"},
]
LOCAL = [
    {},
    {"host": "localhost"},
    {"host": "LOCALHOST:8100"},
    {"host": "app.localhost"},
    {"host": "[::1]:8100"},
    {"host": "127.8.9.1"},
    {"origin": "http://localhost:3000"},
    {"origin": "http://127.0.0.1:3000"},
]


@pytest.fixture(scope="module")
def open_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A service without keys."""
    settings = Settings(database=tmp_path_factory.mktemp("open") / "langmem.db")
    with running(settings, process=False) as api:
        yield api


@pytest.mark.parametrize("path", ["/threads", "/health", "/metrics"])
@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_web_page_reaches_no_open_service(
    open_api: Api, path: str, headers: dict[str, str]
) -> None:
    """What a browser sends for a page elsewhere, or under a name rebound to us, is 403."""
    response = httpx.get(open_api.url + path, headers=headers)
    assert response.status_code == 403
    assert response.json()["detail"].startswith(f"header.{next(iter(headers)).title()}: ")


@pytest.mark.parametrize("headers", LOCAL, ids=str)
def test_programs_of_this_machine_reach_an_open_service(
    open_api: Api, headers: dict[str, str]
) -> None:
    """Every name of the machine itself is served, and so are its own pages."""
    assert open_api.get("/threads", headers=headers).status_code == 200


def test_a_forwarded_caller_is_not_of_this_machine(open_api: Api) -> None:
    """Behind a proxy of this machine, who is elsewhere is still refused."""
    headers = {"x-forwarded-for": "203.0.113.9"}
    response = httpx.get(f"{open_api.url}/threads", headers=headers)
    assert response.status_code == 403
    assert response.json() == {
        "detail": "This service has no keys yet, so it serves its own machine alone"
    }


def test_with_keys_it_is_the_key_that_counts(tmp_path: Path) -> None:
    """Where there are keys, a caller may come from anywhere and by any name."""
    path = tmp_path / "langmem.db"
    with running(Settings(database=path), process=False) as api:
        assert api.get("/threads").status_code == 200
        _, key = admin.create_key(path, "web", "default", auth.APPLICATION)
        wait_for(lambda: api.get("/threads").status_code == 401, "the first key to count")
        headers = {"x-api-key": key, "host": "memory.example", "origin": "https://app.example"}
        assert api.get("/threads", headers=headers).status_code == 200
        [record] = admin.list_keys(path)
        admin.revoke_key(path, record.id)
        wait_for(
            lambda: api.get("/threads", headers=headers).status_code == 401, "the key to be revoked"
        )
        refused = api.get("/threads", headers=headers)
    assert refused.headers["www-authenticate"] == "ApiKey"


def test_an_open_service_accepts_any_key(open_api: Api) -> None:
    """Programs that were written for a service with keys need not be changed."""
    assert open_api.get("/threads", headers={"x-api-key": "any"}).status_code == 200


def test_a_new_tenant_begins_as_the_first_one_did(tmp_path: Path) -> None:
    """It has the unstructured memory; once deleted, another key does not bring it back."""
    path = tmp_path / "langmem.db"
    _, key = admin.create_key(path, "web", "acme", auth.APPLICATION)
    with running(Settings(database=path), process=False) as api:
        api.headers["x-api-key"] = key
        url = f"/memory-functions/{SEMANTIC_FUNCTION_ID}"
        assert api.get(url).json()["type"] == "user_semantic_memory"
        assert api.delete(url).status_code == 200
        admin.create_key(path, "more", "acme", auth.APPLICATION)
        assert api.get(url).status_code == 404
        assert api.db.read(lambda conn: len(functions.active(conn, "default"))) == 1


def test_no_key_is_kept(tmp_path: Path) -> None:
    """Neither the file nor what is shown of a key holds the key."""
    path = tmp_path / "langmem.db"
    record, key = admin.create_key(path, "web", "default", auth.APPLICATION)
    secret = key.removeprefix("lmk_")
    assert len(secret) == 43
    assert secret.encode() not in path.read_bytes()
    assert secret not in repr(record) + admin.table(admin.list_keys(path))


def test_two_keys_differ() -> None:
    """Keys are random, and so is every part of them."""
    made = {auth.new_key() for _ in range(100)}
    assert len(made) == 100
    assert len({key[4:12] for key in made}) == 100


def test_keys_are_not_made_under_a_service_of_another_version(tmp_path: Path) -> None:
    """A file that is in use and lacks a table is left as it is."""
    path = tmp_path / "langmem.db"
    admin.create_key(path, "web", "default", auth.APPLICATION)
    with running(Settings(database=path), process=False) as api:
        last = MIGRATIONS[-1].__name__
        forget = "DELETE FROM langmem_migrations WHERE name = ?"
        api.db.write(lambda conn: conn.execute(forget, (last,)).rowcount)
        with pytest.raises(StoreError, match="another version"):
            admin.list_keys(path)


def test_the_lock_is_given_back(tmp_path: Path) -> None:
    """After a key was made a service can have the file."""
    path = tmp_path / "langmem.db"
    admin.create_key(path, "web", "default", auth.APPLICATION)
    hold(path).release()
