"""`mxproof check` inside a world, and its report as values."""

import sys

import msgspec

from mxproof.evidence import Der
from mxproof.judge.report import Delivery, Report
from real.bed.bed import Bed
from real.bed.machines import OBSERVER, RESOLVER
from real.bed.network import Machine
from real.bed.worlds import DOMAIN

CHECKED_WITHIN_S = 300.0
COMMAND = (sys.executable, "-m", "mxproof")


class Checked(msgspec.Struct, frozen=True):
    """A finished check: its exit status, its report, and the bytes that the report was read from."""

    status: int
    report: Report
    printed: bytes

    def sender(self, name: str) -> Delivery:
        """Return what the report says of one sender."""
        return next(sender for sender in self.report.senders if sender.id == name)

    def codes(self, *severities: str) -> set[str]:
        """Return the codes of the findings, or of those of the severities named."""
        return {one.code for one in self.report.findings if not severities or one.severity in severities}


def checked(bed: Bed, *options: str, machine: Machine = OBSERVER) -> Checked:
    """Check the domain of `bed` from `machine`, with the root of the world trusted and these options beside."""
    command = (*COMMAND, "check", DOMAIN, "--format", "json", "--ca-file", str(bed.ca_file), *options)
    done = bed.run(*command, within_s=CHECKED_WITHIN_S, machine=machine)
    assert done.stderr == b"", done.stderr.decode()
    report = msgspec.json.decode(done.stdout, type=Report, dec_hook=_fingerprint)
    return Checked(done.returncode, report, done.stdout)


def checked_as_usual(bed: Bed) -> Checked:
    """Check by way of the resolver of the world, and believe that it validates, as the senders do."""
    return checked(bed, "--resolver", RESOLVER.ipv4, "--trust-ad")


def _fingerprint(kind: type, value: object) -> object:
    """Read a certificate, of which a report holds the fingerprint only."""
    if kind is Der and isinstance(value, str):
        return Der(bytes.fromhex(value))
    raise NotImplementedError(kind.__name__)
