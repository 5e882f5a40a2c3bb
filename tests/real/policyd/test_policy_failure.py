"""observed: what Postfix 3.10.13 makes of the attribute `policy_failure`, and so why the daemon never gives it.

It is to tell that a policy could not be fetched, so that TLS reports have it (RFC 8460 section 4.3.2.2). Mail for such a
domain goes as if there was no policy (RFC 8461 section 5), hence the level `may`. Three things come of that, by settings
of the sender that the daemon cannot see; a table made by hand takes its place here.
"""

import re
from pathlib import Path

import pytest

from real.bed.delivery import UNTRUSTED, status_line
from real.bed.postfix import DELIVERED_WITHIN_S
from real.bed.town import Town
from real.policyd.case import named
from real.policyd.noting import FETCH_ERROR, STS, Applied, Failure, noting

LABEL = "absent"
AT = named(LABEL)
FAILED = f"may policy_type=sts policy_domain={AT} policy_failure=sts-policy-fetch-error"
SENT = "sent"
ENDED = re.compile(r"smtp\[\d+]: panic: .*: cert valid despite trust init failure$", re.MULTILINE)
THROTTLED = re.compile(r"master\[\d+]: warning: \S+/smtp: bad command startup -- throttling$", re.MULTILINE)


def _asking(table: Path, *more: str) -> tuple[str, ...]:
    """Return the settings of a sender that reads `table` for each message anew."""
    return (
        "smtp_dns_support_level = dnssec",
        "smtp_tls_security_level = dane",
        f"smtp_tls_policy_maps = texthash:{table}",
        "max_use = 1",
        *more,
    )


@pytest.mark.parametrize(
    ("log_level", "failures"),
    [("1", ()), ("summary, untrusted", (Failure(FETCH_ERROR, f"mx1.{AT}"),))],
    ids=["routine", "untrusted"],
)
def test_the_log_level_decides_whether_it_is_noted_as_failure_or_success(
    place: Town, log_level: str, failures: tuple[Failure, ...]
) -> None:
    name = f"failing-{log_level.partition(',')[0]}"
    table = place.folder / f"{name}.table"
    table.write_text(f"{AT} {FAILED}\n")
    with noting(place, name, _asking(table, f"smtp_tls_loglevel = {log_level}")) as one:
        assert one.noted(LABEL) == (Applied(STS, AT, failure_details=failures),)
        got = one.sender.outcome(f"reported@{AT}")
    assert got.deed == UNTRUSTED


def test_a_cached_session_ends_the_client_and_mail_stays(place: Town) -> None:
    """observed: with the session cache that Debian sets up, and then no mail at all goes for a while."""
    table = place.folder / "failing-cached.table"
    table.write_text("")
    cache = "smtp_tls_session_cache_database = btree:${data_directory}/smtp_scache"
    with noting(place, "failing-cached", _asking(table, cache)) as one:
        one.sender.submit(f"first@{AT}")
        assert one.sender.outcome(f"first@{AT}").status == SENT
        table.write_text(f"{AT} {FAILED}\n")
        one.sender.submit(f"second@{AT}")
        one.sender.daemon.await_line(ENDED, DELIVERED_WITHIN_S)
        one.sender.daemon.await_line(THROTTLED, DELIVERED_WITHIN_S)
        log = one.sender.daemon.text()
    assert status_line(f"second@{AT}").search(log) is None
