"""The words of a join: what the check finds, what a sender may still hold, and where the records were asked for."""

from datetime import datetime, timedelta

import msgspec
import pytest

from mxproof.evidence import Kind, Question
from mxproof.explain.causes import CATALOGUE
from mxproof.explain.engine import explain
from mxproof.explain.explanation import Explanation, LookedFor
from mxproof.explain.join_words import beyond, capital, ended, sentences
from mxproof.explain.server_version import CheckedDomain, JudgedVersion
from mxproof.judge.judging import report_on
from mxproof.judge.report import Bounce, WordedFinding
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.assemble import assemble
from mxproof.survey.served import RecordSet, ZoneVersion
from mxproof.survey.zone import ServerAddress
from support_world import Https, ZoneWorld, collect
from support_worlds import GOOD, MX1, MX2, POLICY_ADDRESS, policy

BY_POLICY, BY_NOTHING = CATALOGUE["mtasts_mx_mismatch"], CATALOGUE["connect_timeout"]
BOUNCE = explain(b"451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation.")
REPORT = report_on(collect(GOOD), now=GOOD.at)
FINDING = msgspec.structs.replace(REPORT.findings[0], summary="something is wrong", detail="so it stands")
AT_SERVERS = frozenset(
    Question(kind, "example.com", server=server)
    for kind in (Kind.MX, Kind.TXT)
    for server in ("192.0.2.1", "192.0.2.2")
)


def checked(world: ZoneWorld = GOOD, served: frozenset[Question] | None = None) -> CheckedDomain:
    return CheckedDomain(REPORT, (), assemble(collect(world), world.at), served=served)


def said(
    joined: LookedFor,
    *told: WordedFinding,
    cause: str = "connect_timeout",
    bounce: Explanation = BOUNCE,
    of: CheckedDomain | None = None,
) -> str:
    return " ".join(
        sentences(joined, bounce, CATALOGUE[cause], None, told, ("its TLSA records",), of or checked(), None)
    )


def test_what_is_found_is_said_with_what_was_found() -> None:
    assert said(LookedFor.CONFIRMED, FINDING).startswith("The check finds the reason. Something is wrong.")
    changed = said(LookedFor.CHANGED, FINDING)
    assert "another one. Something is wrong." in changed
    unknown = said(LookedFor.NOT_LOOKED_FOR, FINDING)
    assert "acquits nobody" in unknown
    assert "its TLSA records" in unknown
    assert "Something" not in unknown


def test_what_is_not_found_was_repaired_or_name_servers_differ() -> None:
    plain, differing = said(LookedFor.NOT_FOUND), said(LookedFor.NOT_FOUND, FINDING)
    assert plain.endswith("It was repaired since, or comes and goes.")
    assert differing.endswith("do not tell all senders the same. Something is wrong. So it stands.")
    assert "repaired" not in differing


@pytest.mark.parametrize("joined", [LookedFor.CONFIRMED, LookedFor.CHANGED, LookedFor.NOT_LOOKED_FOR])
def test_that_an_older_policy_is_kept_to_is_said_of_what_mta_sts_demands(joined: LookedFor) -> None:
    assert "--cached-policy" in said(joined, FINDING, cause="mtasts_mx_mismatch")
    assert "--cached-policy" not in said(joined, FINDING)
    assert "--cached-policy" not in said(LookedFor.NOT_FOUND, cause="mtasts_mx_mismatch")


def held(world: ZoneWorld, tried_at: datetime | None) -> str:
    bounce = msgspec.structs.replace(BOUNCE, last_attempt=tried_at)
    return said(LookedFor.NOT_FOUND, cause="mtasts_mx_mismatch", bounce=bounce, of=checked(world))


SHORT = GOOD.but(policy=policy(MX1, MX2, max_age=86_400))


@pytest.mark.parametrize(
    ("tried_at", "words"),
    [
        (None, f"until {GOOD.at + timedelta(days=1):%Y-%m-%d %H:%M} UTC, if it was fetched as late as now"),
        (
            GOOD.at - timedelta(hours=1),
            f"until {GOOD.at + timedelta(hours=23):%Y-%m-%d %H:%M} UTC, if it was fetched as late as the last attempt",
        ),
        (
            GOOD.at - timedelta(days=1),
            f"hardly held any more: with the max_age of now it was over at {GOOD.at:%Y-%m-%d %H:%M}",
        ),
        (GOOD.at - timedelta(days=2), "hardly held any more"),
    ],
)
def test_an_older_policy_is_held_for_the_max_age_from_the_last_attempt(
    tried_at: datetime | None, words: str
) -> None:
    got = held(SHORT, tried_at)
    assert words in got
    assert got.endswith("Otherwise it was repaired since, or comes and goes.")


def test_of_two_policies_that_are_served_the_longer_max_age_tells() -> None:
    for short, long in ((POLICY_ADDRESS, "192.0.2.81"), ("192.0.2.81", POLICY_ADDRESS)):
        both = GOOD.zone_with(
            f"mta-sts.example.com A {POLICY_ADDRESS}", "mta-sts.example.com A 192.0.2.81"
        ).but(
            https={
                short: Https(body=policy(MX1, MX2, max_age=86_400)),
                long: Https(body=policy(MX1, MX2, max_age=172_800)),
            }
        )
        got = held(both, None)
        assert f"until {GOOD.at + timedelta(days=2):%Y-%m-%d %H:%M} UTC" in got
        assert "the max_age of now (172800 s)" in got


