"""A preflight and a question of what if as text: the answer, why, the changes, and what it rests on."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from mxproof.judge.vocabulary import Security, Verdict
from mxproof.mail.change import Ipv4Value, Publish
from mxproof.remedy.apply import Assumption, Supposition
from mxproof.remedy.plan import Lane, Pause, PlannedStep, Rehearsal, Span
from mxproof.remedy.preflight import (
    PREFLIGHT_VERSION,
    WHATIF_VERSION,
    PlannedSender,
    Preflight,
    Weakening,
    WhatIf,
    Worsening,
)
from mxproof.render.text.paper import Paper
from mxproof.render.text.preflight import preflight_text, what_if_text, worst_of

PAPER = Paper(width=100, unicode=True)
AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
ADDRESS = Publish("mx1.example.com", Ipv4Value("192.0.2.1"))
DELIVERS, AT_RISK, REFUSED, UNKNOWN = Verdict
ASSUMED = Assumption(Supposition.NO_OTHER_RECORDS, "mx1.example.com AAAA")


def sender(name: str, outcome: Verdict = DELIVERS, *because: str, decides: bool = True) -> PlannedSender:
    return PlannedSender(name.lower(), name, outcome, None, because, None, decides)


def worse(name: str, outcome: Verdict, *because: str) -> Worsening:
    return Worsening(name.lower(), name, outcome, 0, 3600, Pause.TTL, because, "451 no")


LANE = Lane("google", (Span(-1, 0, DELIVERS), Span(0, 3600, REFUSED), Span(3600, None, DELIVERS)))
WELL = Preflight(
    PREFLIGHT_VERSION,
    "example.com",
    AT,
    (ADDRESS,),
    (sender("Google"), sender("Exim")),
    (sender("Google"), sender("Exim")),
    (),
    (),
    Rehearsal((0,), (LANE,), ()),
    (),
    (),
    (),
)
CHANGES = "  changes   + mx1.example.com. A 192.0.2.1"


def lines(paper: Paper = PAPER, **changes: Any) -> list[str]:  # noqa: ANN401 - the fields have many types
    text = preflight_text(msgspec.structs.replace(WELL, **changes), paper)
    assert text.endswith("\n")
    return text.splitlines()


def test_where_nothing_gets_worse_the_changes_stand_below_the_answer() -> None:
    assert lines() == [
        "✔ NOTHING GETS WORSE  None of the 2 modelled senders fares worse for it at any moment.",
        CHANGES,
    ]


def test_what_is_supposed_and_not_seen_stands_last_each_with_one_label() -> None:
    assert lines(assumed=(ASSUMED,), unseen=("SMTP 192.0.2.1", "TLSA mx1.example.com"))[2:] == [
        "  supposed  no other records stand at mx1.example.com AAAA",
        "  not seen  SMTP 192.0.2.1",
        "            TLSA mx1.example.com",
    ]


def test_who_delivers_less_protected_is_named() -> None:
    weaker = (Weakening("google", Security.MTA_STS, Security.OPPORTUNISTIC),)
    assert lines(Paper(width=160, unicode=True), weaker=weaker)[1:] == [
        "  weaker    google: secured by MTA-STS → TLS, not verified",
        CHANGES,
    ]


def test_where_senders_fare_worse_it_is_told_why_drawn_and_in_which_order_nobody_does() -> None:
    order = (
        PlannedStep(0, (ADDRESS,), 3600, Pause.TTL, ()),
        PlannedStep(3600, (ADDRESS,), 3600, Pause.NONE, ()),
    )
    made: dict[str, Any] = {
        "worse": (worse("Google", REFUSED, "mx-alias"), worse("Exim", AT_RISK, "ptr-missing")),
        "order": order,
        "after": (sender("Google"), sender("Exim"), sender("Mox"), sender("Guess", REFUSED, decides=False)),
        "unseen": ("SMTP 192.0.2.1",),
    }
    assert lines(**made) == [
        "✘ GETS WORSE  This change would make Google refuse mail until no cache holds the old records: 1 h.",
        "              This change would make Exim perhaps refuse mail until no cache holds the old records:",
        "              1 h.",
        "  because   google: mx-alias, 451 no",
        "            exim: ptr-missing, 451 no",
        CHANGES,
        "",
        "  at once   - delivers   ! at risk   X refuses   ? unknown",
        "                    now       0         1h",
        "  step                        1",
        "  google            --------- XXXXXXXXX ---------",
        "",
        "  In this order nobody fares worse at any moment:",
        "  step 1      + mx1.example.com. A 192.0.2.1",
        "              wait 1 h until no cache holds the old records",
        "  step 2      + mx1.example.com. A 192.0.2.1",
        "  not seen  SMTP 192.0.2.1",
    ]


def test_only_senders_that_decide_have_lanes() -> None:
    guess = (sender("Google", decides=False), sender("Exim"))
    assert lines(worse=(worse("Exim", REFUSED),), after=guess)[-1] == "  every sender delivers throughout"


@pytest.mark.parametrize(
    ("outcomes", "after", "worst", "word"),
    [
        ((), DELIVERS, DELIVERS, "✔ NOTHING GETS WORSE"),
        ((), REFUSED, DELIVERS, "✔ NOTHING GETS WORSE"),
        ((), UNKNOWN, UNKNOWN, "? UNKNOWN"),
        ((UNKNOWN,), DELIVERS, UNKNOWN, "? UNKNOWN"),
        ((UNKNOWN, AT_RISK), UNKNOWN, AT_RISK, "▲ GETS WORSE"),
        ((AT_RISK, REFUSED), DELIVERS, REFUSED, "✘ GETS WORSE"),
    ],
)
def test_the_worst_that_a_sender_comes_to_is_the_answer(
    outcomes: tuple[Verdict, ...], after: Verdict, worst: Verdict, word: str
) -> None:
    changes: dict[str, Any] = {
        "worse": tuple(worse(f"S{number}", one) for number, one in enumerate(outcomes)),
        "after": (sender("Google", after), sender("Guess", UNKNOWN, decides=False)),
    }
    assert worst_of(msgspec.structs.replace(WELL, **changes)) is worst
    assert lines(**changes)[0].startswith(f"{word}  ")


ASKED = WhatIf(
    WHATIF_VERSION,
    "example.com",
    AT,
    (ADDRESS,),
    (sender("Google"), sender("Exim")),
    (sender("Google"), sender("Exim")),
    (),
    (),
)


def answered(**changes: Any) -> list[str]:  # noqa: ANN401 - as above
    text = what_if_text(msgspec.structs.replace(ASKED, **changes), PAPER)
    assert text.endswith("\n")
    return text.splitlines()


def test_where_every_sender_does_what_it_does_now_that_is_said() -> None:
    assert answered() == [
        "✔ DELIVERS  All 2 modelled senders would deliver to example.com.",
        CHANGES,
        "  otherwise every sender does what it does now",
    ]


def test_who_would_do_something_else_is_named_with_why_of_those_that_decide() -> None:
    after = (
        sender("Google", REFUSED, "mx-alias"),
        sender("Exim"),
        sender("Guess", REFUSED, "tls-old", decides=False),
    )
    before = (*ASKED.before, sender("Guess", REFUSED, decides=False))
    assert answered(before=before, after=after, assumed=(ASSUMED,), unseen=("SMTP 192.0.2.1",)) == [
        "✘ REFUSES  Google would refuse mail; 1 of 2 modelled senders would deliver to example.com.",
        CHANGES,
        "  otherwise google: delivers → REFUSES",
        "  because   google: mx-alias",
        "  supposed  no other records stand at mx1.example.com AAAA",
        "  not seen  SMTP 192.0.2.1",
    ]
