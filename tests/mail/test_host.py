"""An MX host as the evidence shows it: what became of its names, and what it calls itself and offers."""

import msgspec
import pytest

from mxproof.evidence import (
    AddressRecord,
    Alias,
    Answer,
    DnsData,
    Evidence,
    HelloData,
    Kind,
    MxRecord,
    Outcome,
    Question,
    SmtpData,
    SmtpLine,
    SmtpStage,
    TlsaRecord,
    Vantage,
)
from mxproof.formats.tls_offer import Offer
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import HostState, Session, SessionState, TlsaState
from mxproof.mail.host import blocked_from_here, host_state
from mxproof.survey.check_set import CheckSet
from mxproof.survey.reading import nameless
from support_certificates import Defect
from support_evidence import OBSERVED_AT, small_evidence
from support_world import Smtp, collect
from support_worlds import GOOD

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


@pytest.mark.parametrize(
    ("dialogue", "want"),
    [
        (
            ("S 220 banner.example ESMTP", "C EHLO me", "S 250-MX.example.com. hello", "S 250 STARTTLS"),
            "mx.example.com",
        ),
        (("S 220 banner.example ESMTP", "C HELO me", "S 250 mx.example.com"), "mx.example.com"),
        (("S 220 banner.example ESMTP", "C EHLO me", "S 250"), ""),
        (("S 220 banner.example ESMTP", "C EHLO me", "S 554 go.example away"), ""),
        (("S 220 banner.example ESMTP",), ""),
    ],
)
def test_a_server_calls_itself_by_the_first_word_behind_the_code_of_its_reply_to_the_greeting(
    dialogue: tuple[str, ...], want: str
) -> None:
    assert session(*dialogue).called == want


def test_an_address_in_place_of_a_name_is_known_and_not_asked_for() -> None:
    question = Question(Kind.MX, "example.com")
    data = DnsData("NOERROR", secure=False, records=(MxRecord(10, "192.0.2.25"),))
    evidence = small_evidence().with_answers([(question, Answer(Outcome.FOUND, OBSERVED_AT, data))])
    (host,) = assemble(evidence, OBSERVED_AT).hosts
    assert host.state is HostState.LITERAL
    assert host.chain == ("192.0.2.25",)
    assert host.questions == ()
    assert [one.address for one in host.endpoints] == ["192.0.2.25"]
    assert host.tlsa_target.state is TlsaState.ABSENT
    assert host.tlsa_tried == ()


def test_a_name_is_asked_for_and_its_addresses_and_tlsa_records_with_it() -> None:
    (host,) = assemble(small_evidence(), OBSERVED_AT).hosts
    assert host.questions == (Question(Kind.A, "mx.example.com"),)
    assert [one.address for one in host.endpoints] == ["192.0.2.25"]
    assert host.tlsa_target.state is not TlsaState.ABSENT


def test_a_name_whose_look_up_failed_is_unknown_and_one_without_an_address_is_not() -> None:
    def state(outcome: Outcome) -> HostState:
        question = Question(Kind.A, "mx.example.com")
        return host_state(
            small_evidence().with_answers([(question, Answer(outcome, OBSERVED_AT))]), "mx.example.com"
        )

    assert state(Outcome.EMPTY) is HostState.NO_ADDRESS
    assert state(Outcome.NXDOMAIN) is HostState.NXDOMAIN
    assert state(Outcome.SERVFAIL) is HostState.UNKNOWN


def test_port_25_is_blocked_from_here_only_where_it_was_tried_and_no_connection_came() -> None:
    def ended(outcome: Outcome) -> Evidence:
        data = SmtpData(SmtpStage.CONNECT)
        return small_evidence().with_answers([(SMTP, Answer(outcome, OBSERVED_AT, data))])

    assert blocked_from_here(ended(Outcome.TIMEOUT))
    assert not blocked_from_here(small_evidence())
    assert not blocked_from_here(Evidence("example.com", small_evidence().vantage))


