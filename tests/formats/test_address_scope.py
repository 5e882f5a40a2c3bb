"""The registries of special-purpose addresses, as one law, against another reading of the same registries."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.address_scope import RANGES, is_example, special_range

NETWORKS = [ipaddress.ip_network(row.network) for row in RANGES]
PRIVATE = [(network, row) for network, row in zip(NETWORKS, RANGES, strict=True) if not row.is_public]
DIFFERENT = [
    ipaddress.ip_network(network)
    for network in (
        "192.88.99.2/32",  # 6a44, RFC 6751: younger than the table of the library
        "192.0.0.0/24",  # a row that older libraries have in parts
        "224.0.0.0/4",  # multicast is global there, and nobody's server here
        "::/96",  # IPv4-compatible addresses and site-local ones are plain addresses there
        "fec0::/10",
        "ff00::/8",
        "100:0:0:1::/64",  # RFC 9780, RFC 9602 and RFC 9637: younger than the table of the library
        "5f00::/16",
        "3fff::/20",
        "2001::/23",  # what is public in 2001::/23 is younger than the table of older libraries
        "::ffff:0:0/96",  # here the IPv4 address in it is judged, there the range
        "::ffff:0:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
    )
]
"""Where `ipaddress.is_global` of the Python versions that run this says something else, each with its reason."""


def address_in(network: ipaddress.IPv4Network | ipaddress.IPv6Network, number: int) -> str:
    return str(network[number % network.num_addresses])


def is_public(address: str) -> bool:
    return special_range(address) is None


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("0.0.0.0", "0.0.0.0/8"),
        ("10.1.2.3", "10.0.0.0/8"),
        ("100.64.0.1", "100.64.0.0/10"),
        ("127.0.0.1", "127.0.0.0/8"),
        ("169.254.169.254", "169.254.0.0/16"),
        ("172.31.255.255", "172.16.0.0/12"),
        ("192.0.0.1", "192.0.0.0/29"),
        ("192.0.0.100", "192.0.0.0/24"),
        ("192.0.0.171", "192.0.0.170/31"),
        ("192.168.1.1", "192.168.0.0/16"),
        ("198.19.255.255", "198.18.0.0/15"),
        ("203.0.113.1", "203.0.113.0/24"),
        ("239.255.255.255", "224.0.0.0/4"),
        ("255.255.255.255", "255.255.255.255/32"),
        ("::", "::/128"),
        ("::1", "::1/128"),
        ("::7f00:1", "::/96"),
        ("100::1", "100::/64"),
        ("2001:2::1", "2001:2::/48"),
        ("2001:db8::1", "2001:db8::/32"),
        ("3fff::1", "3fff::/20"),
        ("5f00::1", "5f00::/16"),
        ("fd12::1", "fc00::/7"),
        ("fe80::1%eth0", "fe80::/10"),
        ("fec0::1", "fec0::/10"),
        ("ff02::1", "ff00::/8"),
        ("::ffff:127.0.0.1", "127.0.0.0/8"),
        ("::ffff:0:10.0.0.1", "10.0.0.0/8"),
        ("64:ff9b::10.0.0.1", "10.0.0.0/8"),
        ("64:ff9b:1::10.0.0.1", "10.0.0.0/8"),
        ("64:ff9b:1:a00:0:100:808:808", "64:ff9b:1::/48"),
        ("2002:a9fe:a9fe::1", "169.254.0.0/16"),
        ("2001:0:7f00:1::1", "127.0.0.0/8"),
        ("2001:0:808:808::80ff:fffe", "127.0.0.0/8"),
        ("2001:0:808:808::f7f7:f7f7", "2001::/32"),
    ],
)
def test_an_address_is_in_the_narrowest_range_that_is_told_of_it(address: str, network: str) -> None:
    found = special_range(address)
    assert found is not None
    assert found.network == network


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "192.0.0.9",
        "192.0.0.10",
        "192.31.196.1",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2606:4700::1111",
        "2001:1::1",
        "2001:20::1",
        "2001:200::1",
        "2620:4f:8000::1",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "64:ff9b:1::8.8.8.8",
        "2002:808:808::1",
    ],
)
def test_a_public_address_is_in_none(address: str) -> None:
    assert special_range(address) is None


@given(st.sampled_from(PRIVATE), st.integers(min_value=0))
def test_no_address_of_a_range_that_is_not_public_is_public(
    private: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, object], number: int
) -> None:
    network = private[0]
    address = ipaddress.ip_address(address_in(network, number))
    carved_out = [
        other
        for other, row in zip(NETWORKS, RANGES, strict=True)
        if row.is_public and other.version == address.version and other.prefixlen > network.prefixlen
    ]
    in_local_nat64 = address in ipaddress.ip_network("64:ff9b:1::/96")
    if not in_local_nat64 and not any(address in other for other in carved_out):
        assert not is_public(str(address))


@given(st.sampled_from(PRIVATE), st.integers(min_value=0), st.integers(min_value=0, max_value=2**64))
def test_an_address_that_holds_one_is_judged_by_it(
    private: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, object], number: int, rest: int
) -> None:
    network = private[0]
    if network.version == 6:
        return
    held = int(network[number % network.num_addresses])
    if is_public(str(ipaddress.IPv4Address(held))):
        return
    forms = [
        0xFFFF << 32 | held,
        0xFFFF_0000 << 32 | held,
        0x0064_FF9B << 96 | held,
        0x0064_FF9B_0001 << 80 | held,
        0x2002 << 112 | held << 80 | rest,
        0x2001_0000 << 96 | held << 64 | rest,
        0x2001_0000 << 96 | 0x0808_0808 << 64 | held ^ 0xFFFF_FFFF,
    ]
    assert [form for form in forms if is_public(str(ipaddress.IPv6Address(form)))] == []


@given(
    st.one_of(st.ip_addresses(), st.sampled_from(NETWORKS).flatmap(lambda one: st.ip_addresses(network=one)))
)
def test_the_library_of_python_agrees_but_where_it_is_said(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if not any(address.version == network.version and address in network for network in DIFFERENT):
        assert is_public(str(address)) is address.is_global


def test_the_addresses_of_documentation_are_known() -> None:
    examples = ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"]
    assert [address for address in (*examples, "10.0.0.1", "8.8.8.8") if is_example(address)] == examples


def test_every_range_is_written_once_and_as_a_network() -> None:
    assert len(set(NETWORKS)) == len(RANGES)
    assert [str(network) for network in NETWORKS] == [row.network for row in RANGES]
