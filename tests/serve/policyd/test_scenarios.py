"""What Postfix is told in the worlds of the lab, through the whole daemon but its sockets."""

import pytest

from mxproof.serve.policyd.reply import Dialect
from support_long import some
from support_policyd import core, play, site

SECURE = "OK secure match={} servername=hostname"
BOTH = SECURE.format("mx1.example.com:mx2.example.com")
TEMP_TLSA = "TEMP the TLSA look-up of {} failed"

TOLD = {
    "incident": SECURE.format("mxi1.example.com:mxi2.example.com"),
    "half-fixed": SECURE.format("mxi1.example.com:mxi2.example.com:smol.example.com:tol.example.com"),
    "fixed": SECURE.format("mxi1.example.com:mxi2.example.com:smol.example.com:tol.example.com"),
    "direct": SECURE.format("smol.example.com:tol.example.com"),
    "plain": "NOTFOUND",
    "mode-none": "NOTFOUND",
    "testing-mismatch": "NOTFOUND",
    "record-missing": "NOTFOUND",
    "two-records": "NOTFOUND",
    "txt-servfail": "NOTFOUND",
    "policy-404": "NOTFOUND",
    "policy-redirect": "NOTFOUND",
    "policy-html": "NOTFOUND",
    "policy-invalid": "NOTFOUND",
    "policy-huge": "NOTFOUND",
    "policy-gzip-bomb": "NOTFOUND",
    "policy-cut-short": "NOTFOUND",
    "policy-host-cert-wrong": "NOTFOUND",
    "policy-host-cert-expired": "NOTFOUND",
    "policy-host-refused": "NOTFOUND",
    "null-mx": "NOTFOUND",
    "no-such-domain": "NOTFOUND",
    "tlsa-right": "OK dane-only",
    "tlsa-wrong": "OK dane-only",
    "tlsa-at-target": "OK dane-only",
    "tlsa-at-alias": "OK dane-only",
    "tlsa-rollover": "OK dane-only",
    "dane-beats-policy": "OK dane-only",
}


@pytest.mark.parametrize("scenario", some(TOLD, 4))
def test_a_scenario_has_its_answer(scenario: str) -> None:
    async def scene() -> str:
        async with site(scenario) as one, core(one.settings()) as made:
            return await made.told(one.lab.domain)

    assert play(scene()) == TOLD[scenario]


@pytest.mark.parametrize("scenario", ["tlsa-servfail", "tlsa-timeout", "dnssec-bogus", "mx-servfail"])
def test_what_cannot_be_decided_is_temp_with_a_reason(scenario: str) -> None:
    async def scene() -> str:
        async with site(scenario) as one, core(one.settings()) as made:
            return await made.told(one.lab.domain)

    told = play(scene())
    assert told.startswith("TEMP the ")
    assert "failed" in told


@pytest.mark.parametrize("scenario", ["tlsa-right", "tlsa-servfail"])
def test_without_trust_in_the_resolver_there_is_no_dane(scenario: str) -> None:
    async def scene() -> str:
        async with site(scenario) as one:
            found = one.settings()
            distrusting = one.settings(
                asking=type(found.asking)(
                    resolvers=found.asking.resolvers,
                    connect_to=found.asking.connect_to,
                    timeout_s=1.0,
                    trust_ad=False,
                )
            )
            async with core(distrusting) as made:
                return await made.told(one.lab.domain)

    assert not play(scene()).startswith(("OK dane", "TEMP"))


def test_new_postfix_is_told_the_policy_as_well() -> None:
    async def scene() -> str:
        async with site("direct") as one, core(one.settings()) as made:
            return await made.told(one.lab.domain, Dialect.TLSRPT)

    told = play(scene())
    assert told.startswith(
        "OK secure match=smol.example.com:tol.example.com servername=hostname policy_type=sts"
        " policy_domain=example.com mx_host_pattern=smol.example.com"
    )
    assert (
        " mx_host_pattern=smol.example.com mx_host_pattern=tol.example.com { policy_string = version: STSv1 }"
        in told
    )
