"""DMARC records: what counts, what is passed over, and what is said of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.dmarc import DMARC_OBJECTIONS_MAX, DmarcPolicy, examine_dmarc, is_dmarc, is_near_dmarc

NONE, QUARANTINE, REJECT = DmarcPolicy


@pytest.mark.parametrize("text", [b"v=DMARC1", b"v=DMARC1;p=none", b"v = DMARC1 ; p=none"])
def test_a_record_begins_with_its_version(text: bytes) -> None:
    assert is_dmarc(text)


@pytest.mark.parametrize(
    "text", [b"v=dmarc1; p=none", b"v=DMARC1 p=none", b"p=none; v=DMARC1", b" v=DMARC1; p=none"]
)
def test_what_was_meant_for_a_record_is_near_to_one(text: bytes) -> None:
    assert not is_dmarc(text)
    assert is_near_dmarc(text)


def test_another_text_is_neither() -> None:
    assert not is_near_dmarc(b"v=spf1 -all")


@pytest.mark.parametrize(
    ("tags", "policy"),
    [
        ("p=reject", REJECT),
        ("P=Quarantine", QUARANTINE),
        ("p=rejct; rua=mailto:a@example.com", NONE),
        ("rua=mailto:a@example.com", NONE),
        ("p=rejct", None),
        ("", None),
    ],
)
def test_without_a_valid_policy_a_record_with_reports_asks_for_nothing(
    tags: str, policy: DmarcPolicy | None
) -> None:
    """RFC 9989 section 4.7."""
    assert examine_dmarc(f"v=DMARC1; {tags}".encode()).policy == policy


def test_every_tag_is_read() -> None:
    record = examine_dmarc(
        b"v=DMARC1; p=reject; sp=quarantine; np=none; adkim=s; aspf=r; t=y; psd=n; pct=20; fo=1; x=y;"
        b" rua=mailto:a@Example.com!10m,mailto:b@example.com,mailto:c@example.net; ruf=mailto:d@example.org"
    )
    assert (record.policy, record.subdomain_policy, record.missing_policy) == (REJECT, QUARANTINE, NONE)
    assert record.rua == ("example.com", "example.net")
    assert record.ruf == ("example.org",)
    assert (record.testing, record.percent, record.psd) == (True, 20, "n")
    assert record.objections == ()


@pytest.mark.parametrize(
    ("tags", "rule"),
    [
        ("p=reject; sp=all", "tag-value"),
        ("p=reject; adkim=x", "tag-value"),
        ("p=reject; pct=101", "tag-value"),
        ("p=reject; p=none", "tag-twice"),
        ("p=reject; none", "tag-malformed"),
        ("p=reject; =x", "tag-malformed"),
        ("p=reject; rua=a@example.com", "report-uri"),
        ("p=reject; rua=mailto:example.com", "report-uri"),
        ("p=reject; ruf=https://example.com/", "report-uri"),
        ("sp=reject", "policy-missing"),
    ],
)
def test_what_is_wrong_is_said(tags: str, rule: str) -> None:
    assert [one.rule for one in examine_dmarc(f"v=DMARC1; {tags}".encode()).objections] == [rule]


def test_of_a_tag_given_again_the_first_counts() -> None:
    assert examine_dmarc(b"v=DMARC1; p=reject; p=none").policy is REJECT


@given(st.binary())
def test_any_bytes_are_read(text: bytes) -> None:
    assert examine_dmarc(b"v=DMARC1;" + text).percent <= 100


@pytest.mark.parametrize(
    ("destinations", "rua", "policy"),
    [
        ("rua=", (), None),
        ("rua=dmarc@example.com", (), None),
        ("ruf=mailto:a@example.com", (), None),
        ("rua=x:y,mailto:a@example.com", ("example.com",), NONE),
    ],
)
def test_only_a_destination_that_can_be_used_stands_for_a_policy(
    destinations: str, rua: tuple[str, ...], policy: DmarcPolicy | None
) -> None:
    record = examine_dmarc(f"v=DMARC1; {destinations}".encode())
    assert (record.rua, record.policy) == (rua, policy)


def test_what_is_not_said_of_names_below_is_not_made_up() -> None:
    record = examine_dmarc(b"v=DMARC1; p=reject; sp=quarantine")
    assert (record.policy, record.subdomain_policy, record.missing_policy) == (REJECT, QUARANTINE, None)
    record = examine_dmarc(b"v=DMARC1; p=reject; np=quarantine")
    assert (record.policy, record.subdomain_policy, record.missing_policy) == (REJECT, None, QUARANTINE)
    assert (record.testing, record.percent, record.psd, record.rua, record.ruf) == (False, 100, "u", (), ())


def test_a_destination_ends_before_what_a_mail_is_to_say() -> None:
    record = examine_dmarc(
        b"v=DMARC1; p=none; rua=mailto:a@b@Example.com.?subject=x@example.net!1m ,MAILTO:c@example.org; ruf=mailto:@example.com"
    )
    assert (record.rua, record.ruf) == (("example.com", "example.org"), ())
    assert [one.rule for one in record.objections] == ["report-uri"]


def test_of_many_objections_the_first_of_the_text_are_kept() -> None:
    text = "v=DMARC1; p=all; rua=nobody" + "; x=1" * (DMARC_OBJECTIONS_MAX + 5)
    found = examine_dmarc(text.encode()).objections
    assert [one.rule for one in found[:2]] == ["tag-value", "report-uri"]
    assert {one.rule for one in found[2:]} == {"tag-twice"}
    assert len(found) == DMARC_OBJECTIONS_MAX
    assert [one.position for one in found] == sorted(one.position for one in found)
