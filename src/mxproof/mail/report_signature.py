"""Whether a TLS report that came by mail is from its sender (RFC 8460 section 3): by DKIM, and the keys that DNS has.

| the signatures of the sender's domain | it is |
|---|---|
| there is no signature at all, or only such as keys in testing make | unsigned |
| one holds | verified |
| one could hold, and its key could not be asked for | unknown |
| none | failed |

A signature counts for the domain that the report names as its sender, by that domain or one above it. What came as a file or
over HTTPS has none and stays unknown.
"""

from collections.abc import Mapping

import msgspec

from mxproof.evidence.answer import ABSENT, Answer, DnsData, Outcome, TxtRecord
from mxproof.evidence.question import Kind, Question
from mxproof.formats.dkim import DkimKey, examine_key
from mxproof.formats.dkim_signed import DkimSignature, signatures_of
from mxproof.formats.tlsrpt.found import Authenticated, FoundReport

LABELS_MIN = 2
"""Of a domain that signs for those below it: nobody speaks for a whole top-level domain."""
Keys = Mapping[Question, Answer]


def wanted_keys(found: FoundReport) -> tuple[Question, ...]:
    """Return the questions for the keys that may have signed a report, in order; none where nothing is to be found out."""
    return tuple(dict.fromkeys(_question(one) for one in _signatures(found) if not one.rule))


def authenticated(found: FoundReport, keys: Keys) -> FoundReport:
    """Return a report with what the answers to `wanted_keys` say of its sender."""
    if not found.message or found.authenticated is Authenticated.UNSIGNED:
        return found
    return msgspec.structs.replace(found, authenticated=_verdict(_signatures(found), keys))


def _verdict(signatures: tuple[DkimSignature, ...], keys: Keys) -> Authenticated:
    verdicts = {_one_verdict(one, keys.get(_question(one))) for one in signatures if not one.rule}
    order = (Authenticated.VERIFIED, Authenticated.UNKNOWN, Authenticated.FAILED, Authenticated.UNSIGNED)
    return next((one for one in order if one in verdicts), Authenticated.FAILED)


def _one_verdict(signature: DkimSignature, answer: Answer | None) -> Authenticated:
    if answer is None or answer.outcome not in {Outcome.FOUND, *ABSENT}:
        return Authenticated.UNKNOWN
    from mxproof.mail.dkim_signature import holds  # noqa: PLC0415 - loads cryptography, and most reports on file have no signature

    records = answer.data.records if isinstance(answer.data, DnsData) else ()
    texts = [one.text for one in records if isinstance(one, TxtRecord)]
    keys = [key for key in map(examine_key, texts) if key.may_verify]
    fitting = [key for key in keys if key.for_reports and holds(signature, key)]
    if not fitting:
        return Authenticated.FAILED
    return Authenticated.UNSIGNED if all(map(_is_testing, fitting)) else Authenticated.VERIFIED


def _is_testing(key: DkimKey) -> bool:
    return key.testing


def _signatures(found: FoundReport) -> tuple[DkimSignature, ...]:
    if not found.message or not found.reporting_domain:
        return ()
    return signatures_of(found.message, _aligned(found.reporting_domain))


def _aligned(submitter: str) -> frozenset[str]:
    """Return the domains that may sign for a submitter: its own, and those above it."""
    labels = submitter.rstrip(".").split(".")
    return frozenset(".".join(labels[place:]) for place in range(max(1, len(labels) - LABELS_MIN + 1)))


def _question(signature: DkimSignature) -> Question:
    return Question(Kind.TXT, signature.by.key_name)
