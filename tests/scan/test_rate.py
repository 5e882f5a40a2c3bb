"""How often an address is connected to, and by whose wish."""

import asyncio

import pytest

from mxproof.evidence import Answer, Kind, Outcome, Question
from mxproof.scan.asking import all_answered
from mxproof.scan.error import ScanError
from mxproof.scan.rate import NetworkRate, Rates, Turns, read_rates
from support_certificates import NOW

SMTP = Question(Kind.SMTP, "mx.example", "192.0.2.1")
POLICY = Question(Kind.POLICY, "mta-sts.example", "192.0.2.1")


def test_turns_come_in_even_steps() -> None:
    turns = Turns(6)
    assert [turns.wait_s(100.0) for _ in range(3)] == [0.0, 10.0, 20.0]
    assert turns.wait_s(125.0) == 5.0
    assert turns.wait_s(500.0) == 0.0


def test_mail_servers_and_policy_hosts_have_rates_of_their_own() -> None:
    rates = Rates(60, 600)
    assert (rates.of(SMTP), rates.of(POLICY)) == (60, 600)


def test_the_narrowest_network_counts_and_never_for_more() -> None:
    networks = (
        NetworkRate("192.0.2.0/24", 6),
        NetworkRate("192.0.2.1/32", 2),
        NetworkRate("2001:db8::/32", 9999),
    )
    rates = Rates(60, 600, networks)
    assert rates.of(SMTP) == 2
    assert rates.of(Question(Kind.SMTP, "mx.example", "192.0.2.2")) == 6
    assert rates.of(Question(Kind.SMTP, "mx.example", "2001:db8::1")) == 60


def test_who_wants_no_connection_has_none() -> None:
    asked: list[Question] = []

    async def ask(question: Question) -> Answer:
        asked.append(question)
        return Answer(Outcome.FOUND, NOW)

    other = Question(Kind.SMTP, "mx.example", "198.51.100.1")
    rates = Rates(60, 600, (NetworkRate("192.0.2.0/24", 0),))
    answers = asyncio.run(all_answered([SMTP, other], ask, 10, rates))
    assert asked == [other]
    assert answers[SMTP].outcome is Outcome.UNASKED


def test_a_file_has_a_network_and_a_number_a_line() -> None:
    lines = [b"# whom\n", b"192.0.2.0/24 6 # slow\n", b"2001:db8::/32\t0\n"]
    assert read_rates(lines, "rates") == (NetworkRate("192.0.2.0/24", 6), NetworkRate("2001:db8::/32", 0))


@pytest.mark.parametrize(
    "line", [b"192.0.2.1/24 6", b"192.0.2.0/24", b"192.0.2.0/24 -1", b"192.0.2.0/24 x", b"host 5"]
)
def test_a_line_that_is_no_rate_is_told(line: bytes) -> None:
    with pytest.raises(ScanError, match="line 2"):
        read_rates([b"\n", line], "rates")


@pytest.mark.parametrize(("rate", "is_read"), [(0, True), (60_000, True), (60_001, False), (-1, False)])
def test_a_rate_is_from_none_to_a_thousand_a_second(rate: int, *, is_read: bool) -> None:
    line = [f"192.0.2.0/24 {rate}".encode()]
    if is_read:
        assert read_rates(line, "rates") == (NetworkRate("192.0.2.0/24", rate),)
    else:
        with pytest.raises(ScanError, match="line 1"):
            read_rates(line, "rates")


@pytest.mark.parametrize(("networks", "is_read"), [(10_000, True), (10_001, False)])
def test_a_file_has_ten_thousand_networks_at_most(networks: int, *, is_read: bool) -> None:
    lines = [f"10.{number >> 8}.{number & 255}.0/24 6".encode() for number in range(networks)]
    if is_read:
        assert len(read_rates(lines, "rates")) == networks
    else:
        with pytest.raises(ScanError, match="more than 10000 networks"):
            read_rates(lines, "rates")


def test_a_network_of_one_family_says_nothing_of_the_other() -> None:
    rates = Rates(60, 600, (NetworkRate("0.0.0.0/0", 1),))
    assert rates.of(Question(Kind.SMTP, "mx.example", "2001:db8::1")) == 60
    assert rates.of(POLICY) == 1
