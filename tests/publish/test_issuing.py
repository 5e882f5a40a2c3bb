"""Certificates that are wanted: each in its turn, renewed early at a moment of its own, tried again later each time."""

from datetime import timedelta
from pathlib import Path

import pytest

from mxproof.publish.acme_client import new_key
from mxproof.publish.certificate_folder import renewed_from
from mxproof.publish.certificate_standing import HOUR, LET_ALONE_MAX_S
from mxproof.publish.challenge import Answerer, Challenge, ChallengeKind, HttpAnswerer
from mxproof.publish.issuing import (
    BACK_OFF_FIRST_S,
    BACK_OFF_MAX_S,
    HEEDED_MAX_S,
    PUT_OFF_S,
    tried_again_at,
)
from mxproof.publish.keeper import KeeperError
from mxproof.publish.told_certificate import CertificateEnd
from support_certificates import NOW
from support_issuing import Authority

NAMES = ("mta-sts.a.example", "mta-sts.b.example", "mta-sts.c.example")


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def test_names_are_ordered_in_their_turn_so_many_in_a_run(authority: Authority) -> None:
    issuing = authority.issuing(orders_max=2)
    assert issuing.want(NAMES) == 0
    first = issuing.run()
    assert first == dict.fromkeys(NAMES[:2], CertificateEnd.ISSUED)
    assert [one.end for one in issuing.standing.told(NAMES, first)] == [
        CertificateEnd.ISSUED,
        CertificateEnd.ISSUED,
        CertificateEnd.DUE,
    ]
    assert issuing.run() == {NAMES[2]: CertificateEnd.ISSUED}
    assert issuing.run() == {}
    assert authority.journal.waiting() == ()


def test_what_is_there_is_not_wanted_until_it_is_to_be_renewed(authority: Authority) -> None:
    issuing = authority.issuing()
    issuing.want(NAMES[:1])
    issuing.run()
    span = authority.folder.span(NAMES[0])
    assert span is not None
    moment = renewed_from(NAMES[0], *span)
    authority.at = moment - timedelta(seconds=1)
    issuing.want(NAMES[:1])
    assert issuing.run() == {}
    authority.at = moment
    issuing.want(NAMES[:1])
    assert issuing.run() == {NAMES[0]: CertificateEnd.ISSUED}


def test_an_order_that_failed_waits_longer_each_time_and_says_why(authority: Authority) -> None:
    authority.refusing = "the name is not ours"
    issuing = authority.issuing()
    issuing.want(NAMES[:1])
    assert issuing.run() == {NAMES[0]: CertificateEnd.FAILED}
    assert issuing.run() == {}
    (told,) = issuing.standing.told(NAMES[:1], {})
    assert (told.end, told.said, told.ends) == (CertificateEnd.WAITING, "the name is not ours", None)
    assert told.tried_again_at is not None
    authority.at = told.tried_again_at
    assert issuing.run() == {NAMES[0]: CertificateEnd.FAILED}
    (again,) = issuing.standing.told(NAMES[:1], {})
    assert again.tried_again_at is not None
    assert again.tried_again_at - authority.at > told.tried_again_at - NOW
    authority.refusing, authority.at = "", again.tried_again_at
    assert issuing.run() == {NAMES[0]: CertificateEnd.ISSUED}


def test_an_authority_that_is_gone_is_let_alone_and_then_asked_for_another_name(authority: Authority) -> None:
    authority.refusing, authority.is_gone = "cannot be asked", True
    issuing = authority.issuing()
    issuing.want(NAMES)
    assert issuing.run() == {NAMES[0]: CertificateEnd.FAILED}
    assert issuing.run() == {}
    second = issuing.standing.told(NAMES)[1]
    assert (second.end, second.said) == (CertificateEnd.WAITING, "cannot be asked")
    assert second.tried_again_at is not None
    authority.at = second.tried_again_at
    assert issuing.run() == {NAMES[1]: CertificateEnd.FAILED}
    pause = issuing.standing.pause()
    assert pause is not None
    assert pause.until - authority.at > second.tried_again_at - NOW
    assert authority.ordered == [*NAMES[:2]]
    authority.refusing, authority.at = "", pause.until
    assert issuing.run()[NAMES[2]] is CertificateEnd.ISSUED
    assert issuing.standing.pause() is None


def test_another_authority_may_be_asked_while_one_is_let_alone(authority: Authority) -> None:
    authority.refusing, authority.is_gone = "cannot be asked", True
    authority.issuing().want(NAMES)
    authority.issuing().run()
    authority.refusing = ""
    other = authority.issuing(directory="https://other.example/directory")
    assert other.run() == dict.fromkeys(NAMES[1:], CertificateEnd.ISSUED)


