"""Fixes that lean on one another: what is judged along with what, and again once one of them is printed no more."""

from collections.abc import Callable, Iterable

from mxproof.judge.report import WordedFinding, WordedWay
from mxproof.judge.vocabulary import Remedied, Severity, Verdict
from mxproof.mail.change import Change, Ipv4Value, Publish
from mxproof.remedy.proving import _best, _judged, _Trial, _ways
from mxproof.remedy.verify import Verified
from support_moments import does

FIRST, SECOND, THIRD = "mx-alias", "cert-expired", "sts-mx-unlisted"
MENDS, HELPS, HARMS = Remedied.MENDS, Remedied.HELPS, Remedied.HARMS
Changes = tuple[Change, ...]
Came = tuple[Remedied, tuple[str, ...]]
"""What changes come to, and for which codes the sender that is affected refuses then."""
Rule = Callable[[frozenset[Change]], Came]


def change(name: str) -> Publish:
    return Publish(f"{name}.example.com", Ipv4Value("192.0.2.9"))


ONE, TWO, THREE, OTHER = (change(name) for name in ("one", "two", "three", "other"))
MADE: dict[str, Changes] = {FIRST: (ONE,), SECOND: (TWO,), THIRD: (THREE,)}


class Rigged(_Trial):
    """A trial of which a rule says what comes of changes; `asked` are those that were tried."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self.asked: list[Changes] = []
        self.before = (does("google", Verdict.REFUSED, because=(FIRST,)),)

    def verified(self, changes: Iterable[Change]) -> Verified:
        made = tuple(dict.fromkeys(changes))
        self.asked.append(made)
        standing, because = self._rule(frozenset(made))
        outcome = Verdict.REFUSED if because else Verdict.DELIVERS
        after = (does("google", outcome, because=because),)
        return Verified(made, standing, self.before, after, (), ())


def always(came: Came) -> Rule:
    return lambda _: came


def finding(code: str, *ways: Changes) -> WordedFinding:
    worded = tuple(WordedWay((), way) for way in ways)
    return WordedFinding(
        code, Severity.ERROR, "example.com", "", "", "", (), ("google",), (), changes=MADE[code], ways=worded
    )


def findings(*codes: str) -> dict[str, list[WordedFinding]]:
    return {code: [finding(code)] for code in codes}


def best(rule: Rule, *codes: str) -> dict[str, tuple[bool, bool, tuple[str, ...], tuple[str, ...]]]:
    """Return of each code whether its fix holds, whether it is too early, what is along with it and what is left."""
    found, usable = _best(Rigged(rule), findings(*codes), {code: MADE[code] for code in codes})
    assert usable == {code: MADE[code] for code in codes if found[code].holds}
    return {
        code: (one.holds, one.is_early, one.fix.along, one.fix.then) for code, one in sorted(found.items())
    }


def test_what_is_left_is_mended_along_with_it_until_nothing_is_and_all_of_that_is_judged_at_once() -> None:
    def rule(made: frozenset[Change]) -> Came:
        left = [code for code, (one,) in MADE.items() if one not in made]
        return (MENDS, ()) if not left else (HELPS, (left[0],))

    trial = Rigged(rule)
    got = _judged(trial, FIRST, MADE[FIRST], [finding(FIRST)], MADE)
    assert (got.holds, got.fix.standing, got.fix.along, got.fix.then) == (True, MENDS, (SECOND, THIRD), ())
    assert trial.asked == [(ONE,), (TWO, ONE), (TWO, THREE, ONE)]
    without = {FIRST: MADE[FIRST], THIRD: MADE[THIRD]}
    got = _judged(Rigged(rule), FIRST, MADE[FIRST], [finding(FIRST)], without)
    assert (got.holds, got.fix.standing, got.fix.along, got.fix.then) == (True, HELPS, (), (SECOND,))


def test_a_fix_that_leaves_its_own_finding_or_harms_does_not_hold() -> None:
    came: list[Came] = [(HELPS, (FIRST,)), (HARMS, ()), (HELPS, (SECOND,)), (MENDS, ())]
    got = [_judged(Rigged(always(one)), FIRST, (ONE,), [finding(FIRST)], {}).holds for one in came]
    assert got == [False, False, True, True]


def test_another_way_is_judged_in_the_place_of_the_best_one_along_with_what_is_left() -> None:
    def rule(made: frozenset[Change]) -> Came:
        return (HELPS, (SECOND,)) if TWO not in made else (HARMS, ()) if ONE in made else (MENDS, ())

    trial = Rigged(rule)
    ((judged, made),) = _ways(trial, FIRST, [finding(FIRST, (OTHER,))], MADE)
    assert (judged.holds, judged.fix.along, made) == (True, (SECOND,), (OTHER,))
    assert trial.asked == [(OTHER,), (TWO, OTHER)]


def test_the_first_ways_of_all_findings_are_one_way_and_the_second_another() -> None:
    trial = Rigged(lambda _: (MENDS, ()))
    several = [finding(FIRST, (ONE,), (TWO,)), finding(FIRST, (OTHER, ONE)), finding(FIRST)]
    assert [made for _, made in _ways(trial, FIRST, several, MADE)] == [(ONE, OTHER), (TWO,)]
    assert _ways(trial, FIRST, [finding(FIRST)], MADE) == []


def test_a_fix_that_leaned_on_one_which_does_not_hold_is_judged_again_without_it() -> None:
    def rule(made: frozenset[Change]) -> Came:
        if made == {TWO}:
            return HARMS, ()
        return (MENDS, ()) if TWO in made else (HELPS, (SECOND,))

    assert best(rule, FIRST, SECOND) == {
        FIRST: (True, False, (), (SECOND,)),
        SECOND: (False, False, (), ()),
    }


def test_of_two_that_do_not_hold_neither_is_along_with_the_one_that_does() -> None:
    def rule(made: frozenset[Change]) -> Came:
        if made == {TWO}:
            return HARMS, ()
        if made in ({ONE}, {THREE}):
            return HELPS, (SECOND if made == {ONE} else FIRST,)
        return (MENDS, ()) if TWO in made else (HELPS, (THIRD,))

    assert best(rule, SECOND, FIRST, THIRD) == {
        FIRST: (True, False, (), (SECOND,)),
        SECOND: (False, False, (), ()),
        THIRD: (False, False, (FIRST,), (THIRD,)),
    }


def test_what_harms_after_those_before_it_and_what_they_lean_on_is_too_early() -> None:
    """The first is made along with the third, which is printed behind the second."""

    def rule(made: frozenset[Change]) -> Came:
        if made == {ONE}:
            return HELPS, (THIRD,)
        return (HARMS, (FIRST,)) if {TWO, THREE} <= made else (MENDS, ())

    assert best(rule, FIRST, SECOND, THIRD) == {
        FIRST: (True, False, (THIRD,), ()),
        SECOND: (False, True, (), ()),
        THIRD: (True, False, (), ()),
    }


def test_who_leaned_on_what_is_too_early_is_judged_again_without_it() -> None:
    def rule(made: frozenset[Change]) -> Came:
        if {ONE, TWO} <= made and THREE not in made:
            return HARMS, (FIRST,)
        return (HELPS, (SECOND,)) if THREE in made and TWO not in made else (MENDS, ())

    assert best(rule, FIRST, SECOND, THIRD) == {
        FIRST: (True, False, (), ()),
        SECOND: (False, True, (), ()),
        THIRD: (True, False, (), (SECOND,)),
    }


def test_one_that_held_only_along_with_another_is_gone_with_it_and_nothing_leans_on_it_then() -> None:
    def rule(made: frozenset[Change]) -> Came:
        if made == {TWO}:
            return HARMS, ()
        if made == {ONE}:
            return HELPS, (SECOND, FIRST)
        return (HELPS, (FIRST,)) if made == {THREE} else (MENDS, ())

    for codes in ((FIRST, SECOND, THIRD), (THIRD, SECOND, FIRST)):
        assert best(rule, *codes) == {
            FIRST: (False, False, (), (SECOND, FIRST)),
            SECOND: (False, False, (), ()),
            THIRD: (True, False, (), (FIRST,)),
        }
