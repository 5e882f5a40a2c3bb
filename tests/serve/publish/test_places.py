"""Who may be connected, and who makes room."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.serve.publish.places import Places, network_of


def full(in_all: int = 3, of_a_network: int = 2) -> Places[str]:
    places: Places[str] = Places(in_all, of_a_network)
    for guest, network in (("a", "one"), ("b", "one"), ("c", "two")):
        assert places.taken_from(network) is None
        places.enter(guest, network)
    return places


def test_where_all_is_full_the_network_that_has_most_gives_back_who_has_waited_longest() -> None:
    assert full().taken_from("three") == "a"
    places = full(in_all=5, of_a_network=9)
    for guest in ("d", "e"):
        places.enter(guest, "two")
    assert places.taken_from("three") == "c"


def test_where_a_network_has_its_share_one_of_its_own_makes_room() -> None:
    places = full(in_all=9)
    assert places.taken_from("one") == "a"
    assert places.taken_from("two") is None


def test_who_was_served_waits_anew() -> None:
    places = full()
    places.served("a")
    assert places.taken_from("three") == "b"
    assert places.taken_from("one") == "b"


def test_of_networks_that_have_as_many_the_one_that_was_served_goes_later() -> None:
    places: Places[str] = Places(2, 2)
    places.enter("a", "one")
    places.enter("b", "two")
    assert places.taken_from("three") == "a"
    places.served("a")
    assert places.taken_from("three") == "b"


def test_a_place_that_is_given_back_is_free() -> None:
    places = full()
    places.leave("a")
    places.leave("a")
    places.served("a")
    assert len(places) == 2
    assert places.taken_from("one") is None
    assert places.taken_from("three") is None


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.booleans()), max_size=80))
def test_who_makes_room_is_always_of_a_network_that_has_most(steps: list[tuple[str, bool]]) -> None:
    places: Places[tuple[str, int]] = Places(4, 3)
    inside: list[tuple[str, int]] = []
    for number, (network, comes) in enumerate(steps):
        if comes:
            if (goes := places.taken_from(network)) is not None:
                sizes = Counter(one for one, _ in inside)
                most = sizes[network] if sizes[network] >= 3 else max(sizes.values())
                assert sizes[goes[0]] == most
                inside.remove(goes)
                places.leave(goes)
            inside.append((network, number))
            places.enter((network, number), network)
        elif inside:
            places.leave(inside.pop(0))
        assert len(places) == len(inside) <= 4


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("unix", "unix"),
    ],
)
def test_a_network_is_an_address_or_what_one_customer_has_of_ipv6(address: str, network: str) -> None:
    assert network_of(address) == network
