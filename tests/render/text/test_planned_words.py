"""What a planned state does, in sentences: senders that fare alike in one, the worst first, long rows cut."""

from mxproof.judge.vocabulary import Security, Verdict
from mxproof.remedy.apply import Assumption, Supposition
from mxproof.remedy.plan import Pause
from mxproof.remedy.preflight import PlannedSender, Weakening, Worsening
from mxproof.render.text.planned_words import (
    NAMED_MAX,
    assumptions,
    changed_senders,
    named,
    reasons,
    short_name,
    weakenings,
    worsenings,
)


def worse(
    name: str,
    outcome: Verdict = Verdict.REFUSED,
    until_s: int | None = 600,
    until: Pause = Pause.TTL,
    from_s: int = 0,
) -> Worsening:
    return Worsening(name.lower(), name, outcome, from_s, until_s, until, (), None)


def sender(name: str, outcome: Verdict) -> PlannedSender:
    return PlannedSender(name, name, outcome, None, (), None, decides=True)


def test_senders_that_fare_alike_share_a_sentence_and_others_do_not() -> None:
    got = worsenings([worse("Google"), worse("Microsoft"), worse("mox", until_s=None, until=Pause.NONE)])
    assert [("Google" in one, "Microsoft" in one, "mox" in one) for one in got] == [
        (False, False, True),
        (True, True, False),
    ]


def test_what_is_refused_stands_before_what_is_at_risk_and_that_before_what_is_unknown() -> None:
    got = worsenings([worse(str(one), one) for one in (Verdict.UNKNOWN, Verdict.AT_RISK, Verdict.REFUSED)])
    assert [next(str(one) for one in Verdict if str(one) in said) for said in got] == [
        "refused",
        "at_risk",
        "unknown",
    ]


def test_each_end_and_a_later_beginning_are_told_apart() -> None:
    said = {
        worsenings([one])[0]
        for one in (
            worse("A"),
            worse("A", until=Pause.MAX_AGE),
            worse("A", until_s=None, until=Pause.NONE),
            worse("A", from_s=60),
        )
    }
    assert len(said) == 4


def test_all_senders_are_called_so_and_of_many_the_first_are_named() -> None:
    names = [f"S{number}" for number in range(NAMED_MAX + 2)]
    assert not [name for name in names if name in named(names, len(names)).split()]
    some = named(names, len(names) + 1)
    assert "S0" in some
    assert f"S{NAMED_MAX + 1}" not in some
    assert named(names[:2], 9).split()[0] == "S0"


def test_a_name_loses_what_is_in_brackets_and_its_capital_article() -> None:
    assert short_name("Google (Gmail, Workspace)") == "Google"
    assert short_name("A sender by RFC 8461").startswith("a ")


def test_only_senders_that_do_something_else_are_told() -> None:
    before = [sender("a", Verdict.DELIVERS), sender("b", Verdict.REFUSED)]
    after = [sender("a", Verdict.DELIVERS), sender("b", Verdict.DELIVERS)]
    (said,) = changed_senders(before, after)
    assert said.startswith("b:")


def test_reasons_that_are_alike_are_told_once_in_whatever_order_the_codes_came() -> None:
    got = reasons([("a", ("x", "y"), "451"), ("b", ("y", "x"), "451"), ("c", (), None)])
    assert got == ["a, b: x, y, 451"]


def test_suppositions_of_one_kind_share_a_sentence() -> None:
    made = [Assumption(Supposition.TTL, name) for name in ("a", "b", "a")]
    (said,) = assumptions(made)
    assert said.endswith("a and b")


def test_less_protection_names_both_levels() -> None:
    got = weakenings(
        [
            Weakening("a", Security.MTA_STS, Security.OPPORTUNISTIC),
            Weakening("b", Security.MTA_STS, Security.OPPORTUNISTIC),
            Weakening("c", Security.DANE, None),
        ]
    )
    assert [one.partition(":")[0] for one in got] == ["a, b", "c"]
