"""Which sets of checks the options come to."""

import click
import pytest

from mxproof.cli.options.check_sets import SetOptions
from mxproof.survey.check_set import DEFAULT_SETS, CheckSet

ARRIVAL, NAME_SERVERS, PATHS, SPF, DMARC, DKIM, RESILIENCE, SENDING, CAA, DNSBL, TLS, DNSSEC, REPORTS = (
    CheckSet
)


@pytest.mark.parametrize(
    ("options", "want"),
    [
        (SetOptions(), DEFAULT_SETS),
        (SetOptions(full=True), tuple(one for one in CheckSet if one is not DNSBL)),
        (SetOptions(dnsbl=True), (*DEFAULT_SETS, DNSBL)),
        (SetOptions(dnsbl_zone=("list.example.org",)), (*DEFAULT_SETS, DNSBL)),
        (SetOptions(only=("spf",)), (SPF,)),
        (SetOptions(only=("dmarc", "spf", "spf")), (SPF, DMARC)),
        (SetOptions(only=("name-servers",)), DEFAULT_SETS),
        (SetOptions(skip=("name-servers",)), (ARRIVAL,)),
        (SetOptions(skip=("arrival",), full=True), (PATHS, SPF, DMARC, DKIM, SENDING)),
        (SetOptions(only=("resilience",)), (ARRIVAL, RESILIENCE)),
        (SetOptions(only=("caa",)), (ARRIVAL, CAA)),
        (SetOptions(only=("tls",)), (ARRIVAL, TLS)),
        (SetOptions(only=("reports",)), (ARRIVAL, REPORTS)),
        (SetOptions(only=("dnssec",)), (ARRIVAL, DNSSEC)),
        (SetOptions(selector=("s1",)), (*DEFAULT_SETS, DKIM)),
        (SetOptions(only=("spf",), selector=("s1",)), (SPF, DKIM)),
        (SetOptions(only=("spf", "dmarc"), skip=("dmarc",)), (SPF,)),
    ],
)
def test_the_options_name_the_sets(options: SetOptions, want: tuple[CheckSet, ...]) -> None:
    assert options.sets() == want


def test_the_older_option_leaves_the_name_servers_out_too() -> None:
    assert SetOptions().sets(name_servers=False) == (ARRIVAL,)
    assert NAME_SERVERS not in SetOptions(full=True).sets(name_servers=False)


@pytest.mark.parametrize(
    "options",
    [
        SetOptions(only=("spf",), full=True),
        SetOptions(only=("spf",), skip=("spf",)),
        SetOptions(skip=("arrival",)),
    ],
)
def test_options_that_contradict_or_leave_nothing_are_refused(options: SetOptions) -> None:
    with pytest.raises(click.UsageError):
        options.sets()
