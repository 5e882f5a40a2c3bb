"""The runbook of a way: what to do in each step, the check after it, how long to wait, and the way back."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from mxproof.formats.mtasts import Mode, Policy
from mxproof.judge.vocabulary import Security, Verdict
from mxproof.mail.change import CnameValue, Ipv4Value, Publish, ServePolicy, Withdraw
from mxproof.remedy.apply import Assumption, Supposition
from mxproof.remedy.plan import (
    PLAN_VERSION,
    Cost,
    Pause,
    Plan,
    PlannedStep,
    Rehearsal,
    SearchExtent,
    SenderOutcome,
    Suffering,
    WayOut,
    Weakened,
)
from mxproof.remedy.rehearsal.way_back import WayBack
from mxproof.remedy.search.goal import Goal
from mxproof.remedy.step_record import ActedStep
from mxproof.render.action.runbook import runbook, verify_command
from support_forms import hold_markdown

MX1 = "mx1.example.com"
ALIAS, ADDRESS = CnameValue("smol.example.com"), Ipv4Value("192.0.2.1")
GOES = ActedStep((Withdraw(MX1, ALIAS),), (), (Publish(MX1, ALIAS),), restores_all=True)
COMES = ActedStep((Publish(MX1, ADDRESS),), (), (), restores_all=False)
CALM = Rehearsal((0, 3600), (), ())
WAY = WayOut(
    (),
    1,
    (),
    Cost(2, 0, 0, 0, 0, 0, 0, 3600),
    3600,
    (),
    (
        PlannedStep(0, GOES.changes, 3600, Pause.TTL, ()),
        PlannedStep(3600, COMES.changes, 3600, Pause.NONE, ()),
    ),
    (),
    CALM,
    CALM,
    None,
    is_safe=True,
    is_smallest=True,
)
PLAN = Plan(
    PLAN_VERSION,
    "example.com",
    datetime(2026, 11, 20, 12, tzinfo=UTC),
    Goal.DELIVERS,
    reached=False,
    before=(SenderOutcome("google", Verdict.DELIVERS), SenderOutcome("microsoft", Verdict.REFUSED)),
    undecided=(),
    ways=(WAY, WAY),
    impossible=(),
    search=SearchExtent(1, 1, stopped=False),
)
FILES = frozenset(
    {
        "step-1/zone.txt",
        "step-1/nsupdate.txt",
        "step-1/back/zone.txt",
        "step-1/back/powerdns.json",
        "step-11/back/x",
    }
)
SAFE_BACK = (WayBack(0, ()), WayBack(0, ()))


def parts(
    plan: Plan = PLAN,
    number: int = 1,
    *,
    ways_back: tuple[WayBack, WayBack] = SAFE_BACK,
    steps: tuple[ActedStep, ActedStep] = (GOES, COMES),
    files: frozenset[str] = FILES,
) -> list[str]:
    """Return the parts of a runbook, apart by empty lines."""
    text = runbook(plan, number, steps, ways_back, files)
    hold_markdown(text)
    assert text.endswith("\n")
    return text.removesuffix("\n").split("\n\n")


def with_way(**changes: Any) -> Plan:  # noqa: ANN401 - the fields have many types
    return msgspec.structs.replace(PLAN, ways=(msgspec.structs.replace(WAY, **changes),))


def test_the_whole_of_a_runbook_can_be_followed_from_above() -> None:
    assert parts() == [
        "# Mail of `example.com`: 2 steps",
        "Planned as of 2026-11-20 12:00:00 UTC, way 1 of 2. Nothing has been changed yet.",
        "| Sender | Now |\n| --- | --- |\n| `microsoft` | REFUSES |",
        "In this order no sender that delivers now fails at any moment.",
        "Before each step, ask whether it may be made: status 0 go on, 3 wait, 1 do not.",
        "```sh\nmxproof plan --verify plan.json\n```",
        "## Step 1, at once",
        "```diff\n- mx1.example.com. CNAME smol.example.com.\n```",
        "- `step-1/zone.txt`: lines of the zone; a line that begins with `; remove:` goes\n- `step-1/nsupdate.txt`: the same for `nsupdate`: it does nothing where the zone is not as it was seen",
        "Check after it:",
        '```sh\nmxproof plan --verify plan.json --made "$(date -u +%FT%TZ)"\nmxproof check example.com\n```',
        "Then wait 1 h until no cache holds the old records.",
        "The way back, as long as no later step is made:",
        "```diff\n+ mx1.example.com. CNAME smol.example.com.\n```",
        "- `step-1/back/powerdns.json`\n- `step-1/back/zone.txt`",
        "Rehearsed: no sender that delivers before the first step fails when this is undone, at any moment.",
        "## Step 2, 1 h after the first",
        "```diff\n+ mx1.example.com. A 192.0.2.1\n```",
        "Check after it:",
        '```sh\nmxproof plan --verify plan.json --made "$(date -u +%FT%TZ)"\nmxproof check example.com\n```',
        "The way back, as long as no later step is made:",
        "- put back the certificate and the set-up of before: keep a copy of both before the step",
        "## At the end",
        "Every sender then does as planned: `mxproof check example.com`.",
    ]


def test_one_step_is_one() -> None:
    single = with_way(steps=WAY.steps[:1])
    assert parts(single)[0] == "# Mail of `example.com`: 1 step"


def test_the_command_that_verifies_names_every_way_but_the_first() -> None:
    assert verify_command(1) == "mxproof plan --verify plan.json"
    assert verify_command(2) == "mxproof plan --verify plan.json --way 2"
    assert verify_command(2, " --made X") == "mxproof plan --verify plan.json --way 2 --made X"
    assert parts(number=2)[1] == (
        "Planned as of 2026-11-20 12:00:00 UTC, way 2 of 2. Nothing has been changed yet."
    )


def test_where_every_sender_delivers_now_no_table_stands_there() -> None:
    well = msgspec.structs.replace(PLAN, before=PLAN.before[:1])
    assert parts(well)[2] == "Every sender delivers now."


def test_who_delivers_with_less_protection_on_the_way_is_named_once() -> None:
    less = Weakened("google", Security.MTA_STS, Security.OPPORTUNISTIC, 0, 60)
    rehearsal = msgspec.structs.replace(
        CALM, weakened=(less, less, msgspec.structs.replace(less, sender="exim"))
    )
    assert parts(with_way(rehearsal=rehearsal))[3:5] == [
        "In this order no sender that delivers now fails at any moment.",
        "**Delivered is not protected:** for a while, or for good, these deliver with less protection than now: `google`, `exim`.",
    ]


def test_who_fares_worse_on_a_way_that_is_not_safe_is_named_once() -> None:
    worse = Suffering("google", Verdict.REFUSED, 0, 60)
    rehearsal = msgspec.structs.replace(CALM, suffering=(worse, worse))
    assert parts(with_way(rehearsal=rehearsal, is_safe=False))[3] == (
        "**No order was found in which nobody fares worse meanwhile.** Those that do: `google`."
    )


def test_when_a_step_is_undone_too_early_who_fails_is_named_with_how_long_to_wait() -> None:
    early = WayBack(7200, ("google", "exim"))
    assert parts(ways_back=(early, early))[15] == (
        "**Rehearsed: undone earlier than 2 h after the step, it has these fail:** `google`, `exim`. "
        "Wait for that time, or go on to the next step."
    )
    assert parts(ways_back=(WayBack(None, ("google",)), early))[15] == (
        "**Rehearsed: undone, it has these fail for a while, whenever that is:** `google`. "
        "Better go on to the next step."
    )


def test_where_no_file_undoes_a_step_the_lines_above_are_all() -> None:
    assert parts(files=frozenset())[11:14] == [
        "The way back, as long as no later step is made:",
        "```diff\n+ mx1.example.com. CNAME smol.example.com.\n```",
        "Nothing but what is said above.",
    ]


def test_the_way_back_from_the_first_policy_is_to_serve_none() -> None:
    policy = Policy(mode=Mode.TESTING, max_age_s=86_400, mx=(MX1,))
    first = ActedStep((ServePolicy("example.com", policy),), (), (), restores_all=True)
    assert parts(steps=(first, COMES), files=frozenset())[11:14] == [
        "The way back, as long as no later step is made:",
        "No policy that senders take was served before: none can be put back, and nothing else was rehearsed.",
        "## Step 2, 1 h after the first",
    ]


def test_what_was_supposed_stands_at_the_end() -> None:
    assumed = (Assumption(Supposition.NO_OTHER_RECORDS, "mx1.example.com AAAA"),)
    assert parts(with_way(assumed=assumed))[-2:] == [
        "This rests on what was supposed:",
        "- no other records stand at mx1.example.com AAAA",
    ]
