"""What senders reported of a period as CSV: a row for each day, then one for each way of failing."""

import msgspec

from mxproof.explain.tlsrpt.period_told import ToldPeriod
from mxproof.explain.tlsrpt.row_standing import RowStanding
from mxproof.render.period_csv import PERIOD_COLUMNS, document
from support_csv import filled_cells
from support_told_period import WAY, told_period, told_sender

WHOM = {"submitter": "sender.example", "authenticated": "verified"}
DAYS = [
    {**WHOM, "kind": "day", "day": "2026-06-01", "success": "7", "failure": "0"},
    {**WHOM, "kind": "day", "day": "2026-06-02", "success": "5", "failure": "3"},
]
FAILED = {
    **WHOM,
    "kind": "failure",
    "day": "2026-06-02",
    "failure": "3",
    "result_type": "certificate-expired",
}


def rows(told: ToldPeriod) -> list[dict[str, str]]:
    return filled_cells(document(told))


def test_the_columns_stand_where_they_always_stood_and_every_row_fills_them() -> None:
    lines = "".join(document(told_period(told_sender(WAY)))).splitlines()
    assert lines[0] == ",".join(f'"{name}"' for name in PERIOD_COLUMNS)
    assert [line.count(",") for line in lines] == [12] * 4
    assert (
        *("domain", "kind", "submitter", "authenticated", "day", "success", "failure"),
        *("result_type", "reason", "receiving_mx", "cause", "standing", "finding"),
    ) == PERIOD_COLUMNS


def test_the_days_of_a_sender_come_before_its_ways_of_failing() -> None:
    of_domain = {"domain": "example.com"}
    assert rows(told_period(told_sender(WAY))) == [{**of_domain, **row} for row in (*DAYS, FAILED)]


def test_of_all_domains_together_no_domain_is_named() -> None:
    assert rows(told_period(told_sender(), domain=None)) == DAYS


def test_whatever_is_known_of_a_way_of_failing_has_a_column() -> None:
    whole = msgspec.structs.replace(
        WAY,
        reason="expired",
        receiving_mx="mx.example.com",
        cause="dane_cert_expired",
        standing=RowStanding.HELD,
        finding="cert-expired",
    )
    assert rows(told_period(told_sender(whole), domain=None))[2:] == [
        {
            **FAILED,
            "reason": "expired",
            "receiving_mx": "mx.example.com",
            "cause": "dane_cert_expired",
            "standing": "held",
            "finding": "cert-expired",
        }
    ]
