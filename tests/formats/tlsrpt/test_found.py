"""Reports in files and messages, and what the message says beside them."""

import base64
import gzip
import io
import zipfile

import msgspec
import pytest

from mxproof.formats.errors import FormatError
from mxproof.formats.tlsrpt.found import NESTED_MESSAGES_MAX, Authenticated, reports_in
from mxproof.formats.tlsrpt.repair import Repair
from mxproof.formats.tlsrpt.writing import print_report
from support_tlsrpt import SOUND, message

DATA = print_report(SOUND)
OTHER = print_report(msgspec.structs.replace(SOUND, id="other"))


def test_a_message_tells_of_its_sender_and_whether_it_is_signed() -> None:
    (got,) = reports_in(message(DATA))
    assert (got.read.report, got.repairs) == (SOUND, ())
    assert (got.submitter, got.domain, got.authenticated) == (
        "sender.example",
        "example.com",
        Authenticated.UNSIGNED,
    )
    (got,) = reports_in(b"DKIM-Signature: v=1; d=sender.example; s=a\r\n" + message(DATA))
    assert got.authenticated is Authenticated.UNKNOWN


@pytest.mark.parametrize("name", ["a.json", "", "x"])
def test_a_file_is_read_whatever_it_is_called(name: str) -> None:
    (got,) = reports_in(DATA, name)
    assert (got.read.report, got.repairs, got.authenticated) == (SOUND, (), Authenticated.UNKNOWN)


def test_a_packed_file_has_a_name_that_says_so() -> None:
    (got,) = reports_in(gzip.compress(DATA), "a.json.GZ")
    assert (got.read.report, got.repairs) == (SOUND, ())
    (got,) = reports_in(gzip.compress(DATA), "a.json")
    assert got.repairs == (Repair.PACKING_OTHER,)


def test_a_message_may_come_packed() -> None:
    (got,) = reports_in(gzip.compress(message(DATA)), "mail.gz")
    assert got.submitter == "sender.example"


@pytest.mark.parametrize(
    ("data", "repairs"),
    [
        (message(DATA, media_type="application/tlsrpt+json", packed=False), ()),
        (message(DATA, media_type="application/tlsrpt+json"), (Repair.PACKING_OTHER,)),
        (message(DATA, packed=False), (Repair.PACKING_OTHER,)),
        (message(DATA, media_type="application/tlsrpt", packed=False), ()),
        (message(DATA, media_type="application/gzip"), (Repair.PART_TYPE_OTHER,)),
        (message(DATA, media_type="application/octet-stream"), (Repair.PART_TYPE_OTHER,)),
        (message(DATA, media_type="text/plain", packed=False), (Repair.PART_TYPE_OTHER,)),
        (message(DATA, fields=""), (Repair.SUBMITTER_MISSING,)),
        (
            message(DATA, fields="TLS-Report-Domain: example.com\r\nTLS-Report-Submitter: other.example\r\n"),
            (Repair.SUBMITTER_DIFFERS,),
        ),
        (
            message(
                DATA, fields="TLS-Report-Domain: other.example\r\nTLS-Report-Submitter: sender.example\r\n"
            ),
            (Repair.DOMAIN_DIFFERS,),
        ),
    ],
)
def test_a_report_is_found_in_any_part(data: bytes, repairs: tuple[Repair, ...]) -> None:
    (got,) = reports_in(data)
    assert (got.read.report, got.repairs) == (SOUND, repairs)


def test_damaged_base64_is_read_past() -> None:
    encoded = base64.b64encode(DATA + b" " * (-len(DATA) % 3)) + b"\r\n[scanned by a gateway]"
    (got,) = reports_in(message(DATA, media_type="application/tlsrpt+json", encoded=encoded))
    assert (got.read.report, got.repairs) == (SOUND, (Repair.TRANSFER_ENCODING_BROKEN,))


def test_an_attached_message_is_read_in_its_place() -> None:
    forwarded = (
        b"From: a@example.com\r\nSubject: Fwd\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="f"\r\n\r\n--f\r\nContent-Type: text/plain\r\n\r\nsee\r\n'
        b"--f\r\nContent-Type: message/rfc822\r\n\r\n" + message(DATA) + b"\r\n--f--\r\n"
    )
    (got,) = reports_in(forwarded)
    assert (got.read.report, got.submitter) == (SOUND, "sender.example")


def test_a_domain_that_the_report_lacks_is_that_of_the_message() -> None:
    nameless = DATA.replace(b'"policy-domain":"example.com",', b"").replace(
        b',"policy-domain":"example.com"', b""
    )
    (got,) = reports_in(message(nameless))
    assert (got.read.report, got.repairs) == (SOUND, (Repair.POLICY_DOMAIN_MISSING,))


@pytest.mark.parametrize(
    "data",
    [
        b"From: a@example.com\r\nSubject: hello\r\n\r\nNo report.\r\n",
        b"From: a@example.com\r\nSubject: {\r\n\r\n{ policies }\r\n",
        message(DATA, media_type="image/png", packed=False, encoded=b"AAAA"),
    ],
)
def test_a_message_without_a_report_says_so(data: bytes) -> None:
    with pytest.raises(FormatError) as refusal:
        list(reports_in(data))
    assert refusal.value.objections[0].rule in {"no-report", "no-json"}


