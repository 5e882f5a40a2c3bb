"""The tables of the pages: what they come to, and what is wrong is said with its key."""

from datetime import timedelta
from pathlib import Path

import pytest

from mxproof.formats import ConfigError
from mxproof.net.asking import Peer
from mxproof.serve.daemon.config import UnixPath
from mxproof.serve.web.config import GuestOptions, ProxyOptions, WebOptions
from mxproof.serve.web.settings import Guests, Origin, tls_context, web_settings
from mxproof.store.journal.guest_bounds import GuestBounds

LOCAL = "inet:127.0.0.1:8466"


def test_no_pages_are_wanted_by_default() -> None:
    assert web_settings(WebOptions()) is None


def test_guests_may_do_nothing_by_default_and_what_they_may_has_bounds() -> None:
    settings = web_settings(WebOptions(listen=LOCAL))
    assert settings is not None
    assert settings.guests is None
    settings = web_settings(WebOptions(listen=LOCAL, guests=GuestOptions(check=True, kept_days=2)))
    assert settings is not None
    assert settings.guests == Guests(10, GuestBounds(20, 100, timedelta(days=2)))


def test_pages_of_this_machine_need_nothing_else() -> None:
    settings = web_settings(WebOptions(listen=LOCAL))
    assert settings is not None
    assert (settings.listen, settings.public, settings.certificate) == (Peer("127.0.0.1", 8466), None, None)
    assert not settings.proxy.is_peer("127.0.0.1")


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://watch.example.com", Origin("https", "watch.example.com")),
        ("https://Watch.example.com:443/", Origin("https", "watch.example.com")),
        ("https://watch.example.com:8443", Origin("https", "watch.example.com:8443")),
        ("http://localhost:8466", Origin("http", "localhost:8466")),
        ("https://[2001:db8::1]:8443", Origin("https", "[2001:db8::1]:8443")),
    ],
)
def test_what_people_type_is_read_as_a_browser_writes_it(url: str, origin: Origin) -> None:
    settings = web_settings(WebOptions(listen=LOCAL, public_url=url))
    assert settings is not None
    assert settings.public == origin


def test_a_proxy_is_known_by_where_it_connects_from() -> None:
    proxy = ProxyOptions(addresses=("192.0.2.0/24", "2001:db8::1", "unix"), header="X-User", admins=("ada",))
    settings = web_settings(
        WebOptions(listen="unix:/run/mxproof/web", public_url="https://watch.example", proxy=proxy)
    )
    assert settings is not None
    assert settings.listen == UnixPath("/run/mxproof/web")
    found = settings.proxy
    peers = ("192.0.2.7", "2001:db8::1", "unix", "198.51.100.1", "2001:db8::2")
    assert [found.is_peer(one) for one in peers] == [True, True, True, False, False]
    assert (found.header, found.admins) == ("x-user", frozenset({"ada"}))


