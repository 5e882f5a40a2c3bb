"""How cases strike out what a sender may be, one after the other, round by round, and what one that contradicts leaves alone."""

from collections.abc import Mapping

from mxproof.judge.senders.inference.case import Case, Proper, Topic
from mxproof.judge.senders.inference.fate import NOT_TAKEN, MailFate
from mxproof.judge.senders.inference.inferring import Inference, Shown, infer
from mxproof.judge.senders.inference.possible import POSSIBLE
from mxproof.judge.senders.inference.table import CaseTable, ForetoldRow

TAKEN = MailFate("mx1")
YES_NO = tuple(POSSIBLE["mta_sts"])


def table(id_: str, about: tuple[str, ...], fates: Mapping[tuple[str, ...], MailFate | None]) -> CaseTable:
    """Return a case with what comes of each way that its traits can be."""
    rows = tuple(ForetoldRow(words, became) for words, became in fates.items())
    return CaseTable(Case(id_, Topic.TRANSPORT, id_, Proper.OPEN, about), rows)


def shown(found: Inference, trait: str) -> Shown:
    return next(one for one in found.shown if one.trait == trait)


def only(id_: str, trait: str, word: str) -> CaseTable:
    """Return a case whose mail is taken from a sender with one word alone."""
    return table(id_, (trait,), {(one,): TAKEN if one == word else NOT_TAKEN for one in POSSIBLE[trait]})


SAME = table(
    "same",
    ("mta_sts", "dane"),
    {("no", "no"): TAKEN, ("yes", "yes"): TAKEN, ("no", "yes"): NOT_TAKEN, ("yes", "no"): NOT_TAKEN},
)
"""Mail is taken from who has both, or neither."""
LIKE = table(
    "like",
    ("dane", "common_name"),
    {("no", "no"): TAKEN, ("yes", "yes"): TAKEN, ("no", "yes"): NOT_TAKEN, ("yes", "no"): NOT_TAKEN},
)


def test_what_a_later_case_shows_is_brought_to_the_earlier_ones_in_any_order() -> None:
    last = only("last", "common_name", "yes")
    every = {"same": TAKEN, "like": TAKEN, "last": TAKEN}
    for tables in ([SAME, LIKE, last], [last, LIKE, SAME], [LIKE, SAME, last]):
        found = infer(tables, every)
        words = [shown(found, one).words for one in ("mta_sts", "dane", "common_name")]
        assert words == [("yes",), ("yes",), ("yes",)]
        assert found.contradictions == ()


def test_a_case_that_says_nothing_of_its_last_trait_says_what_it_does_of_the_first() -> None:
    first = table(
        "first",
        ("mta_sts", "dane"),
        {("yes", "no"): TAKEN, ("yes", "yes"): TAKEN, ("no", "no"): NOT_TAKEN, ("no", "yes"): NOT_TAKEN},
    )
    found = infer([SAME, first], {"same": TAKEN, "first": TAKEN})
    assert [shown(found, one).words for one in ("mta_sts", "dane")] == [("yes",), ("yes",)]


def test_the_cases_behind_one_that_contradicts_are_heard_all_the_same() -> None:
    never = table("never", ("mta_sts",), {("no",): NOT_TAKEN, ("yes",): NOT_TAKEN})
    after = only("after", "dane", "yes")
    for tables in ([never, after], [after, never]):
        found = infer(tables, {"never": TAKEN, "after": TAKEN})
        assert found.contradictions == ("never",)
        assert shown(found, "dane") == Shown("dane", ("yes",), ("after",))
        assert shown(found, "mta_sts") == Shown("mta_sts", YES_NO)


def test_a_case_that_contradicts_is_none_of_those_that_show_a_trait() -> None:
    yes, no, again = (only(id_, "mta_sts", word) for id_, word in (("a", "yes"), ("b", "no"), ("c", "yes")))
    found = infer([yes, no, again], {"a": TAKEN, "b": TAKEN, "c": TAKEN})
    assert found.contradictions == ("b",)
    assert shown(found, "mta_sts") == Shown("mta_sts", ("yes",), ("a", "c"))


def test_each_case_counts_as_showing_a_trait_that_shows_it_by_itself_or_with_what_is_known_of_others() -> (
    None
):
    direct = only("direct", "mta_sts", "yes")
    found = infer([SAME, direct], {"same": TAKEN, "direct": TAKEN})
    assert shown(found, "dane") == Shown("dane", ("yes",), ("same",))
    assert shown(found, "mta_sts") == Shown("mta_sts", ("yes",), ("same", "direct"))
    alone = infer([SAME], {"same": TAKEN})
    assert shown(alone, "dane") == Shown("dane", YES_NO)


def test_a_row_of_which_the_outcome_is_unclear_fits_whatever_was_seen() -> None:
    unclear = table("unclear", ("mta_sts",), {("no",): None, ("yes",): TAKEN})
    assert shown(infer([unclear], {"unclear": TAKEN}), "mta_sts").words == YES_NO
    assert shown(infer([unclear], {"unclear": NOT_TAKEN}), "mta_sts") == Shown(
        "mta_sts", ("no",), ("unclear",)
    )
    assert infer([unclear], {}).shown == infer([], {}).shown


def test_the_sender_that_is_made_of_it_has_what_was_shown_and_of_the_rest_the_likeliest() -> None:
    direct = only("direct", "dane", "yes")
    found = infer([direct], {"direct": TAKEN}).traits()
    assert found.dane
    assert found == infer([SAME, direct], {"direct": TAKEN}).traits()
    assert not infer([], {}).traits().dane
