"""When a certificate is said to end: by the days that are left of it, and by what part of its life they are."""

from datetime import datetime, timedelta

import msgspec
import pytest

from mxproof.evidence import Der, SmtpData
from mxproof.judge.checks import certificate
from mxproof.judge.codes import Code
from mxproof.mail.assemble import assemble
from support_certificates import INTERMEDIATE, NOW, make
from support_world import collect
from support_worlds import GOOD, MX1

HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
TENTH_OF_A_DAY = timedelta(days=0.1)


def codes(days: tuple[float, float], at: datetime) -> set[str]:
    """Return what is said of the first MX host at a time, where its certificate lasts from and to these days from now."""
    shown = (Der(make(MX1, INTERMEDIATE, names=(MX1,), days=days).der), Der(INTERMEDIATE.der))
    evidence = collect(GOOD)
    changed = [
        (question, msgspec.structs.replace(answer, data=msgspec.structs.replace(data, tls=tls)))
        for question, answer in evidence.answers.items()
        if question.name == MX1 and isinstance(data := answer.data, SmtpData) and data.tls is not None
        for tls in [msgspec.structs.replace(data.tls, chain=shown)]
    ]
    assert changed
    domain = assemble(evidence.with_answers(changed), at)
    return {finding.code for finding in certificate.check(domain) if finding.subject == MX1}


@pytest.mark.parametrize(
    ("life_days", "left", "want"),
    [
        # For three months, and less than a sixth: fifteen days, of which fourteen count.
        (90, 14 * DAY, Code.CERT_OK),
        (90, 14 * DAY - SECOND, Code.CERT_EXPIRES_SOON),
        (90, 3 * DAY, Code.CERT_EXPIRES_SOON),
        (90, 3 * DAY - SECOND, Code.CERT_LAST_DAYS),
        # For a year: the days alone count.
        (360, 14 * DAY, Code.CERT_OK),
        (360, 3 * DAY, Code.CERT_EXPIRES_SOON),
        (360, 3 * DAY - SECOND, Code.CERT_LAST_DAYS),
        # For six days: one that was made anew on each third day is never said to end.
        (6, 6 * DAY - HOUR, Code.CERT_OK),
        (6, 3 * DAY, Code.CERT_OK),
        (6, DAY, Code.CERT_OK),
        (6, DAY - SECOND, Code.CERT_EXPIRES_SOON),
        (6, 2 * TENTH_OF_A_DAY, Code.CERT_EXPIRES_SOON),
        (6, 2 * TENTH_OF_A_DAY - SECOND, Code.CERT_LAST_DAYS),
        (6, SECOND, Code.CERT_LAST_DAYS),
    ],
)
def test_a_certificate_ends_soon_by_its_days_and_by_the_part_of_its_life(
    life_days: int, left: timedelta, want: Code
) -> None:
    ends = NOW + timedelta(days=life_days / 2)
    assert codes((-life_days / 2, life_days / 2), ends - left) == {want}


@pytest.mark.parametrize(("days", "is_endless"), [(3653, False), (3654, True)])
def test_a_certificate_for_more_than_ten_years_has_no_date_that_anybody_means(
    days: int, *, is_endless: bool
) -> None:
    assert (Code.CERT_VALIDITY_ENDLESS in codes((-1, days - 1), NOW)) is is_endless
