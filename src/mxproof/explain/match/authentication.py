"""From authentication results to causes (RFC 8601 section 2.7, and the words that Microsoft adds in comments).

A message that failed one method and passed DMARC through another has no fault that matters to its delivery: a
failure is claimed only where DMARC did not pass. A temporary error is claimed always, since the next message may
depend on it. The comments tell a key that could not be fetched from one that does not fit.
"""

from collections.abc import Iterator

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.causes.cause import Failing
from mxproof.explain.knowledge.rule import Side
from mxproof.explain.match.claiming import StatedCause
from mxproof.formats.bounce.authres import AuthResult, AuthResults
from mxproof.formats.dkim import Signature, signature
from mxproof.judge.vocabulary import Confidence

KEYS_MAX = 4

_KEY_LOOKUP = (
    "no key for signature",
    "key query timeout",
    "key query failed",
    "dns timeout",
    "key retrieval",
)
_BODY = ("body hash did not verify", "bodyhash", "body does not hash", "body has been altered")
_TEMPORARY = frozenset({"temperror", "timeout", "error"})
_FAILED = frozenset({"fail", "hardfail", "softfail", "permerror"})
_SENDER_ADDRESS = "sender ip is "


def causes_of(fields: tuple[AuthResults, ...]) -> tuple[StatedCause, ...]:
    """Return the causes that the fields state, each once, temporary errors first."""
    results = [result for field in fields for result in field.results]
    passed = any(
        result.method == "dmarc" and result.result in ("pass", "bestguesspass") for result in results
    )
    found: dict[str, StatedCause] = {}
    for result in results:
        for one in _of(result, passed=passed):
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


def _of(result: AuthResult, *, passed: bool) -> Iterator[StatedCause]:
    comments = " ".join((*result.comments, result.reason)).lower()
    if result.method == "spf":
        cause = _spf(result.result, passed=passed)
    elif result.method == "dkim":
        cause = _dkim(result.result, comments, passed=passed)
    elif result.method == "dmarc":
        cause = _dmarc(result.result)
    elif result.method == "compauth":
        cause = (
            "compauth" if result.result == "fail" or (result.result == "softpass" and not passed) else None
        )
    else:
        cause = _iprev(result.result) if result.method == "iprev" and not passed else None
    if cause is not None:
        yield StatedCause(
            cause=cause,
            confidence=Confidence.OBSERVED,
            because=_quoted(result),
            side=Side.RECEIVER,
            address=_address(result),
            domain=_domain(result),
        )


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
    if result not in _FAILED or passed:
        return None
    return "dkim_body_hash" if any(words in comments for words in _BODY) else "dkim_signature"


def _dmarc(result: str) -> str | None:
    if result in _TEMPORARY:
        return "dmarc_dns_temp"
    if result == "permerror":
        return "dmarc_permerror"
    return "dmarc_fail" if result == "fail" else None


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
    for comment in result.comments:
        _, found, behind = comment.partition(_SENDER_ADDRESS)
        if found and behind:
            return behind.split()[0].rstrip(";,")
    return result.property("client-ip") or result.property("smtp.remote-ip")


def _domain(result: AuthResult) -> str:
    names = ("smtp.mailfrom", "header.d", "header.from", "envelope-from", "smtp.helo", "header.i")
    value = next((value for name in names if (value := result.property(name)) not in ("", "none")), "")
    return value.rpartition("@")[2].strip("<>").lower()
