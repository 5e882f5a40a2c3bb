"""Signed zones in every state, and whether unbound and delv make of them what `mxproof collect` recorded proves.

BIND signs, Knot serves, and signs the zones above and one of the cases itself. Of every record that mail is found by it is
asked what unbound, which validates from the key of this root, and delv, which validates by itself, say of it.
"""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from mxproof.evidence import Evidence
from mxproof.evidence.codec import decode, encode
from mxproof.evidence.redaction import redacted
from mxproof.formats.dnssec import TYPE_WORDS
from mxproof.judge.checks.dnssec_chain import check
from mxproof.mail.assemble import assemble
from mxproof.mail.dnssec import DnssecStanding, SignedSet, signature_chain
from real.bed.checking import CHECKED_WITHIN_S, COMMAND
from real.bed.machines import NAME_SERVER_MACHINE, OBSERVER, RESOLVER
from real.bed.nameserver import name_server
from real.bed.network import COMMAND_WITHIN_S, Machine, Network, network
from real.bed.prepared import (
    TLSA,
    TOP,
    Case,
    another_tlsa,
    prepared,
    without_proofs,
    without_signature_of,
)
from real.bed.resolver import recursive_resolver
from real.bed.zones import Zone, addresses

SECURE, INSECURE, BOGUS = DnssecStanding.SECURE, DnssecStanding.INSECURE, DnssecStanding.BOGUS
KNOT = "knot"
"""The zone that Knot signs by itself."""
CASES = (
    Case("whole"),
    Case("rsa", algorithm=("RSASHA256", "-b", "2048")),
    Case("ed25519", algorithm=("ED25519",)),
    Case("p384", algorithm=("ECDSAP384SHA384",)),
    Case("no-tlsa", has_tlsa=False),
    Case("nsec3", nsec3_iterations=10, has_tlsa=False),
    Case("expired", -30, -2),
    Case("early", 2, 30),
    Case("ds-wrong", ds_is_wrong=True),
    Case("missing", altered=without_signature_of("TLSA")),
    Case("wrong", altered=another_tlsa),
    Case("unproven", altered=without_proofs, has_tlsa=False),
    Case("island", ds=False),
    Case("unsigned", signed=False),
)
CODES = {
    KNOT: {"dnssec-ok"},
    "whole": {"dnssec-ok"},
    "rsa": {"dnssec-ok"},
    "ed25519": {"dnssec-ok"},
    "p384": {"dnssec-ok"},
    "no-tlsa": {"dnssec-ok"},
    "nsec3": {"dnssec-ok", "dnssec-iterations"},
    "expired": {"dnssec-signature-expired"},
    "early": {"dnssec-signature-early"},
    "ds-wrong": {"dnssec-ds-unmatched"},
    "missing": {"dnssec-signature-missing"},
    "wrong": {"dnssec-signature-wrong"},
    "unproven": {"dnssec-denial-unproven"},
    "island": {"dnssec-island"},
    "unsigned": {"dnssec-unsigned"},
}


class Signed(msgspec.Struct, frozen=True):
    """The name space that is up, and the trust anchor of its root as delv reads it."""

    network: Network
    anchors: Path

    def run(self, *argv: str, within_s: float = COMMAND_WITHIN_S) -> str:
        """Run a command on the observer's machine and return what it printed."""
        command = self.network.inside(OBSERVER, *argv)
        done = subprocess.run(command, capture_output=True, text=True, timeout=within_s, check=False)
        return done.stdout + done.stderr

    def unbound(self, name: str, kind: str) -> DnssecStanding:
        """Return what unbound makes of records."""
        said = self.run("dig", f"@{RESOLVER.ipv4}", "+dnssec", "+tries=1", "+timeout=60", kind, name)
        if "status: SERVFAIL" in said:
            return BOGUS
        flags = said.partition("flags:")[2].partition(";")[0].split()
        return SECURE if "ad" in flags else INSECURE

    def delv(self, name: str, kind: str) -> DnssecStanding:
        """Return what delv makes of records that it gets from unbound unchecked."""
        said = self.run("delv", f"@{RESOLVER.ipv4}", "-a", str(self.anchors), "+root=.", kind, name)
        if "fully validated" in said:
            return SECURE
        return INSECURE if "unsigned answer" in said else BOGUS


@pytest.fixture(scope="module")
def signed(host: None) -> Iterator[Signed]:
    """Serve all cases below one signed root, and resolve them."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mxproof-dnssec-")))
        folder.chmod(0o755)
        machines: tuple[Machine, ...] = (NAME_SERVER_MACHINE, RESOLVER, OBSERVER)
        wire = stack.enter_context(network(folder.name, machines, RESOLVER))
        made = [prepared(case, RESOLVER.ipv4, folder / case.name) for case in CASES]
        apex = f"{KNOT}.{TOP}"
        own = (f"{apex} MX 10 mx.{apex}", f"mx.{apex} A {RESOLVER.ipv4}", f"_25._tcp.mx.{apex} TLSA {TLSA}")
        zones = (
            Zone(".", None, True, addresses(NAME_SERVER_MACHINE)),
            Zone(TOP, ".", True, tuple(line for _, leads in made for line in leads), ttl_s=300),
            Zone(apex, TOP, True, own, ttl_s=300),
            *(zone for zone, _ in made),
        )
        served = stack.enter_context(name_server(wire, NAME_SERVER_MACHINE, zones, folder / "knot-dns"))
        anchor = served.trust_anchor
        resolving = recursive_resolver(wire, RESOLVER, NAME_SERVER_MACHINE, anchor, folder / "unbound")
        for daemon in (served.daemon, stack.enter_context(resolving)):
            daemon.await_ready()
        anchors = folder / "anchors"
        key = anchor.partition(" DNSKEY ")[2].split(maxsplit=3)
        anchors.write_text(
            f'trust-anchors {{ . static-key {key[0]} {key[1]} {key[2]} "{key[3].replace(" ", "")}"; }};\n'
        )
        yield Signed(wire, anchors)


def collected(signed: Signed, name: str) -> Evidence:
    """Return what `mxproof collect` records of a zone."""
    options = ("--only", "dnssec", "--resolver", RESOLVER.ipv4, "--trust-ad")
    said = signed.run(*COMMAND, "collect", f"{name}.com", *options, within_s=CHECKED_WITHIN_S)
    return decode(said.encode())


def standings(evidence: Evidence, now: datetime) -> dict[str, DnssecStanding]:
    """Return what the recorded signatures come to, by type and name."""
    return {_words(one): one.standing for one in signature_chain(evidence, now).sets}


def _words(one: SignedSet) -> str:
    return f"{TYPE_WORDS[one.type]} {one.name}"


@pytest.mark.parametrize("name", list(CODES))
def test_unbound_and_delv_come_to_the_same_for_every_record(signed: Signed, name: str) -> None:
    evidence = collected(signed, name)
    now = evidence.observed_at()
    ours = standings(evidence, now)
    assert len(ours) == 4
    theirs = {one: signed.unbound(one.split()[1], one.split()[0]) for one in ours}
    alone = {one: signed.delv(one.split()[1], one.split()[0]) for one in ours}
    codes = {found.code for found in check(assemble(evidence, now)) if found.code != "dnssec-digest-old"}
    assert (ours, alone, codes) == (theirs, theirs, CODES[name])
    assert standings(decode(encode(redacted(evidence))), now) == ours
