"""The contract of a store, kept by a real PostgreSQL and a real Redis on sockets of their own."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mxproof.store.destinations.destination import Store, StoreError
from mxproof.store.destinations.postgresql import postgresql_store
from mxproof.store.destinations.redis import RedisStore
from real.store.servers import folder_of, postgresql, redis
from support_store import CONTRACT, POLICY, destination


class Server:
    """A kind of server: how to run it and how to reach it."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.run = {"postgresql": postgresql, "redis": redis}[kind]
        self.kind = kind
        self.folder = folder

    def store(self) -> Store:
        if self.kind == "redis":
            return RedisStore(f"unix://{self.folder}/s")
        return postgresql_store(f"host={self.folder} user=postgres dbname=postgres")


@pytest.fixture(scope="module", params=["postgresql", "redis"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    kind: str = request.param
    with folder_of({"postgresql": "postgres", "redis": "redis"}[kind]) as folder:
        yield Server(kind, folder)


@pytest.fixture(scope="module")
def up(server: Server) -> Iterator[Server]:
    with server.run(server.folder):
        yield server


@pytest.fixture
def store(up: Server) -> Iterator[Store]:
    with closing(up.store()) as made:
        for known in made.load(1000):
            made.delete(known.key)
        yield made


@pytest.mark.parametrize("rule", CONTRACT, ids=lambda rule: rule.__name__)
def test_the_server_keeps_the_contract(store: Store, rule: Callable[[Store], None]) -> None:
    rule(store)


def test_what_one_daemon_learns_another_knows(store: Store, up: Server) -> None:
    with closing(up.store()) as other:
        store.write([destination()])
        assert other.read("example.com") == destination()
        other.write([destination(policy=None)])
        found = store.read("example.com")
        assert found is not None
        assert found.held.policy == POLICY


@pytest.mark.parametrize("kind", ["postgresql", "redis"])
def test_an_outage_is_an_error_and_its_end_is_noticed(kind: str) -> None:
    with folder_of({"postgresql": "postgres", "redis": "redis"}[kind]) as folder:
        server = Server(kind, folder)
        with closing(server.store()) as store:
            with server.run(folder):
                store.write([destination()])
            with pytest.raises(StoreError):
                store.write([destination("lost.example")])
            with pytest.raises(StoreError):
                store.read("example.com")
            with server.run(folder):
                assert store.read("example.com") == destination()
