"""Which findings of a check stand for a cause, how the fixes of several go together, and what was not asked for it."""

from functools import cache

import msgspec
import pytest

from mxproof.explain.engine import explain
from mxproof.explain.explanation import Explanation, JoinStanding, LookedFor, Reporter
from mxproof.explain.join import FINDINGS_TOLD_MAX, NOT_ASKED_MAX, join
from mxproof.explain.server_version import CheckedDomain, checked
from mxproof.formats.result_type import ResultType
from mxproof.judge.codes import Code
from mxproof.judge.report import Attempt, Delivery, Unknown, VerifiedFix, WordedFinding
from mxproof.judge.vocabulary import Remedied, Severity, Verdict
from support_world import collect
from support_worlds import GOOD, MX1, MX2

MISMATCH = f"warning: MX name '{MX1}' does not match STS MX pattern for 'example.com'"


@cache
def looked_at() -> CheckedDomain:
    """Return a look at a good domain whose name servers were not compared."""
    return checked(collect(GOOD), ())


def bounce(text: str = MISMATCH, sender: str | None = None, host: str | None = None) -> Explanation:
    told = explain(text.encode())
    claim = msgspec.structs.replace(told.causes[0], host=host)
    return msgspec.structs.replace(told, causes=(claim,), reporter=Reporter(sender=sender))


def finding(code: Code, words: str = "it is so", **more: object) -> WordedFinding:
    made = WordedFinding(code, Severity.ERROR, "example.com", words, "", "", (), (), ())
    return msgspec.structs.replace(made, **more)


def seen(
    *findings: WordedFinding,
    senders: tuple[Delivery, ...] = (),
    unknowns: tuple[Unknown, ...] = (),
    **changes: object,
) -> CheckedDomain:
    """Return the look with these findings, and with senders who do the same by the resolver alone."""
    report = msgspec.structs.replace(
        looked_at().report, findings=findings, senders=senders, unknowns=unknowns
    )
    return msgspec.structs.replace(looked_at(), report=report, alone=senders, **changes)


@cache
def _delivery() -> tuple[Delivery, Attempt]:
    report = looked_at().report
    (one,) = (one for one in report.senders if one.id == "microsoft")
    return one, one.attempts[0]


def microsoft(outcome: Verdict, *because: Code, fails: ResultType | None = None) -> Delivery:
    one, attempt = _delivery()
    tried = msgspec.structs.replace(attempt, result_type=fails)
    return msgspec.structs.replace(one, outcome=outcome, because=because, attempts=(tried,), bounce=None)


UNLISTED, DIFFERS, ALIAS = Code.STS_MX_UNLISTED, Code.STS_POLICY_DIFFERS, Code.MX_ALIAS


def test_the_steps_of_all_findings_of_the_first_ones_kind_go_side_by_side_and_no_others() -> None:
    first = finding(UNLISTED, steps=("list one", "reload one"), otherwise=("or leave",), who="one acts")
    second = finding(
        UNLISTED, steps=("list two", "", "check"), otherwise=("or leave", "or move"), who="two acts"
    )
    other = finding(DIFFERS, steps=("make them alike",), otherwise=("or none",), who="three acts")
    got = join(bounce(), seen(first, second, other))
    assert got.findings == (UNLISTED, UNLISTED, DIFFERS)
    assert got.steps == ("list one", "list two", "reload one", "check")
    assert got.otherwise == ("or leave", "or move")
    assert got.fix == "1. list one\n2. list two\n3. reload one\n4. check\nor leave\nor move"
    assert got.who == "one acts"


def test_what_was_verified_is_told_of_a_fix_that_is_of_one_finding_alone() -> None:
    verified = VerifiedFix(next(iter(Remedied)), (), words="all deliver then")
    one = finding(UNLISTED, verified=verified)
    unverified = finding(DIFFERS)
    assert join(bounce(), seen(one, unverified)).verified == "all deliver then"
    assert join(bounce(), seen(unverified, one)).verified == ""
    assert join(bounce(), seen(one, one)).verified == ""
    without_steps = join(bounce(), seen(finding(UNLISTED, who="nobody acts")))
    assert (without_steps.who, without_steps.fix, without_steps.steps) == ("", "", ())


