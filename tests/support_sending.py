"""Test worlds of a domain that sends mail: SPF, DMARC and DKIM, a good one and a bad one for every finding."""

from mxproof.evidence import Outcome
from mxproof.formats.sent_header import SendingHost
from mxproof.judge.codes import Code
from mxproof.survey.check_set import CheckSet
from support_name_servers import At
from support_world import ZoneWorld

KEY_2048 = (
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwAQnahagR/BLJ/wwyK/JJyeGaIR5W2LDYhNWKHQohFgiqory2mvRqdJI"
    "r+o7zCZpFF9+RiuEqjcrAv9fxBrUWTvwOvJCG1pi/mNclR1daHWzqnEXBDTuFg9U7U0ogHmJgSgZ24CIApxzwT09nEfwlmhyXxuG"
    "rPwWJwICzmJMrdl+8PjjwzFTWxYehlHCiBj4DnKZ8HJs2wylvZwxQeq+HUjF9Z8TRTVcMPHKYrFm8Xg3a19CrOgQpzCzjqXs9sGb"
    "qWe3Xze/goDgqDwdtAx52o+jBZIu4MltH7UticoGhftrRfL0q1WJXFtY/TMQ8Dtze+Q3aktaJSrt+knnyqFy4wIDAQAB"
)
KEY_1024 = (
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC6FIuPyICbMk8MdWfXVPNEjL4/hCpMeJ46UoCuajENm0e1vccEoWPIV69OiDfA"
    "iaOWaK4jqlSQt2RVb71jjqnYWGZDhvXXLRf6KFkaOl5i1ze6PJYxiZ2LcmK3c9S7V58SjJVgMN5gxJkrOjFAxyA6pFpUnGp3xAeY"
    "lf36Lx5TrQIDAQAB"
)
SELECTOR = "s1"
KEY_NAME = f"{SELECTOR}._domainkey.example.com"
SPF_RECORD = "v=spf1 mx include:_spf.example.net -all"
SENDING_ZONE = f"""
example.com                    TXT   {SPF_RECORD}
_spf.example.net               TXT   v=spf1 ip4:203.0.113.0/24 -all
example.net                    NS    ns.example.net
ns.example.net                 A     203.0.113.53
mx1.example.com                TXT   v=spf1 a -all
mx2.example.com                TXT   v=spf1 a -all
_dmarc.example.com             TXT   v=DMARC1; p=reject; rua=mailto:dmarc@example.com
{KEY_NAME}                     TXT   v=DKIM1; k=rsa; p={KEY_2048}
"""
SENDING = ZoneWorld(
    zone=ZoneWorld().zone + SENDING_ZONE,
    sets=(CheckSet.ARRIVAL, CheckSet.SPF, CheckSet.DMARC, CheckSet.DKIM, CheckSet.SENDING),
    selectors=(SELECTOR,),
)
"""A good world with all that a domain which sends mail should have."""


def spf(record: str, *more: str) -> ZoneWorld:
    """Return the good world with another SPF record, or several, and lines for other names."""
    return SENDING.zone_with(f"example.com TXT {record}".strip(), *more)


def dmarc(record: str, *more: str) -> ZoneWorld:
    """Return the good world with another DMARC record and lines for other names."""
    return SENDING.zone_with(f"_dmarc.example.com TXT {record}".strip(), *more)


def key(record: str, *more: str) -> ZoneWorld:
    """Return the good world with another DKIM key and lines for other names."""
    return SENDING.zone_with(f"{KEY_NAME} TXT {record}".strip(), *more)


