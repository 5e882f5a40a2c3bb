"""Which way it went between two observations, and for whom each change matters by itself: at its own moment, with what is remembered."""

from datetime import timedelta
from functools import cache

import msgspec

from mxproof.evidence import Der, Outcome, SmtpStage
from mxproof.judge.difference import Course, Difference, FindingShift
from mxproof.judge.differing import JudgedEvidence, difference, seen
from mxproof.judge.senders import SENDERS
from mxproof.judge.vocabulary import Security, Severity
from mxproof.mail.memory import Memory
from mxproof.mail.observed_fact import FactKind
from support_certificates import NOW, STRANGER, Defect
from support_world import GOOD_POLICY, Https, Smtp, ZoneWorld, collect

GOOD = ZoneWorld()
UNSEEN = GOOD.zone_with("example.com MX !timeout")
REFUSED = GOOD.but(policy=GOOD_POLICY.replace(b"mx1", b"mx8").replace(b"mx2", b"mx9"))
ANOTHER_ID = GOOD.zone_with("_mta-sts.example.com TXT v=STSv1; id=2;")
UNANNOUNCED = GOOD.zone_with("_mta-sts.example.com TXT", "mta-sts.example.com A")
STS = {one.id for one in SENDERS if one.mta_sts}


@cache
def good() -> JudgedEvidence:
    return seen(collect(GOOD))


def matters(found: Difference, kind: FactKind) -> list[set[str]]:
    return [set(one.matters_to) for one in found.shifts if one.kind is kind]


def test_what_was_not_known_goes_the_way_that_it_is_now() -> None:
    unseen, refused = seen(collect(UNSEEN)), seen(collect(REFUSED))
    for old, new, want in (
        (unseen, good(), Course.BETTER),
        (unseen, refused, Course.WORSE),
        (good(), unseen, Course.UNKNOWN),
        (unseen, unseen, Course.SAME),
    ):
        found = difference(old, new)
        assert found.course is want
        judged = [one for one in found.senders if one.id == "rfc8461"]
        assert [one.course for one in judged] == ([] if want is Course.SAME else [want])
        states = {(one.before.outcome, one.after.outcome) for one in judged}
        ends = {(one.report.summary.outcome, other.report.summary.outcome) for one, other in ((old, new),)}
        assert states == (set() if want is Course.SAME else ends)


def test_of_a_mail_that_is_better_for_one_and_worse_for_the_next_the_worse_is_told() -> None:
    signed = GOOD.but(signed=("example.com",))
    wrong, right = (
        signed.zone_with(f"_25._tcp.mx1.example.com TLSA {one}", f"_25._tcp.mx2.example.com TLSA {two}")
        for one, two in (("3 1 1 " + "00" * 32,) * 2, ("3 1 1 @192.0.2.1", "3 1 1 @192.0.2.2"))
    )
    found = difference(seen(collect(wrong)), seen(collect(right.but(policy=REFUSED.policy))))
    assert {one.course for one in found.senders} >= {Course.WORSE, Course.BETTER}
    assert found.course is Course.WORSE


def test_a_sender_that_decides_nothing_has_a_course_of_its_own_and_gives_none_to_the_whole() -> None:
    renamed = GOOD.zone_with(
        *(f"{one} PTR h.example.net" for one in ("192.0.2.1", "2001:db8::1", "192.0.2.2"))
    )
    there, back = difference(good(), seen(collect(renamed))), difference(seen(collect(renamed)), good())
    assert [(one.id, one.course) for one in there.senders] == [("microsoft-ptr", Course.WORSE)]
    assert [(one.id, one.course) for one in back.senders] == [("microsoft-ptr", Course.BETTER)]
    assert (there.course, back.course) == (Course.SAME, Course.SAME)
    assert not there.is_empty


def weighing(weight: Severity) -> JudgedEvidence:
    """Return the good domain with one finding that weighs so much."""
    report = good().report
    one, *others = report.findings
    rest = tuple(each for each in others if (each.code, each.subject) != (one.code, one.subject))
    weighed = msgspec.structs.replace(one, severity=weight)
    return msgspec.structs.replace(good(), report=msgspec.structs.replace(report, findings=(weighed, *rest)))


def test_what_was_in_order_counts_as_not_found_and_what_is_in_order_now_as_gone() -> None:
    sound, warned, wrong = map(weighing, (Severity.OK, Severity.WARNING, Severity.ERROR))
    (appeared,) = difference(sound, warned).appeared
    assert (appeared.was, appeared.severity, appeared.is_graver) == (None, Severity.WARNING, True)
    back = difference(warned, sound)
    first = warned.report.findings[0]
    gone = FindingShift(first.code, Severity.WARNING, first.subject, first.summary, first.affects, None)
    assert (back.appeared, back.gone) == ((), (gone,))
    heavier, lighter = difference(warned, wrong), difference(wrong, warned)
    assert [(one.was, one.severity) for one in heavier.appeared] == [(Severity.WARNING, Severity.ERROR)]
    assert [(one.was, one.severity) for one in lighter.appeared] == [(Severity.ERROR, Severity.WARNING)]
    assert (heavier.gone, lighter.gone) == ((), ())
    assert (heavier.course, lighter.course) == (Course.WORSE, Course.SAME)
    assert difference(sound, warned, Severity.WARNING).course is Course.WORSE
    assert difference(sound, warned, Severity.ERROR).course is Course.SAME
    assert difference(sound, sound).is_empty