def test_the_findings_that_the_sender_names_come_first_and_three_are_told() -> None:
    of_others = [finding(UNLISTED, f"host {place}") for place in range(FINDINGS_TOLD_MAX)]
    named = finding(DIFFERS, "two policies")
    refused = microsoft(Verdict.REFUSED, DIFFERS, fails=ResultType.MX_MISMATCH)
    got = join(bounce(sender="microsoft"), seen(*of_others, named, senders=(refused,)))
    assert got.findings == (DIFFERS, UNLISTED, UNLISTED)
    assert join(bounce(), seen(*of_others, named)).findings == (UNLISTED,) * 3


def test_what_is_in_order_or_of_another_cause_does_not_stand_for_it() -> None:
    fine = finding(UNLISTED, severity=Severity.OK)
    got = join(bounce(), seen(fine, finding(Code.CERT_EXPIRED), finding(Code.NS_MAIL_DIFFERS)))
    assert (got.joined, got.findings) == (LookedFor.NOT_LOOKED_FOR, ())
    warned = finding(UNLISTED, severity=Severity.WARNING)
    assert join(bounce(), seen(warned)).joined is LookedFor.CONFIRMED


@pytest.mark.parametrize(
    ("outcome", "fails", "findings", "want"),
    [
        # The sender would fail in the same way, whatever is found.
        (Verdict.REFUSED, ResultType.MX_MISMATCH, (), LookedFor.CONFIRMED),
        (Verdict.AT_RISK, ResultType.MX_MISMATCH, (), LookedFor.CONFIRMED),
        # In another way: confirmed by a finding at the host that failed alone.
        (Verdict.REFUSED, ResultType.CERTIFICATE_EXPIRED, (), LookedFor.CHANGED),
        (Verdict.REFUSED, ResultType.CERTIFICATE_EXPIRED, (finding(UNLISTED),), LookedFor.CONFIRMED),
        (Verdict.REFUSED, ResultType.CERTIFICATE_EXPIRED, (finding(UNLISTED, MX1),), LookedFor.CONFIRMED),
        (Verdict.REFUSED, ResultType.CERTIFICATE_EXPIRED, (finding(UNLISTED, MX2),), LookedFor.CHANGED),
        (Verdict.REFUSED, ResultType.CERTIFICATE_EXPIRED, (finding(ALIAS),), LookedFor.CHANGED),
        # It would deliver: what is found stands for it, but not what only some senders refuse for.
        (Verdict.DELIVERS, ResultType.MX_MISMATCH, (finding(UNLISTED),), LookedFor.CONFIRMED),
        (Verdict.DELIVERS, ResultType.MX_MISMATCH, (finding(UNLISTED, MX2),), LookedFor.CHANGED),
        (Verdict.DELIVERS, ResultType.MX_MISMATCH, (finding(ALIAS),), LookedFor.NOT_LOOKED_FOR),
        (Verdict.DELIVERS, ResultType.MX_MISMATCH, (), LookedFor.NOT_LOOKED_FOR),
    ],
)
def test_a_cause_is_confirmed_by_how_the_sender_fares_or_by_a_finding_at_the_host_that_failed(
    outcome: Verdict, fails: ResultType, findings: tuple[WordedFinding, ...], want: LookedFor
) -> None:
    got = join(
        bounce(sender="microsoft", host=MX1), seen(*findings, senders=(microsoft(outcome, fails=fails),))
    )
    assert (got.joined, got.sender, got.outcome) == (want, "microsoft", outcome)


