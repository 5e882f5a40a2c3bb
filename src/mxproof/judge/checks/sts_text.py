"""What a policy that can be read gives reason to say: fields, spans, and how long it has been in testing.

Whether senders read it, and whether it fits the hosts, is said elsewhere; nothing here keeps mail away.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from mxproof.formats.mtasts import STRICT, Mode, Policy
from mxproof.judge.checks.mending import policy_to_serve, serving
from mxproof.judge.checks.seen import served_policy, unlisted
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.value import Value
from mxproof.mail.change import Change
from mxproof.mail.domain import MailDomain

MAX_AGE_LONG_S = 180 * 86_400
"""RFC 8461 section 10.2 wants weeks or more; half a year and longer is as long as a mistake may last, too."""
MAX_AGE_WANTED_S = 30 * 86_400
TESTING_LONG = timedelta(days=90)
"""Reports come once a day: what three months of them did not show, a fourth will not."""

_ASCII_LIKE = (
    r"(?i)(?:us-)?ascii|ansi_x3.4-1968|utf-?8|iso[-_]?8859[-_]\d+|latin-?\d+|windows-125\d|cp125\d|koi8-[ru]"
)
"""Charsets in which a policy in ASCII reads as it is meant."""
_DATED = r"(?i)(20\d{2})(\d{2})(\d{2})(?:T?\d{0,6}Z?)?"
"""An id made of a moment, as RFC 8461 section 3.1 has them."""


def check(domain: MailDomain) -> Iterator[Finding]:
    """Remark on the policy that the first address serves (RFC 8461 sections 3.2, 5 and 10.2)."""
    policy = served_policy(domain)
    if policy is None or domain.record.strict is None:
        return
    if policy.extensions:
        fields = tuple(name for name, _ in policy.extensions)
        yield _finding(domain, Code.STS_FIELD_UNKNOWN, fields=fields)
    said = (one.charset for one in domain.policy_host.fetches if one.read(STRICT) and one.charset)
    charset = next((one for one in said if not re.fullmatch(_ASCII_LIKE, one)), None)
    if charset is not None:
        yield _finding(domain, Code.STS_POLICY_CHARSET, charset=charset)
    repeated = tuple(pattern for pattern, count in Counter(policy.mx).items() if count > 1)
    if repeated:
        once = msgspec.structs.replace(
            policy_to_serve(domain), mx=tuple(dict.fromkeys(policy_to_serve(domain).mx))
        )
        yield _finding(domain, Code.STS_MX_REPEATED, serving(domain, once), patterns=repeated)
    if policy.mode is Mode.ENFORCE and policy.max_age_s > MAX_AGE_LONG_S:
        yield _lasting(domain, policy)
    since = dated(domain.record.strict.id) if policy.mode is Mode.TESTING else None
    if since is not None and domain.at - since > TESTING_LONG:
        found = _finding(domain, Code.STS_TESTING_LONG, since=since, id=domain.record.strict.id)
        yield msgspec.structs.replace(found, evidence=(domain.record.question, *found.evidence))


def dated(policy_id: str) -> datetime | None:
    """Return the day that an id is made of, None where it is made of something else."""
    found = re.fullmatch(_DATED, policy_id)
    if found is None:
        return None
    year, month, day = map(int, found.groups())
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None


def _lasting(domain: MailDomain, policy: Policy) -> Finding:
    changes: tuple[Change, ...] = ()
    if not unlisted(domain):
        changes = serving(
            domain, msgspec.structs.replace(policy_to_serve(domain), max_age_s=MAX_AGE_WANTED_S)
        )
    return _finding(domain, Code.STS_MAX_AGE_LONG, changes, max_age=policy.max_age_s, wanted=MAX_AGE_WANTED_S)


def _finding(domain: MailDomain, code: Code, changes: tuple[Change, ...] = (), **params: Value) -> Finding:
    questions = (domain.record.question, *(fetch.question for fetch in domain.policy_host.fetches))
    return Finding(code, domain.policy_host.name, {"domain": domain.name, **params}, questions, changes)
