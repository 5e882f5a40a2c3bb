"""Which words tell what enforcing a policy would do: who would refuse, who is not known of, or that all would deliver."""

from mxproof.judge.catalogue.enforcing_words import (
    each_refusal,
    enforcing,
    enforcing_advice,
    reasons,
    refusals,
    those,
)
from mxproof.judge.value import EnforcedRefusal, Enforcing

GOOGLE = EnforcedRefusal("google", "550 no", ("mx-unlisted", "cert-expired"))
MOX = EnforcedRefusal("mox", "", ("cert-expired",))
EXIM = EnforcedRefusal("exim", "550 no", ("mx-unlisted",))
SAFE = Enforcing(3, (), ())
SOME_UNKNOWN = Enforcing(3, (), ("mox", "exim"))
ALL_UNKNOWN = Enforcing(2, (), ("mox", "exim"))
REFUSED = Enforcing(3, (GOOGLE, MOX), ("exim",))


def test_who_would_refuse_is_counted_before_anything_that_is_not_known() -> None:
    assert refusals(REFUSED) == "2 of 3"
    assert enforcing(REFUSED) == "In mode enforce 2 of 3 modelled senders would refuse"


def test_where_nobody_would_refuse_the_number_of_those_who_deliver_is_told() -> None:
    assert enforcing(SAFE) == "In mode enforce all 3 modelled senders would deliver as they do now"


def test_of_whom_it_is_not_known_is_named_but_where_it_is_not_known_of_any() -> None:
    assert "mox and exim" in enforcing(SOME_UNKNOWN)
    assert enforcing(ALL_UNKNOWN) not in {enforcing(SOME_UNKNOWN), enforcing(SAFE)}
    assert "mox" not in enforcing(ALL_UNKNOWN)


def test_those_with_one_bounce_are_named_together_and_those_without_words_last() -> None:
    every = Enforcing(9, (MOX, GOOGLE, EXIM), ())
    assert each_refusal(every) == "google and exim with 550 no; mox in words that are not known"


def test_each_reason_is_named_once_in_the_order_in_which_it_was_met() -> None:
    assert reasons(Enforcing(9, (MOX, GOOGLE, EXIM), ())) == "cert-expired, mx-unlisted"


def test_the_advice_is_to_mend_the_reasons_first_where_somebody_would_refuse() -> None:
    assert enforcing_advice(REFUSED).endswith(": mx-unlisted, cert-expired")


def test_the_advice_is_to_enforce_only_where_everything_is_known() -> None:
    assert "\n    mode: enforce\n" in enforcing_advice(SAFE)
    assert "\n" not in enforcing_advice(SOME_UNKNOWN) + enforcing_advice(ALL_UNKNOWN)


def test_senders_stand_in_a_row_with_an_and_before_the_last() -> None:
    assert those(("mox",)) == "mox"
    assert those(("mox", "exim")) == "mox and exim"
    assert those(("mox", "exim", "google")) == "mox, exim and google"
