"""A preflight in Markdown, as a comment on a merge request: who fares worse, what would change, and in which order not."""

import msgspec

from mxproof.judge.vocabulary import Security, Verdict
from mxproof.mail.change import Ipv4Value, Publish
from mxproof.remedy.apply import Assumption, Supposition
from mxproof.remedy.plan import Pause, PlannedStep
from mxproof.remedy.preflight import Weakening
from mxproof.render.markdown.preflight import comment
from support_preflight import CHANGE, planned_sender, preflight_of, worsening

DELIVERS, REFUSED, UNKNOWN = Verdict.DELIVERS, Verdict.REFUSED, Verdict.UNKNOWN
BOTH = (planned_sender(DELIVERS), planned_sender(DELIVERS, "b"))
CHANGED = "What would change:\n\n```diff\n+ mx.example.com. A 192.0.2.1\n```\n\n"
JUDGED = "Judged as of 2026-06-01 12:00:00 UTC.\n"
HEAD = "# Mail of `example.com` after this change\n\n"
FINE = "✔ **None of the 2 modelled senders fares worse for it at any moment.**\n\n"


def test_where_nobody_fares_worse_that_is_said_with_what_would_change() -> None:
    assert comment(preflight_of(BOTH, BOTH)) == HEAD + FINE + CHANGED + JUDGED


def test_where_nothing_would_change_nothing_is_listed() -> None:
    assert comment(msgspec.structs.replace(preflight_of(BOTH, BOTH), changes=())) == (
        f"{HEAD}✔ **What is planned of example.com is what is there already.**\n\n{JUDGED}"
    )


def test_who_fares_worse_stands_in_a_table_with_since_when_for_how_long_and_why() -> None:
    made = preflight_of(
        BOTH,
        BOTH,
        worse=(
            worsening(REFUSED, "a", because=("mx-alias", "sts-mx-unlisted"), bounce="550 no"),
            worsening(UNKNOWN, "b", from_s=3600, until_s=10_800),
        ),
    )
    assert comment(made) == (
        f"{HEAD}"
        "✘ **This change would make A refuse mail for good.**\n\n"
        "✘ **This change would make B deliver or not, which is not known from 1 h after it on "
        "until no cache holds the old records: 2 h.**\n\n"
        "| Sender | Then | From | For | Because |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| `a` | ✘ REFUSES | at once | stays so | `mx-alias`, `sts-mx-unlisted`, `550 no` |\n"
        "| `b` | ? unknown | 1 h | 2 h |  |\n\n"
        f"{CHANGED}{JUDGED}"
    )


def test_who_delivers_less_protected_stands_in_a_table_of_its_own() -> None:
    weaker = (Weakening("a", Security.DANE, Security.NONE), Weakening("b", Security.MTA_STS, None))
    assert comment(msgspec.structs.replace(preflight_of(BOTH, BOTH), weaker=weaker)) == (
        f"{HEAD}"
        "✔ **None of the 2 modelled senders fares worse for it at any moment, but 2 deliver less protected than before.**\n\n"
        "Delivered, and less protected than before:\n\n"
        "| Sender | Now | Then |\n"
        "| --- | --- | --- |\n"
        "| `a` | secured by DANE | not encrypted |\n"
        "| `b` | secured by MTA-STS | not delivered |\n\n"
        f"{CHANGED}{JUDGED}"
    )


def test_an_order_in_which_nobody_fares_worse_is_told_step_by_step_with_the_waits_between() -> None:
    other = Publish("mx.example.com", Ipv4Value("192.0.2.2"))
    order = (
        PlannedStep(0, (CHANGE,), 7200, Pause.TTL, ()),
        PlannedStep(7200, (other,), 7201, Pause.NEXT_SERVER, ()),
        PlannedStep(7201, (CHANGE,), 7201, Pause.NONE, ()),
    )
    assert comment(msgspec.structs.replace(preflight_of(BOTH, BOTH), order=order)) == (
        f"{HEAD}{FINE}{CHANGED}"
        "In this order nobody fares worse at any moment:\n\n"
        "Step 1, then wait 2 h until no cache holds the old records:\n\n"
        "```diff\n+ mx.example.com. A 192.0.2.1\n```\n\n"
        "Step 2, then wait 1 s so that one server changes after the other:\n\n"
        "```diff\n+ mx.example.com. A 192.0.2.2\n```\n\n"
        "Step 3:\n\n"
        "```diff\n+ mx.example.com. A 192.0.2.1\n```\n\n"
        f"{JUDGED}"
    )


def test_what_it_rests_on_is_listed_whatever_of_it_there_is() -> None:
    silent = (planned_sender(DELIVERS), planned_sender(UNKNOWN, "b"))
    unknown = preflight_of(BOTH, silent)
    supposing = preflight_of(BOTH, BOTH)
    lead = f"{HEAD}? **What B would do could not be found out.**\n\n{CHANGED}"
    assert comment(unknown) == f"{lead}- not known what `b` does\n\n{JUDGED}"
    assert comment(msgspec.structs.replace(supposing, unseen=("MX example.com",))) == (
        f"{HEAD}{FINE}{CHANGED}- not seen: `MX example.com`\n\n{JUDGED}"
    )
    assumed = (Assumption(Supposition.SERVING, "192.0.2.1"), Assumption(Supposition.SERVING, "192.0.2.2"))
    assert comment(msgspec.structs.replace(supposing, assumed=assumed)) == (
        f"{HEAD}{FINE}{CHANGED}- supposed: the policy is served at 192.0.2.1 and 192.0.2.2\n\n{JUDGED}"
    )
    every = msgspec.structs.replace(unknown, assumed=assumed[:1], unseen=("MX example.com",))
    assert comment(every) == (
        f"{lead}- supposed: the policy is served at 192.0.2.1\n- not seen: `MX example.com`\n"
        f"- not known what `b` does\n\n{JUDGED}"
    )