def test_no_authority_is_let_alone_for_longer_than_an_hour_and_a_quarter() -> None:
    waits = [
        (tried_again_at("", failures, NOW, LET_ALONE_MAX_S) - NOW).total_seconds()
        for failures in range(1, 40)
    ]
    assert 600 <= waits[0] < waits[1]
    assert max(waits) <= 1.25 * LET_ALONE_MAX_S


def test_so_many_are_ordered_within_an_hour_and_the_next_says_when(authority: Authority) -> None:
    issuing = authority.issuing(in_an_hour=2)
    issuing.want(NAMES)
    assert issuing.run() == dict.fromkeys(NAMES[:2], CertificateEnd.ISSUED)
    authority.at += HOUR / 2
    assert issuing.run() == {}
    last = issuing.standing.told(NAMES)[2]
    assert (last.end, last.tried_again_at) == (CertificateEnd.WAITING, NOW + HOUR)
    authority.at = NOW + HOUR
    assert issuing.run() == {NAMES[2]: CertificateEnd.ISSUED}


def test_an_order_that_failed_counts_among_those_of_an_hour(authority: Authority) -> None:
    authority.refusing = "no"
    issuing = authority.issuing(in_an_hour=1)
    issuing.want(NAMES[:2])
    assert issuing.run() == {NAMES[0]: CertificateEnd.FAILED}
    assert issuing.run() == {}


def test_for_a_name_that_leads_elsewhere_no_authority_is_asked_and_others_have_their_turn(
    authority: Authority,
) -> None:
    authority.elsewhere = {NAMES[0]}
    issuing = authority.issuing(orders_max=1)
    issuing.want(NAMES[:2])
    assert issuing.run() == {NAMES[0]: CertificateEnd.WAITING, NAMES[1]: CertificateEnd.ISSUED}
    assert authority.ordered == [NAMES[1]]
    (told,) = issuing.standing.told(NAMES[:1])
    assert (told.end, told.said) == (CertificateEnd.WAITING, "it leads elsewhere")
    assert told.tried_again_at == NOW + timedelta(seconds=PUT_OFF_S)
    authority.elsewhere.clear()
    assert issuing.run() == {}
    issuing.want(NAMES[:1], leading_here=True)
    assert issuing.run() == {NAMES[0]: CertificateEnd.ISSUED}


def test_a_name_that_has_its_certificate_is_not_looked_up(authority: Authority) -> None:
    issuing = authority.issuing()
    issuing.want(NAMES[:1])
    issuing.run()
    authority.asked_where.clear()
    issuing.want(NAMES[:1])
    assert (issuing.run(), authority.asked_where) == ({}, [])


def test_who_never_failed_comes_before_who_did(authority: Authority) -> None:
    authority.refusing = "no"
    issuing = authority.issuing(orders_max=1)
    issuing.want(NAMES[:1])
    issuing.run()
    issuing.want(NAMES[1:2])
    authority.at += timedelta(days=2)
    authority.ordered.clear()
    issuing.run()
    assert authority.ordered == [NAMES[1]]


def test_a_certificate_for_another_name_takes_the_place_of_none(authority: Authority) -> None:
    issuing = authority.issuing()
    issuing.want(NAMES[:1])
    issuing.run()
    before = authority.folder.path(NAMES[0]).read_bytes()
    with pytest.raises(KeeperError):
        authority.folder.keep(NAMES[0], b"key", authority.issued(NAMES[1:2], new_key(), HttpAnswerer(Path())))
    with pytest.raises(KeeperError):
        authority.folder.keep(NAMES[0], b"key", b"nothing in PEM")
    assert authority.folder.path(NAMES[0]).read_bytes() == before


def test_leftovers_of_a_killed_order_are_gone_before_the_next_one(authority: Authority) -> None:
    answerer = HttpAnswerer(authority.proofs)
    answerer.show(Challenge(NAMES[0], "left-over", "left-over.text"))
    seen: list[list[str]] = []

    def issue(names: tuple[str, ...], key: bytes, by: Answerer) -> bytes:
        seen.append([one.name for one in authority.proofs.iterdir()])
        return authority.issued(names, key, by)

    issuing = authority.issuing(issue=issue)
    issuing.want(NAMES[:1])
    issuing.run()
    assert (seen, answerer.kind) == ([[]], ChallengeKind.HTTP)


def test_a_token_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeeperError):
        HttpAnswerer(tmp_path / "proofs").show(Challenge(NAMES[0], "../elsewhere", "text"))


