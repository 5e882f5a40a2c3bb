"""Whether something may be published, by what every sender does before and after."""

import pytest

from mxproof.judge.vocabulary import Verdict
from mxproof.publish.permission import Permission, PublicationJudgement, _refusing, permission_of
from mxproof.publish.state import PublishedState
from mxproof.remedy.plan import Pause, PlannedStep
from support_preflight import planned_sender, preflight_of, worsening

DELIVERS, AT_RISK, REFUSED, UNKNOWN = Verdict.DELIVERS, Verdict.AT_RISK, Verdict.REFUSED, Verdict.UNKNOWN


def state(mode: str = "enforce") -> PublishedState:
    text = f"version: STSv1\r\nmode: {mode}\r\nmx: mx.example.com\r\nmax_age: 86400\r\n"
    return PublishedState("example.com", text, "1")


@pytest.mark.parametrize(
    ("after", "worse", "permission"),
    [
        (DELIVERS, (), Permission.GRANTED),
        (DELIVERS, (REFUSED,), Permission.REFUSED),
        (DELIVERS, (AT_RISK,), Permission.REFUSED),
        (DELIVERS, (UNKNOWN, REFUSED), Permission.REFUSED),
        (DELIVERS, (UNKNOWN,), Permission.UNCLEAR),
        (UNKNOWN, (), Permission.UNCLEAR),
        (REFUSED, (), Permission.GRANTED),
    ],
)
def test_it_may_be_published_where_nobody_fares_worse_and_everything_is_known(
    after: Verdict, worse: tuple[Verdict, ...], permission: Permission
) -> None:
    assert (
        permission_of(
            preflight_of(
                (planned_sender(DELIVERS),), (planned_sender(after),), worse=tuple(map(worsening, worse))
            )
        )
        is permission
    )


def test_what_nobody_knows_of_a_sender_that_rests_on_a_guess_keeps_nothing_back() -> None:
    guess = planned_sender(UNKNOWN, "Guess", decides=False)
    assert (
        permission_of(preflight_of((planned_sender(DELIVERS), guess), (planned_sender(DELIVERS), guess)))
        is Permission.GRANTED
    )


@pytest.mark.parametrize(
    ("mode", "before", "after", "refusing"),
    [
        ("enforce", (REFUSED, DELIVERS), (REFUSED, DELIVERS), ("A",)),
        ("enforce", (REFUSED, REFUSED), (REFUSED, REFUSED), ("A", "B")),
        ("enforce", (REFUSED, REFUSED), (REFUSED, DELIVERS), ()),
        ("enforce", (REFUSED, UNKNOWN), (REFUSED, DELIVERS), ()),
        ("enforce", (DELIVERS, DELIVERS), (DELIVERS, DELIVERS), ()),
        ("testing", (REFUSED, DELIVERS), (REFUSED, DELIVERS), ()),
    ],
)
def test_in_mode_enforce_who_refuses_before_and_after_keeps_it_back_unless_somebody_is_helped(
    mode: str, before: tuple[Verdict, ...], after: tuple[Verdict, ...], refusing: tuple[str, ...]
) -> None:
    pairs = [
        tuple(planned_sender(one, name) for one, name in zip(each, "AB", strict=True))
        for each in (before, after)
    ]
    assert _refusing(state(mode), preflight_of(pairs[0], pairs[1])) == refusing


def test_a_sender_that_rests_on_a_guess_neither_refuses_nor_is_helped() -> None:
    before = (planned_sender(REFUSED, "A"), planned_sender(REFUSED, "Guess", decides=False))
    after = (planned_sender(REFUSED, "A"), planned_sender(DELIVERS, "Guess", decides=False))
    assert _refusing(state(), preflight_of(before, after)) == ("A",)
    assert _refusing(state(), preflight_of(after, before)) == ("A",)
    assert _refusing(PublishedState("example.com"), preflight_of(before, after)) == ()


def test_how_long_it_takes_is_until_after_the_last_step_of_the_safe_order() -> None:
    assert PublicationJudgement(Permission.GRANTED, preflight_of()).wait_s() is None
    steps = tuple(PlannedStep(at_s, (), wait_s, Pause.TTL, ()) for at_s, wait_s in ((0, 300), (300, 900)))
    assert PublicationJudgement(Permission.GRANTED, preflight_of(order=steps)).wait_s() == 900
