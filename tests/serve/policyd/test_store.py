import pytest

from mxproof.formats import ConfigError
from mxproof.serve.policyd.store import StoreKind, StorePlace, store_at, store_place


@pytest.mark.parametrize(
    ("url", "want"),
    [
        ("memory:", StorePlace(StoreKind.MEMORY)),
        ("sqlite:/var/lib/mxproof/state.db", StorePlace(StoreKind.SQLITE, "/var/lib/mxproof/state.db")),
        ("postgresql://db/mxproof", StorePlace(StoreKind.POSTGRESQL, "postgresql://db/mxproof")),
        ("postgres://db/mxproof", StorePlace(StoreKind.POSTGRESQL, "postgres://db/mxproof")),
        ("redis://cache/0", StorePlace(StoreKind.REDIS, "redis://cache/0")),
        ("rediss://cache/0", StorePlace(StoreKind.REDIS, "rediss://cache/0")),
        ("unix:///run/redis", StorePlace(StoreKind.REDIS, "unix:///run/redis")),
    ],
)
def test_stores_by_url(url: str, want: StorePlace) -> None:
    assert store_place(url) == want


@pytest.mark.parametrize("url", ["", "memory", "sqlite:state.db", "mysql://db", "postgresql:db"])
def test_other_stores_are_refused_without_repeating_a_password(url: str) -> None:
    with pytest.raises(ConfigError, match=r"store\.url"):
        store_place(url)
    with pytest.raises(ConfigError) as caught:
        store_place("mysql://user:secret@db")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "redis://user:secret@cache:port/0",
        "postgresql://user:secret@db/mxproof?no_such_parameter=1",
    ],
)
def test_a_url_that_the_driver_cannot_read_is_a_mistake_and_its_password_is_not_repeated(url: str) -> None:
    with pytest.raises(ConfigError, match=r"^store\.url: ") as caught:
        store_at(store_place(url))
    assert "secret" not in str(caught.value)
