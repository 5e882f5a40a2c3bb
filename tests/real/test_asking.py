"""How `mxproof check` asks real servers: whom it believes, over which addresses, and what it keeps."""

import datetime as dt
import re
from collections.abc import Iterator

import msgspec
import pytest

from mxproof.evidence import DnsData, Evidence, Kind, Question
from mxproof.evidence.codec import decode
from mxproof.judge.vocabulary import Verdict
from real.bed.bed import Bed, built
from real.bed.ca import Authority
from real.bed.checking import CHECKED_WITHIN_S, COMMAND, Checked, checked, checked_as_usual
from real.bed.machines import OBSERVER, RESOLVER, receiving
from real.bed.postfix import DELIVERED_WITHIN_S
from real.bed.senders import POSTFIX_DANE, POSTFIX_STS
from real.bed.worlds import WORLDS

OTHER_TEXTS = 40
"""More than a datagram holds."""


@pytest.fixture(scope="module")
def asked(host: None) -> Iterator[Bed]:
    """Build a world in which DANE makes the difference, with a crowd of TXT records where the policy is announced."""
    world = next(world for world in WORLDS if world.name == "dane-mismatch")
    with built(msgspec.structs.replace(world, name="asked", other_texts=OTHER_TEXTS)) as bed:
        yield bed


@pytest.fixture(scope="module")
def usual(asked: Bed) -> Checked:
    return checked_as_usual(asked)


def test_a_resolver_elsewhere_is_not_believed_by_itself(asked: Bed, usual: Checked) -> None:
    """The resolv.conf of the bed, which says `options trust-ad`, names the resolver by its IPv4 address only."""
    by_itself = checked(asked, "--resolver", RESOLVER.ipv6)
    assert (by_itself.report.vantage.validating, by_itself.sender(POSTFIX_DANE).outcome) == (
        False,
        Verdict.UNKNOWN,
    )
    assert (usual.report.vantage.validating, usual.sender(POSTFIX_DANE).outcome) == (True, Verdict.REFUSED)


def test_a_resolver_that_the_machine_is_set_up_to_trust_is_believed(asked: Bed) -> None:
    trusted = checked(asked, "--resolver", RESOLVER.ipv4)
    assert (trusted.report.vantage.validating, trusted.sender(POSTFIX_DANE).outcome) == (
        True,
        Verdict.REFUSED,
    )


def test_a_resolver_on_loopback_is_seen_to_validate(asked: Bed) -> None:
    seen = checked(asked, "--resolver", "127.0.0.1", machine=RESOLVER)
    assert (seen.report.vantage.validating, seen.sender(POSTFIX_DANE).outcome) == (True, Verdict.REFUSED)


def test_the_resolver_of_the_machine_is_asked_by_default(asked: Bed, usual: Checked) -> None:
    default = checked(asked, "--trust-ad")
    assert default.report.vantage.resolvers == (f"{RESOLVER.ipv4}:53",)
    assert default.report.senders == usual.report.senders


def test_a_resolver_is_asked_over_ipv6(asked: Bed, usual: Checked) -> None:
    over_ipv6 = checked(asked, "--resolver", RESOLVER.ipv6, "--trust-ad")
    assert over_ipv6.report.vantage.resolvers == (f"[{RESOLVER.ipv6}]:53",)
    assert over_ipv6.report.senders == usual.report.senders


@pytest.mark.parametrize(("option", "version"), [("--ipv4", 4), ("--ipv6", 6)])
def test_one_family_can_be_left_out(asked: Bed, usual: Checked, option: str, version: int) -> None:
    machines = receiving(asked.world).values()
    wanted = {machine.ipv4 if version == 4 else machine.ipv6 for machine in machines}
    ours = OBSERVER.ipv4 if version == 4 else OBSERVER.ipv6
    before = {machine: len(daemon.text()) for machine, daemon in asked.receivers.items()}
    over_one = checked(asked, "--resolver", RESOLVER.ipv4, "--trust-ad", option)
    assert over_one.report.vantage.families == (version,)
    assert {attempt.address for attempt in over_one.sender(POSTFIX_STS).attempts} == wanted
    for machine, daemon in asked.receivers.items():
        left = re.compile(rf"\A(?s:.{{{before[machine]}}}.*)disconnect from \S+\[{re.escape(ours)}]")
        daemon.await_line(left, DELIVERED_WITHIN_S)
        came = re.findall(r"\]: connect from \S+\[([^]]+)]", daemon.text()[before[machine] :])
        assert came == [ours]


def test_only_the_roots_that_were_named_vouch_for_a_certificate(asked: Bed, usual: Checked) -> None:
    foreign = Authority(asked.folder / "foreign", dt.datetime.now(dt.UTC)).file
    check = checked(asked, "--resolver", RESOLVER.ipv4, "--trust-ad", "--ca-file", str(foreign))
    assert check.codes() - usual.codes() == {"cert-untrusted", "sts-policy-cert-invalid"}


@pytest.fixture(scope="module")
def saved(asked: Bed) -> tuple[Checked, Evidence, str]:
    """Return a check, the evidence that it saved, and the file that this is in."""
    file = asked.folder / "evidence.json"
    check = checked(asked, "--resolver", RESOLVER.ipv4, "--trust-ad", "--save", str(file))
    return check, decode(file.read_bytes()), str(file)


def test_an_answer_too_long_for_a_datagram_is_asked_for_over_tcp(
    saved: tuple[Checked, Evidence, str],
) -> None:
    check, evidence, _ = saved
    transports = {
        question.name: answer.data.transport
        for question, answer in evidence.answers.items()
        if question.kind is Kind.TXT and isinstance(answer.data, DnsData)
    }
    assert transports == {"_mta-sts.example.com": "tcp", "_smtp._tls.example.com": "udp"}
    long = evidence.answers[Question(Kind.TXT, "_mta-sts.example.com")].data
    assert isinstance(long, DnsData)
    assert (len(long.records), "sts-ok" in check.codes()) == (1 + OTHER_TEXTS, True)


def test_a_replay_of_what_was_saved_is_the_same_report_byte_for_byte(
    asked: Bed, saved: tuple[Checked, Evidence, str]
) -> None:
    check, _, file = saved
    replayed = asked.run(*COMMAND, "replay", file, "--format", "json", within_s=CHECKED_WITHIN_S)
    assert (replayed.returncode, replayed.stdout, replayed.stderr) == (check.status, check.printed, b"")
