"""What is supposed of a certificate that nobody has seen: that it serves, and whose key it has."""

from datetime import timedelta

from mxproof.evidence import AssumedLeaf
from mxproof.formats.cert import Purpose, facts
from mxproof.mail.assumed_leaf import ASSUMED_KEY, ASSUMED_LIFETIME, assumed_leaf
from support_certificates import NOW, Defect, leaf

NEW = AssumedLeaf(("mx1.example.com", "*.example.com"), keeps_key=False)


def test_it_has_the_names_is_in_force_and_may_serve() -> None:
    supposed = assumed_leaf(NEW, None, NOW)
    assert supposed.dns_names == NEW.names
    assert (supposed.not_before, supposed.not_after) == (NOW, NOW + ASSUMED_LIFETIME)
    assert timedelta(days=30) < ASSUMED_LIFETIME < timedelta(days=398)
    assert (supposed.purpose, supposed.key_serves, supposed.key_signs) == (Purpose.SERVERS, True, True)
    assert (supposed.is_ca, supposed.self_issued, supposed.weak_signature) == (False, False, False)


def test_a_key_of_its_own_is_sound_and_known_to_nobody() -> None:
    supposed = assumed_leaf(NEW, None, NOW)
    assert (supposed.key, supposed.weak_key, supposed.spki_der) == (ASSUMED_KEY, False, b"")


def test_a_key_that_it_keeps_is_the_one_that_was_seen_with_its_weakness() -> None:
    for defect, weak in ((Defect.NONE, False), (Defect.WEAK_KEY, True)):
        seen = facts(leaf(("mx1.example.com",), defect).der)
        supposed = assumed_leaf(NEW, seen, NOW)
        assert (supposed.key, supposed.weak_key, supposed.spki_der) == (seen.key, weak, seen.spki_der)
