"""Where a report may go: what the record says of it, what the configuration and the past keep it from, and when it is given up."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from mxproof.evidence import Answer, DnsData, Outcome, TxtRecord
from mxproof.formats.tlsrpt.destination import report_destination
from mxproof.net.asking import Asking
from mxproof.serve.sending.delivery import (
    DESTINATIONS_TRIED_MAX,
    ReportOutcome,
    Restraint,
    allowed,
    destinations,
)
from mxproof.serve.sending.settings import MailWay, SendList, SendSettings
from mxproof.store.journal.outgoing import OutgoingState
from support_report_sending import Bench, bench_with, close
from support_stream import Do, Handler, script

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MAIL, POST = "mailto:tls@b.test", "https://r0.test/v1"
SETTINGS = SendSettings(
    organization="Sender Example",
    contact="tls@sender.example",
    sender="tls@sender.example",
    asking=Asking(()),
    mail=MailWay(sendmail="/usr/sbin/sendmail"),
    day_max=10,
    destination_day_max=5,
)


def found(*texts: str, outcome: Outcome = Outcome.FOUND) -> Answer:
    """Return an answer with TXT records."""
    records = tuple(TxtRecord(one.encode()) for one in texts)
    return Answer(outcome, NOW, DnsData("NOERROR", secure=False, records=records))


def uris(answer: Answer) -> list[str]:
    """Return where a record wants reports."""
    wanted = destinations(answer)
    assert isinstance(wanted, tuple), wanted
    return [one.uri for one in wanted]


def became(answer: Answer) -> OutgoingState:
    """Return what becomes of a report without destinations."""
    outcome = destinations(answer)
    assert isinstance(outcome, ReportOutcome), outcome
    return outcome.state


def test_the_destinations_are_those_of_the_one_record_in_its_order_and_each_once() -> None:
    record = f"v=TLSRPTv1; rua={POST},{MAIL},{POST}"
    assert uris(found(record)) == [POST, MAIL]
    assert uris(found("v=spf1 -all", record)) == [POST, MAIL]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Answer(Outcome.NXDOMAIN, NOW), OutgoingState.UNWANTED),
        (Answer(Outcome.EMPTY, NOW), OutgoingState.UNWANTED),
        (Answer(Outcome.TIMEOUT, NOW), OutgoingState.WAITING),
        (found(outcome=Outcome.SERVFAIL), OutgoingState.WAITING),
        (Answer(Outcome.FOUND, NOW), OutgoingState.WAITING),
        (found("v=spf1 -all"), OutgoingState.UNWANTED),
        (found(f"v=TLSRPTv1; rua={POST}", f"v=TLSRPTv1; rua={MAIL}"), OutgoingState.UNWANTED),
        (found("v=TLSRPTv1; rua="), OutgoingState.UNWANTED),
    ],
    ids=["no name", "no record", "timeout", "servfail", "no data", "another record", "two", "invalid"],
)
def test_only_a_domain_that_is_known_to_ask_for_none_is_unwanting(
    answer: Answer, state: OutgoingState
) -> None:
    assert became(answer) is state


def may_go(*to: str, restraint: Restraint | None = None, **fields: object) -> list[str] | ReportOutcome:
    """Return which destinations a report about a.example may go to, or why to none."""
    settings = msgspec.structs.replace(SETTINGS, **fields)
    chosen = allowed(
        tuple(map(report_destination, to)), "a.example", settings, restraint or Restraint({}, {})
    )
    return chosen if isinstance(chosen, ReportOutcome) else [one.uri for one in chosen]


def test_a_destination_that_nothing_keeps_it_from_is_tried() -> None:
    assert may_go(POST, MAIL) == [POST, MAIL]


@pytest.mark.parametrize(
    ("restraint", "fields", "left"),
    [
        (Restraint({}, {}), {"mail": None}, [POST]),
        (Restraint({}, {}), {"https": False}, [MAIL]),
        (Restraint({}, {}), {"deny": SendList(frozenset({"b.test"}))}, [POST]),
        (Restraint({MAIL: 5}, {}), {}, [POST]),
        (Restraint({MAIL: 4}, {}), {}, [POST, MAIL]),
        (Restraint({}, {POST: "550 nobody"}), {}, [MAIL]),
        (Restraint({}, {POST: ""}), {}, [MAIL]),
        (Restraint({}, {}, frozenset({"r0.test"})), {}, [MAIL]),
    ],
    ids=[
        "no mail goes out",
        "nothing is posted",
        "denied",
        "has the day's",
        "has nearly the day's",
        "refused before",
        "refused without a word",
        "hangs",
    ],
)
def test_what_keeps_it_from_one_destination_leaves_the_other(
    restraint: Restraint, fields: dict[str, object], left: list[str]
) -> None:
    assert may_go(POST, MAIL, restraint=restraint, **fields) == left


def withheld(*to: str, restraint: Restraint | None = None, **fields: object) -> ReportOutcome:
    outcome = may_go(*to, restraint=restraint, **fields)
    assert isinstance(outcome, ReportOutcome)
    return outcome


def test_where_no_destination_is_left_each_is_told_with_its_reason() -> None:
    outcome = withheld(POST, MAIL, restraint=Restraint({}, {POST: "550 nobody"}), mail=None)
    assert outcome.state is OutgoingState.WITHHELD
    assert outcome.said == (
        f"{POST}: avoided, as it refused before: 550 nobody; {MAIL}: no mail is sent (through)"
    )


@pytest.mark.parametrize("out", [10, 11])
def test_beyond_the_reports_of_a_day_all_are_withheld(out: int) -> None:
    elsewhere = Restraint({"mailto:x@c.test": out - 4, "mailto:y@c.test": 4}, {})
    assert withheld(POST, restraint=elsewhere).state is OutgoingState.WITHHELD
    assert may_go(POST, restraint=Restraint({"mailto:x@c.test": 9}, {})) == [POST]


def test_a_domain_that_is_denied_gets_none_wherever_it_wants_it() -> None:
    assert withheld(POST, deny=SendList(frozenset({"a.example"}))).state is OutgoingState.WITHHELD


def test_where_all_that_is_left_hangs_it_waits_and_that_is_no_try() -> None:
    hanging = Restraint({}, {}, frozenset({"r0.test", "b.test"}))
    outcome = withheld(POST, MAIL, restraint=hanging)
    assert (outcome.state, outcome.is_try) == (OutgoingState.WAITING, False)
    assert withheld(POST, MAIL, restraint=hanging, https=False, mail=None).state is OutgoingState.WITHHELD


def test_of_one_record_so_many_are_tried() -> None:
    many = [f"mailto:tls@d{number}.test" for number in range(DESTINATIONS_TRIED_MAX + 1)]
    assert may_go(*many) == many[:DESTINATIONS_TRIED_MAX]
    hanging = Restraint({}, {}, frozenset({"d0.test"}))
    assert may_go(*many, restraint=hanging) == many[1:], "who hangs takes the place of nobody"
    assert may_go(*many, deny=SendList(frozenset({"d1.test"}))) == [many[0], *many[2:]]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = bench_with(tmp_path, "a.example")
    yield made
    close(made)


def receiver(status: str) -> Handler:
    return script(Do.READ_REQUEST, Do.READ_SOME, f"HTTP/1.1 {status}\r\n\r\n".encode())


GIVEN_UP, WAITING, SENT = OutgoingState.GIVEN_UP, OutgoingState.WAITING, OutgoingState.SENT


@pytest.mark.parametrize(
    ("to", "sendmail", "posted", "state"),
    [
        ((MAIL,), 67, "", GIVEN_UP),
        ((MAIL,), 75, "", WAITING),
        ((POST,), 0, "404 Not Found", WAITING),
        ((POST, MAIL), 67, "404 Not Found", WAITING),
        ((MAIL, POST), 67, "200 OK", SENT),
    ],
    ids=["no such mailbox", "try later", "no such place", "neither", "the second takes it"],
)
def test_a_report_is_given_up_at_once_where_every_mailbox_that_it_may_go_to_is_not_there(
    bench: Bench, to: tuple[str, ...], sendmail: int, posted: str, state: OutgoingState
) -> None:
    """A place on the web that is gone may be back, as a mailbox that a mail server knows nothing of will not."""
    bench.wants("a.example", *to)
    bench.sendmail_ends(sendmail)
    bench.until_sent(*([receiver(posted)] if posted else []))
    assert bench.report("a.example").state is state


@pytest.mark.parametrize(
    ("status", "outcome"), [("404 Not Found", "refused"), ("500 Oops", "failed"), ("200 OK", "delivered")]
)
def test_what_became_of_a_post_is_counted(bench: Bench, status: str, outcome: str) -> None:
    bench.wants("a.example", POST)
    bench.until_sent(receiver(status))
    assert +bench.counts.attempts == {("https", outcome): 1}
