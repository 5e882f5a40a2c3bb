"""From authentication results to causes (RFC 8601 section 2.7, and the words that Microsoft adds in comments).

A message that failed one method and passed DMARC through another has no fault that matters to its delivery: a
failure is claimed only where DMARC did not pass. A temporary error is claimed always, since the next message may
depend on it. The comments tell a key that could not be fetched from one that does not fit.

A message that failed DMARC was refused for it only where the policy asks for that and the receiver did as it says:

| the field says | claimed for `dmarc=fail` |
|---|---|
| what was done is nothing: `dis=NONE`, `action=none`, `d=none`; or the policy asks for nothing: `p=NONE`, `policy=none` | `dmarc_alignment`; but where nothing passed, or the author's own signature is broken, the failure of SPF or DKIM alone |
| nothing of policy or disposition, and SPF or DKIM passed | `dmarc_alignment`: what passed did so for another domain |
| another policy or disposition, or nothing of all this | `dmarc_fail` |
"""

import re
from collections.abc import Iterator

from mxproof.explain.causes import CATALOGUE, suspects
from mxproof.explain.causes.cause import Failing
from mxproof.explain.knowledge.rule import Side
from mxproof.explain.match.claiming import StatedCause
from mxproof.formats.bounce.authres import AuthResult, AuthResults
from mxproof.formats.dkim import Signature, signature
from mxproof.formats.text import listed
from mxproof.judge.vocabulary import Confidence

KEYS_MAX = 4

_KEY_LOOKUP = (
    "no key for signature",
    "key query timeout",
    "key query failed",
    "dns timeout",
    "key retrieval",
    "key not found",
    "no key",
    "getting key",
    "query timed out",
    "key: not available",
    "key record (currently?) unavailable",
    "key: dns",
)
_BODY = (
    "body hash",
    "bodyhash",
    "body does not hash",
    "body has been altered",
    "body probably modified",
)
_BAD_RECORD = (
    "invalid dkim record",
    "bad record",
    "key syntax error",
    "invalid key",
    "public key is revoked",
)
_POLICY = re.compile(r"\b(?:p|policy)=(none|quarantine|reject)\b")
_DISPOSITION = re.compile(r"\b(?:dis|d)=(none|quarantine|reject)\b")
_POLICY_PROPERTIES = ("policy", "policy.dmarc", "policy.published-domain-policy", "p")
_DISPOSITION_PROPERTIES = ("action", "dis", "policy.applied-disposition")
_NOTHING = "none"
_UNDER_DMARC = ("spf", "dkim")
_TEMPORARY = frozenset({"temperror", "timeout", "error"})
_FAILED = frozenset({"fail", "hardfail", "softfail", "permerror", "invalid"})
_NAMED_BY = {"dmarc": ("header.from",), "dkim": ("header.d", "header.i")}
_SENDER_ADDRESS = re.compile(r"\bsender ip is ([0-9a-f.:]*[0-9a-f])", re.IGNORECASE)


def causes_of(fields: tuple[AuthResults, ...]) -> tuple[StatedCause, ...]:
    """Return the causes that the fields state, each once, temporary errors first."""
    results = [result for field in fields for result in field.results]
    passed = any(
        result.method == "dmarc" and result.result in ("pass", "bestguesspass") for result in results
    )
    found: dict[str, StatedCause] = {}
    for field in fields:
        beside = field.results if any(one.method in _UNDER_DMARC for one in field.results) else tuple(results)
        for result in field.results:
            for one in _of(result, beside, passed=passed):
                found.setdefault(one.cause, one)
    return tuple(sorted(found.values(), key=lambda one: CATALOGUE[one.cause].failing is not Failing.LOOK_UP))


def keys_of(fields: tuple[AuthResults, ...], signatures: tuple[Signature, ...]) -> tuple[str, ...]:
    """Return the names of the DKIM keys that the results are about, those that did not pass first.

    A receiver that does not write the selector (`header.s`, RFC 8601 section 2.7.1) leaves it to the signatures.
    """
    results = [result for field in fields for result in field.results if result.method == "dkim"]
    results.sort(key=lambda result: result.result == "pass")
    found: dict[str, None] = {}
    for result in results:
        domain = (result.property("header.d") or result.property("header.i").rpartition("@")[2]).lower()
        named = signature(domain, result.property("header.s"))
        made = [named] if named else [one for one in signatures if one.domain == domain]
        found.update(dict.fromkeys(one.key_name for one in made))
    found.update(dict.fromkeys(one.key_name for one in signatures))
    return tuple(found)[:KEYS_MAX]


def _of(result: AuthResult, beside: tuple[AuthResult, ...], *, passed: bool) -> Iterator[StatedCause]:
    comments = " ".join((*result.comments, result.reason)).lower()
    if result.method == "spf":
        cause = _spf(result.result, passed=passed)
    elif result.method == "dkim":
        cause = _dkim(result.result, comments, passed=passed)
    elif result.method == "dmarc":
        cause = _failed_dmarc(result, beside) if result.result == "fail" else _dmarc(result.result)
        yield from _claim(cause, result, _passed_for(result, beside) if cause == "dmarc_alignment" else "")
        return
    elif result.method == "compauth":
        cause = (
            "compauth" if result.result == "fail" or (result.result == "softpass" and not passed) else None
        )
    else:
        cause = _iprev(result.result) if result.method == "iprev" and not passed else None
    yield from _claim(cause, result)


