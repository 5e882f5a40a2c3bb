"""What becomes of a piece: what of it is kept, why the rest is not, and what is no report at all."""

import asyncio
import gzip
import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from mxproof.evidence.question import Question
from mxproof.formats.tlsrpt.writing import print_report
from mxproof.mail.report_signature import Keys
from mxproof.serve.tlsrpt.intake import AHEAD_DAYS_MAX, CameIn, Intake, Taken
from mxproof.serve.tlsrpt.wanted import WantedDomains, wanted_domains
from mxproof.store.journal.arrival import Kept, Refusal
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.retention import Retention
from support_tlsrpt import message
from support_tlsrpt_days import report_of, written

MAIL = b"From: a@example.com\r\nSubject: hello\r\n\r\nno report\r\n"


async def no_keys(questions: Iterable[Question]) -> Keys:
    return {}


def intake_in(folder: Path, domains: WantedDomains) -> Intake:
    return Intake(Journal(f"sqlite:{folder}/journal.db"), domains, Retention(report_days=30), no_keys)


@pytest.fixture
def intake(tmp_path: Path) -> Iterator[Intake]:
    """Return an intake of the reports about example.com that are not older than thirty days."""
    made = intake_in(tmp_path, wanted_domains(("example.com",), any_domain=False))
    yield made
    made.close()


def took(intake: Intake, *pieces: CameIn) -> list[Taken]:
    return asyncio.run(intake.take(pieces))


def became(intake: Intake, data: bytes, **how: object) -> tuple[list[Kept], str]:
    """Return what became of the reports of one piece, and the rule that something in it breaks."""
    (one,) = took(intake, msgspec.structs.replace(CameIn(data, "a piece", "file"), **how))
    return [kept for _, kept in one.reports], one.refusal.rule if one.refusal else ""


def archive(*members: bytes) -> bytes:
    """Return these files as one of zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        for number, one in enumerate(members):
            made.writestr(f"{number}.json", one)
    return packed.getvalue()


def test_a_report_is_new_once_and_known_after_that(intake: Intake) -> None:
    assert became(intake, written()) == ([Kept.NEW], "")
    assert became(intake, gzip.compress(written())) == ([Kept.KNOWN], "")
    assert became(intake, message(written())) == ([Kept.KNOWN], "")


def test_of_a_batch_each_piece_has_its_own_outcome(intake: Intake) -> None:
    taken = took(
        intake, *(CameIn(one, str(at), "file") for at, one in enumerate((written(), MAIL, written())))
    )
    assert [(one.name, [kept for _, kept in one.reports], one.refusal) for one in taken] == [
        ("0", [Kept.NEW], None),
        ("1", [], None),
        ("2", [Kept.KNOWN], None),
    ]


@pytest.mark.parametrize(
    ("data", "beside", "rule"),
    [
        (MAIL, False, ""),
        (MAIL, True, ""),
        (b"a text", False, "no-json"),
        (b"a text", True, ""),
        (b"[1, 2]", False, "no-object"),
        (b"[1, 2]", True, ""),
        (b'{"organization-name": 7}', False, ""),
        (b'{"date-range": 3, "policies": {}, "organization-name"', True, ""),
    ],
    ids=[
        "a mail",
        "a mail beside",
        "a text",
        "a text beside",
        "a list",
        "a list beside",
        "another object",
        "half a report beside",
    ],
)
def test_what_is_no_report_is_nothing_where_it_only_lay_beside_and_else_refused(
    intake: Intake, data: bytes, *, beside: bool, rule: str
) -> None:
    assert became(intake, data, beside=beside) == ([], rule)


def test_what_was_refused_before_it_was_read_is_read_no_more(intake: Intake) -> None:
    refusal = Refusal("report-too-long", "long")
    assert became(intake, written(), refusal=refusal) == ([], "report-too-long")


def test_a_report_about_other_domains_is_refused_and_names_them(intake: Intake) -> None:
    (one,) = took(intake, CameIn(written(domain="other.example"), "a piece", "file"))
    assert (one.reports, one.refusal) == (
        (),
        Refusal("domain-foreign", "about other.example, not served here"),
    )


def test_a_report_without_a_policy_counts_nothing(tmp_path: Path) -> None:
    everything = intake_in(tmp_path, wanted_domains((), any_domain=True))
    empty = print_report(msgspec.structs.replace(report_of(), policies=()))
    (one,) = took(everything, CameIn(empty, "a piece", "file"))
    everything.close()
    assert one.refusal is not None
    assert (one.reports, "policy" in one.refusal.reason) == ((), True)


@pytest.mark.parametrize(
    ("days_ago", "rule"),
    [
        (29, ""),
        (32, "report-old"),
        (-AHEAD_DAYS_MAX, ""),
        (-AHEAD_DAYS_MAX - 1, "report-future"),
    ],
    ids=["old enough", "too old", "nearly of a time to come", "of a time to come"],
)
def test_a_report_is_neither_too_old_nor_of_a_time_to_come(intake: Intake, days_ago: int, rule: str) -> None:
    now = datetime.now(UTC)
    began = now.replace(hour=0, minute=0, second=0, microsecond=0)
    begin = began - timedelta(days=days_ago)
    data = print_report(msgspec.structs.replace(report_of(), begin=begin, end=begin + timedelta(hours=23)))
    assert became(intake, data) == ([] if rule else [Kept.NEW], rule)


def test_of_an_archive_what_can_be_kept_is_and_the_rest_is_refused(intake: Intake) -> None:
    mixed = archive(written(), written(domain="other.example"), written(2))
    assert became(intake, mixed) == ([Kept.NEW, Kept.NEW], "domain-foreign")
    assert became(intake, archive(written(3), b"{")) == ([Kept.NEW], "no-json")
