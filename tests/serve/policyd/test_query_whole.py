"""What a query tells of one destination, whole: what was held, what was asked, what is held now, and what is told of it."""

from datetime import timedelta

import msgspec

from mxproof.evidence import Answer, DnsData, Evidence, Kind, Outcome, PolicyData, Question
from mxproof.evidence.answer import AddressRecord
from mxproof.formats.mtasts import Mode
from mxproof.formats.postfix.next_hop import NextHop
from mxproof.formats.postfix.socketmap import SocketmapReply, Status
from mxproof.formats.result_type import ResultType
from mxproof.judge.decision import Decision, Failure, Held
from mxproof.judge.senders.protection import Protection, Reason, Rules
from mxproof.mail.memory import Memory
from mxproof.serve.policyd.override import ReadyOverride
from mxproof.serve.policyd.query import (
    AskedQuestion,
    FailedFetch,
    HeldPolicy,
    HeldState,
    ListedDestination,
    ListFilter,
    MadeDecision,
    OverrideState,
    query_result,
    wanted_destinations,
)
from mxproof.serve.policyd.reply import Dialect
from mxproof.store.destinations.destination import Destination
from support_store import AT

DAY = timedelta(days=1)
NOW = AT + 2 * DAY
OLD = Memory(b"version: STSv1\nmode: testing\nmx: a.example.com\nmax_age: 172800\n", AT, "1")
NEW = Memory(
    b"version: STSv1\nmode: enforce\nmx: b.example.com\nmx: *.example.net\nmax_age: 864000\n", NOW, "2"
)
BEFORE = Held(
    OLD,
    Failure(AT + DAY, ResultType.STS_WEBPKI_INVALID, "expired", "2", 3),
    Decision(Protection.REPORT, Reason.STS_TESTING, AT + DAY, "old", kept=True),
)
AFTER = Held(NEW, None, Decision(Protection.STS, Reason.STS_ENFORCE, NOW, "new"))
HELD_BEFORE = HeldState(
    policy=HeldPolicy(
        mode=Mode.TESTING,
        id="1",
        mx=("a.example.com",),
        live=False,
        fetched_at=AT,
        ends_at=AT + 2 * DAY,
        refresh_at=AT + DAY,
    ),
    failure=FailedFetch(
        at=AT + DAY,
        times=3,
        result_type=ResultType.STS_WEBPKI_INVALID,
        detail="expired",
        id="2",
        retry_at=AT + DAY + timedelta(seconds=1200),
    ),
    decision=MadeDecision(
        protection=Protection.REPORT, reason=Reason.STS_TESTING, at=AT + DAY, detail="old", kept=True
    ),
)
HELD_AFTER = HeldState(
    policy=HeldPolicy(
        mode=Mode.ENFORCE,
        id="2",
        mx=("b.example.com", "*.example.net"),
        live=True,
        fetched_at=NOW,
        ends_at=NOW + 10 * DAY,
        refresh_at=NOW + DAY,
    ),
    failure=None,
    decision=MadeDecision(
        protection=Protection.STS, reason=Reason.STS_ENFORCE, at=NOW, detail="new", kept=False
    ),
)


def test_a_destination_of_a_list_has_all_that_is_stored_of_it() -> None:
    stored = Destination("[smart.example]:587", BEFORE, AT + DAY)
    assert wanted_destinations([stored], ListFilter(failing=True), NOW) == [
        ListedDestination(
            destination="[smart.example]:587",
            asked_at=AT + DAY,
            policy=HELD_BEFORE.policy,
            failure=HELD_BEFORE.failure,
            decision=HELD_BEFORE.decision,
        )
    ]


def test_a_query_tells_what_was_held_what_was_asked_and_what_is_held_now() -> None:
    addresses = (AddressRecord("192.0.2.1"), AddressRecord("192.0.2.2"))
    evidence = Evidence("example.com").with_answers(
        [
            (
                Question(Kind.A, "mx.example.com"),
                Answer(
                    Outcome.FOUND,
                    NOW,
                    DnsData("NOERROR", secure=True, records=addresses),
                    elapsed_ms=7,
                    ttl_s=60,
                ),
            ),
            (
                Question(Kind.POLICY, "mta-sts.example.com", "192.0.2.80"),
                Answer(
                    Outcome.FOUND, NOW, PolicyData(status=404, body=b"not here"), elapsed_ms=9, detail="d"
                ),
            ),
            (
                Question(Kind.MX, "example.com"),
                Answer(Outcome.TIMEOUT, NOW, detail="no answer", elapsed_ms=8000),
            ),
        ]
    )
    override = ReadyOverride(SocketmapReply(Status.OK, "encrypt"), "why", NOW + DAY)
    hop = NextHop("example.com", bracketed=True, port=587)
    found = query_result(hop, BEFORE, AFTER, evidence, Rules(), override, NOW)
    assert (found.destination, found.policy_domain, found.port) == ("[example.com]:587", "example.com", 587)
    assert (found.asked_at, found.before, found.after) == (NOW, HELD_BEFORE, HELD_AFTER)
    assert found.override == OverrideState(reply="OK encrypt", until=NOW + DAY, reason="why", over=False)
    assert found.replies == dict.fromkeys(Dialect, "OK encrypt")
    assert found.asked == (
        AskedQuestion(
            question=str(Question(Kind.A, "mx.example.com")),
            outcome=Outcome.FOUND,
            detail="",
            elapsed_ms=7,
            secure=True,
            records=2,
        ),
        AskedQuestion(
            question=str(Question(Kind.POLICY, "mta-sts.example.com", "192.0.2.80")),
            outcome=Outcome.FOUND,
            detail="d",
            elapsed_ms=9,
            status=404,
            size_bytes=8,
        ),
        AskedQuestion(
            question=str(Question(Kind.MX, "example.com")),
            outcome=Outcome.TIMEOUT,
            detail="no answer",
            elapsed_ms=8000,
        ),
    )
    without = query_result(hop, BEFORE, AFTER, evidence, Rules(), None, NOW)
    assert without == msgspec.structs.replace(found, override=None, replies=without.replies)
    assert (
        without.replies[Dialect.CLASSIC] == "OK secure match=b.example.com:.example.net servername=hostname"
    )
    assert "policy_type=sts" in without.replies[Dialect.TLSRPT]
