"""Nothing is sent to an address that is not public, however it is written and whoever asks."""

import asyncio
import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mxproof.evidence import Answer, Evidence, Kind, Outcome, Question, Transport
from mxproof.formats.address_scope import RANGES, special_range
from mxproof.lab.running import running
from mxproof.lab.scenario import load
from mxproof.net.asker import Asker
from mxproof.net.asking import Asking, Peer
from mxproof.net.collect import collect
from mxproof.net.reach import forbidden, stands_in_examples
from mxproof.survey import inbound, outbound
from mxproof.survey.together import Wanted
from support_certificates import NOW

NOBODY = Peer("127.0.0.1", 1)
HIDDEN = "mx-address-mapped"
SPECIAL = [ipaddress.ip_network(row.network) for row in RANGES if not row.is_public and not row.is_example]
HIDDEN_ADDRESSES = (
    "169.254.169.254",
    "198.18.0.1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::1",
    "2001:0:7f00:1::1",
    "100::1",
    "5f00::1",
    "fe80::1",
    "fd00::1",
)
FORMS = (0xFFFF << 32, 0x0064_FF9B << 96, 0x0064_FF9B_0001 << 80)

Reached = list[tuple[str, int]]


class Spied(socket.socket):
    """A socket that writes down whom it is to reach."""

    reached: Reached = []  # noqa: RUF012 - the one list that a test looks at

    def connect(self, address: Any, /) -> None:  # noqa: ANN401 - as the library has it
        """Connect."""
        self.reached.append(address[:2])
        super().connect(address)

    def connect_ex(self, address: Any, /) -> int:  # noqa: ANN401 - as the library has it
        """Connect."""
        self.reached.append(address[:2])
        return super().connect_ex(address)


@contextmanager
def spying(monkeypatch: pytest.MonkeyPatch) -> Iterator[Reached]:
    """Have every socket that is opened meanwhile be one that writes down whom it is to reach."""
    with monkeypatch.context() as patched:
        Spied.reached = []
        patched.setattr(socket, "socket", Spied)
        yield Spied.reached


def asked(question: Question, asking: Asking) -> Answer:
    async def run() -> Answer:
        with Asker(asking) as asker:
            return await asker.ask(question, asker.share())

    return asyncio.run(run())


def special_addresses() -> st.SearchStrategy[str]:
    plain = st.sampled_from(SPECIAL).flatmap(lambda network: st.ip_addresses(network=network))
    four = st.sampled_from([one for one in SPECIAL if one.version == 4])
    held = four.flatmap(lambda network: st.ip_addresses(network=network))
    hidden = st.builds(lambda form, one: ipaddress.IPv6Address(form | int(one)), st.sampled_from(FORMS), held)
    return st.one_of(plain, hidden).map(str).filter(lambda address: special_range(address) is not None)


@settings(deadline=None)
@given(special_addresses(), st.sampled_from((Kind.SMTP, Kind.POLICY, Kind.TXT)))
def test_an_address_that_is_not_public_is_never_connected_to(address: str, kind: Kind) -> None:
    question = Question(kind, "example.com", at=address)
    if kind is Kind.TXT:
        question = Question(kind, "example.com", server=address, transport=Transport.TCP)
    with spying(pytest.MonkeyPatch()) as reached:
        answer = asked(question, Asking((NOBODY,), timeout_s=0.2))
    assert (answer.outcome, reached) == (Outcome.UNASKED, [])
    assert str(special_range(address)) in answer.detail


def test_the_spy_sees_what_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    question = Question(Kind.SMTP, "example.com", "127.0.0.1")
    with spying(monkeypatch) as reached:
        asked(question, Asking((NOBODY,), timeout_s=0.2, allow_private=True))
    assert reached == [("127.0.0.1", 25)]


@pytest.mark.parametrize(
    "survey", [inbound.wanted, partial(outbound.wanted, plan=outbound.FetchPlan())], ids=["check", "policyd"]
)
def test_records_that_lead_into_this_machine_make_no_connection_there(
    survey: Wanted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the lab serves stands on loopback, and so would whoever waits there: the peers show what was reached."""

    async def run() -> tuple[Evidence, set[str]]:
        async with running(load(HIDDEN), now=NOW) as lab:
            ways = dict(lab.connect_to)
            asking = Asking((Peer(*lab.resolver),), connect_to=ways, trust_ad=True, timeout_s=1.0)
            with Asker(asking) as asker, spying(monkeypatch) as reached:
                evidence = await collect(lab.domain, asker, survey)
            served = {*ways.values(), lab.resolver}
            return evidence, {address for address, port in reached if (address, port) not in served}

    evidence, elsewhere = asyncio.run(run())
    assert elsewhere == set()
    kept = {
        one.at for one, answer in evidence.answers.items() if one.at and answer.outcome is Outcome.UNASKED
    }
    assert kept == (set(HIDDEN_ADDRESSES) if survey is inbound.wanted else set())


@pytest.mark.parametrize("scenario", ["mx-address-private", "policy-host-private"])
def test_what_was_kept_from_is_said(scenario: str) -> None:
    async def run() -> Evidence:
        async with running(load(scenario), now=NOW) as lab:
            asking = Asking((Peer(*lab.resolver),), connect_to=lab.connect_to, trust_ad=True)
            with Asker(asking) as asker:
                return await collect(lab.domain, asker, inbound.wanted)

    evidence = asyncio.run(run())
    details = {answer.detail for answer in evidence.answers.values() if answer.outcome is Outcome.UNASKED}
    assert len(details) == 1
    assert "RFC 1918" in details.pop()


def test_allowed_is_allowed_and_a_resolver_is_never_kept_from() -> None:
    asking = Asking((NOBODY,))
    assert forbidden(Question(Kind.MX, "example.com"), asking) is None
    private = Question(Kind.SMTP, "example.com", "10.0.0.1")
    assert forbidden(private, asking) is not None
    assert forbidden(private, Asking((NOBODY,), allow_private=True)) is None


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1"])
def test_an_address_for_documentation_is_public_in_a_world_that_is_made_up(address: str) -> None:
    """By a detour, or because this machine is numbered so itself, which is a matter of where the test runs."""
    question = Question(Kind.SMTP, "example.com", address)
    made_up = stands_in_examples(Peer(address, 25))
    assert forbidden(question, Asking((NOBODY,), connect_to={(address, 25): NOBODY})) is None
    assert (forbidden(question, Asking((NOBODY,))) is None) is made_up
    assert (forbidden(question, Asking((NOBODY,), connect_to={(address, 443): NOBODY})) is None) is made_up


def test_a_detour_is_no_leave_for_another_address_that_is_not_public() -> None:
    question = Question(Kind.POLICY, "mta-sts.example.com", "10.0.0.1")
    assert forbidden(question, Asking((NOBODY,), connect_to={("10.0.0.1", 443): NOBODY})) is not None


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_public_addresses_are_not_kept_from(address: str) -> None:
    """64:ff9b::/96 is how a host without IPv4 reaches public IPv4 addresses (RFC 6147)."""
    for kind in (Kind.SMTP, Kind.POLICY):
        assert forbidden(Question(kind, "example.com", address), Asking((NOBODY,))) is None
