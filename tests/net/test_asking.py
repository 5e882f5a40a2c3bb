"""Peers, detours and resolvers as a person or a machine writes them."""

from pathlib import Path
from types import MappingProxyType

import pytest

from mxproof.formats import ConfigError
from mxproof.net.asking import Asking, Peer, parse_connect_to, parse_peer, system_resolvers, trusted_resolvers


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("192.0.2.1:25", Peer("192.0.2.1", 25)),
        ("[2001:db8::1]:25", Peer("2001:db8::1", 25)),
        ("[2001:0DB8:0::1]:65535", Peer("2001:db8::1", 65535)),
    ],
)
def test_a_peer_is_an_address_and_a_port(text: str, want: Peer) -> None:
    assert parse_peer(text) == want
    assert parse_peer(str(want)) == want


@pytest.mark.parametrize("text", ["192.0.2.1", "2001:db8::1", "[2001:db8::1]"])
def test_a_bare_address_takes_the_default_port(text: str) -> None:
    assert parse_peer(text, 53).port == 53


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mx.example.com:25",
        "192.0.2.1",
        "192.0.2.1:",
        "192.0.2.1:0",
        "192.0.2.1:65536",
        "192.0.2.1:4294967321",
        "192.0.2.1:²5",
        "2001:db8::1:25",
        "[192.0.2.1]:25",
        "[2001:db8::1]25",
        ":25",
    ],
)
def test_what_is_not_a_peer_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        parse_peer(text)


def test_a_detour_names_both_peers() -> None:
    got = parse_connect_to("[2001:db8::1]:25=127.0.0.1:2525")
    assert got == (Peer("2001:db8::1", 25), Peer("127.0.0.1", 2525))


@pytest.mark.parametrize("text", ["192.0.2.1:25", "192.0.2.1:25=", "=192.0.2.1:25", "a=b=c"])
def test_what_is_not_a_detour_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        parse_connect_to(text)


def test_only_the_peer_meant_takes_the_detour() -> None:
    asking = Asking((), connect_to=MappingProxyType({Peer("192.0.2.1", 25): Peer("127.0.0.1", 2525)}))
    assert asking.way_to(Peer("192.0.2.1", 25)) == ("127.0.0.1", 2525)
    assert asking.way_to(Peer("192.0.2.1", 443)) == ("192.0.2.1", 443)


def test_the_first_three_distinct_resolvers_of_the_system_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "resolv.conf"
    path.write_text(
        "# nameserver 192.0.2.9\nsearch example.com\nnameserver 127.0.0.1\nnameserver nonsense\n"
        "nameserver\n\tnameserver ::1\nnameserver 127.0.0.1\nnameserver 192.0.2.3\nnameserver 192.0.2.4\n"
    )
    assert system_resolvers(path) == (Peer("127.0.0.1", 53), Peer("::1", 53), Peer("192.0.2.3", 53))


def test_a_system_without_resolver_is_a_fault_of_the_set_up(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        system_resolvers(tmp_path / "missing")
    empty = tmp_path / "resolv.conf"
    empty.write_text("options edns0\n")
    with pytest.raises(ConfigError):
        system_resolvers(empty)


@pytest.mark.parametrize(
    ("lines", "amended", "trusted"),
    [
        ("options trust-ad\n", "", True),
        ("options edns0 trust-ad\nsearch example.com\n", "", True),
        ("options edns0\noptions trust-ad\n", "", True),
        ("", "ndots:2 trust-ad", True),
        ("", "", False),
        ("options edns0\n", "", False),
        ("#options trust-ad\n; options trust-ad\n", "", False),
        ("options trust-ads\n", "", False),
    ],
)
def test_the_resolvers_are_trusted_as_the_c_library_trusts_them(
    tmp_path: Path, lines: str, amended: str, trusted: bool
) -> None:
    path = tmp_path / "resolv.conf"
    path.write_text(f"nameserver 192.0.2.53\n{lines}")
    assert trusted_resolvers(path, amended) == ((Peer("192.0.2.53", 53),) if trusted else ())


def test_without_a_resolv_conf_nobody_is_trusted(tmp_path: Path) -> None:
    assert trusted_resolvers(tmp_path / "missing", "trust-ad") == ()


@pytest.mark.parametrize(
    ("dns_s", "server_s", "resolvers_have", "a_server_has"),
    [
        (None, None, 10, 10),
        (None, 3, 10, 3),
        (None, 30, 10, 10),
        (5, None, 5, 5),
        (5, 3, 5, 3),
        (5, 7, 5, 5),
        (20, 15, 20, 15),
    ],
)
def test_a_server_by_itself_has_its_own_time_where_that_is_less(
    dns_s: float | None, server_s: float | None, resolvers_have: float, a_server_has: float
) -> None:
    asking = Asking((), timeout_s=10, dns_timeout_s=dns_s, server_timeout_s=server_s)
    assert (asking.look_up_s(), asking.look_up_s("192.0.2.53")) == (resolvers_have, a_server_has)