@pytest.mark.parametrize(
    ("web", "key"),
    [
        (WebOptions(public_url="https://watch.example"), "web.listen"),
        (WebOptions(listen="127.0.0.1:8466"), "web.listen"),
        (WebOptions(listen="inet:192.0.2.1:8466"), "web.listen"),
        (WebOptions(listen=LOCAL, certificate="/chain.pem"), "web.key"),
        (WebOptions(listen=LOCAL, key="/key.pem"), "web.certificate"),
        (WebOptions(listen="unix:/run/mxproof/web"), "web.public_url"),
        (WebOptions(listen=LOCAL, public_url="watch.example"), "web.public_url"),
        (WebOptions(listen=LOCAL, public_url="http://watch.example"), "web.public_url"),
        (WebOptions(listen=LOCAL, public_url="https://watch.example/mxproof"), "web.public_url"),
        (WebOptions(listen=LOCAL, public_url="https://watch.example:port"), "web.public_url"),
        (WebOptions(listen=LOCAL, public_url="https://ada@watch.example"), "web.public_url"),
        (WebOptions(listen=LOCAL, proxy=ProxyOptions(addresses=("proxy",))), "web.proxy.addresses"),
        (WebOptions(listen=LOCAL, proxy=ProxyOptions(header="X-User")), "web.proxy.addresses"),
        (
            WebOptions(listen=LOCAL, proxy=ProxyOptions(addresses=("192.0.2.1",), header="X User")),
            "web.proxy.header",
        ),
        (
            WebOptions(listen=LOCAL, proxy=ProxyOptions(addresses=("192.0.2.1",), admins=("ada",))),
            "web.proxy.admins",
        ),
    ],
)
def test_a_mistake_names_its_key(web: WebOptions, key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        web_settings(web)
    assert str(caught.value).startswith(f"{key}: ")


def test_a_certificate_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    for missing in (chain, key):
        with pytest.raises(ConfigError) as caught:
            tls_context((chain, key))
        assert str(missing) in str(caught.value)
        missing.write_text("no certificate", encoding="ascii")
    with pytest.raises(ConfigError) as caught:
        tls_context((chain, key))
    assert str(caught.value).startswith("web.certificate: ")


def test_each_bound_of_guests_is_the_one_that_is_configured() -> None:
    guests = GuestOptions(check=True, checks_an_hour=3, checks_an_hour_in_all=44, waiting_max=5, kept_days=6)
    settings = web_settings(WebOptions(listen=LOCAL, guests=guests))
    assert settings is not None
    assert settings.guests == Guests(3, GuestBounds(5, 44, timedelta(days=6)))


@pytest.mark.parametrize(
    ("web", "certificate", "public"),
    [
        (
            WebOptions(listen="inet:192.0.2.1:8466", certificate="/chain.pem", key="/key.pem"),
            (Path("/chain.pem"), Path("/key.pem")),
            None,
        ),
        (
            WebOptions(listen="inet:192.0.2.1:8466", public_url="https://watch.example"),
            None,
            Origin("https", "watch.example"),
        ),
    ],
    ids=["by a certificate", "by a proxy"],
)
def test_pages_that_other_machines_reach_are_encrypted(
    web: WebOptions, certificate: tuple[Path, Path] | None, public: Origin | None
) -> None:
    settings = web_settings(web)
    assert settings is not None
    assert settings.listen == Peer("192.0.2.1", 8466)
    assert (settings.certificate, settings.public) == (certificate, public)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://localhost:80", "localhost"),
        ("http://127.0.0.1:443", "127.0.0.1:443"),
        ("http://[::1]", "[::1]"),
        ("https://watch.example:80", "watch.example:80"),
    ],
)
def test_only_the_usual_port_of_its_own_scheme_is_left_out(url: str, host: str) -> None:
    settings = web_settings(WebOptions(listen=LOCAL, public_url=url))
    assert settings is not None
    assert settings.public is not None
    assert str(settings.public) == f"{url.partition(':')[0]}://{host}"


@pytest.mark.parametrize("url", ["https://watch.example?a=b", "https://watch.example#a", "ftp://localhost"])
def test_what_is_more_than_a_host_is_no_public_url(url: str) -> None:
    with pytest.raises(ConfigError, match="https://HOST or https://HOST:PORT was expected"):
        web_settings(WebOptions(listen=LOCAL, public_url=url))


@pytest.mark.parametrize(
    "web",
    [
        WebOptions(guests=GuestOptions(check=True)),
        WebOptions(proxy=ProxyOptions(addresses=("unix",))),
        WebOptions(certificate="/chain.pem", key="/key.pem"),
    ],
    ids=["guests", "a proxy", "a certificate"],
)
def test_what_is_configured_of_pages_that_nobody_serves_is_a_mistake(web: WebOptions) -> None:
    with pytest.raises(ConfigError, match=r"^web\.listen: empty"):
        web_settings(web)
