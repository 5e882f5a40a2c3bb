import pytest

from mxproof.formats import ConfigError
from mxproof.serve.policyd.config import Config, Storage
from mxproof.serve.policyd.opening import store_of


@pytest.mark.parametrize(
    "url",
    [
        "redis://user:secret@cache:port/0",
        "postgresql://user:secret@db/mxproof?no_such_parameter=1",
    ],
)
def test_a_url_that_the_driver_cannot_read_is_a_mistake_and_its_password_is_not_repeated(url: str) -> None:
    with pytest.raises(ConfigError, match=r"^store\.url: ") as caught:
        store_of(Config(store=Storage(url=url)))
    assert "secret" not in str(caught.value)