def test_the_chain_of_an_alias_leads_to_the_name_that_has_the_addresses() -> None:
    question = Question(Kind.A, "mx.example.com")
    aliased = DnsData(
        "NOERROR",
        secure=False,
        records=(AddressRecord("192.0.2.25"),),
        chain=(Alias("mx.example.com", "box.example.net"),),
    )
    evidence = small_evidence().with_answers([(question, Answer(Outcome.FOUND, OBSERVED_AT, aliased))])
    (host,) = assemble(evidence, OBSERVED_AT).hosts
    assert host.chain == ("mx.example.com", "box.example.net")


def test_tlsa_records_of_an_answer_that_failed_validation_are_none() -> None:
    question = Question(Kind.TLSA, "_25._tcp.mx.example.com")
    data = DnsData("NOERROR", secure=False, records=(TlsaRecord(3, 1, 1, b"a" * 32),))

    def records(outcome: Outcome) -> int:
        evidence = small_evidence().with_answers([(question, Answer(outcome, OBSERVED_AT, data))])
        (host,) = assemble(evidence, OBSERVED_AT).hosts
        return len(host.tlsa_target.records)

    assert records(Outcome.FOUND) == 1
    assert records(Outcome.BOGUS) == 0


INSIDE = ("S 220 mx ESMTP", "C EHLO me", "S 250-mx", "S 250 STARTTLS", "C STARTTLS", "S 220 go ahead")


@pytest.mark.parametrize(
    ("dialogue", "want"),
    [
        (("C EHLO me", "S 250 mx"), SessionState.SECURED),
        ((), SessionState.SECURED),
        (("C EHLO me", "S 502 no", "C HELO me", "S 250 mx"), SessionState.HELO_ONLY),
        (("C EHLO me", "S 451 later", "C HELO me", "S 250 mx"), SessionState.HELO_AT_ONCE),
        (("C EHLO me", "S 502 no", "C HELO me", "S 502 no"), SessionState.EHLO_REJECTED),
        (("C EHLO me", "S 421 closing"), SessionState.EHLO_REJECTED),
        (("C EHLO me", "S 221 bye"), SessionState.EHLO_REJECTED),
        (("C EHLO me", "S 502 no", "C HELO me", "S 221 bye"), SessionState.EHLO_REJECTED),
        (("C EHLO me", "S 250 mx", "C QUIT", "S 500 what"), SessionState.SECURED),
    ],
)
def test_inside_tls_the_first_reply_that_takes_the_greeting_decides(
    dialogue: tuple[str, ...], want: SessionState
) -> None:
    """RFC 3207 section 4.2: the talk begins anew, and a server may answer otherwise than in the clear."""
    assert session(*INSIDE, *dialogue).state is want


@pytest.mark.parametrize(
    ("outcome", "stage", "want"),
    [
        (Outcome.UNREACHABLE, SmtpStage.CONNECT, SessionState.UNKNOWN),
        (Outcome.TIMEOUT, SmtpStage.CONNECT, SessionState.UNKNOWN),
        (Outcome.TIMEOUT, SmtpStage.SECURED, SessionState.UNKNOWN),
        (Outcome.UNASKED, SmtpStage.CONNECT, SessionState.UNKNOWN),
        (Outcome.REFUSED, SmtpStage.CONNECT, SessionState.REFUSED),
        (Outcome.TLS_FAILED, SmtpStage.HANDSHAKE, SessionState.HANDSHAKE_FAILED),
        (Outcome.CLOSED, SmtpStage.HANDSHAKE, SessionState.HANDSHAKE_FAILED),
        (Outcome.CLOSED, SmtpStage.GREETING, SessionState.TURNED_AWAY),
        (Outcome.CLOSED, SmtpStage.STARTTLS, SessionState.BROKEN),
        (Outcome.MALFORMED, SmtpStage.GREETING, SessionState.BROKEN),
        (Outcome.OVERSIZE, SmtpStage.EHLO, SessionState.BROKEN),
        (Outcome.FOUND, SmtpStage.STARTTLS, SessionState.STARTTLS_REJECTED),
        (Outcome.FOUND, SmtpStage.GREETING, SessionState.TURNED_AWAY),
    ],
)
def test_a_session_ends_as_its_stage_and_outcome_say_and_what_was_not_reached_from_here_is_unknown(
    outcome: Outcome, stage: SmtpStage, want: SessionState
) -> None:
    """Beside it another address answers, so that port 25 is not blocked from here."""
    other = Question(Kind.SMTP, "mx.example.com", "192.0.2.26")
    addresses = DnsData(
        "NOERROR", secure=False, records=(AddressRecord("192.0.2.25"), AddressRecord("192.0.2.26"))
    )
    evidence = small_evidence()
    evidence = evidence.with_answers(
        [
            (Question(Kind.A, "mx.example.com"), Answer(Outcome.FOUND, OBSERVED_AT, addresses)),
            (other, evidence.answers[SMTP]),
            (SMTP, Answer(outcome, OBSERVED_AT, SmtpData(stage))),
        ]
    )
    (host,) = assemble(evidence, OBSERVED_AT).hosts
    first, second = (endpoint.sessions[0] for endpoint in host.endpoints)
    assert (first.state, second.state) == (want, SessionState.SECURED)