def test_without_a_policy_that_is_served_the_longest_max_age_is_told() -> None:
    none = GOOD.zone_with("_mta-sts.example.com TXT", "mta-sts.example.com A")
    assert "365 days" in held(none, None)


def test_every_sentence_of_what_is_found_stands_in_its_order() -> None:
    second = msgspec.structs.replace(FINDING, summary="another thing is")
    one = msgspec.structs.replace(REPORT.senders[0], name="A sender", outcome=Verdict.REFUSED, bounce=None)
    for joined, first in (
        (LookedFor.CONFIRMED, "The check finds the reason."),
        (LookedFor.CHANGED, "The check does not find this reason any more, but another one."),
    ):
        got = sentences(joined, BOUNCE, BY_POLICY, one, (FINDING, second), (), checked(), None)
        assert got[:-1] == [
            first,
            "Something is wrong.",
            "Another thing is.",
            "A sender would refuse now.",
        ]
        assert "--cached-policy" in got[-1]
    differing = sentences(LookedFor.NOT_FOUND, BOUNCE, BY_POLICY, one, (FINDING, second), (), checked(), None)
    assert differing[1:6] == [
        "But the name servers do not tell all senders the same.",
        "Something is wrong.",
        "So it stands.",
        "Another thing is.",
        "So it stands.",
    ]
    assert differing[6].startswith("An old policy ")
    assert differing[7:] == ["A sender would refuse now."]


def test_the_name_servers_that_tell_the_reason_are_named_with_what_they_have_otherwise() -> None:
    def told(*addresses: str) -> list[str]:
        where = tuple(ServerAddress("example.com", f"ns{one[-1]}.example.com", one) for one in addresses)
        answer = collect(GOOD).answer(Question(Kind.MX, "example.com"))
        kept = tuple(
            (RecordSet(kind, name, "example.com"), answer)
            for kind, name in ((Kind.MX, "example.com"), (Kind.A, MX1))
        )
        version = JudgedVersion(ZoneVersion(where, 6, (*kept, kept[0])), REPORT)
        of = checked(served=AT_SERVERS)
        return sentences(LookedFor.CONFIRMED, BOUNCE, BY_NOTHING, None, (FINDING,), (), of, version)

    asked = "The check finds the reason (MX, TXT records asked at 2 name servers, one by one): "
    ending = " otherwise, and a sender that is told so refuses for this reason."
    records = f"MX of example.com, A of {MX1}"
    assert told("192.0.2.1") == [
        f"{asked}one name server differs, ns1.example.com (192.0.2.1) has {records}{ending}",
        "Something is wrong.",
    ]
    assert told("192.0.2.1", "192.0.2.2")[0] == (
        f"{asked}name servers differ, ns1.example.com (192.0.2.1), ns2.example.com (192.0.2.2) have {records}{ending}"
    )


@pytest.mark.parametrize(
    ("served", "words"),
    [
        (None, "The check looked for this reason and does not find it."),
        (frozenset(), "The check looked for this reason and does not find it."),
        (AT_SERVERS, "does not find it (MX, TXT records asked at 2 name servers, one by one)."),
        (
            frozenset(one for one in AT_SERVERS if one.server == "192.0.2.1"),
            "does not find it (MX, TXT records asked at 1 name server, one by one).",
        ),
    ],
)
def test_where_the_records_were_asked_for_is_told(served: frozenset[Question] | None, words: str) -> None:
    assert words in said(LookedFor.NOT_FOUND, of=checked(served=served))


def test_what_a_sender_would_do_now_is_told_with_its_reply_where_it_has_one() -> None:
    delivery = REPORT.senders[0]

    def fares(outcome: Verdict, **changes: object) -> str:
        one = msgspec.structs.replace(delivery, name="A sender", outcome=outcome, **changes)
        got = sentences(LookedFor.CONFIRMED, BOUNCE, BY_NOTHING, one, (), (), checked(), None)
        return got[-1]

    assert fares(Verdict.DELIVERS, bounce=None) == "A sender would deliver now."
    assert fares(Verdict.UNKNOWN, bounce=None) == "What A sender would do now cannot be told."
    both = Bounce(transient="451 wait", final="550 no", after_s=1)
    assert fares(Verdict.REFUSED, bounce=both) == "A sender would refuse now: 451 wait."
    final = Bounce(transient="", final="550 no", after_s=1)
    assert fares(Verdict.REFUSED, bounce=final) == "A sender would refuse now: 550 no."


def test_what_no_check_asks_is_told_as_that() -> None:
    assert beyond(("greylisting",)).endswith("Not asked: greylisting.")
    assert "no cause" in beyond(())


@pytest.mark.parametrize(
    ("words", "want"),
    [
        ("the host", "The host."),
        (" the host! ", "The host!"),
        ("why?", "Why?"),
        ("mx.example.com is gone", "mx.example.com is gone."),
        ("the.", "The."),
    ],
)
def test_a_sentence_begins_with_a_capital_letter_but_for_a_name_and_ends(words: str, want: str) -> None:
    assert ended(words) == want
    assert capital("") == ""
