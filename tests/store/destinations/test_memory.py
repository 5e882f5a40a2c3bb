from mxproof.store.destinations.memory import MemoryStore
from support_store import destination


def test_the_least_recently_used_leaves() -> None:
    store = MemoryStore(3)
    store.write([destination("a.example"), destination("b.example"), destination("c.example")])
    assert store.read("a.example") is not None
    store.write([destination("d.example")])
    assert [one.key for one in store.load(9)] == ["c.example", "a.example", "d.example"]
    assert len(store) == 3