def test_each_name_is_renewed_at_a_moment_of_its_own_between_a_third_and_five_twelfths_of_its_life() -> None:
    begins, ends = NOW, NOW + timedelta(days=90)
    moments = {renewed_from(f"mta-sts.{number}.example", begins, ends) for number in range(100)}
    assert len(moments) == 100
    assert ends - timedelta(days=37.5) <= min(moments) < max(moments) <= ends - timedelta(days=30)


def test_no_name_waits_longer_than_a_day_and_a_quarter() -> None:
    waits = [(tried_again_at(NAMES[0], failures, NOW) - NOW).total_seconds() for failures in range(1, 40)]
    assert waits[0] < waits[1] < waits[2]
    assert max(waits) <= 1.25 * BACK_OFF_MAX_S


QUARTER = timedelta(seconds=BACK_OFF_FIRST_S / 4)
"""The most that chance adds to what an authority says."""


@pytest.mark.parametrize(
    ("asked_for", "waited"),
    [
        (timedelta(hours=5), timedelta(hours=5)),
        (timedelta(days=400), timedelta(seconds=HEEDED_MAX_S)),
    ],
)
def test_a_name_waits_as_long_as_the_authority_says_and_no_longer_than_a_week(
    authority: Authority, asked_for: timedelta, waited: timedelta
) -> None:
    authority.refusing, authority.not_before = "too many for this name", NOW + asked_for
    issuing = authority.issuing()
    issuing.want(NAMES[:1])
    assert issuing.run() == {NAMES[0]: CertificateEnd.FAILED}
    (told,) = issuing.standing.told(NAMES[:1])
    assert told.tried_again_at is not None
    assert waited <= told.tried_again_at - NOW < waited + QUARTER
    assert f"no earlier than {authority.not_before:%Y-%m-%d %H:%M} UTC" in told.said
    assert issuing.standing.pause() is None
    authority.refusing, authority.at = "", told.tried_again_at - timedelta(seconds=1)
    assert issuing.run() == {}
    authority.at = told.tried_again_at
    assert issuing.run() == {NAMES[0]: CertificateEnd.ISSUED}


@pytest.mark.parametrize("asked_for", [timedelta(seconds=5), timedelta(hours=-1)])
def test_an_authority_that_would_be_asked_again_at_once_is_not(
    authority: Authority, asked_for: timedelta
) -> None:
    authority.refusing, authority.not_before = "busy", NOW + asked_for
    issuing = authority.issuing()
    issuing.want(NAMES[:1])
    issuing.run()
    (told,) = issuing.standing.told(NAMES[:1])
    assert told.tried_again_at == tried_again_at(NAMES[0], 1, NOW)


def test_a_limit_of_days_for_one_name_has_another_name_asked_for_after_an_hour(authority: Authority) -> None:
    authority.refusing, authority.is_gone, authority.not_before = "limit", True, NOW + timedelta(days=3)
    issuing = authority.issuing()
    issuing.want(NAMES[:2])
    assert issuing.run() == {NAMES[0]: CertificateEnd.FAILED}
    pause = issuing.standing.pause()
    assert pause is not None
    assert (
        timedelta(seconds=LET_ALONE_MAX_S) <= pause.until - NOW < timedelta(seconds=LET_ALONE_MAX_S) + QUARTER
    )
    authority.refusing, authority.at = "", pause.until
    assert issuing.run() == {NAMES[1]: CertificateEnd.ISSUED}
    (limited,) = issuing.standing.told(NAMES[:1])
    assert limited.tried_again_at is not None
    assert limited.tried_again_at >= NOW + timedelta(days=3)


@pytest.mark.parametrize(
    ("asked_for", "waited"),
    [
        (timedelta(hours=5), timedelta(hours=5)),
        (timedelta(days=5), timedelta(seconds=BACK_OFF_MAX_S)),
    ],
)
def test_an_authority_that_serves_nobody_is_let_alone_as_long_as_it_says_and_no_longer_than_a_day(
    authority: Authority, asked_for: timedelta, waited: timedelta
) -> None:
    authority.refusing, authority.is_away, authority.not_before = "HTTP 503", True, NOW + asked_for
    issuing = authority.issuing()
    issuing.want(NAMES)
    assert issuing.run() == {NAMES[0]: CertificateEnd.FAILED}
    pause = issuing.standing.pause()
    assert pause is not None
    assert waited <= pause.until - NOW < waited + QUARTER
    second = issuing.standing.told(NAMES)[1]
    assert (second.end, second.tried_again_at) == (CertificateEnd.WAITING, pause.until)
    assert "no earlier than" in second.said
