"""What stands beside a report: the time that asking took, and what ends when."""

from datetime import timedelta

from mxproof.judge.checked import TermKind, terms
from mxproof.mail.assemble import assemble
from mxproof.mail.memory import Memory
from support_certificates import NOW
from support_forms import checked
from support_world import GOOD_POLICY, Smtp, ZoneWorld, collect

MAX_AGE = timedelta(seconds=1_209_600)


def test_each_mx_host_and_the_policy_have_their_end() -> None:
    domain = assemble(collect(ZoneWorld()), NOW)
    found = {(one.kind, one.name): one.until for one in terms(domain, (Memory(GOOD_POLICY, NOW - MAX_AGE),))}
    assert list(found) == [
        (TermKind.MX_CERTIFICATE, "mx1.example.com"),
        (TermKind.MX_CERTIFICATE, "mx2.example.com"),
        (TermKind.POLICY_CERTIFICATE, "mta-sts.example.com"),
        (TermKind.POLICY, "example.com"),
        (TermKind.CACHED_POLICY, "example.com"),
    ]
    assert found[TermKind.POLICY, "example.com"] == NOW + MAX_AGE
    assert found[TermKind.CACHED_POLICY, "example.com"] == NOW


def test_what_was_not_seen_has_no_end() -> None:
    world = ZoneWorld().but(smtp=dict.fromkeys(("192.0.2.1", "2001:db8::1", "192.0.2.2"), Smtp(names=())))
    assert {one.kind for one in terms(assemble(collect(world.but(policy=b"")), NOW))} <= {
        TermKind.MX_CERTIFICATE,
        TermKind.POLICY_CERTIFICATE,
    }


def test_asking_took_from_the_first_question_to_the_last_answer() -> None:
    one = checked(collect(ZoneWorld()))
    began = min(each.began for each in one.timeline)
    ended = max(each.ended for each in one.timeline)
    assert one.seconds == (ended - began).total_seconds()
    assert [each.began for each in one.timeline] == sorted(each.began for each in one.timeline)
