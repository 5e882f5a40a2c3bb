"""What each trait of a sender can be, in words, and which of them a model leaves open."""

import pytest
from msgspec import structs

from mxproof.formats.mtasts import LENIENT, STRICT
from mxproof.judge.senders import readings
from mxproof.judge.senders.inference.possible import PLAIN, POSSIBLE, settled, words_of
from mxproof.judge.senders.traits import EarlyText, JudgedName, Library, LostInside, Precedence

WAITS = ("under 6 s", "6 to 15 s", "15 to 45 s", "45 s or more")


def test_the_sender_of_which_nothing_is_open_has_one_word_for_each_trait() -> None:
    assert {trait: len(words_of(PLAIN, trait)) for trait in POSSIBLE} == dict.fromkeys(POSSIBLE, 1)


@pytest.mark.parametrize("trait", sorted(POSSIBLE.keys() - {"doubted_dates"}))
def test_a_sender_that_is_settled_by_a_word_has_that_word(trait: str) -> None:
    assert [words_of(settled({trait: word}), trait) for word in POSSIBLE[trait]] == [
        (word,) for word in POSSIBLE[trait]
    ]


def test_a_sender_that_is_settled_by_words_is_otherwise_as_plain_as_before() -> None:
    assert settled({}) == PLAIN
    assert settled({"dane": "yes", "sni": "none", "tlsa_at": "mx"}) == structs.replace(
        PLAIN, dane=True, sni=(JudgedName.NONE,), tlsa_at=(JudgedName.MX,)
    )


def test_a_model_that_doubts_the_dates_of_a_vouched_certificate_leaves_open_whether_it_refuses_it() -> None:
    assert words_of(structs.replace(PLAIN, doubted_dates=True), "doubted_dates") == ("no", "yes")
    assert words_of(structs.replace(PLAIN, doubted_dates=False), "doubted_dates") == ("no",)


def test_of_a_sender_of_which_the_policy_decides_alone_it_is_not_told_whether_it_does_dane() -> None:
    alone = structs.replace(PLAIN, dane=True, precedences=(Precedence.POLICY_ALONE,))
    assert words_of(alone, "dane") == ("no", "yes")
    assert words_of(alone, "precedences") == tuple(POSSIBLE["precedences"])
    assert words_of(alone, "mta_sts") == ("yes",)
    assert words_of(structs.replace(PLAIN, dane=True), "dane") == ("yes",)


@pytest.mark.parametrize(
    ("wait_s", "word"),
    [(0, 0), (6, 0), (7, 1), (15, 1), (16, 2), (45, 2), (46, 3), (600, 3)],
)
def test_who_waits_for_exactly_as_long_as_a_policy_takes_does_not_get_it(wait_s: int, word: int) -> None:
    assert words_of(structs.replace(PLAIN, policy_wait_s=wait_s), "policy_wait_s") == (WAITS[word],)


def test_of_whom_it_is_not_known_how_long_he_waits_every_wait_is_possible() -> None:
    assert words_of(structs.replace(PLAIN, policy_wait_s=None), "policy_wait_s") == WAITS


def test_a_model_that_leaves_some_ways_open_has_the_words_of_those() -> None:
    some = structs.replace(
        PLAIN,
        sni=(JudgedName.NONE, JudgedName.MX),
        readings=(readings.MOX, STRICT, LENIENT),
        outdated_tls=(True, False),
        early_text=(EarlyText.DEFERRED,),
    )
    assert words_of(some, "sni") == ("mx", "none")
    assert words_of(some, "readings") == ("rfc8461", "lenient", "mox")
    assert words_of(some, "outdated_tls") == ("no", "yes")
    assert words_of(some, "early_text") == (str(EarlyText.DEFERRED),)


def test_where_a_model_says_that_a_trait_is_not_known_every_word_is_possible() -> None:
    unknown = structs.replace(PLAIN, library=Library.UNKNOWN, lost_inside=LostInside.NOT_KNOWN)
    assert words_of(unknown, "library") == ("openssl", "gnutls", "go", "rustls")
    assert words_of(unknown, "lost_inside") == tuple(POSSIBLE["lost_inside"])
