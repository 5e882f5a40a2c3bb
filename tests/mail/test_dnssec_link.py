"""What proves that there are no records (RFC 4035 section 5.4, RFC 5155 section 8), before anybody looks who signed it; and which of
several keys of one number signed what is there (RFC 4035 section 5.3.1).
"""

import base64
from datetime import datetime, timedelta

import msgspec
import pytest

from mxproof.evidence import Edns, Kind, Question, SignedRecord
from mxproof.formats import dnssec as types
from mxproof.formats.dnssec import Dnskey, Rrsig, hashed
from mxproof.mail.broken_link import BrokenLink, ChainFault
from mxproof.mail.dnssec import signature_chain
from mxproof.mail.dnssec_link import KEYS_TRIED_MAX, SIGNATURES_TRIED_MAX, Keys, Links, denied, signature_of
from mxproof.survey.dnssec import held, signed
from support_dnssec import WHOLE
from support_evidence import OBSERVED_AT
from support_world import collect

ZONE = "example.com"
QUESTION = Question(Kind.TLSA, f"m.{ZONE}", edns=Edns.SIGNED)


def fault(name: str, *records: SignedRecord) -> ChainFault:
    """Return what keeps unsigned records from proving that `name` has no TLSA record."""
    found = denied(Links(QUESTION, records, {}, OBSERVED_AT), name, types.TLSA)
    assert isinstance(found, BrokenLink)
    assert (found.name, found.type) == (name, types.TLSA)
    return found.fault


