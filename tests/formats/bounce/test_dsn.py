"""Delivery status, by the book and not."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.bounce.dsn import (
    DSN_RECIPIENTS_MAX,
    Action,
    DeliveryStatus,
    RecipientStatus,
    parse_delivery_status,
)

# RFC 3464 appendix E.1, shortened to its second and third group.
TWO = """Reporting-MTA: dns; cs.utk.edu
Arrival-Date: Thu, 7 Jul 1994 17:15:49 -0400

Original-Recipient: rfc822;louisl@larry.slip.umd.edu
Final-Recipient: rfc822;louisl@larry.slip.umd.edu
Action: failed
Status: 4.0.0
Diagnostic-Code: smtp; 426 connection timed out
Last-Attempt-Date: Thu, 7 Jul 1994 17:15:49 -0400

Final-Recipient: rfc822; b@example.com
Action: delayed
Status: 4.4.1
Remote-MTA: dns; mx.example.com
Will-Retry-Until: Fri, 8 Jul 1994 17:15:49 -0400
"""


def test_the_report_names_its_maker_and_each_recipient() -> None:
    at = datetime(1994, 7, 7, 21, 15, 49, tzinfo=UTC)
    assert parse_delivery_status(TWO) == DeliveryStatus(
        reporting_mta="cs.utk.edu",
        arrived=at,
        recipients=(
            RecipientStatus(
                address="louisl@larry.slip.umd.edu",
                action=Action.FAILED,
                status="4.0.0",
                diagnostic="426 connection timed out",
                last_attempt=at,
            ),
            RecipientStatus(
                address="b@example.com",
                action=Action.DELAYED,
                status="4.4.1",
                remote_mta="mx.example.com",
            ),
        ),
    )


def test_groups_without_an_empty_line_begin_at_a_repeated_field() -> None:
    got = parse_delivery_status(
        "Final-Recipient: rfc822;a@b.c\nAction: failed\nFinal-Recipient: rfc822;d@e.f\nAction: delayed"
    )
    assert [(one.address, one.action) for one in got.recipients] == [
        ("a@b.c", Action.FAILED),
        ("d@e.f", Action.DELAYED),
    ]


def test_the_action_may_come_first() -> None:
    got = parse_delivery_status(
        "Reporting-MTA: dsn; a.example\nAction: failed\nFinal-Recipient: rfc822; a@b.c\n"
    )
    assert got.recipients == (RecipientStatus(address="a@b.c", action=Action.FAILED),)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        # RFC 3464 section 2.3: an empty line ends a group, in whatever order its fields stand.
        (
            "Action: failed\nFinal-Recipient: rfc822;a@b.c\n\nAction: delayed\nFinal-Recipient: rfc822;d@e.f",
            2,
        ),
        (
            "Final-Recipient: rfc822;a@b.c\nAction: failed\n\nAction: delayed\nFinal-Recipient: rfc822;d@e.f",
            2,
        ),
        ("Final-Recipient: rfc822;a@b.c\n\nOriginal-Recipient: rfc822;d@e.f", 2),
        # Without one, a field of the same group that comes once more begins another; a second status does not.
        ("Final-Recipient: rfc822;a@b.c\nAction: failed\nOriginal-Recipient: rfc822;a@x.y", 1),
        ("Final-Recipient: rfc822;a@b.c\nStatus: 5.1.1\nStatus: 4.4.7\nAction: failed", 1),
        # What cannot open a group goes on in the one before, though an empty line stands between.
        ("Final-Recipient: rfc822;a@b.c\n\nStatus: 5.1.1\nRemote-MTA: dns; mx.example", 1),
        ("Final-Recipient: rfc822;a@b.c\n\nX-Other: 1\n\nAction: failed\nStatus: 5.1.1", 2),
        ("Final-Recipient: rfc822;a@b.c\n\nX-Other: 1\nOriginal-Recipient: rfc822;d@e.f", 2),
        # A field that nobody knows ends no group.
        ("Final-Recipient: rfc822;a@b.c\nX-Other: 1\nAction: failed", 1),
        # Nor do the fields of the message, wherever they stand.
        ("Final-Recipient: rfc822;a@b.c\nReporting-MTA: dns; a.example\nAction: failed", 1),
    ],
)
def test_a_group_ends_at_an_empty_line_before_a_field_that_may_open_one(text: str, want: int) -> None:
    assert len(parse_delivery_status(text).recipients) == want


def test_the_fields_of_a_group_stay_with_its_recipient() -> None:
    first, second = parse_delivery_status(
        "Final-Recipient: rfc822;a@b.c\nAction: failed\nStatus: 5.1.1\n\n"
        "Action: delayed\nFinal-Recipient: rfc822;d@e.f\nStatus: 4.4.7\n"
    ).recipients
    assert (first.address, first.action, first.status) == ("a@b.c", Action.FAILED, "5.1.1")
    assert (second.address, second.action, second.status) == ("d@e.f", Action.DELAYED, "4.4.7")


def test_of_a_field_that_comes_twice_in_a_group_the_first_counts() -> None:
    got = parse_delivery_status(
        "Reporting-MTA: dns; a.example\nReporting-MTA: dns; b.example\n\n"
        "Final-Recipient: rfc822;a@b.c\nStatus: 5.1.1\nStatus: 4.4.7\n"
    )
    assert (got.reporting_mta, got.recipients[0].status) == ("a.example", "5.1.1")


def test_a_folded_diagnostic_is_one_line() -> None:
    got = parse_delivery_status(
        "Final-Recipient: rfc822;a@b.c\nDiagnostic-Code: X-Postfix; host mx said: 554\n    5.7.1 no\n"
    )
    assert got.recipients[0].diagnostic == "host mx said: 554 5.7.1 no"


@pytest.mark.parametrize(
    ("field", "want"),
    [
        ("smtp; 550 5.1.1 no", "550 5.1.1 no"),
        ("smtp;550 a; b", "550 a; b"),
        ("unknown; No such domain.", "No such domain."),
        ("550 no type; here", "550 no type; here"),
    ],
)
def test_the_type_of_a_diagnostic_is_left_out(field: str, want: str) -> None:
    assert parse_delivery_status(f"Action: failed\nDiagnostic-Code: {field}").recipients[0].diagnostic == want


def test_a_comment_beside_the_status_is_left_out() -> None:
    got = parse_delivery_status(
        "Final-Recipient: rfc822;a@b.c\nStatus: 5.4.4 (Illegal host/domain name found)"
    )
    assert got.recipients[0].status == "5.4.4"


def test_an_address_in_the_remote_mta_loses_its_brackets() -> None:
    assert (
        parse_delivery_status("Action: failed\nRemote-MTA: dns; [192.0.2.222]").recipients[0].remote_mta
        == "192.0.2.222"
    )


def test_the_original_recipient_stands_in_for_a_final_one_that_is_no_address() -> None:
    got = parse_delivery_status("Final-Recipient: rfc822;/mail/spool/x\nOriginal-Recipient: rfc822;a@b.c")
    assert got.recipients[0].address == "a@b.c"


def test_fields_are_found_in_the_middle_of_text() -> None:
    got = parse_delivery_status(
        "Dear user,\n\nTechnical report:\n\nReporting-MTA: dsn; a.example\nAction: failed\nStatus: 4.4.7\n"
    )
    assert got.reporting_mta == "a.example"
    assert got.recipients[0].status == "4.4.7"


def test_other_text_reports_nothing() -> None:
    assert parse_delivery_status("Subject: hello\n\nworld") == DeliveryStatus()


def test_the_number_of_recipients_has_a_limit() -> None:
    text = "".join(
        f"\nFinal-Recipient: rfc822;u{number}@example.com\n" for number in range(2 * DSN_RECIPIENTS_MAX)
    )
    assert len(parse_delivery_status(text).recipients) == DSN_RECIPIENTS_MAX


@given(st.text(max_size=500))
def test_any_text_is_a_report(text: str) -> None:
    parse_delivery_status(text)


@given(st.sampled_from(list(Action)[:-1]), st.from_regex(r"[245]\.[0-9]{1,2}\.[0-9]{1,3}", fullmatch=True))
def test_what_is_printed_is_read_back(action: Action, status: str) -> None:
    got = parse_delivery_status(
        f"Final-Recipient: rfc822; a@example.com\nAction: {action}\nStatus: {status}\n"
    )
    assert got.recipients == (RecipientStatus(address="a@example.com", action=action, status=status),)


@pytest.mark.parametrize(
    ("field", "want"),
    [
        ("dns; mx.example (the old one)", "mx.example"),
        ("mx.example", "mx.example"),
        ("dns; (unknown)", "(unknown)"),
        ("dns;", ""),
    ],
)
def test_a_comment_behind_a_name_is_left_out_and_one_in_its_place_is_kept(field: str, want: str) -> None:
    assert parse_delivery_status(f"Reporting-MTA: {field}\n").reporting_mta == want


def test_a_known_field_may_be_indented_and_an_unknown_one_goes_on_in_the_line_before() -> None:
    got = parse_delivery_status("Final-Recipient: rfc822;a@b.c\n  Action: failed\nStatus: 5.1.1\n Note: gone")
    assert (got.recipients[0].action, got.recipients[0].status) == (Action.FAILED, "5.1.1")
    folded = parse_delivery_status("Diagnostic-Code: smtp; 550 no\n Note: gone\nX-Other: 1\n more")
    assert folded.recipients[0].diagnostic == "550 no Note: gone"


@pytest.mark.parametrize(
    ("final", "original", "want"),
    [
        ("rfc822; final@example.com", "rfc822; first@example.net", "final@example.com"),
        ("x400; final", "rfc822; first@example.net", "first@example.net"),
        ("rfc822; final", "unknown; first", "final"),
        ("<final@example.com>", "", "final@example.com"),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_the_final_recipient_goes_before_the_original_one(
    final: str, original: str, want: str, turned: bool
) -> None:
    lines = [f"Final-Recipient: {final}", f"Original-Recipient: {original}"]
    (got,) = parse_delivery_status(
        "\n".join([*(lines[::-1] if turned else lines), "Action: failed"])
    ).recipients
    assert (got.address, got.action) == (want, Action.FAILED)


@pytest.mark.parametrize("between", ["", " ", "no field at all"])
def test_a_field_is_folded_up_to_a_line_that_is_none_of_it(between: str) -> None:
    text = f"Final-Recipient: rfc822; a@example.com\nDiagnostic-Code: smtp; 550\n  one\n\ttwo\n{between}\n  three\nStatus: 5.1.1"
    (got,) = parse_delivery_status(text).recipients
    assert (got.diagnostic, got.status) == ("550 one two", "5.1.1")


def test_each_date_is_its_own_and_the_first_field_of_a_block_counts() -> None:
    (got,) = parse_delivery_status(
        "Final-Recipient: rfc822; a@example.com\nAction: delayed\nStatus: 4.4.1\nStatus: 5.1.1\n"
        "Will-Retry-Until: Fri, 8 Jul 1994 17:15:49 +0000\nLast-Attempt-Date: Thu, 7 Jul 1994 17:15:49 +0000\n"
        "Diagnostic-Code: 450 x-later; smtp; please\nRemote-MTA: dns; mx.example.com (192.0.2.1)\n"
    ).recipients
    assert got == RecipientStatus(
        "a@example.com",
        Action.DELAYED,
        "4.4.1",
        "mx.example.com",
        "450 x-later; smtp; please",
        datetime(1994, 7, 7, 17, 15, 49, tzinfo=UTC),
    )
