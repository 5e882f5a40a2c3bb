"""Whether a sender that was watched is found out: every trait that some case distinguishes, and nothing that none does."""

import os
import random
from collections.abc import Mapping

import pytest

from mxproof.judge.senders import SENDERS, Traits
from mxproof.judge.senders.inference.case import CASES, Case, Proper, Topic
from mxproof.judge.senders.inference.fate import NOT_TAKEN, MailFate
from mxproof.judge.senders.inference.inferring import Agreement, compare, infer
from mxproof.judge.senders.inference.possible import POSSIBLE, words_of
from mxproof.judge.senders.inference.table import CaseTable, ForetoldRow
from support_long import EXHAUSTIVE, some
from support_sendertest import done, drawn, found_out, tables

LIARS = int(os.environ.get("MXPROOF_LIARS", "20"))
"""How many senders are drawn; 200 take ten seconds."""


@pytest.mark.parametrize("seed", some(range(LIARS), LIARS))
def test_a_sender_drawn_at_random_is_found_out_in_every_trait_that_some_case_distinguishes(seed: int) -> None:
    """What is left beside the truth is what some other sender has that does the very same in every case."""
    liar = drawn(random.Random(seed))
    seen = done(liar)
    found = infer(tables(), seen)
    assert found.contradictions == ()
    for one in found.shown:
        assert liar[one.trait] in one.words
        others = [word for word in one.words if word != liar[one.trait]]
        assert [word for word in others if _double(seen, liar, one.trait, word) is None] == []


@EXHAUSTIVE
def test_no_trait_is_drawn_that_the_cases_never_show() -> None:
    shown = {
        one.trait
        for seed in range(20)
        for one in found_out(drawn(random.Random(seed))).shown
        if one.is_settled
    }
    assert POSSIBLE.keys() - shown == set()


@pytest.mark.parametrize("model", some(SENDERS, 4), ids=lambda model: model.id)
def test_a_sender_that_does_what_a_model_says_is_found_to_be_like_it(model: Traits) -> None:
    words = {trait: words_of(model, trait)[0] for trait in POSSIBLE}
    found = found_out(words)
    compared = compare(found, model)
    assert [one.shown.trait for one in compared if one.agreement is Agreement.DIFFERENT] == []


def test_another_sender_differs_from_a_model_in_what_is_another_trait_of_it() -> None:
    model = next(one for one in SENDERS if one.id == "rfc8461")
    words = {trait: words_of(model, trait)[0] for trait in POSSIBLE} | {"policy_name": "target"}
    differing = [
        one.shown for one in compare(found_out(words), model) if one.agreement is Agreement.DIFFERENT
    ]
    assert [(one.trait, one.words) for one in differing] == [("policy_name", ("target",))]
    assert "alias-target-listed" in differing[0].cases


def test_what_a_model_leaves_open_and_a_run_shows_is_new() -> None:
    model = next(one for one in SENDERS if one.id == "microsoft")
    words = {trait: words_of(model, trait)[0] for trait in POSSIBLE} | {"precedences": "both"}
    new = {
        one.shown.trait: one.shown.words
        for one in compare(found_out(words), model)
        if one.agreement is Agreement.NEW
    }
    assert new["precedences"] == ("both",)


def test_where_no_mail_was_sent_nothing_is_shown() -> None:
    assert [one for one in infer(tables(), {}).shown if one.is_shown] == []


def test_what_no_possible_sender_does_is_a_contradiction_and_strikes_out_nothing() -> None:
    seen = done(drawn(random.Random(1)))
    honest = infer(tables(), seen)
    found = infer(tables(), seen | {"control": NOT_TAKEN})
    assert (found.contradictions, found.shown) == (("control",), honest.shown)


def test_two_cases_that_do_not_agree_contradict() -> None:
    case = Case("refuses", Topic.MTA_STS, "", Proper.REFUSE, ("mta_sts",))
    other = Case("delivers", Topic.MTA_STS, "", Proper.REFUSE, ("mta_sts",))
    rows = (ForetoldRow(("no",), MailFate("mx1")), ForetoldRow(("yes",), NOT_TAKEN))
    found = infer(
        [CaseTable(case, rows), CaseTable(other, rows)], {"refuses": NOT_TAKEN, "delivers": MailFate("mx1")}
    )
    assert found.contradictions == ("delivers",)


def test_every_case_that_depends_on_a_trait_distinguishes_two_senders() -> None:
    alike = [
        table.case.id for table in tables() if table.case.about and len({row.fate for row in table.rows}) < 2
    ]
    assert alike == []


def test_a_sender_that_keeps_to_the_rfcs_does_what_is_proper_where_it_depends_on_nothing() -> None:
    unlike = {
        table.case.id
        for table in tables()
        if not table.case.about
        and {row.fate is not None and row.fate.is_taken for row in table.rows} != {True}
    }
    assert unlike == set()


def _double(
    seen: Mapping[str, MailFate], liar: Mapping[str, str], trait: str, word: str
) -> dict[str, str] | None:
    """Return a sender with this word that does all that was seen, None where there is none."""
    near = {**liar, trait: word}
    if all(_does(table, near, seen) for table in tables() if trait in table.case.about):
        return near
    return _searched(seen, {trait: word})


def _searched(seen: Mapping[str, MailFate], fixed: Mapping[str, str]) -> dict[str, str] | None:
    only = [
        CaseTable(
            Case(f"={trait}", Topic.TRANSPORT, "", Proper.OPEN, (trait,)), (ForetoldRow((word,), None),)
        )
        for trait, word in fixed.items()
    ]
    found = infer([*only, *tables()], {**seen, **{table.case.id: NOT_TAKEN for table in only}})
    if found.contradictions:
        return None
    undecided = [one for one in found.shown if not one.is_settled]
    if not undecided:
        return {one.trait: one.words[0] for one in found.shown}
    first = undecided[0]
    tried = (_searched(seen, {**fixed, first.trait: word}) for word in first.words)
    return next((one for one in tried if one is not None), None)


def _does(table: CaseTable, words: Mapping[str, str], seen: Mapping[str, MailFate]) -> bool:
    here = tuple(words[trait] for trait in table.case.about)
    foretold = next(row.fate for row in table.rows if row.words == here)
    return foretold is None or table.case.id not in seen or foretold == seen[table.case.id]


def test_every_case_has_a_title_of_its_own_within_its_topic() -> None:
    told = [(case.topic, case.title) for case in CASES.values()]
    assert len(set(told)) == len(told)