_ELEVEN = " ".join(f"a:h{number}.example.com" for number in range(11))
SILENT_SERVER = At(udp=Outcome.TIMEOUT, tcp=Outcome.TIMEOUT)
SPF_WORLDS = {
    Code.SPF_OK: SENDING,
    Code.SPF_MISSING: spf(""),
    Code.SPF_MULTIPLE: spf("v=spf1 mx -all", "example.com TXT v=spf1 ip4:192.0.2.0/24 -all"),
    Code.SPF_INVALID: spf("v=spf1 mx ipv4:192.0.2.7 -all"),
    Code.SPF_INCLUDE_MISSING: spf("v=spf1 mx include:gone.example.net -all"),
    Code.SPF_LOOKUPS_MANY: spf(
        f"v=spf1 {_ELEVEN} -all",
        *(f"h{number}.example.com A 192.0.2.1" for number in range(11)),
        *(f"h{number}.example.com AAAA 2001:db8::1" for number in range(11)),
    ),
    Code.SPF_VOIDS_MANY: spf("v=spf1 a:x.example.com a:y.example.com a:z.example.com -all"),
    Code.SPF_HOSTS_MANY: spf(
        "v=spf1 mx:many.example.com -all",
        *(f"many.example.com MX {number} h{number}.example.com" for number in range(11)),
    ),
    Code.SPF_LOOKUP_FAILED: SENDING.zone_with("_spf.example.net TXT !timeout").but(
        name_servers={"203.0.113.53": SILENT_SERVER}
    ),
    Code.SPF_OPEN: spf("v=spf1 mx +all"),
    Code.SPF_NEUTRAL: spf("v=spf1 mx ?all"),
    Code.SPF_PTR: spf("v=spf1 ptr mx -all"),
    Code.SPF_ANSWER_LARGE: SENDING.zone_with(f"example.com TXT {SPF_RECORD}", "example.com TXT !truncate"),
    Code.SPF_MX_UNCOVERED: spf("v=spf1 include:_spf.example.net -all"),
    Code.SPF_HELO_FAILED: SENDING.zone_with("mx2.example.com TXT v=spf1 ip4:203.0.113.9 -all"),
}
DMARC_WORLDS = {
    Code.DMARC_OK: SENDING,
    Code.DMARC_MISSING: dmarc(""),
    Code.DMARC_MULTIPLE: dmarc("v=DMARC1; p=none", "_dmarc.example.com TXT v=DMARC1; p=reject"),
    Code.DMARC_INVALID: dmarc("v=DMARC1; p=rejct; rua=mailto:dmarc@example.com"),
    Code.DMARC_UNANSWERED: dmarc("!timeout"),
    Code.DMARC_POLICY_NONE: dmarc("v=DMARC1; p=none; rua=mailto:dmarc@example.com"),
    Code.DMARC_PARTIAL: dmarc("v=DMARC1; p=reject; pct=20; rua=mailto:dmarc@example.com"),
    Code.DMARC_SUBDOMAIN_OPEN: dmarc("v=DMARC1; p=reject; sp=none; rua=mailto:dmarc@example.com"),
    Code.DMARC_REPORTS_MISSING: dmarc("v=DMARC1; p=reject"),
    Code.DMARC_REPORT_UNAUTHORIZED: dmarc(
        "v=DMARC1; p=reject; rua=mailto:example.com@reports.example.org",
        "reports.example.org MX 10 mx1.example.com",
    ),
    Code.DMARC_REPORT_UNDELIVERABLE: dmarc(
        "v=DMARC1; p=reject; rua=mailto:dmarc@gone.example.org",
        "example.com._report._dmarc.gone.example.org TXT v=DMARC1",
        "gone.example.org MX 0 .",
    ),
}
DKIM_WORLDS = {
    Code.DKIM_OK: SENDING,
    Code.DKIM_NOT_FOUND: SENDING.zone_with(f"{KEY_NAME} TXT").but(selectors=()),
    Code.DKIM_KEY_MISSING: key(""),
    Code.DKIM_KEY_MULTIPLE: key(f"v=DKIM1; p={KEY_2048}", f"{KEY_NAME} TXT v=DKIM1; p={KEY_1024}"),
    Code.DKIM_KEY_INVALID: key("v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG"),
    Code.DKIM_KEY_REVOKED: key("v=DKIM1; k=rsa; p="),
    Code.DKIM_KEY_SHORT: key(f"v=DKIM1; k=rsa; p={KEY_1024}"),
    Code.DKIM_KEY_TESTING: key(f"v=DKIM1; k=rsa; t=y; p={KEY_2048}"),
    Code.DKIM_KEY_LARGE: key(f"v=DKIM1; p={KEY_2048}", f"{KEY_NAME} TXT !truncate"),
    Code.DKIM_UNANSWERED: key("!servfail"),
}
HELO = "mail.example.com"
SENDER = SENDING.zone_with(
    "example.com TXT v=spf1 ip4:192.0.2.25 -all", f"192.0.2.25 PTR {HELO}", f"{HELO} A 192.0.2.25"
).but(sets=(CheckSet.ARRIVAL, CheckSet.SENDING), sending=(SendingHost("192.0.2.25", HELO),))
"""A good world of one sending host, which is named."""
SENDER_WORLDS = {
    Code.SENDER_OK: SENDER,
    Code.SENDER_UNKNOWN: SENDER.zone_with("example.com TXT v=spf1 ip4:192.0.2.0/24 -all").but(sending=()),
    Code.SENDER_PTR_MISSING: SENDER.zone_with("192.0.2.25 PTR"),
    Code.SENDER_PTR_UNCONFIRMED: SENDER.zone_with("192.0.2.25 PTR other.example.net"),
    Code.SENDER_HELO_OTHER: SENDER.but(sending=(SendingHost("192.0.2.25", "mx1.example.com"),)),
    Code.SENDER_SPF_FAILED: SENDER.zone_with("example.com TXT v=spf1 mx -all"),
    Code.SENDER_HELO_REJECTED: SENDER.zone_with(f"{HELO} TXT v=spf1 ip4:203.0.113.9 -all"),
}