@pytest.mark.parametrize("early", [b"", b"250 injected\r\n"])
def test_bytes_behind_the_220_break_a_session_off_only_where_it_went_no_further(early: bytes) -> None:
    def state(stage: SmtpStage) -> SessionState:
        answer = Answer(Outcome.FOUND, OBSERVED_AT, SmtpData(stage, early=early))
        (host,) = assemble(small_evidence().with_answers([(SMTP, answer)]), OBSERVED_AT).hosts
        return host.endpoints[0].sessions[0].state

    broken_off = SessionState.EARLY_DATA if early else SessionState.STARTTLS_REJECTED
    assert (state(SmtpStage.STARTTLS), state(SmtpStage.SECURED)) == (broken_off, SessionState.SECURED)


@pytest.mark.parametrize(
    ("line", "repeats"),
    [("S 250 STARTTLS", True), ("S 250-starttls ", True), ("S 250 STARTTLSX", False), ("S 250 SIZE", False)],
)
def test_starttls_inside_tls_is_a_line_of_its_own_behind_the_first(line: str, *, repeats: bool) -> None:
    """RFC 3207 section 4.2: the server MUST NOT offer it again."""
    assert session(*INSIDE, "C EHLO me", "S 250-mx", line).repeats_starttls is repeats
    assert not session(*INSIDE, "C EHLO me", line).repeats_starttls


def test_extensions_are_those_told_inside_tls_where_the_server_took_the_greeting_there() -> None:
    inside = session(*INSIDE, "C EHLO me", "S 250-mx", "S 250-size 1000", "S 250-STARTTLS", "S 250 DSN")
    assert inside.extensions == ("SIZE 1000", "DSN")
    assert session(*INSIDE, "C EHLO me", "S 502 no").extensions == ()


def test_port_25_is_blocked_only_where_every_session_ended_before_there_was_a_connection() -> None:
    other = Question(Kind.SMTP, "mx.example.com", "192.0.2.26")

    def blocked(first: Answer, second: Answer) -> bool:
        return blocked_from_here(small_evidence().with_answers([(SMTP, first), (other, second)]))

    unconnected = [
        Answer(outcome, OBSERVED_AT, SmtpData(SmtpStage.CONNECT))
        for outcome in (Outcome.TIMEOUT, Outcome.REFUSED, Outcome.UNREACHABLE)
    ]
    greeted = Answer(Outcome.TIMEOUT, OBSERVED_AT, SmtpData(SmtpStage.GREETING))
    assert [blocked(one, other) for one in unconnected for other in unconnected] == [True] * 9
    assert [blocked(one, greeted) for one in unconnected] == [False] * 3
    assert not blocked(greeted, unconnected[0])
    assert blocked(Answer(Outcome.TIMEOUT, OBSERVED_AT), unconnected[0])


