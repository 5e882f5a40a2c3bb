"""An MX host that is not reached, not public or not answered for, and what is said inside TLS beside the greeting."""

import msgspec
import pytest

from mxproof.evidence import (
    Answer,
    DnsData,
    Evidence,
    Kind,
    Outcome,
    Question,
    SmtpData,
    SmtpLine,
    SmtpStage,
    TlsaRecord,
    Vantage,
)
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import HostState, Session, SessionState, TlsaState
from mxproof.mail.host import blocked_from_here, host_state, is_withheld
from support_evidence import OBSERVED_AT, small_evidence

SMTP = Question(Kind.SMTP, "mx.example.com", "192.0.2.25")


def evidence_of(*dialogue: str) -> Evidence:
    """Return evidence of one session with these lines, `S 250 ok` or `C QUIT`."""
    lines = tuple(SmtpLine(line[0], line[2:].encode()) for line in dialogue)
    answer = small_evidence().answers[SMTP]
    assert isinstance(answer.data, SmtpData)
    data = msgspec.structs.replace(answer.data, transcript=lines, stage=SmtpStage.SECURED)
    return small_evidence().with_answers([(SMTP, msgspec.structs.replace(answer, data=data))])


def session(*dialogue: str) -> Session:
    (host,) = assemble(evidence_of(*dialogue), OBSERVED_AT).hosts
    return host.endpoints[0].sessions[0]


INSIDE = ("S 220 mx ESMTP", "C EHLO me", "S 250-mx", "S 250 STARTTLS", "C STARTTLS", "S 220 go ahead")


@pytest.mark.parametrize(
    ("outcomes", "want"),
    [
        ((Outcome.EMPTY, Outcome.EMPTY), HostState.NO_ADDRESS),
        ((Outcome.EMPTY, Outcome.FOUND), HostState.NO_ADDRESS),  # an answer without an address in it
        ((Outcome.EMPTY, Outcome.TIMEOUT), HostState.UNKNOWN),
        ((Outcome.SERVFAIL, Outcome.EMPTY), HostState.UNKNOWN),
        ((Outcome.NXDOMAIN, Outcome.TIMEOUT), HostState.NXDOMAIN),
        ((Outcome.EMPTY, Outcome.NXDOMAIN), HostState.NXDOMAIN),
    ],
)
def test_one_family_without_an_address_says_nothing_of_the_other(
    outcomes: tuple[Outcome, Outcome], want: HostState
) -> None:
    """RFC 8020: a name that does not exist does so for every type."""
    both = zip((Kind.A, Kind.AAAA), outcomes, strict=True)
    nothing = DnsData("NOERROR", secure=False)
    evidence = Evidence("example.com").with_answers(
        (Question(kind, "mx.example.com"), Answer(outcome, OBSERVED_AT, nothing)) for kind, outcome in both
    )
    assert host_state(evidence, "mx.example.com") is want


@pytest.mark.parametrize(
    ("name", "want"),
    [
        ("192.0.2.25", HostState.LITERAL),
        ("localhost", HostState.LOCALHOST),
        ("mx..example.com", HostState.INVALID),
        ("mx.example.com", HostState.RESOLVED),
    ],
)
def test_what_is_no_name_of_a_host_is_told_without_a_look_up(name: str, want: HostState) -> None:
    assert host_state(small_evidence(), name) is want


@pytest.mark.parametrize(
    ("address", "outcome", "simulated", "withheld"),
    [
        ("10.0.0.1", Outcome.UNASKED, "", True),
        ("10.0.0.1", Outcome.TIMEOUT, "", False),
        ("198.41.0.4", Outcome.UNASKED, "", False),
        # For documentation: public where somebody answers there, which is in a world that is made up.
        ("192.0.2.25", Outcome.UNASKED, "", True),
        ("192.0.2.25", Outcome.UNASKED, "incident", False),
        ("192.0.2.25", Outcome.FOUND, "", False),
    ],
)
def test_an_address_that_is_not_public_is_withheld_where_nobody_connected(
    address: str, outcome: Outcome, simulated: str, *, withheld: bool
) -> None:
    question = Question(Kind.SMTP, "mx.example.com", address)
    answer = Answer(outcome, OBSERVED_AT)
    evidence = Evidence("example.com", Vantage(simulated=simulated)).with_answers([(question, answer)])
    assert is_withheld(evidence, question, answer) is withheld


