"""What TLS reports are held against: the last look no later than the report, and whom nobody asks."""

from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from mxproof.cli.options.asking import AskingOptions
from mxproof.cli.seen_domains import SeenDomains
from mxproof.evidence import Evidence
from mxproof.evidence.codec import encode
from mxproof.explain.tlsrpt.row_join import SeenDomain
from mxproof.formats.tlsrpt.report import TlsReport
from support_evidence import small_evidence
from support_tlsrpt import SOUND

DOMAIN = "example.com"
SMALL = msgspec.structs.replace(small_evidence(), domain=DOMAIN)
AT = SMALL.observed_at()
HOUR = timedelta(hours=1)
MANY = AskingOptions(lab="ns-clean")


def looked(at: datetime) -> Evidence:
    """Return what was seen, all of it so much later that the last answer is of this time."""
    return msgspec.structs.replace(SMALL).with_answers(
        (question, msgspec.structs.replace(answer, at=answer.at + (at - AT)))
        for question, answer in SMALL.answers.items()
    )


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """Return files of three looks, the newest between the others."""
    folder = tmp_path_factory.mktemp("looks")
    found = []
    for hours in (0, 2, 1):
        found.append(folder / f"{hours}.json")
        found[-1].write_bytes(encode(looked(AT + hours * HOUR)))
    return tuple(found)


def report(*, end: datetime | None = None, domain: str = DOMAIN, failure: int = 3) -> TlsReport:
    (policy,) = SOUND.policies
    changed = msgspec.structs.replace(policy, domain=domain, failure=failure)
    return msgspec.structs.replace(SOUND, end=end, policies=(changed,))


def times(seen: SeenDomain | None) -> tuple[datetime, datetime | None]:
    """Return when the newest look was, and when the one before the report."""
    assert seen is not None
    return seen.domain.at, seen.before.at if seen.before is not None else None


@pytest.mark.parametrize(
    ("end", "before"),
    [
        (None, None),
        (AT - timedelta(seconds=1), None),
        (AT, AT),
        (AT + HOUR - timedelta(seconds=1), AT),
        (AT + HOUR, AT + HOUR),
        (AT + 9 * HOUR, AT + HOUR),
    ],
)
def test_the_newest_look_is_what_is_now_and_the_last_before_the_end_of_the_report_what_was(
    files: tuple[Path, ...], end: datetime | None, before: datetime | None
) -> None:
    seen = SeenDomains(files, None, ())
    found = seen.of(report(end=end))
    assert {name: times(one) for name, one in found.items()} == {DOMAIN: (AT + 2 * HOUR, before)}
    assert times(seen.about(DOMAIN, end)) == (AT + 2 * HOUR, before)
    assert seen.about("example.net", end) is None


Errors = pytest.CaptureFixture[str]


def test_twenty_domains_are_checked_in_one_run(capsys: Errors) -> None:
    seen = SeenDomains((), MANY, ())
    for number in range(22):
        assert seen.about(f"no domain {number}", None) is None
    said = capsys.readouterr().err.splitlines()
    assert [line.rpartition("; ")[2] == "20 domains are checked in one run" for line in said] == (
        [False] * 20 + [True] * 2
    )


def test_what_could_not_be_checked_is_told_once(capsys: Errors) -> None:
    seen = SeenDomains((), MANY, ())
    for _ in range(2):
        assert seen.of(report(domain="no domain")) == {}
        assert seen.about("no domain", None) is None
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("mxproof: no domain: not checked; ")


@pytest.mark.parametrize(
    ("asking", "domain", "failure", "asked"),
    [
        (MANY, "no domain", 3, True),
        (MANY, "no domain", 0, False),
        (MANY, DOMAIN, 3, False),
        (MANY, "mx.example.com", 3, False),
        (None, "no domain", 3, False),
    ],
)
def test_a_domain_is_asked_that_had_failures_and_is_no_mx_host_of_one_that_was_looked_at(
    files: tuple[Path, ...],
    capsys: Errors,
    asking: AskingOptions | None,
    domain: str,
    failure: int,
    *,
    asked: bool,
) -> None:
    seen = SeenDomains(files[:1], asking, ())
    assert seen.about("nowhere at all", None) is None
    assert list(seen.of(report(domain=domain, failure=failure))) == [DOMAIN]
    told = [line.split(": ")[1] for line in capsys.readouterr().err.splitlines()]
    assert told == ["nowhere at all"] * (asking is not None) + [domain] * asked