@pytest.mark.parametrize(
    ("data", "refused"),
    [
        (HelloData(SmtpStage.HANDSHAKE, alert="handshake_failure"), {Offer.TLS_1_2}),
        (HelloData(SmtpStage.HANDSHAKE, version="TLSv1.2", cipher="ECDHE-RSA-AES128-GCM-SHA256"), set()),
        (HelloData(SmtpStage.GREETING, reply=b"421 no"), set()),
    ],
)
def test_an_offer_is_refused_of_which_the_server_said_that_nothing_suits_it(
    data: HelloData, refused: set[Offer]
) -> None:
    offer = Question(Kind.TLS, "mx.example.com", "192.0.2.25", offer=Offer.TLS_1_2)
    evidence = small_evidence().with_answers([(offer, Answer(Outcome.FOUND, OBSERVED_AT, data))])
    for sets, want in ((("arrival", "tls"), refused), ((), set())):
        asked = msgspec.structs.replace(evidence, vantage=Vantage(sets=sets))
        (host,) = assemble(asked, OBSERVED_AT).hosts
        assert host.endpoints[0].sessions[0].refused == want


@pytest.mark.parametrize(
    ("dialogue", "keywords", "want"),
    [
        (("C EHLO me", "S 250 mx"), ("SIZE 10", "STARTTLS"), ()),
        (
            ("C EHLO me", "S 502 no", "C HELO me", "S 250-mx", "S 250 DSN"),
            ("SIZE 10", "STARTTLS"),
            ("SIZE 10",),
        ),
        (("C EHLO me",), ("SIZE 10",), ("SIZE 10",)),
        (("C HELO me", "S 250-mx", "S 250 DSN"), ("SIZE 10",), ("SIZE 10",)),
    ],
)
def test_what_is_offered_in_the_clear_counts_where_ehlo_inside_tls_was_not_taken(
    dialogue: tuple[str, ...], keywords: tuple[str, ...], want: tuple[str, ...]
) -> None:
    evidence = evidence_of(*INSIDE, *dialogue)
    answer = evidence.answers[SMTP]
    assert isinstance(answer.data, SmtpData)
    data = msgspec.structs.replace(answer.data, keywords=keywords)
    (host,) = assemble(
        evidence.with_answers([(SMTP, msgspec.structs.replace(answer, data=data))]), OBSERVED_AT
    ).hosts
    assert host.endpoints[0].sessions[0].extensions == want


def test_only_an_alias_has_tlsa_records_at_two_names() -> None:
    (host,) = assemble(small_evidence(), OBSERVED_AT).hosts
    assert (host.tlsa_target.question.name, host.tlsa_alias) == ("_25._tcp.mx.example.com", None)
    data = DnsData(
        "NOERROR",
        secure=False,
        records=(AddressRecord("192.0.2.25"),),
        chain=(Alias("mx.example.com", "box.example.net"),),
    )
    question = Question(Kind.A, "mx.example.com")
    evidence = small_evidence().with_answers([(question, Answer(Outcome.FOUND, OBSERVED_AT, data))])
    (alias,) = assemble(evidence, OBSERVED_AT).hosts
    assert alias.tlsa_target.question.name == "_25._tcp.box.example.net"
    assert alias.tlsa_alias is not None
    assert alias.tlsa_alias.question.name == "_25._tcp.mx.example.com"


@pytest.mark.parametrize(("address", "kind"), [("192.0.2.1", Kind.A), ("2001:db8::1", Kind.AAAA)])
def test_a_reverse_name_is_looked_up_again_in_the_family_of_its_address(address: str, kind: Kind) -> None:
    domain = assemble(collect(GOOD), GOOD.at)
    endpoint = next(one for host in domain.hosts for one in host.endpoints if one.address == address)
    assert endpoint.ptr_questions[1:] == (Question(kind, "mx1.example.com"),)


