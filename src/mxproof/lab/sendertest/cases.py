"""What the domain of each case is: the cases of `mxproof.judge.senders.inference.case`, one value each."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from msgspec.structs import replace

from mxproof.judge.senders.inference.case import CASES
from mxproof.lab.defect import Defect
from mxproof.lab.scenario import HttpsFault, SmtpFault, TlsVersion
from mxproof.lab.sendertest.setup import CHANGING_TTL_S, CaseHost, CaseSetup, CaseTlsa, Publishing, ReportsBy


def _policy(*patterns: str, mode: str = "enforce", max_age: str = "86400") -> tuple[str, ...]:
    listed = (f"mx: {one}" for one in patterns or ("mx1.{d}",))
    return ("version: STSv1", f"mode: {mode}", *listed, f"max_age: {max_age}")


_LISTED: Final = _policy()
_UNLISTED: Final = _policy("other.{d}")
_ENFORCED: Final = CaseSetup(policy=_LISTED)
_STRICT: Final = CaseSetup(policy=_UNLISTED)
"""A policy that lists no MX host: whoever reads it does not deliver."""


def _with(host: CaseHost, *, setup: CaseSetup = _ENFORCED) -> CaseSetup:
    return replace(setup, hosts=(host,))


def _open(host: CaseHost) -> CaseSetup:
    return CaseSetup(hosts=(host,))


def _aliased(policy: tuple[str, ...] = (), names: tuple[str, ...] = ()) -> CaseSetup:
    """Return a domain with an alias as its MX, the target of which has a third name as its reverse name."""
    every = ("mx1", "smol", "reverse")
    host = CaseHost("smol", names=names or every, reverse="reverse")
    return CaseSetup(hosts=(host,), aliases=(("mx1", "smol"),), policy=policy)


def _dane(*tlsa: CaseTlsa, host: CaseHost | None = None, policy: tuple[str, ...] = ()) -> CaseSetup:
    """Return a signed domain; no authority is known for the certificate of its host, unless it is said otherwise."""
    return CaseSetup(hosts=(host or CaseHost(),), tlsa=tlsa or (CaseTlsa(),), signed=True, policy=policy)


def _dane_alias(*tlsa: CaseTlsa) -> CaseSetup:
    return replace(_aliased(), tlsa=tlsa, signed=True)


def _second(first: CaseHost, *, setup: CaseSetup) -> CaseSetup:
    """Return a domain with a second MX host that is in order."""
    return replace(setup, hosts=(first, CaseHost("mx2")), mx=("10 mx1", "20 mx2"))


def _beside(exchange: str) -> CaseSetup:
    return CaseSetup(mx=(f"5 {exchange}", "10 mx1"))


def _changing(setup: CaseSetup, **then: object) -> CaseSetup:
    """Return a domain that is `setup` until a first mail was taken, and differs from it by `then` afterwards."""
    before = replace(setup, ttl_s=CHANGING_TTL_S)
    return replace(before, then=replace(before, **then))


def _two(*patterns: str, max_age: str = "86400") -> CaseSetup:
    """Return a domain with two MX hosts in order, and a policy."""
    policy = _policy(*patterns, max_age=max_age)
    return _second(CaseHost(), setup=CaseSetup(policy=policy))


_ALL: Final = ("mx1.{d}", "smol.{d}", "reverse.{d}")
_SELF_SIGNED: Final = CaseHost(defect=Defect.SELF_SIGNED)
_RIGHT: Final = CaseTlsa()
_WRONG: Final = CaseTlsa(wrong=True)
_AT_ALIAS: Final = CaseTlsa(at="mx1", of="smol")
_AT_TARGET: Final = CaseTlsa(at="smol", of="smol")

_MTA_STS: Final = {
    "control": _ENFORCED,
    "mx-unlisted": _STRICT,
    "report-wanted": replace(_STRICT, reports=ReportsBy.MAIL),
    "report-by-https": replace(_STRICT, reports=ReportsBy.HTTPS),
    "cert-name": _with(CaseHost(names=("stranger",))),
    "cert-listed": _with(CaseHost(names=("mx2",)), setup=CaseSetup(policy=_policy("mx1.{d}", "mx2.{d}"))),
    "cert-expired": _with(CaseHost(defect=Defect.EXPIRED)),
    "cert-self-signed": _with(_SELF_SIGNED),
    "cert-intermediate": _with(CaseHost(defect=Defect.MISSING_INTERMEDIATE)),
    "cert-common-name": _with(CaseHost(defect=Defect.CN_ONLY)),
    "cert-weak-key": _with(CaseHost(defect=Defect.WEAK_KEY)),
    "cert-key-usage": _with(CaseHost(defect=Defect.KEY_USAGE)),
    "cert-any-purpose": _with(CaseHost(defect=Defect.ANY_PURPOSE)),
    "no-starttls": _with(CaseHost(fault=SmtpFault.NO_STARTTLS)),
    "starttls-error": _with(CaseHost(fault=SmtpFault.STARTTLS_454)),
    "no-handshake": _with(CaseHost(fault=SmtpFault.HANDSHAKE_ABORT)),
    "tls-old": _with(CaseHost(tls=TlsVersion.TLS_1_1)),
    "wildcard-depth": CaseSetup(hosts=(CaseHost("a.b"),), mx=("10 a.b",), policy=_policy("*.{d}")),
    "first-bad": _second(
        CaseHost(names=("stranger",)), setup=CaseSetup(policy=_policy("mx1.{d}", "mx2.{d}"))
    ),
    "ipv6-bad": _with(CaseHost(other_names=("stranger",))),
    "mode-testing": replace(_STRICT, policy=_policy("other.{d}", mode="testing")),
    "mode-none": replace(_STRICT, policy=_policy("other.{d}", mode="none")),
}
_ALIASES: Final = {
    "alias-mx-listed": _aliased(_policy("mx1.{d}")),
    "alias-target-listed": _aliased(_policy("smol.{d}")),
    "alias-reverse-listed": _aliased(_policy("reverse.{d}")),
    "alias-mx-named": _aliased(_policy(*_ALL), ("mx1",)),
    "alias-target-named": _aliased(_policy(*_ALL), ("smol",)),
    "alias-reverse-named": _aliased(_policy(*_ALL), ("reverse",)),
    "alias-all": _aliased(_policy(*_ALL)),
}
_READING: Final = {
    "record-twice": replace(_STRICT, records=("v=STSv1; id=1;", "v=STSv1; id=2;")),
    "record-id": replace(_STRICT, records=("v=STSv1; id=2026-11-27;",)),
    "record-no-id": replace(_STRICT, records=("v=STSv1;",)),
    "policy-redirect": replace(
        _STRICT,
        publishing=Publishing(
            status=302, headers=(("Location", "https://mta-sts.{d}/.well-known/mta-sts.txt?"),)
        ),
    ),
    "policy-media": replace(_STRICT, publishing=Publishing(media="text/html")),
    "policy-missing": replace(_STRICT, publishing=Publishing(status=404)),
    "policy-cert-name": replace(_STRICT, publishing=Publishing(names=("stranger",))),
    "policy-self-signed": replace(_STRICT, publishing=Publishing(defect=Defect.SELF_SIGNED)),
    "policy-weak-key": replace(_STRICT, publishing=Publishing(defect=Defect.WEAK_KEY)),
    "policy-common-name": replace(_STRICT, publishing=Publishing(defect=Defect.CN_ONLY)),
    "policy-blank-line": replace(_STRICT, policy=("version: STSv1", "", *_UNLISTED[1:])),
    "policy-no-age": replace(_STRICT, policy=_UNLISTED[:-1]),
    "policy-age-sign": replace(_STRICT, policy=_policy("other.{d}", max_age="+86400")),
    "policy-age-high": replace(_STRICT, policy=_policy("other.{d}", max_age="99999999")),
    "policy-mode-twice": replace(_STRICT, policy=(*_UNLISTED, "mode: none")),
    "policy-line": replace(_STRICT, policy=(*_UNLISTED, "this is no field")),
    "policy-name-space": replace(_STRICT, policy=("version : STSv1", *_UNLISTED[1:])),
    "policy-final-dot": CaseSetup(policy=_policy("mx1.{d}.")),
}
_SLOW: Final = {
    case.id: replace(_STRICT, publishing=Publishing(after_s=case.policy_after_s))
    for case in CASES.values()
    if case.policy_after_s
}
_DANE: Final = {
    "dane-right": _dane(host=_SELF_SIGNED),
    "dane-wrong": _dane(_WRONG),
    "dane-unsigned": replace(_dane(_WRONG), signed=False),
    "dane-mx-unsigned": replace(_dane(_WRONG), signed=False, hosts_apart=True),
    "dane-no-starttls": _dane(host=CaseHost(fault=SmtpFault.NO_STARTTLS)),
    "dane-unusable": _dane(CaseTlsa("1 1 1"), host=CaseHost(fault=SmtpFault.NO_STARTTLS)),
    "dane-unanswered": replace(_dane(), tlsa=(), unanswered="mx1"),
    "dane-wrong-at-alias": _dane_alias(replace(_AT_ALIAS, wrong=True)),
    "dane-wrong-at-target": _dane_alias(replace(_AT_TARGET, wrong=True)),
    "dane-wrong-at-alias-only": _dane_alias(_AT_TARGET, replace(_AT_ALIAS, wrong=True)),
    "dane-anchor": _dane(CaseTlsa("2 1 1")),
    "dane-anchor-name": _dane(CaseTlsa("2 1 1"), host=CaseHost(names=("stranger",))),
    "dane-anchor-expired": _dane(CaseTlsa("2 0 1"), host=CaseHost(defect=Defect.EXPIRED_AUTHORITY)),
    "dane-anchor-whole": _dane(CaseTlsa("2 0 0", root=True)),
    "dane-anchor-key": _dane(CaseTlsa("2 1 0", root=True)),
    "dane-expired": _dane(host=CaseHost(defect=Defect.EXPIRED)),
    "dane-digests": _dane(_RIGHT, CaseTlsa("3 1 2", wrong=True)),
    "dane-unlisted": _dane(policy=_UNLISTED),
    "dane-right-untrusted": _dane(host=_SELF_SIGNED, policy=_LISTED),
    "dane-wrong-listed": _dane(_WRONG, policy=_LISTED),
    "dane-first-only": _second(CaseHost(), setup=replace(_dane(_WRONG), policy=_policy("mx1.{d}"))),
}
_OPEN: Final = {
    "open": CaseSetup(),
    "open-no-starttls": _open(CaseHost(fault=SmtpFault.NO_STARTTLS)),
    "open-starttls-error": _open(CaseHost(fault=SmtpFault.STARTTLS_454)),
    "open-no-handshake": _open(CaseHost(fault=SmtpFault.HANDSHAKE_ABORT)),
    "open-self-signed": _open(_SELF_SIGNED),
    "open-tls-old": _open(CaseHost(tls=TlsVersion.TLS_1_1)),
    "open-ehlo-refused": _open(CaseHost(fault=SmtpFault.EHLO_REJECTED)),
    "open-cut": _open(CaseHost(fault=SmtpFault.CUT)),
    "open-early": _open(CaseHost(fault=SmtpFault.EARLY_DATA)),
    "open-key-usage": _open(CaseHost(defect=Defect.KEY_USAGE)),
    "open-alias": _aliased(),
    "mx-malformed": CaseSetup(
        hosts=(CaseHost(r"a\032b", names=("mx1",)), CaseHost()), mx=(r"5 a\032b", "10 mx1")
    ),
    "mx-literal": CaseSetup(hosts=(CaseHost("literal"), CaseHost()), mx=("5 {address}.", "10 mx1")),
    "mx-null-beside": _beside("."),
    "ipv6-dead": _open(CaseHost(dead_ipv6=True)),
    "policy-refused": replace(_ENFORCED, publishing=Publishing(fault=HttpsFault.REFUSED)),
}

_SHORT: Final = "20"
"""A max_age that is over when a second mail counts."""
_CHANGED: Final = {
    "policy-renewed": _changing(_two(), policy=_policy("mx2.{d}"), records=("v=STSv1; id=2;",)),
    "policy-altered": _changing(_two(), policy=_policy("mx2.{d}")),
    "policy-outlived": _changing(_two(max_age=_SHORT), policy=_policy("mx2.{d}", max_age=_SHORT)),
    "policy-gone": _changing(_two("mx2.{d}"), records=(), publishing=Publishing(status=404)),
    "certificate-lost": _changing(
        CaseSetup(hosts=(_SELF_SIGNED, CaseHost("mx2")), mx=("20 mx2",)), mx=("10 mx1", "20 mx2")
    ),
}

SETUPS: Final[Mapping[str, CaseSetup]] = MappingProxyType(
    {**_MTA_STS, **_ALIASES, **_READING, **_SLOW, **_DANE, **_OPEN, **_CHANGED}
)
"""The domain of each case, by the id of the case."""
