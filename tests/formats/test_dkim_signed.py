"""DKIM signatures and keys as bytes; tests/mail/test_report_signature holds them against what another program signs."""

from base64 import b64encode
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.dkim import examine_key
from mxproof.formats.dkim_signed import REPORT_SIGNATURES_MAX, body_digest, signatures_of

FIELD = b"DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s1; h=from; bh=AAAA; b=AAAA\r\n"


@given(st.binary(max_size=400))
def test_any_bytes_are_read(data: bytes) -> None:
    signatures_of(FIELD + data)
    signatures_of(b"DKIM-Signature:" + data)
    examine_key(data)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (b"v=1", b"v=2", "tags"),
        (b"bh=AAAA", b"bh=", "tags"),
        (b"h=from", b"h=from; h=to", ""),
        (b"rsa-sha256", b"rsa-sha1", "algorithm"),
        (b"h=from", b"h=to", "from"),
        (b"s=s1", b"s=s1; i=@other.example", "identity"),
        (b"s=s1", b"s=s1; i=@below.example.com", "body"),
        (b"s=s1", b"s=s1; l=10", "length"),
        (b"s=s1", b"s=s1; c=simple/other", "tags"),
        (b"s=s1", b"s=s1; x=1", "body"),
    ],
)
def test_what_is_wrong_is_told_by_its_rule(old: bytes, new: bytes, rule: str) -> None:
    found = signatures_of(FIELD.replace(old, new) + b"From: a@example.com\r\n\r\nbody\r\n")
    assert [one.rule for one in found] == ([rule] if rule else [])


def test_only_wanted_domains_and_so_many_of_them_are_read() -> None:
    message = FIELD * (REPORT_SIGNATURES_MAX + 1) + b"From: a@example.com\r\n\r\nbody\r\n"
    assert len(signatures_of(message)) == REPORT_SIGNATURES_MAX
    assert signatures_of(message, frozenset({"example.net"})) == ()


def test_a_hostile_message_takes_no_more_time_than_its_length() -> None:
    spaces = b" \t" * 100_000
    body = spaces + b"x" + spaces + b"\r\n" * 100_000
    relaxed = FIELD.replace(b"s=s1", b"s=s1; c=relaxed/relaxed")
    assert signatures_of(relaxed + b"From: a" + b"\r\n " * 50_000 + b"\r\n\r\n" + body)[0].rule == "body"


SIMPLE, RELAXED = b"two  words \r\n", b"two words\r\n"
BODY = SIMPLE + b"\r\n\r\n"


def field(more: bytes, covered_body: bytes) -> bytes:
    """Return the field of a signature over a body in the form that is given."""
    digest = b64encode(sha256(covered_body).digest())
    return FIELD.replace(b"bh=AAAA", b"bh=" + digest).replace(b"s=s1", b"s=s1; " + more)


def rules(message: bytes) -> list[str]:
    return [one.rule for one in signatures_of(message)]


def test_of_several_fields_of_one_name_the_last_is_signed_first() -> None:
    """RFC 6376 section 5.4.2; a name that stands in `h=` more often than in the message is signed as nothing."""
    start = field(b"c=relaxed/simple", SIMPLE).replace(b"h=from", b"h=To:from:to:to:to:cc")
    found = signatures_of(start + b"To: first\r\nFrom: a@example.com\r\nTO:  second\r\n\r\n" + BODY)
    canonical = b"dkim-signature:" + start.partition(b": ")[2].removesuffix(b"AAAA\r\n")
    assert [(one.rule, one.covered) for one in found] == [
        ("", b"to:second\r\nfrom:a@example.com\r\nto:first\r\n" + canonical)
    ]


@pytest.mark.parametrize("turned", [False, True])
def test_each_signature_has_the_body_in_its_own_form(turned: bool) -> None:
    both = [field(b"c=relaxed/simple", SIMPLE), field(b"c=simple/relaxed", RELAXED)]
    crossed = [field(b"c=relaxed/simple", RELAXED), field(b"c=simple/relaxed", SIMPLE)]
    rest = b"From: a@example.com\r\n\r\n" + BODY
    assert rules(b"".join(both[::-1] if turned else both) + rest) == ["", ""]
    assert rules(b"".join(crossed[::-1] if turned else crossed) + rest) == ["body", "body"]


@pytest.mark.parametrize(
    ("forms", "covered", "rule"),
    [
        (b"c=relaxed", SIMPLE, ""),
        (b"c=relaxed", RELAXED, "body"),
        (b"c=relaxed/", SIMPLE, ""),
        (b"c=simple", SIMPLE, ""),
        (b"t=1", SIMPLE, ""),
        (b"t=1", RELAXED, "body"),
        (b"c=/relaxed", RELAXED, "tags"),
    ],
)
def test_a_form_that_is_not_named_is_simple(forms: bytes, covered: bytes, rule: str) -> None:
    """RFC 6376 section 3.5, tag c."""
    assert rules(field(forms, covered) + b"From: a@example.com\r\n\r\n" + BODY) == [rule]


@pytest.mark.parametrize(
    ("identity", "rule"),
    [
        (b"@example.com", ""),
        (b"me@Below.Example.com", ""),
        (b"@notexample.com", "identity"),
        (b"@example.com.example.net", "identity"),
        (b"@com", "identity"),
        (b"", "identity"),
    ],
)
def test_an_identity_is_the_domain_or_below_it(identity: bytes, rule: str) -> None:
    message = field(b"i=" + identity, SIMPLE) + b"From: a@example.com\r\n\r\n" + BODY
    assert rules(message) == [rule]


@pytest.mark.parametrize("line", [b"From mailer Mon Nov 2\r\n", b">From mailer Mon Nov 2\n"])
def test_a_line_of_a_mailbox_before_the_message_is_none_of_it(line: bytes) -> None:
    message = field(b"c=simple", SIMPLE) + b"From: a@example.com\r\n\r\n" + BODY
    assert signatures_of(line + message) == signatures_of(message)
    assert signatures_of(message.replace(b"\r\n", b"\n")) == signatures_of(message)
    assert rules(line + message) == [""]


@pytest.mark.parametrize("body", [b"", b"\r\n", b"\r\n\r\n"])
def test_an_empty_body_is_nothing_in_the_one_form_and_a_line_end_in_the_other(body: bytes) -> None:
    """RFC 6376 sections 3.4.3 and 3.4.4."""
    assert body_digest(body, "relaxed") == sha256(b"").digest()
    assert body_digest(body, "simple") == sha256(b"\r\n").digest()