def test_a_change_is_tried_at_the_moment_to_which_it_belongs() -> None:
    """All certificates have ended by then, which the new id has nothing to do with."""
    later = seen(collect(ANOTHER_ID), now=NOW + timedelta(days=400))
    found, back = difference(good(), later), difference(later, good())
    assert (found.course, back.course) == (Course.WORSE, Course.BETTER)
    for one in (found, back):
        assert matters(one, FactKind.RECORD) == [set()]
        assert {sender.id for sender in one.senders} >= {"rfc8461", "google"}


def test_a_change_matters_to_whoever_remembers_what_makes_it_matter() -> None:
    """No policy is announced any more, and the one that is held asks for a certificate that is in order."""
    servers = {"192.0.2.1": Smtp(defect=Defect.EXPIRED), "2001:db8::1": Smtp(defect=Defect.EXPIRED)}
    old, new = collect(UNANNOUNCED), collect(UNANNOUNCED.but(smtp=servers))
    held = (Memory(GOOD_POLICY, NOW - timedelta(days=1), "20260601"),)
    holding = difference(seen(old, memories=held), seen(new, memories=held))
    assert matters(holding, FactKind.CERTIFICATE) == [STS]
    fresh = difference(seen(old), seen(new))
    assert matters(fresh, FactKind.CERTIFICATE) == [set()]
    assert {one.id for one in holding.senders} == STS
    forgotten = difference(seen(old, memories=held), seen(new))
    assert matters(forgotten, FactKind.CERTIFICATE) == [STS]


def test_a_certificate_is_tried_with_the_roots_of_both_moments() -> None:
    """The roots here are others now, which is a change of the place and of no certificate."""
    evidence = collect(GOOD)
    vantage = msgspec.structs.replace(evidence.vantage, anchors=(Der(STRANGER.der),))
    elsewhere = seen(msgspec.structs.replace(evidence, vantage=vantage))
    assert {one.security for one in elsewhere.report.senders if one.id in STS} == {Security.OPPORTUNISTIC}
    for found in (difference(good(), elsewhere), difference(elsewhere, good())):
        assert {one.id for one in found.senders} == STS
        assert [one for one in matters(found, FactKind.CERTIFICATE) if one] == []
    strange = Smtp(defect=Defect.UNTRUSTED)
    servers = dict.fromkeys(("192.0.2.1", "2001:db8::1", "192.0.2.2"), strange)
    renewed = collect(GOOD.but(smtp=servers, https={"192.0.2.80": Https(defect=Defect.UNTRUSTED)}))
    trusted = seen(msgspec.structs.replace(renewed, vantage=vantage))
    for found in (difference(good(), trusted), difference(trusted, good())):
        assert (found.course, found.senders) == (Course.SAME, ())
        certificates = matters(found, FactKind.CERTIFICATE)
        assert certificates == [set()] * len(certificates) != []


def test_a_policy_and_the_certificate_before_it_are_tried_apart() -> None:
    """A longer max_age is nothing to anybody; that the certificate has ended takes the policy away."""
    policy = GOOD_POLICY.replace(b"1209600", b"1209601")
    both = GOOD.but(policy=policy, https={"192.0.2.80": Https(defect=Defect.EXPIRED)})
    for found in (difference(good(), seen(collect(both))), difference(seen(collect(both)), good())):
        (certificate,) = matters(found, FactKind.CERTIFICATE)
        assert certificate >= {"rfc8461", "google", "microsoft"}
        assert matters(found, FactKind.POLICY) in ([set()], [])
    testing = GOOD_POLICY.replace(b"enforce", b"testing")
    renewed = GOOD.but(
        policy=testing, https={"192.0.2.80": Https(names=("mta-sts.example.com", "b.example.com"))}
    )
    found = difference(good(), seen(collect(renewed)))
    assert matters(found, FactKind.CERTIFICATE) == [set()]
    assert [one >= {"rfc8461", "google"} for one in matters(found, FactKind.POLICY)] == [True]


def test_where_a_look_up_is_answered_again_why_it_was_not_is_told_and_of_two_silences_nothing() -> None:
    name = "_smtp._tls.example.com TXT"
    silent, failing = (seen(collect(GOOD.zone_with(f"{name} !{why}"))) for why in ("timeout", "servfail"))
    for old, new in ((good(), silent), (silent, good())):
        (one,) = difference(old, new).shifts
        assert (one.why, None in (one.before, one.after)) == ("timeout", True)
    assert difference(silent, failing).shifts == ()


def test_a_host_that_was_lost_at_all_its_addresses_is_told_once_and_tried_whole() -> None:
    gone = Smtp(stage=SmtpStage.CONNECT, outcome=Outcome.REFUSED)
    lost = seen(collect(GOOD.but(smtp=dict.fromkeys(("192.0.2.1", "2001:db8::1"), gone))))
    for found in (difference(good(), lost), difference(lost, good())):
        (server,) = [one for one in found.shifts if one.kind is FactKind.SERVER]
        assert server.names == ("mx1.example.com",)
        assert len(server.about) == 2
        assert set(server.matters_to) == {one.id for one in SENDERS}
