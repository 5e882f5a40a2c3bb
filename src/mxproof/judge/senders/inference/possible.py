"""What each trait of a sender can be, one word for each: the space in which a sender that was watched is looked for.

A sender that is watched does one thing each time, so every trait has one word here, whether or not a model leaves several
open. `doubted_dates` is settled, too: `yes` is a sender that refuses an expired certificate which DANE-EE vouches for.
Traits are missing here that a mail shows nothing of: for how long a sender tries, and its words. A sender of which the policy
decides alone does what one without DANE does, and is put down as that.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from msgspec import structs

from mxproof.formats.mtasts import LENIENT, STRICT
from mxproof.judge.senders import readings
from mxproof.judge.senders.inference.case import POLICY_AFTER_S
from mxproof.judge.senders.traits import (
    Addresses,
    EarlyText,
    ExchangeReading,
    FallBack,
    GivenUp,
    JudgedName,
    Library,
    LostInside,
    Precedence,
    Refresh,
    RefusedEhlo,
    Traits,
)
from mxproof.judge.vocabulary import Confidence

Words = Mapping[str, object]
"""From a word to the value that it stands for in `Traits`."""

_NO_OR_YES: Final[Words] = MappingProxyType({"no": False, "yes": True})


def _each(*members: StrEnum) -> Words:
    return MappingProxyType({str(one): one for one in members})


def _alone(*members: StrEnum) -> Words:
    """Return the words of a trait that a model holds possibilities of."""
    return MappingProxyType({str(one): (one,) for one in members})


POSSIBLE: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "mta_sts": _NO_OR_YES,
        "dane": _NO_OR_YES,
        "policy_name": _each(JudgedName.MX, JudgedName.TARGET, JudgedName.PTR, JudgedName.NONE),
        "certificate_name": _each(*JudgedName),
        "sni": _alone(JudgedName.MX, JudgedName.TARGET, JudgedName.NONE),
        "deep_wildcards": _NO_OR_YES,
        "common_name": _NO_OR_YES,
        "readings": MappingProxyType(
            {
                "rfc8461": (STRICT,),
                "lenient": (LENIENT,),
                "chasquid": (readings.CHASQUID,),
                "courier": (readings.COURIER,),
                "kumomta": (readings.KUMOMTA,),
                "mox": (readings.MOX,),
                "postfix-mta-sts-resolver": (readings.POSTFIX_MTA_STS_RESOLVER,),
                "stalwart": (readings.STALWART,),
            }
        ),
        "policy_wait_s": MappingProxyType(
            {"under 6 s": 4, "6 to 15 s": 10, "15 to 45 s": 30, "45 s or more": 60}
        ),
        "given_up": _each(*GivenUp),
        "precedences": _alone(
            Precedence.DANE_FIRST,
            Precedence.PRUNE_FIRST,
            Precedence.BOTH,
            Precedence.DOMAIN_WIDE,
            Precedence.POLICY_FIRST,
        ),
        "library": _each(Library.OPENSSL, Library.GNUTLS, Library.GO, Library.RUSTLS),
        "outdated_tls": MappingProxyType({"no": (False,), "yes": (True,)}),
        "weak_key_at_mx": _NO_OR_YES,
        "weak_key_at_policy_host": _NO_OR_YES,
        "common_name_at_policy_host": _NO_OR_YES,
        "dane_needs_secure_mx": _NO_OR_YES,
        "tlsa_at": MappingProxyType(
            {
                "target, mx": (JudgedName.TARGET, JudgedName.MX),
                "target": (JudgedName.TARGET,),
                "mx": (JudgedName.MX,),
            }
        ),
        "anchored_names": _NO_OR_YES,
        "doubted_dates": _NO_OR_YES,
        "strongest_digest": _NO_OR_YES,
        "bare_anchors": _NO_OR_YES,
        "whole_anchors": _NO_OR_YES,
        "whole_keys": _NO_OR_YES,
        "refused_ehlo": _each(
            RefusedEhlo.FATAL, RefusedEhlo.HELO, RefusedEhlo.HELO_AT_ONCE, RefusedEhlo.PASSED_OVER
        ),
        "clear_text_again": _NO_OR_YES,
        "fall_back": _each(*FallBack),
        "lost_inside": _each(LostInside.CLEAR_TEXT, LostInside.DEFERRED),
        "early_text": _alone(*EarlyText),
        "addresses": _each(*Addresses),
        "malformed_mx": _alone(*ExchangeReading),
        "literal_mx": _alone(*ExchangeReading),
        "null_mx_beside": _alone(ExchangeReading.PASSED_OVER, ExchangeReading.FATAL),
        "refresh": _each(
            Refresh.BY_ID, Refresh.BY_ID_ALONE, Refresh.OFTEN, Refresh.FROM_HALF_LIFE, Refresh.EACH_TIME
        ),
        "remembers_level": _NO_OR_YES,
    }
)
"""Every trait that a case may show, with what it can be."""

_SEVERAL: Final = frozenset(
    {
        "sni",
        "readings",
        "precedences",
        "outdated_tls",
        "early_text",
        "malformed_mx",
        "literal_mx",
        "null_mx_beside",
    }
)
"""The traits of which a model holds every possibility that is not ruled out."""

PLAIN: Final = Traits(
    id="observed",
    name="The sender that was watched",
    confidence=Confidence.OBSERVED,
    sources=(),
    policy_wait_s=60,
    library=Library.OPENSSL,
    outdated_tls=(False,),
    lost_inside=LostInside.DEFERRED,
    early_text=(EarlyText.THROWN_AWAY,),
    malformed_mx=(ExchangeReading.PASSED_OVER,),
    literal_mx=(ExchangeReading.PASSED_OVER,),
    null_mx_beside=(ExchangeReading.PASSED_OVER,),
)
"""A sender of which nothing is open; what is found out is put in place of what stands here."""


def settled(words: Mapping[str, str]) -> Traits:
    """Return the sender that is `PLAIN` but for these words, by trait."""
    return structs.replace(PLAIN, **{trait: POSSIBLE[trait][word] for trait, word in words.items()})


def _outlasted(wait_s: object) -> int | None:
    """Return how many of the slow policies come in the time that a sender waits, None where that is not known."""
    return sum(wait_s > one for one in POLICY_AFTER_S) if isinstance(wait_s, int) else None


def words_of(traits: Traits, trait: str) -> tuple[str, ...]:
    """Return what a model says that a trait may be; every word where it says that this is not known."""
    value = getattr(traits, trait)
    possible = POSSIBLE[trait]
    if trait in _SEVERAL:
        held = tuple(word for word, one in possible.items() if isinstance(one, tuple) and one[0] in value)
    elif (trait == "doubted_dates" and value) or (
        trait == "dane" and Precedence.POLICY_ALONE in traits.precedences
    ):
        held = ()
    elif trait == "policy_wait_s":
        held = tuple(word for word, one in possible.items() if _outlasted(one) == _outlasted(value))
    else:
        held = tuple(word for word, one in possible.items() if one == value)
    return held or tuple(possible)