def test_the_address_of_a_host_stands_for_it_and_a_host_of_another_domain_for_any() -> None:
    at_second = finding(UNLISTED, "at 192.0.2.2")
    assert join(bounce(host=MX2), seen(at_second)).joined is LookedFor.CONFIRMED
    assert join(bounce(host="192.0.2.2"), seen(finding(UNLISTED, MX2))).joined is LookedFor.CONFIRMED
    assert join(bounce(host=MX1), seen(at_second)).joined is LookedFor.CHANGED
    assert join(bounce(host="mx.example.org"), seen(at_second)).joined is LookedFor.CONFIRMED
    in_subject = finding(UNLISTED, subject=MX2)
    assert join(bounce(host=MX1), seen(in_subject)).joined is LookedFor.CHANGED
    assert join(bounce(host=MX1), seen(in_subject, finding(UNLISTED, MX1))).joined is LookedFor.CONFIRMED


UNANSWERED = Unknown("MX example.com", "timeout")
SERVERS = "the name servers of example.com, one by one"


def test_what_was_not_answered_counts_only_where_it_leaves_open_what_the_sender_does() -> None:
    unknowns = (UNANSWERED,)
    for senders, asked in (
        ((), ("MX example.com", SERVERS)),
        ((microsoft(Verdict.UNKNOWN),), ("MX example.com", SERVERS)),
        ((microsoft(Verdict.DELIVERS),), (SERVERS,)),
    ):
        got = join(bounce(sender="microsoft"), seen(senders=senders, unknowns=unknowns))
        assert (got.standing, got.not_asked) == (JoinStanding.UNKNOWN, asked)


def test_five_things_are_told_that_were_not_asked_in_their_order_and_each_once() -> None:
    unserved = tuple(f"server {place}" for place in (1, 1, *range(1, NOT_ASKED_MAX + 1)))
    got = join(bounce(), seen(unknowns=(UNANSWERED,), unserved=unserved))
    assert got.not_asked == ("MX example.com", "server 1", "server 2", "server 3", "server 4")
    unjudged = finding(Code.DANE_UNJUDGED, steps=("ask one that validates",))
    dane = bounce("450 4.7.323 tlsa-invalid: The domain failed DANE validation")
    got = join(dane, seen(unjudged, unknowns=(UNANSWERED,)))
    assert got.not_asked == ("DNSSEC, by a resolver that validates", "MX example.com", SERVERS)
    assert SERVERS in join(bounce(), seen(unjudged)).not_asked[0]


def test_a_host_that_the_words_name_and_the_check_does_not_lead_to_was_not_asked() -> None:
    led = frozenset({MX1, MX2})
    other = "mx.example.org"
    told = bounce(MISMATCH.replace(MX1, other), host=other)
    assert (
        join(told, seen(asked=led)).not_asked[0]
        == f"{other}, to which the check of example.com does not lead"
    )
    for asked, host in ((led | {other}, other), (frozenset(), other), (led, "mx.example.net"), (led, None)):
        again = bounce(MISMATCH.replace(MX1, other), host=host)
        assert join(again, seen(asked=asked)).not_asked == (SERVERS,)


def test_where_it_cannot_be_told_the_advice_is_how_to_have_it_told() -> None:
    unjudged = finding(Code.DANE_UNJUDGED, steps=("ask one that validates",), who="you")
    cut_off = finding(Code.RESOLVER_UNANSWERED, steps=("ask one that answers",))
    dane = bounce("450 4.7.323 tlsa-invalid: The domain failed DANE validation")
    assert join(dane, seen(cut_off, unjudged)).steps == ("ask one that validates",)
    assert join(dane, seen(cut_off)).steps == ("ask one that answers",)
    assert join(bounce(), seen(cut_off, unjudged)).steps == ("ask one that answers",)
    assert join(bounce(), seen(unjudged)).steps == ()
    found = join(bounce(), seen(finding(UNLISTED, steps=("list it",)), cut_off))
    assert (found.steps, found.findings, found.not_asked) == (("list it",), (UNLISTED,), ())
