"""The steps of a publication, in the order that keeps mail safe, and what is left beside a record that is set."""

import pytest

from mxproof.evidence import Answer, Kind, Outcome
from mxproof.mail.change import CnameValue, TxtValue
from mxproof.publish.state import PublishedState
from mxproof.publish.step import (
    PublicationStep,
    StepName,
    is_made,
    shown_words,
    steps_to,
    wanted_beside,
)
from support_certificates import NOW

POLICY = "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 86400\n"
STS, OTHER_STS = TxtValue.of(b"v=STSv1; id=2;"), TxtValue.of(b"V=STSV1; id=1;")
SPF, REPORTS = TxtValue.of(b"v=spf1 -all"), TxtValue.of(b"v=TLSRPTv1; rua=mailto:tls@example.com")
ID_STEP = PublicationStep(StepName.ID, "_mta-sts.example.com", Kind.TXT, STS)
NO_ID = PublicationStep(StepName.ID, "_mta-sts.example.com", Kind.TXT, None)
REPORTS_STEP = PublicationStep(StepName.REPORTS, "_smtp._tls.example.com", Kind.TXT, REPORTS)
HOST_STEP = PublicationStep(StepName.HOST, "mta-sts.example.com", Kind.CNAME, CnameValue("host.example.net"))


def test_nobody_is_told_of_a_policy_before_it_is_served() -> None:
    """RFC 8461 section 8.1: the policy first, then its id."""
    state = PublishedState(
        domain="example.com",
        policy=POLICY,
        id="2",
        host="host.example.net",
        reports="v=TLSRPTv1; rua=mailto:tls@example.com",
    )
    assert [one.step for one in steps_to(state)] == [
        StepName.HOST,
        StepName.REPORTS,
        StepName.POLICY,
        StepName.ID,
    ]
    assert [one.step for one in steps_to(PublishedState(domain="example.com", policy=POLICY, id="2"))] == [
        StepName.POLICY,
        StepName.ID,
    ]


@pytest.mark.parametrize(
    ("policy", "host", "want"),
    [
        ("", "host.example.net", [StepName.ID, StepName.POLICY, StepName.HOST]),
        ("", "", [StepName.ID, StepName.POLICY]),
        (POLICY, "host.example.net", [StepName.ID, StepName.POLICY]),
    ],
)
def test_what_is_withdrawn_goes_the_other_way_and_the_host_stays_while_a_policy_is_served(
    policy: str, host: str, want: list[StepName]
) -> None:
    state = PublishedState(domain="example.com", policy=policy, id="2", host=host, withdrawn=True)
    steps = steps_to(state)
    assert [one.step for one in steps] == want
    assert {one.record for one in steps} == {None}


@pytest.mark.parametrize(
    ("step", "there", "left"),
    [
        (ID_STEP, (), (STS,)),
        (ID_STEP, (OTHER_STS,), (STS,)),
        (ID_STEP, (SPF, OTHER_STS), (SPF, STS)),
        (ID_STEP, (REPORTS,), (REPORTS, STS)),
        (NO_ID, (SPF, OTHER_STS), (SPF,)),
        (NO_ID, (), ()),
        (REPORTS_STEP, (SPF, STS, TxtValue.of(b"v=tlsrptv1; rua=")), (SPF, STS, REPORTS)),
        (HOST_STEP, (CnameValue("old.example.net"),), (CnameValue("host.example.net"),)),
    ],
)
def test_of_the_texts_at_a_name_those_of_another_kind_stay(
    step: PublicationStep, there: tuple[TxtValue, ...], left: tuple[TxtValue, ...]
) -> None:
    assert wanted_beside(step, there) == left
    assert is_made(step, left)
    assert is_made(step, there) is (set(there) == set(left))


@pytest.mark.parametrize(
    ("outcome", "found", "words"),
    [
        (Outcome.FOUND, (STS,), '"v=STSv1; id=2;"'),
        (Outcome.EMPTY, (), "no record"),
        (Outcome.FOUND, None, "an answer that is not authoritative"),
        (Outcome.EMPTY, None, "an answer that is not authoritative"),
        (Outcome.NXDOMAIN, None, "an answer that is not authoritative"),
        (Outcome.TIMEOUT, None, "timeout"),
        (Outcome.REFUSED, None, "refused"),
    ],
)
def test_what_a_server_shows_is_its_records_or_what_came_in_their_place(
    outcome: Outcome, found: tuple[TxtValue, ...] | None, words: str
) -> None:
    assert shown_words(Answer(outcome, NOW), found) == words
