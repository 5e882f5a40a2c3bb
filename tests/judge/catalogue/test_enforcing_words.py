"""What enforcing a policy would do, in words: who would refuse and with what, who is not known, and what to do then."""

import pytest

from mxproof.judge.catalogue.enforcing_words import (
    each_refusal,
    enforcing,
    enforcing_advice,
    reasons,
    refusals,
    those,
)
from mxproof.judge.value import EnforcedRefusal, Enforcing

GOOGLE = EnforcedRefusal("Google", "", ("cert-expired", "mx-alias"))
MICROSOFT = EnforcedRefusal("Microsoft", "550 5.4.8", ("mx-alias",))
MOX = EnforcedRefusal("mox", "550 5.4.8", ("sts-mx-unlisted",))


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (
            Enforcing(3, (GOOGLE, MOX), ("Exim",)),
            "In mode enforce 2 of 3 modelled senders would refuse",
        ),
        (
            Enforcing(2, (), ("Exim", "mox")),
            "What senders would do in mode enforce could not be found out",
        ),
        (
            Enforcing(3, (), ("Exim", "mox")),
            "What Exim and mox would do in mode enforce could not be found out",
        ),
        (
            Enforcing(3, (), ()),
            "In mode enforce all 3 modelled senders would deliver as they do now",
        ),
    ],
)
def test_what_enforcing_would_do_is_said_in_one_sentence(what: Enforcing, said: str) -> None:
    assert enforcing(what) == said


def test_how_many_would_refuse_is_said_with_how_many_there_are() -> None:
    assert refusals(Enforcing(5, (GOOGLE, MOX), ())) == "2 of 5"


@pytest.mark.parametrize(
    ("refusing", "said"),
    [
        ((), ""),
        ((GOOGLE,), "Google in words that are not known"),
        ((MICROSOFT,), "Microsoft with 550 5.4.8"),
        ((GOOGLE, MICROSOFT, MOX), "Microsoft and mox with 550 5.4.8; Google in words that are not known"),
    ],
)
def test_those_with_one_bounce_are_named_together_and_last_those_whose_words_are_not_known(
    refusing: tuple[EnforcedRefusal, ...], said: str
) -> None:
    assert each_refusal(Enforcing(3, refusing, ())) == said


def test_each_finding_that_they_would_refuse_for_is_named_once() -> None:
    assert reasons(Enforcing(3, (GOOGLE, MICROSOFT, MOX), ())) == "cert-expired, mx-alias, sts-mx-unlisted"


def test_what_they_would_refuse_for_is_mended_before_anything_is_enforced() -> None:
    assert enforcing_advice(Enforcing(3, (MICROSOFT,), ("Exim",))) == (
        "Do not enforce the policy yet. First mend what those senders would refuse for: mx-alias"
    )
    assert enforcing_advice(Enforcing(3, (), ("Exim",))) == (
        "Do not enforce the policy before that is known; check again from where all servers can be reached."
    )
    assert enforcing_advice(Enforcing(3, (), ())) == (
        "When your TLS reports show no failure either, serve\n    mode: enforce\nand then set a new id in the record."
    )


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("Exim",), "Exim"),
        (("Exim", "mox"), "Exim and mox"),
        (("Exim", "mox", "Google"), "Exim, mox and Google"),
    ],
)
def test_senders_are_named_within_a_sentence(names: tuple[str, ...], said: str) -> None:
    assert those(names) == said
