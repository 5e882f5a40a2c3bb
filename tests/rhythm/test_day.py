"""What kind of day it is, by what all other senders do."""

import pytest

from mxproof.rhythm.day import KINDS, USUAL, Voter, probabilities, votes

OFFICE_ON_A_HOLIDAY = Voter(usual=20.0, free=1.5, came=1.0, usual_before=20.0, came_before=20.0)
OFFICE_AS_USUAL = Voter(usual=20.0, free=1.5, came=21.0, usual_before=20.0, came_before=20.0)
CLOCK = Voter(usual=20.0, free=20.0, came=19.0, usual_before=20.0, came_before=20.0)
QUIET = Voter(usual=20.0, free=20.0, came=9.0, usual_before=20.0, came_before=9.0)


def likeliest(*voters: Voter) -> tuple[float, float]:
    total = [sum(column) for column in zip(*(votes(one) for one in voters), strict=True)]
    kind = max(probabilities(total, ()), key=lambda one: one[0])[1]
    return kind.free, kind.scale


def test_the_kinds_of_day_are_every_day_there_is() -> None:
    assert KINDS[0] is USUAL
    assert sum(kind.prior for kind in KINDS) == pytest.approx(1.0, abs=0.05)


def test_offices_that_are_silent_together_make_a_holiday() -> None:
    assert likeliest(*[OFFICE_ON_A_HOLIDAY] * 5, CLOCK) == (1.0, 1.0)


def test_offices_at_work_make_a_usual_day() -> None:
    assert likeliest(*[OFFICE_AS_USUAL] * 5, CLOCK) == (0.0, 1.0)


def test_less_of_everything_for_days_is_a_quiet_time() -> None:
    assert likeliest(*[QUIET] * 6) == (0.0, 0.5)


def test_one_silent_sender_alone_does_not_make_a_holiday() -> None:
    silent = Voter(usual=200.0, free=1.0, came=0.0, usual_before=200.0, came_before=200.0)
    assert likeliest(silent, *[OFFICE_AS_USUAL] * 3, CLOCK) == (0.0, 1.0)


def test_who_is_judged_has_no_vote() -> None:
    own = votes(OFFICE_ON_A_HOLIDAY)
    assert probabilities(own, own) == probabilities((), ())


def test_nobody_says_what_a_day_is() -> None:
    whole = sum(kind.prior for kind in KINDS)
    assert [chance for chance, _ in probabilities((), ())] == pytest.approx(
        [kind.prior / whole for kind in KINDS]
    )


def test_a_sender_that_expects_nothing_says_nothing() -> None:
    assert votes(Voter(0.0, 0.0, 0.0, 0.0, 0.0)) == pytest.approx([0.0] * len(KINDS), abs=0.01)


def test_yesterday_has_a_vote_on_days_with_little_mail_alone() -> None:
    quiet, busy = (votes(Voter(20.0, 5.0, 10.0, 20.0, came)) for came in (2.0, 30.0))
    unknown = votes(Voter(20.0, 5.0, 10.0, 0.0, 0.0))
    for kind, few, many, none in zip(KINDS, quiet, busy, unknown, strict=True):
        if kind.scale == 1.0:
            assert few == many == none, kind
        else:
            assert few > many, kind


def test_yesterday_votes_by_what_came_yesterday_and_today_by_what_comes_today() -> None:
    half = KINDS[1]
    assert half.scale == 0.5

    def vote(came: float, came_before: float) -> float:
        return votes(Voter(20.0, 20.0, came, 20.0, came_before))[1]

    assert vote(10.0, 20.0) > vote(20.0, 20.0)
    assert vote(20.0, 10.0) > vote(20.0, 20.0)
    assert vote(10.0, 20.0) - vote(20.0, 20.0) == pytest.approx(
        2 * (vote(20.0, 10.0) - vote(20.0, 20.0)), rel=0.01
    ), "which counts twice as much"


def test_of_all_votes_only_those_of_the_one_that_is_judged_are_left_out() -> None:
    voices = [votes(one) for one in (OFFICE_ON_A_HOLIDAY, QUIET, CLOCK)]
    total = [sum(column) for column in zip(*voices, strict=True)]
    rest = [sum(column) for column in zip(*voices[1:], strict=True)]
    left, want = probabilities(total, voices[0]), probabilities(rest, ())
    assert [kind for _, kind in left] == list(KINDS)
    assert [chance for chance, _ in left] == pytest.approx([chance for chance, _ in want])
    assert sum(chance for chance, _ in left) == pytest.approx(1.0)