def bitmap(*numbers: int) -> bytes:
    octets = bytearray(max(numbers, default=0) // 8 + 1)
    for number in numbers:
        octets[number // 8] |= 0x80 >> number % 8
    return bytes((0, len(octets))) + bytes(octets)


def wire(name: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def nsec(owner: str, following: str, *numbers: int) -> SignedRecord:
    return SignedRecord(owner, types.NSEC, 300, wire(following) + bitmap(*numbers))


@pytest.mark.parametrize(
    ("record", "denies"),
    [
        (nsec(f"a.{ZONE}", f"z.{ZONE}"), True),
        (nsec(f"z.{ZONE}", f"a.{ZONE}"), False),
        (nsec(f"a.{ZONE}", f"m.{ZONE}"), False),
        (nsec(f"a.{ZONE}", f"b.{ZONE}"), False),
        (nsec(f"n.{ZONE}", f"z.{ZONE}"), False),
        (nsec(f"a.{ZONE}", ZONE), True),
        (nsec(ZONE, ZONE), True),
        (nsec(f"m.{ZONE}", f"z.{ZONE}", 1), True),
        (nsec(f"m.{ZONE}", f"z.{ZONE}", types.TLSA), False),
        (nsec(f"m.{ZONE}", f"z.{ZONE}", types.CNAME), False),
        (SignedRecord(f"a.{ZONE}", types.NSEC, 300, b""), False),
        (SignedRecord(f"a.{ZONE}", types.DS, 300, b""), False),
    ],
)
def test_an_nsec_record_denies_what_lies_between_or_what_it_does_not_list(
    record: SignedRecord, denies: bool
) -> None:
    """The last of a zone leads back to its first, which is the same where there is one name alone."""
    assert fault(f"m.{ZONE}", record) is (ChainFault.MISSING if denies else ChainFault.UNPROVEN)


def nsec3(label: str, following: str, *numbers: int) -> SignedRecord:
    """Return the record whose owner and next hash are these, in letters of base32hex."""
    digest = base64.b32hexdecode(following.upper())
    return SignedRecord(
        f"{label}.{ZONE}", types.NSEC3, 300, b"\1\0\0\0\0" + bytes([len(digest)]) + digest + bitmap(*numbers)
    )


def near(hash_: str, step: int) -> str:
    """Return the hash that comes so many behind."""
    digest = base64.b32hexdecode(hash_.upper())
    number = int.from_bytes(digest, "big") + step
    return base64.b32hexencode(number.to_bytes(len(digest), "big")).decode().lower()


NAME = hashed(f"m.{ZONE}", 0, b"")
FIRST, LAST = "0" * 32, "v" * 32


@pytest.mark.parametrize(
    ("record", "denies"),
    [
        (nsec3(near(NAME, -1), near(NAME, 1)), True),
        (nsec3(near(NAME, -2), near(NAME, -1)), False),
        (nsec3(near(NAME, 1), near(NAME, 2)), False),
        (nsec3(near(NAME, 1), near(NAME, 1)), True),
        (nsec3(near(NAME, 1), FIRST), False),
        (nsec3(near(NAME, -1), FIRST), True),
        (nsec3(LAST, near(NAME, 1)), True),
        (nsec3(LAST, NAME), False),
        (nsec3(NAME, LAST), True),
        (nsec3(NAME, LAST, types.TLSA), False),
        (nsec3(NAME, LAST, types.CNAME), False),
    ],
)
def test_an_nsec3_record_denies_by_the_hash_of_the_name(record: SignedRecord, denies: bool) -> None:
    assert fault(f"m.{ZONE}", record) is (ChainFault.MISSING if denies else ChainFault.UNPROVEN)


def twins(key: Dnskey, count: int) -> Keys:
    """Return other keys of the same algorithm and key tag: the tag is a sum of words, whatever their order (RFC 4034 appendix B)."""
    words = [key.key[at : at + 2] for at in range(0, len(key.key), 2)]
    turned = [b"".join((*words[by:], *words[:by])) for by in range(1, count + 1)]
    return tuple(msgspec.structs.replace(key, key=one) for one in turned)


def test_of_keys_with_one_tag_it_is_enough_that_one_signed() -> None:
    """No more than KEYS_TRIED_MAX of them are tried: a zone with more is made to cost time."""
    evidence = collect(WHOLE)
    question = signed(Kind.MX, ZONE)
    zone = signature_chain(evidence, WHOLE.at).zone(ZONE)
    assert zone is not None
    (key,) = zone.keys
    others = twins(key, KEYS_TRIED_MAX)
    assert {one.key_tag for one in others} == {key.key_tag}

    def signer_of(*keys: Dnskey) -> int | ChainFault:
        found = signature_of(
            Links(question, held(evidence, question), {ZONE: keys}, WHOLE.at), ZONE, types.MX
        )
        return found.key_tag if isinstance(found, Rrsig) else found.fault

    assert signer_of(others[0], key) == signer_of(key, others[0]) == key.key_tag
    assert signer_of(*others[: KEYS_TRIED_MAX - 1], key) == key.key_tag
    assert signer_of(*others, key) is ChainFault.WRONG


def links_at(moment: datetime) -> tuple[Links, Rrsig]:
    """Return the MX records of the good world with the key of their zone at `moment`, and their signature."""
    evidence = collect(WHOLE)
    question = signed(Kind.MX, ZONE)
    zone = signature_chain(evidence, WHOLE.at).zone(ZONE)
    assert zone is not None
    links = Links(question, held(evidence, question), {ZONE: zone.keys}, moment)
    signature = signature_of(msgspec.structs.replace(links, now=WHOLE.at), ZONE, types.MX)
    assert isinstance(signature, Rrsig)
    return links, signature


def test_a_signature_that_is_over_is_told_with_its_end_and_one_to_come_with_its_beginning() -> None:
    _, signature = links_at(WHOLE.at)
    second = timedelta(seconds=1)
    for moment, wanted, at in (
        (signature.ends + second, ChainFault.EXPIRED, signature.ends),
        (signature.begins - second, ChainFault.EARLY, signature.begins),
    ):
        links, _ = links_at(moment)
        found = signature_of(links, ZONE, types.MX)
        assert found == BrokenLink(
            fault=wanted,
            name=ZONE,
            type=types.MX,
            question=links.question,
            key_tags=(signature.key_tag,),
            served=(signature.key_tag,),
            at=at,
        )


def test_of_many_signatures_over_the_same_only_so_many_are_tried() -> None:
    links, signature = links_at(WHOLE.at)
    sound = next(
        one
        for one in links.records
        if one.rdtype == types.RRSIG and one.data[:2] == types.MX.to_bytes(2, "big")
    )
    others = tuple(one for one in links.records if one != sound)

    def found(wrong: int) -> Rrsig | BrokenLink:
        forged = tuple(
            msgspec.structs.replace(sound, data=sound.data[:-1] + bytes([sound.data[-1] ^ number]))
            for number in range(1, wrong + 1)
        )
        return signature_of(msgspec.structs.replace(links, records=(*others, *forged, sound)), ZONE, types.MX)

    assert found(SIGNATURES_TRIED_MAX - 1) == signature
    late = found(SIGNATURES_TRIED_MAX)
    assert isinstance(late, BrokenLink)
    assert late.fault is ChainFault.WRONG


def test_a_zone_signs_nothing_that_is_not_in_it() -> None:
    """Its keys are looked for at the name itself and below it alone, at the border of a label."""
    links, signature = links_at(WHOLE.at)
    for name, want in (
        ("example.org", ChainFault.KEY_MISSING),
        (f"not{ZONE}", ChainFault.KEY_MISSING),
        ("com", ChainFault.KEY_MISSING),
        (f"mail.{ZONE}", ChainFault.WRONG),
    ):
        moved = tuple(msgspec.structs.replace(one, name=name) for one in links.records)
        found = signature_of(msgspec.structs.replace(links, records=moved), name, types.MX)
        assert isinstance(found, BrokenLink)
        assert (found.fault, found.key_tags) == (want, (signature.key_tag,))
