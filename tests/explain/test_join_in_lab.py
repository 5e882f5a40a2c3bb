"""Each kind of failing clause, joined with the lab: confirmed, changed, not found, and not looked for."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from mxproof.evidence import Evidence, Vantage
from mxproof.explain.engine import explain
from mxproof.explain.explanation import Joined, LookedFor
from mxproof.explain.join import beyond_a_check, join, unlooked
from mxproof.explain.nameserver_join import clauses, join_servers
from mxproof.explain.server_version import checked
from mxproof.lab.making import made
from mxproof.lab.scenario import Scenario, load, parse
from mxproof.mail.assemble import assemble
from mxproof.mail.trust import with_anchors
from mxproof.survey import authentication, served
from mxproof.survey.together import Wanted
from mxproof.world.answer import observed
from support_bounce import plain_report

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
MX = "451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation."
STS_NAME = "451 4.7.5 Remote certificate MUST have a subject alternative name matching the hostname (MTA-STS)"
TLSA = "450 4.7.323 tlsa-invalid: The domain example.com failed DANE validation"
EXPIRED = "450 4.7.322 certificate-expired: Destination mail server's certificate is expired."
NO_TLS = "450 4.7.321 starttls-not-supported: Destination mail server must support TLS"
TIMEOUT = "<a@example.com>: connect to mx1.example.com[192.0.2.25]:25: Connection timed out"
NO_DOMAIN = "<a@example.com>: Host or domain name not found. Name service error for name=example.com type=MX: Host not found"
ZONE = """
@           NS     ns1
@           NS     ns2
@           MX     10 mail
mail        A      192.0.2.25
ns1         A      192.0.2.53
ns2         A      198.51.100.53
"""
TWO_SERVERS = f"""
title = "Two name servers"
story = "One of them is behind."
[expect]
text = ""
[[zone]]
name = "example.com"
secure = true
serial = 7
records = '''{ZONE}%s'''
[[smtp]]
name = "mail.example.com"
[[name_server]]
name = "ns1.example.com"
[[name_server]]
name = "ns2.example.com"
[[name_server.zone]]
name = "example.com"
secure = true
serial = 5
records = '''{ZONE}%s'''
"""
OLD_KEY = "_25._tcp.mail TLSA 3 1 1 " + 32 * "11"
STS = '_mta-sts TXT "v=STSv1; id=1"\nmta-sts A 192.0.2.80'
ONE_OLD = parse((TWO_SERVERS % ("", OLD_KEY) + '[[tlsa]]\nserver = "mail.example.com"\n').encode(), "test")
POLICY = """
[[https]]
body = '''
version: STSv1
mode: enforce
mx: mail.example.com
max_age: 86400
'''
"""
STS_ON_ONE = parse((TWO_SERVERS % (STS, "") + POLICY).encode(), "test")


def _asked(scenario: str | Scenario, wanted: Wanted, domain: str = "") -> Evidence:
    loaded = load(scenario) if isinstance(scenario, str) else scenario
    lab = made(loaded, NOW)
    start = Evidence(domain or loaded.domain, Vantage(validating=True, simulated="lab", families=(4, 6)))
    return with_anchors(observed(lab.world, start, wanted, NOW), [lab.authority.root_der()])


def _sent(text: str, scenario: str | Scenario) -> Joined:
    """Join what a sender wrote with the lab."""
    evidence = _asked(scenario, served.wanted)
    explained = explain(plain_report(text) if text[:1].isdigit() else text.encode())
    return join(explained, checked(evidence, ()))


def _received(text: str, scenario: str) -> Joined:
    """Join what a receiver wrote into a header with the name servers of the domains that its clauses name."""
    explained = explain(text.encode())
    measured = {}
    for clause in clauses(explained):
        evidence = _asked(scenario, partial(authentication.wanted, keys=clause.keys), clause.domain)
        measured[clause] = assemble(evidence, NOW)
    return join_servers(explained, measured)


@pytest.mark.parametrize(
    ("text", "scenario", "want"),
    [
        # MTA-STS: the MX names, and the certificate
        (MX, "incident", LookedFor.CONFIRMED),
        (MX, "half-fixed", LookedFor.CHANGED),
        (MX, "fixed", LookedFor.NOT_FOUND),
        (STS_NAME, "half-fixed", LookedFor.CONFIRMED),
        (STS_NAME, "policy-mismatch", LookedFor.CHANGED),
        (STS_NAME, "fixed", LookedFor.NOT_FOUND),
        # DANE
        (TLSA, "tlsa-wrong", LookedFor.CONFIRMED),
        (TLSA, "tlsa-servfail", LookedFor.CHANGED),
        (TLSA, "tlsa-right", LookedFor.NOT_FOUND),
        (TLSA, "tlsa-timeout", LookedFor.NOT_LOOKED_FOR),
        (EXPIRED, "tlsa-expired", LookedFor.CONFIRMED),
        (EXPIRED, "tlsa-wrong", LookedFor.CHANGED),
        (EXPIRED, "tlsa-right", LookedFor.NOT_FOUND),
        # TLS, connections and DNS
        (NO_TLS, "no-starttls", LookedFor.CONFIRMED),
        (NO_TLS, "fixed", LookedFor.NOT_FOUND),
        (TIMEOUT, "plain", LookedFor.NOT_FOUND),
        (TIMEOUT, "one-mx-down", LookedFor.CHANGED),
        (
            TIMEOUT.replace("mx1", "mx2").replace("192.0.2.25", "192.0.2.26"),
            "one-mx-down",
            LookedFor.CONFIRMED,
        ),
        (NO_DOMAIN, "no-such-domain", LookedFor.CONFIRMED),
        (NO_DOMAIN, "plain", LookedFor.NOT_FOUND),
    ],
)
def test_what_a_sender_refused_with_is_looked_for(text: str, scenario: str, want: LookedFor) -> None:
    assert (_sent(text, scenario).joined, scenario) == (want, scenario)


def test_one_name_server_that_differs_is_named_with_its_record() -> None:
    got = _sent(TLSA, ONE_OLD)
    assert (got.joined, got.findings) == (LookedFor.CONFIRMED, ("ns-mail-differs",))
    for word in ("ns2.example.com", "198.51.100.53", "_25._tcp.mail.example.com"):
        assert word in got.words
    assert got.fix


def test_the_record_of_the_policy_is_asked_of_every_name_server() -> None:
    got = _sent(MX, STS_ON_ONE)
    assert (got.joined, got.findings) == (LookedFor.NOT_FOUND, ("ns-mail-differs",))
    assert "_mta-sts.example.com" in got.words


def test_an_old_policy_is_told_with_the_time_until_when_it_may_be_held() -> None:
    tried_at = explain(plain_report(MX)).last_attempt
    assert tried_at is not None
    assert (tried_at + timedelta(days=7)).strftime("%Y-%m-%d %H:%M") in _sent(MX, "fixed").words
    bare = join(
        explain(f"<a@example.com>: {MX}".encode()),
        checked(_asked("fixed", served.wanted), ()),
    )
    assert (NOW + timedelta(days=7)).strftime("%Y-%m-%d %H:%M") in bare.words


def test_a_host_to_which_the_check_does_not_lead_is_acquitted_by_nobody() -> None:
    got = _sent("<a@example.com>: connect to old.example.com[192.0.2.99]:25: Connection timed out", "plain")
    assert (got.joined, got.not_asked[0].split(",")[0]) == (LookedFor.NOT_LOOKED_FOR, "old.example.com")


SPF = "spf=temperror smtp.mailfrom=example.com"
DKIM = "dkim=timeout header.d=example.com header.s=s1"
DMARC = "dmarc=temperror header.from=example.com"


@pytest.mark.parametrize("clause", [SPF, DKIM, DMARC])
@pytest.mark.parametrize(
    ("scenario", "want"), [("ns-lame", LookedFor.CONFIRMED), ("ns-clean", LookedFor.NOT_FOUND)]
)
def test_each_look_up_that_failed_is_repeated_at_every_server(
    clause: str, scenario: str, want: LookedFor
) -> None:
    assert _received(f"Authentication-Results: {clause}", scenario).joined is want


@pytest.mark.parametrize(
    ("clause", "want"),
    [(DKIM, LookedFor.CONFIRMED), (SPF, LookedFor.NOT_FOUND), (DMARC, LookedFor.NOT_FOUND)],
)
def test_a_key_that_one_server_lacks_explains_a_failing_key_alone(clause: str, want: LookedFor) -> None:
    assert _received(f"Authentication-Results: {clause}", "ns-key-missing").joined is want


def test_a_key_whose_selector_is_not_known_was_not_looked_for() -> None:
    got = _received("Authentication-Results: dkim=timeout header.d=example.com", "ns-clean")
    assert (got.joined, len(got.not_asked)) == (LookedFor.NOT_LOOKED_FOR, 1)


def test_each_clause_leads_to_its_own_domain() -> None:
    explained = explain(
        b"Authentication-Results: spf=temperror smtp.mailfrom=a.example; dkim=timeout header.d=b.example"
        b" header.s=s1; dmarc=temperror header.from=c.example"
    )
    assert [(one.cause, one.domain, one.keys) for one in clauses(explained)] == [
        ("spf_temperror", "a.example", ()),
        ("dkim_key_dns", "b.example", ("s1._domainkey.b.example",)),
        ("dmarc_dns_temp", "c.example", ()),
    ]


def test_one_domain_that_was_not_measured_is_not_acquitted() -> None:
    explained = explain(
        b"Authentication-Results: spf=temperror smtp.mailfrom=example.com; dmarc=temperror header.from=c.example"
    )
    first, _ = clauses(explained)
    evidence = _asked("ns-clean", authentication.wanted)
    got = join_servers(explained, {first: assemble(evidence, NOW)})
    assert got.joined is LookedFor.NOT_LOOKED_FOR
    assert "c.example" in got.not_asked[0]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("550 5.7.26 Multiple authentication checks failed", "SPF"),
        ("421-4.7.0 [192.0.2.7] Our system has detected that this message does not have a PTR record", ""),
        ("client TLS configuration problem", "machine that sends"),
        ("450 4.2.0 <a@example.com>: Recipient address rejected: Greylisted", ""),
    ],
)
def test_what_no_check_of_a_domain_asks_is_said_not_to_be_asked(text: str, named: str) -> None:
    explained = explain(text.encode())
    if not explained.causes:
        return
    got = unlooked(explained, NOW)
    assert beyond_a_check(explained)
    assert (got.joined, got.domain) == (LookedFor.NOT_LOOKED_FOR, "")
    assert named in got.not_asked[0]
