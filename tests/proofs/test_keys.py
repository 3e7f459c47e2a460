"""The key matrix: every operation of the document, asked for with every kind of key.

scripts/prove keys
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx
import pytest

from langmem_server import admin
from langmem_server.auth import APPLICATION, METRICS
from langmem_server.settings import Settings
from tests.proofs.keys import IDS, OPERATIONS, SECRET, furnish, request, searches, shape
from tests.server.live import running, wait_for
from tests.server.spec_check import SpecCheck
from tests.server.store.test_isolation import contents

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.server.live import Api

OPEN = {"get_health", "get_readiness"}
"""What needs no key; whoever adds to this has to say so here."""

DELETES = (
    "delete_individual_memories",
    "delete_user_memory",
    "delete_memory_function",
    "delete_thread",
    "delete_user",
)
"""In an order in which each finds what it is to delete."""

TENANT = "ours"


class World:
    """A service with a tenant that has one of everything, and keys of all kinds."""

    def __init__(self, api: Api, path: Path) -> None:
        self.api = api
        self.path = path
        self.ours = self.key(TENANT)
        self.metrics = self.key(TENANT, METRICS)
        self.revoked = self.key(TENANT)
        last = [key for key in admin.list_keys(path) if key.scope == APPLICATION][-1]
        admin.revoke_key(path, last.id)
        with self.client(self.ours) as client:
            self.ids = furnish(client)
        wait_for(lambda: self.status("list_threads", self.revoked) == 401, "the key to be revoked")

    def key(self, tenant: str, scope: str = APPLICATION) -> str:
        """Make a key while the service runs."""
        return admin.create_key(self.path, "a test's", tenant, scope)[1]

    @contextmanager
    def client(self, key: str | None) -> Iterator[httpx.Client]:
        """Give a client that sends a key; its answers are held against the document."""
        headers = {} if key is None else {"x-api-key": key}
        hooks: dict[str, list[Any]] = {"response": [SpecCheck()]}
        with httpx.Client(base_url=self.api.url, headers=headers, event_hooks=hooks) as client:
            yield client

    def status(self, name: str, key: str | None) -> int:
        """Ask for an operation about the tenant's things with a key; say nothing is told."""
        with self.client(key) as client:
            response = client.request(**request(OPERATIONS[name], self.ids))
        assert SECRET not in response.text or key == self.ours
        return response.status_code

    def belongings(self) -> object:
        """Read all rows of the tenant."""
        return self.api.db.read(lambda conn: contents(conn, TENANT))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The service, processing in the background, without a model."""
    path = tmp_path_factory.mktemp("keys") / "langmem.db"
    with running(Settings(database=path, processing_delay=3600), process=True) as api:
        yield World(api, path)


@pytest.mark.parametrize("name", OPERATIONS)
def test_nobody_without_a_key_of_ours_learns_anything(world: World, name: str) -> None:
    """Without a valid key it is 401; with another tenant's, as if there were nothing here."""
    before = world.belongings()
    refused = {
        "none": world.status(name, None),
        "made up": world.status(name, "lmk_" + "x" * 43),
        "revoked": world.status(name, world.revoked),
        "metrics": world.status(name, world.metrics),
    }
    assert set(refused.values()) == {200 if name in OPEN else 401}
    foreign = foreign_status(world, name)
    assert world.belongings() == before
    print(f"{name:28}", *(f"{key} {status}  " for key, status in refused.items()), foreign)


def foreign_status(world: World, name: str) -> str:
    """Compare what a stranger is told of our things and of things nobody has."""
    invented = {key: str(uuid4()) for key in world.ids}
    asked = []
    for ids in (world.ids, invented):
        more = searches(ids) if name == "query_user_memory" else []
        asked += [(made, ids) for made in (request(OPERATIONS[name], ids), *more)]
    told = []
    for made, ids in asked:
        # Each in a tenant that has nothing yet, so that neither meets what the other stored.
        with world.client(world.key(f"stranger-{uuid4().hex}")) as client:
            response = client.request(**made)
        assert SECRET not in response.text
        told.append(shape(response, ids))
    half = len(told) // 2
    ours, theirs = told[:half], told[half:]
    assert ours == theirs
    if "{" in OPERATIONS[name].path and ours[0][0] != 200:
        assert ours[0][0] == 404
    return f"foreign {ours[0][0]}  unknown {theirs[0][0]}"


def test_what_is_asked_for_is_there(world: World) -> None:
    """Every request of this matrix finds something when the tenant itself asks."""
    names = [*sorted(OPERATIONS.keys() - set(DELETES)), *DELETES]
    statuses = {name: world.status(name, world.ours) for name in names}
    print("own key:", statuses)
    assert set(statuses.values()) == {200}


@pytest.mark.parametrize("way", ["head", "twice", "as a bearer token", "in the query"])
def test_there_is_no_other_way_in(world: World, way: str) -> None:
    """A HEAD needs a key as a GET does; two keys are none; a key counts in its header alone."""
    with world.client(None) as client:
        url = f"/users/{IDS['user_id']}"
        match way:
            case "head":
                assert client.head(url).status_code == 401
            case "twice":
                both = [("x-api-key", world.ours), ("x-api-key", world.metrics)]
                assert client.get(url, headers=both).status_code == 401
            case "as a bearer token":
                bearer = {"authorization": f"Bearer {world.ours}"}
                assert client.get(url, headers=bearer).status_code == 401
            case _:
                assert client.get(url, params={"x-api-key": world.ours}).status_code == 401


def test_metrics_are_for_their_own_keys(world: World) -> None:
    """Totals over all tenants are shown to a key made for them, and to no application."""
    given = {"none": None, "application": world.ours, "revoked": world.revoked}
    with world.client(None) as client:
        for key in given.values():
            headers = {} if key is None else {"x-api-key": key}
            assert client.get("/metrics", headers=headers).status_code == 401
        response = client.get("/metrics", headers={"authorization": f"Bearer {world.metrics}"})
    assert response.status_code == 200
    assert "langmem_runs{" in response.text
    assert SECRET not in response.text
    assert world.metrics not in response.text


def test_the_document_says_which_operations_are_open(world: World) -> None:
    """Only what is listed here needs no key."""
    assert {name for name, operation in OPERATIONS.items() if not operation.needs_key} == OPEN
