"""The runs of a public host: several at once, each with names and a token of its own, on the same doors.

Certificates are those of a public authority, from files, where there are files: `hosts` for `*.ZONE`, `targets` for
`*.targets.ZONE`, `both` for both, and one for the policy hosts of each run. Without them all are of the set's own authority.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

import msgspec

from mxproof.evidence import Der
from mxproof.judge.senders.inference.case import CASES
from mxproof.judge.senders.inference.observation import CaseDomain
from mxproof.lab.ca import Authority, Issued, issue
from mxproof.lab.defect import Defect
from mxproof.lab.making import LabIssuing, LabWorld, made
from mxproof.lab.scenario import CertificateSetup, HttpsFault
from mxproof.lab.sendertest.cases import SETUPS
from mxproof.lab.sendertest.changing import later_setups, later_world
from mxproof.lab.sendertest.public_setup import (
    REPORTS_CASE,
    MailDoor,
    doors,
    moved,
    placeholders,
    policy_hosts,
    public_domain,
    public_scenario,
    public_setups,
)
from mxproof.lab.sendertest.run import Run, becoming_of, changing_of, seen_by_a_check
from mxproof.lab.sendertest.setup import REPORTS, CaseSetup

RUN_DAYS = 30
"""How long the certificates that the set issues itself are good for."""


class PublicSite(msgspec.Struct, frozen=True):
    """Where a public set stands: the delegated zone, and its addresses; at the first are the name server and the policies.

    `hosts` are the certificates from files, by the names in them; `roots` those of the authorities that they end at;
    `challenges` is the name to which whoever issues certificates is led from each `_acme-challenge` (RFC 8555 section 8.4).
    """

    zone: str
    addresses: tuple[str, ...]
    hosts: Mapping[tuple[str, ...], Issued] = MappingProxyType({})
    roots: tuple[bytes, ...] = ()
    challenges: str = ""

    @property
    def setups(self) -> dict[str, CaseSetup]:
        """The cases for which there are addresses."""
        every = public_setups(SETUPS, certified=bool(self.hosts))
        known = frozenset(doors(self.zone, every)[: len(self.addresses)])
        return {
            case: setup
            for case, setup in every.items()
            if known.issuperset(doors(self.zone, {case: setup})[1:] or doors(self.zone, {}))
            and (len(self.addresses) > 1 or setup.publishing.fault is not HttpsFault.REFUSED)
        }

    def names(self, run: str) -> tuple[str, ...]:
        """Return the names that the certificate for the policy hosts of a run is for."""
        return policy_hosts(self.zone, run, self.setups)


def wildcards(zone: str) -> dict[str, tuple[str, ...]]:
    """Return the names of the certificates that every run shares, by the name of the file of each."""
    own, other = f"*.{zone}", f"*.targets.{zone}"
    return {"hosts": (own,), "targets": (other,), "both": (own, other)}


class Issuer:
    """Whoever has the certificates of all runs: those from files, and for the rest an authority of the set's own."""

    def __init__(self, site: PublicSite, now: datetime) -> None:
        self._site, self._now = site, now
        self._own = LabIssuing(now)
        self._kept: dict[tuple[CertificateSetup, str], tuple[Der, ...]] = {}
        self.issued = self._own.issued
        self._policies: tuple[Der, ...] = ()

    @property
    def authority(self) -> Authority:
        """The set's own authority."""
        return self._own.authority

    def begin(self, run: str, certificate: Issued | None) -> None:
        """Go on with the policy hosts of `run`: with their certificate from a file, or one of the set's own."""
        self._policies = self._noted(
            certificate
            or issue(
                self.authority,
                self._site.names(run),
                not_before=self._now - timedelta(days=1),
                not_after=self._now + timedelta(days=RUN_DAYS),
            )
        )

    def issue(self, certificate: CertificateSetup, name: str, *, rsa: bool = False) -> tuple[Der, ...]:
        """Return the chain that a server sends, the same one in every run where it is not for the name of the server."""
        if not certificate.names and certificate.defect is Defect.NONE and name.startswith("mta-sts."):
            return self._policies
        given = self._site.hosts.get(certificate.names)
        if given is not None and certificate.defect is Defect.NONE:
            return self._noted(given)
        if given is not None and certificate.defect is Defect.MISSING_INTERMEDIATE:
            return self._noted(Issued(given.key, given.chain[:1]))
        key = (certificate, "" if certificate.names else name)
        if key not in self._kept:
            self._kept[key] = self._own.issue(certificate, name, rsa=rsa)
        return self._kept[key]

    def _noted(self, one: Issued) -> tuple[Der, ...]:
        chain = tuple(Der(der) for der in one.ders())
        self.issued[chain] = one
        return chain


class PublicRun(msgspec.Struct, frozen=True):
    """A run on a public host, and the token without which no mail is taken for it."""

    run: Run
    token: str
    zone: str

    def takes(self, recipient: str) -> bool:
        """Tell whether mail for `recipient` is for this run: one to a case, or a TLS report."""
        local, _, domain = recipient.rpartition("@")
        if local == REPORTS and domain.lower() == public_domain(REPORTS_CASE, self.run.name, self.zone):
            return True
        return local == self.token and domain.lower() in {one.domain for one in self.run.cases}


def public_run(site: PublicSite, issuer: Issuer, name: str, now: datetime, certificate: Issued | None) -> Run:
    """Make the run `name`; `certificate` is that of its policy hosts, where there is one from a file."""
    setups = site.setups
    places = _places(site, setups)
    issuer.begin(name, certificate)
    mark = f"{now:%Y%m%d%H%M%S}"
    scenario = public_scenario(site.zone, name, setups, mark, places)
    lab = made(scenario, now, issuer)
    cases = tuple(CaseDomain(case, public_domain(case, name, site.zone)) for case in CASES if case in setups)
    changing, at = changing_of(cases, setups), dict(zip(places.values(), site.addresses, strict=False))
    later = public_scenario(site.zone, name, later_setups(setups), mark, places)
    after = moved(later_world(lab.world, later, changing), at)
    lab = LabWorld(moved(lab.world, at), lab.issued, lab.authority, None)
    roots = (*site.roots, issuer.authority.root_der())
    evidence = seen_by_a_check(site.zone, lab.world, [one.domain for one in cases], now, roots)
    return Run(name, now, lab, cases, evidence, becoming_of(site.zone, after, changing, now, roots))


def _places(site: PublicSite, setups: Mapping[str, CaseSetup]) -> dict[MailDoor, str]:
    """Return an address of documentation for each door, in the order of the site's own."""
    found = doors(site.zone, setups)
    return dict(zip(found, placeholders(len(found)), strict=True))


def run_in(name: str, zone: str) -> str:
    """Return the run whose names `name` is one of, empty where it is none of a run's."""
    if not name.endswith(f".{zone}"):
        return ""
    inside: Sequence[str] = name.removesuffix(f".{zone}").split(".")
    label = inside[-2] if inside[-1] == "targets" and len(inside) > 1 else inside[-1]
    return label.rpartition("-")[2] if "-" in label else ""
