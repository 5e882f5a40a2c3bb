from mxproof.store.destinations.memory import MemoryStore
from support_store import entry


def test_the_least_recently_used_leaves() -> None:
    store = MemoryStore(3)
    store.write([entry("a.example"), entry("b.example"), entry("c.example")])
    assert store.read("a.example") is not None
    store.write([entry("d.example")])
    assert [one.key for one in store.load(9)] == ["c.example", "a.example", "d.example"]
    assert len(store) == 3