@pytest.mark.parametrize(
    ("server", "is_sound"),
    [
        (Smtp(), True),
        (Smtp(version="TLSv1.1"), False),
        (Smtp(stage=SmtpStage.STARTTLS), False),
        (Smtp(defect=Defect.NO_SIGNATURES), False),
        (Smtp(defect=Defect.UNREADABLE), False),
        (Smtp(defect=Defect.EXPIRED), True),
    ],
)
def test_a_session_is_sound_where_every_library_takes_the_tls_of_it(server: Smtp, *, is_sound: bool) -> None:
    """What its certificate is worth is another matter."""
    world = GOOD.but(smtp={"192.0.2.2": server})
    domain = assemble(collect(world), world.at)
    (endpoint,) = (one for host in domain.hosts for one in host.endpoints if one.address == "192.0.2.2")
    assert endpoint.sessions[0].is_sound is is_sound


def test_an_alias_whose_answers_are_secure_is_tried_by_the_records_of_each_of_its_names() -> None:
    """RFC 7672 section 2.2.2: those of the name at its end first, and each with its own."""
    world = GOOD.but(signed=("example.com",)).zone_with(
        "mx1.example.com CNAME host.example.com",
        "host.example.com A 192.0.2.1",
        f"_25._tcp.host.example.com TLSA 3 1 1 {'aa' * 32}",
        f"_25._tcp.mx1.example.com TLSA 3 1 1 {'bb' * 32}",
    )
    host = next(one for one in assemble(collect(world), world.at).hosts if one.is_alias)
    assert [
        (one.base, one.state, [record.association for record in one.records]) for one in host.tlsa_tried
    ] == [
        ("host.example.com", TlsaState.PRESENT, [b"\xaa" * 32]),
        ("mx1.example.com", TlsaState.PRESENT, [b"\xbb" * 32]),
    ]
    assert host.tlsa_tried == (host.tlsa_target, host.tlsa_alias)


def test_where_port_25_is_blocked_from_here_nothing_is_known_of_any_session() -> None:
    refused = Smtp(stage=SmtpStage.CONNECT, outcome=Outcome.REFUSED)
    every = dict.fromkeys(("192.0.2.1", "192.0.2.2", "2001:db8::1"), refused)

    def states(smtp: dict[str, Smtp]) -> list[SessionState]:
        world = GOOD.but(smtp=smtp)
        domain = assemble(collect(world), world.at)
        return [
            one.state for host in domain.hosts for endpoint in host.endpoints for one in endpoint.sessions
        ]

    assert states(every) == [SessionState.UNKNOWN] * 3
    reached = states({**every, "192.0.2.2": Smtp()})
    assert sorted(reached) == [SessionState.REFUSED, SessionState.REFUSED, SessionState.SECURED]


def test_a_host_is_asked_by_the_name_in_the_mx_record_first_and_by_that_at_the_end_of_the_alias_then() -> (
    None
):
    world = GOOD.zone_with("mx2.example.com CNAME host.example.net", "host.example.net A 192.0.2.2")
    host = next(one for one in assemble(collect(world), world.at).hosts if one.is_alias)
    (endpoint,) = host.endpoints
    assert [one.server_name for one in endpoint.sessions] == ["mx2.example.com", "host.example.net"]
    assert [endpoint.session(name) for name in ("host.example.net", "other.example.net")] == [
        endpoint.sessions[1],
        endpoint.sessions[0],
    ]


@pytest.mark.parametrize("exchange", ["mx.example.com", "192.0.2.25"])
def test_an_address_that_is_asked_without_a_name_is_another_session_only_where_the_host_has_a_name(
    exchange: str,
) -> None:
    mx = Question(Kind.MX, "example.com")
    evidence = msgspec.structs.replace(small_evidence(), vantage=Vantage(sets=(CheckSet.ARRIVAL,)))
    evidence = evidence.with_answers(
        [
            (mx, Answer(Outcome.FOUND, OBSERVED_AT, DnsData("NOERROR", False, (MxRecord(10, exchange),)))),
            (nameless("192.0.2.25"), evidence.answers[SMTP]),
        ]
    )
    ((endpoint,),) = (one.endpoints for one in assemble(evidence, OBSERVED_AT).hosts)
    assert [one.server_name for one in endpoint.sessions] == [exchange]
    got = endpoint.nameless and (endpoint.nameless.server_name, endpoint.nameless.question)
    assert got == (None if exchange == "192.0.2.25" else ("192.0.2.25", nameless("192.0.2.25")))