def _passed_for(result: AuthResult, beside: tuple[AuthResult, ...]) -> str:
    """Say for which domains SPF and DKIM passed beside a failure of DMARC, and what has to be done about the signature."""
    author = result.property("header.from").lower()
    passed = {
        method: domain
        for one in beside
        if (method := one.method) in _UNDER_DMARC and one.result == "pass" and (domain := _domain(one))
    }
    if not author or not passed:
        return ""
    said = f"{listed(f'{method.upper()} passed for {domain}' for method, domain in sorted(passed.items()))}"
    signed = f": have the mail signed in the name of {author} too" if "dkim" in passed else ""
    return f"Here {said}, and From has {author}{signed}."


def _claim(cause: str | None, result: AuthResult, check: str = "") -> Iterator[StatedCause]:
    if cause is not None:
        yield StatedCause(
            cause=cause,
            confidence=Confidence.OBSERVED,
            because=_quoted(result),
            side=Side.RECEIVER,
            address=_address(result),
            domain=_domain(result),
            check=check,
            suspects=(suspects.RECORDS,) if _is_of_record(result) else (),
        )


def _is_of_record(result: AuthResult) -> bool:
    """Tell whether a signature failed by the record of its key, which no list and no gateway on the way changes."""
    comments = " ".join((*result.comments, result.reason)).lower()
    return result.method == "dkim" and any(words in comments for words in _BAD_RECORD)


def _spf(result: str, *, passed: bool) -> str | None:
    if result in _TEMPORARY:
        return "spf_temperror"
    if result == "permerror":
        return "spf_permerror"
    return "spf_fail" if result in _FAILED and not passed else None


def _dkim(result: str, comments: str, *, passed: bool) -> str | None:
    if any(words in comments for words in _KEY_LOOKUP) and result != "pass":
        return "dkim_key_dns"
    if result in _TEMPORARY:
        return "dkim_key_dns"
    if passed:
        return None
    if result in (*_FAILED, "neutral") and any(words in comments for words in _BODY):
        return "dkim_body_hash"
    return "dkim_signature" if result in _FAILED else None


def _dmarc(result: str) -> str | None:
    if result in _TEMPORARY:
        return "dmarc_dns_temp"
    return "dmarc_permerror" if result == "permerror" else None


def _failed_dmarc(result: AuthResult, beside: tuple[AuthResult, ...]) -> str | None:
    """Return the cause for a failure of DMARC, None where a failure of SPF or DKIM that had no effect explains it."""
    under = [one for one in beside if one.method in _UNDER_DMARC]
    has_passed = any(one.result == "pass" for one in under)
    refused = _was_refused(result)
    if refused or (refused is None and not has_passed):
        return "dmarc_fail"
    author = result.property("header.from").lower()
    broken = any(
        one.method == "dkim" and _has_failed(one) and _is_within(_domain(one), author) for one in under
    )
    if broken or (not has_passed and any(_has_failed(one) for one in under)):
        return None
    return "dmarc_alignment"


def _has_failed(result: AuthResult) -> bool:
    return result.result in _FAILED or (
        result.result == "neutral" and any("hash" in one for one in result.comments)
    )


def _is_within(domain: str, author: str) -> bool:
    """Tell whether one of two domains is the other or a part of it, as relaxed alignment has it (RFC 7489 section 3.1)."""
    return bool(domain) and (
        domain == author or domain.endswith(f".{author}") or author.endswith(f".{domain}")
    )


def _was_refused(result: AuthResult) -> bool | None:
    """Tell whether policy and disposition had the message refused or set aside; None where the field has neither."""
    comments = " ".join(result.comments).lower()
    done = [value for name in _DISPOSITION_PROPERTIES if (value := result.property(name).lower())]
    done += _DISPOSITION.findall(comments)
    asked = [value for name in _POLICY_PROPERTIES if (value := result.property(name).lower())]
    asked += _POLICY.findall(comments)
    said = done or asked
    return any(value != _NOTHING for value in said) if said else None


def _iprev(result: str) -> str | None:
    """Return the cause for the sender's reverse name: `permerror` is no PTR record, `fail` one that does not lead back.

    RFC 8601 section 2.7.3.
    """
    return {"permerror": "ptr_missing", "fail": "ptr_mismatch"}.get(result)


def _quoted(result: AuthResult) -> str:
    comment = f" ({result.comments[0]})" if result.comments else ""
    reason = f" reason={result.reason}" if result.reason else ""
    return f"{result.method}={result.result}{comment}{reason}"


def _address(result: AuthResult) -> str:
    named = next(filter(None, map(_SENDER_ADDRESS.search, result.comments)), None)
    if named is not None:
        return named[1]
    return result.property("client-ip") or result.property("smtp.remote-ip")


def _domain(result: AuthResult) -> str:
    """Return the domain that the method is about: that of the author, of the signature or of the envelope sender."""
    first = _NAMED_BY.get(result.method, ())
    names = (*first, "smtp.mailfrom", "header.d", "header.from", "envelope-from", "smtp.helo", "header.i")
    value = next((value for name in names if (value := result.property(name)) not in ("", "none")), "")
    return value.rpartition("@")[2].strip("<>").lower()
