"""A preflight as JUnit XML: a case for each sender, which fails where the change makes it fare worse."""

from collections.abc import Iterator

from mxproof.judge.vocabulary import Verdict
from mxproof.remedy.preflight import PlannedSender, Preflight
from mxproof.render.junit_suite import Suite, SuiteCase, suites
from mxproof.render.text.planned_words import preflight_sentences, worsenings


def document(made: Preflight) -> Iterator[str]:
    """Yield the document: one suite.

    A sender that fares worse is a failure, one of which that is not known an error; one that rests on a guess, or fares
    ill today as well, is skipped.
    """
    cases = tuple(_case(made, one, then) for one, then in zip(made.before, made.after, strict=True))
    return suites([Suite(made.domain, cases, "; ".join(preflight_sentences(made)), made.judged_at)])


def _case(made: Preflight, before: PlannedSender, after: PlannedSender) -> SuiteCase:
    name = f"sender {after.sender}: {after.name}"
    worse = [one for one in made.worse if one.sender == after.sender]
    if worse:
        known = any(one.outcome is not Verdict.UNKNOWN for one in worse)
        words = dict.fromkeys(word for one in worse for word in (*one.because, one.bounce) if word)
        said = "; ".join(f"this change would make {one}" for one in worsenings(worse))
        return SuiteCase(name, "failure" if known else "error", str(worse[0].outcome), said, "\n".join(words))
    if after.outcome is Verdict.DELIVERS:
        return SuiteCase(name)
    if after.decides and after.outcome is Verdict.UNKNOWN:
        return SuiteCase(name, "error", str(after.outcome), "what it does is not known", "")
    same = f"{before.outcome} before, {after.outcome} after"
    return SuiteCase(name, "skipped", "", same, "\n".join(after.because))
