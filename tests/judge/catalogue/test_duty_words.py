"""Every kind of actor has words, and several of a kind share them."""

import pytest

from mxproof.judge.catalogue.duty_words import who
from mxproof.judge.report import Duty
from mxproof.judge.vocabulary import Actor


@pytest.mark.parametrize("actor", Actor)
def test_every_actor_has_words(actor: Actor) -> None:
    assert who([Duty(actor, "mx.example.net", "mx.example.com")])


def test_nobody_is_no_word() -> None:
    assert who([]) == ""


def test_the_name_and_the_alias_are_said() -> None:
    said = who([Duty(Actor.ALIAS_PROVIDER, "sts.example.net", "mta-sts.example.com")])
    assert "sts.example.net" in said
    assert "mta-sts.example.com" in said


def test_actors_of_one_kind_share_a_clause_and_others_have_their_own() -> None:
    owners = [Duty(Actor.MX_OWNER, name) for name in ("a.example.net", "b.example.net")]
    assert who(owners).count(";") == 0
    assert who([*owners, Duty(Actor.DNS, "example.com")]).count(";") == 1