def packed(*members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number, member in enumerate(members):
            archive.writestr(f"{number}.json", member)
    return made.getvalue()


def test_what_cannot_be_read_is_told_beside_what_can_and_raised_where_nobody_listens() -> None:
    mixed = packed(DATA, b"{", OTHER)
    unread: list[FormatError] = []
    assert [one.read.report.id for one in reports_in(mixed, "", unread)] == [SOUND.id, "other"]
    assert len(unread) == 1
    reading = reports_in(mixed)
    assert [next(reading).read.report.id, next(reading).read.report.id] == [SOUND.id, "other"]
    with pytest.raises(FormatError):
        next(reading)


def test_where_nothing_can_be_read_that_is_raised_whoever_listens() -> None:
    unread: list[FormatError] = []
    with pytest.raises(FormatError):
        list(reports_in(packed(b"{"), "", unread))
    assert unread == []
    assert [one.read.report for one in reports_in(packed(DATA), "", unread)] == [SOUND]
    assert unread == []


def attached(inner: bytes) -> bytes:
    """Return a message that has another attached."""
    return (
        b'From: a@example.com\r\nContent-Type: multipart/mixed; boundary="f%d"\r\n\r\n--f%d\r\n'
        % ((len(inner),) * 2)
        + b"Content-Type: message/rfc822\r\n\r\n"
        + inner
        + b"\r\n--f%d--\r\n" % len(inner)
    )


def test_messages_within_one_another_are_read_three_deep() -> None:
    data = message(DATA)
    for _ in range(NESTED_MESSAGES_MAX):
        data = attached(data)
        (got,) = reports_in(data)
        assert (got.read.report, got.submitter) == (SOUND, "sender.example")
    with pytest.raises(FormatError) as refusal:
        list(reports_in(attached(data)))
    assert refusal.value.objections[0].rule == "no-report"


def test_of_two_fields_of_a_message_the_first_counts_and_the_report_goes_before_both() -> None:
    fields = "".join(
        f"TLS-Report-Submitter: {submitter}\r\nTLS-Report-Domain: {domain}\r\n"
        for submitter, domain in (("First.example.", "Example.com."), ("second.example", "second.example"))
    )
    (got,) = reports_in(message(DATA, fields=fields))
    assert (got.submitter, got.domain, got.repairs) == (
        "first.example",
        "example.com",
        (Repair.SUBMITTER_DIFFERS,),
    )
    assert got.reporting_domain == "sender.example"
    nobody = DATA.replace(b"tls@sender.example", b"nobody")
    (got,) = reports_in(message(nobody, fields=fields))
    assert got.reporting_domain == "first.example"


def test_a_report_that_calls_itself_one_goes_before_others_that_only_look_like_one() -> None:
    named = message(DATA)
    other = b"--b\r\nContent-Type: application/json\r\n\r\n" + OTHER + b"\r\n--b--\r\n"
    both = named.removesuffix(b"--b--\r\n") + other
    assert [one.read.report.id for one in reports_in(both)] == [SOUND.id]
    alone = both.replace(b"application/tlsrpt+gzip", b"application/gzip")
    assert [(one.read.report.id, one.repairs) for one in reports_in(alone)] == [
        (SOUND.id, (Repair.PART_TYPE_OTHER,)),
        ("other", (Repair.PART_TYPE_OTHER,)),
    ]


def test_what_cannot_be_read_of_an_archive_is_told_by_its_name() -> None:
    unread: list[FormatError] = []
    list(reports_in(packed(DATA, b"{"), "", unread))
    assert ["'1.json'" in str(one) for one in unread] == [True]
    with pytest.raises(FormatError) as refusal:
        list(reports_in(b"{"))
    assert "json'" not in str(refusal.value)


@pytest.mark.parametrize(
    ("fields", "repairs"),
    [
        ("TLS-Report-Domain: example.com\r\n", (Repair.SUBMITTER_MISSING,)),
        ("TLS-Report-Submitter: sender.example\r\n", (Repair.SUBMITTER_MISSING,)),
        ("", (Repair.SUBMITTER_MISSING,)),
    ],
)
def test_a_message_without_one_of_both_fields_is_unsigned_all_the_same(
    fields: str, repairs: tuple[Repair, ...]
) -> None:
    (got,) = reports_in(message(DATA, fields=fields))
    assert (got.repairs, got.authenticated, got.is_unverified) == (repairs, Authenticated.UNSIGNED, False)


def test_a_domain_differs_where_it_is_that_of_no_policy() -> None:
    other = msgspec.structs.replace(SOUND.policies[0], domain="b.example")
    report = print_report(msgspec.structs.replace(SOUND, policies=(*SOUND.policies, other)))
    for domain, repairs in (
        ("example.com", ()),
        ("b.example", ()),
        ("c.example", (Repair.DOMAIN_DIFFERS,)),
    ):
        fields = f"TLS-Report-Domain: {domain}\r\nTLS-Report-Submitter: sender.example\r\n"
        assert [one.repairs for one in reports_in(message(report, fields=fields))] == [repairs]


def test_a_message_stands_within_what_signs_it() -> None:
    inner = message(DATA).partition(b"MIME-Version:")
    signed = b"0\x82" + b"\1\2" * 200 + inner[1] + inner[2] + b"\0\1 behind"
    outer = (
        b"From: a@example.com\r\nTLS-Report-Domain: example.com\r\nContent-Type: application/pkcs7-mime\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(signed)
    )
    (got,) = reports_in(outer)
    assert got.read.report == SOUND