def test_what_was_withheld_does_not_hide_that_port_25_is_blocked() -> None:
    private = Question(Kind.SMTP, "mx.example.com", "10.0.0.1")
    evidence = small_evidence().with_answers(
        [(SMTP, Answer(Outcome.TIMEOUT, OBSERVED_AT)), (private, Answer(Outcome.UNASKED, OBSERVED_AT))]
    )
    assert blocked_from_here(evidence)
    alone = Evidence("example.com").with_answers([(private, Answer(Outcome.UNASKED, OBSERVED_AT))])
    assert not blocked_from_here(alone)


@pytest.mark.parametrize(
    ("outcome", "secure", "validating", "want"),
    [
        (Outcome.FOUND, True, True, TlsaState.PRESENT),
        (Outcome.FOUND, False, True, TlsaState.INSECURE),
        (Outcome.FOUND, True, False, TlsaState.UNKNOWN),
        (Outcome.FOUND, False, False, TlsaState.UNKNOWN),
        (Outcome.EMPTY, True, True, TlsaState.ABSENT),
        (Outcome.NXDOMAIN, False, True, TlsaState.ABSENT),
        (Outcome.SERVFAIL, False, True, TlsaState.FAILED),
        (Outcome.BOGUS, False, True, TlsaState.FAILED),
        (Outcome.TIMEOUT, False, True, TlsaState.UNKNOWN),
    ],
)
def test_tlsa_records_count_where_a_resolver_that_validates_says_that_they_are_secure(
    outcome: Outcome, secure: bool, validating: bool, want: TlsaState
) -> None:
    """RFC 7672 section 2.1.1: a failed look-up is told from no records."""
    question = Question(Kind.TLSA, "_25._tcp.mx.example.com")
    found = (TlsaRecord(3, 1, 1, b"a" * 32), TlsaRecord(1, 1, 1, b"a" * 32), TlsaRecord(3, 1, 1, b"short"))
    answer = Answer(outcome, OBSERVED_AT, DnsData("NOERROR", secure=secure, records=found))
    evidence = small_evidence().with_answers([(question, answer)])
    vantage = msgspec.structs.replace(evidence.vantage, validating=validating)
    (host,) = assemble(msgspec.structs.replace(evidence, vantage=vantage), OBSERVED_AT).hosts
    assert host.tlsa_target.state is want
    if outcome is Outcome.FOUND:
        assert (len(host.tlsa_target.records), len(host.tlsa_target.usable)) == (3, 1)


@pytest.mark.parametrize(
    ("dialogue", "want"),
    [
        (("C EHLO me", "S 250-mx", "S 250 DSN", "C HELO me", "S 250-mx", "S 250 SIZE"), ("DSN",)),
        (("C EHLO me", "S 502 no", "C HELO me", "S 250 mx", "S 250 DSN"), ()),
        (("C NOOP", "S 250-mx", "S 250 SIZE", "C EHLO me", "S 250-mx", "S 250 DSN"), ("DSN",)),
    ],
)
def test_extensions_are_those_in_the_reply_to_ehlo_and_to_no_other_command(
    dialogue: tuple[str, ...], want: tuple[str, ...]
) -> None:
    assert session(*INSIDE, *dialogue).extensions == want


def test_starttls_in_the_reply_to_another_command_is_not_offered_again() -> None:
    said = ("C EHLO me", "S 250 mx", "C HELP", "S 214-commands", "S 214 STARTTLS")
    assert not session(*INSIDE, *said).repeats_starttls


@pytest.mark.parametrize("early", [True, False])
def test_a_server_that_ends_the_connection_at_ehlo_inside_tls_has_rejected_it(*, early: bool) -> None:
    lines = (*INSIDE, "C EHLO me", *(("S 421 closing",) if early else ("S 250 mx",)))
    answer = evidence_of(*lines).answers[SMTP]
    closed = msgspec.structs.replace(answer, outcome=Outcome.CLOSED)
    (host,) = assemble(small_evidence().with_answers([(SMTP, closed)]), OBSERVED_AT).hosts
    want = SessionState.EHLO_REJECTED if early else SessionState.BROKEN
    assert host.endpoints[0].sessions[0].state is want


def test_a_reply_to_another_command_inside_tls_says_nothing_of_the_greeting() -> None:
    assert session(*INSIDE, "C NOOP", "S 502 no", "C EHLO me", "S 250 mx").state is SessionState.SECURED
