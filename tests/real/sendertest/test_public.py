"""The set on a public host, started as root: Postfix with DANE sends to it through unbound, which validates its zone.

Certificates are those of an authority that both know, from files, as a public one would have issued them.
"""

import datetime as dt
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import msgspec
import pytest

from mxproof.judge.senders import SENDERS
from mxproof.judge.senders.inference.case import CASES
from mxproof.judge.senders.inference.conclusion import SenderTestReport, concluded
from mxproof.judge.senders.inference.observation import read_test
from mxproof.judge.senders.postfix import POSTFIX_DANE
from real.bed.ca import Authority
from real.bed.edition import WORLDS_FOLDER
from real.bed.machines import RESOLVER
from real.bed.network import COMMAND_WITHIN_S, Machine, Network, network
from real.bed.process import STOP_WITHIN_S, Daemon, running
from real.bed.resolver import resolver_from
from real.models.postfix import VARIANTS, postfix
from real.sendertest.test_senders import CaseWorld

ZONE = "probe.example.org"
ADDRESSES = tuple(f"198.51.100.{last}" for last in range(128, 144))
PUBLIC = Machine("public", f"ns.{ZONE}", "192.0.2.55", "2001:db8::192:0:2:55", ADDRESSES)
SENDING = Machine("sending", "sending.example.net", "198.51.100.60", "2001:db8:1::60")
DANE = next(one for one in VARIANTS if one.name == "postfix-37-dane")
NOBODY = 65534
QUERIES = (
    (f"dane-right-{{run}}.{ZONE}", "MX", True),
    (f"_25._tcp.mx1-dane-right-{{run}}.{ZONE}", "TLSA", True),
    (f"_25._tcp.mx1-control-{{run}}.{ZONE}", "TLSA", True),
    (f"nobody.{ZONE}", "A", True),
    (f"open-{{run}}.{ZONE}", "MX", False),
    (f"_mta-sts.control-{{run}}.{ZONE}", "TXT", False),
)
"""What is asked, and whether the answer is secure: that of a name in a zone that is not signed is not."""

_UNBOUND = """\
server:
    interface: {resolver}
    access-control: 0.0.0.0/0 allow
    do-daemonize: no
    chroot: ""
    username: ""
    directory: "{folder}"
    pidfile: ""
    use-syslog: no
    logfile: ""
    num-threads: 1
    module-config: "validator iterator"
    qname-minimisation: yes
    trust-anchor: "{zone}. {ds}"
    trust-anchor-signaling: no
stub-zone:
    name: "{zone}"
    stub-addr: {name_server}
"""


class Sender(msgspec.Struct, frozen=True):
    """What Postfix is started on."""

    folder: Path
    network: Network
    authority: Authority

    @property
    def roots(self) -> Path:
        """The file with the authority to trust."""
        return self.authority.file

    def identity(self, host: str) -> str:
        """Return a certificate and its key, as PEM."""
        return self.authority.issue((host,)).pem.read_text()


class ServedOnce(msgspec.Struct, frozen=True):
    """What was seen of the process while it served, and what it wrote."""

    status: str
    secure: Mapping[str, bool]
    counters: Mapping[str, int]
    report: SenderTestReport
    folder: tuple[str, ...]


@pytest.fixture(scope="module")
def tested(host: None) -> Iterator[ServedOnce]:
    """Serve one run, have Postfix send one mail to each of its cases, and end it."""
    with ExitStack() as stack:
        made = tempfile.TemporaryDirectory(prefix="mxproof-public-", dir=WORLDS_FOLDER)
        folder = Path(stack.enter_context(made))
        folder.chmod(0o755)
        wire = stack.enter_context(network(folder.name, (PUBLIC, RESOLVER, SENDING), RESOLVER))
        authority = Authority(folder / "ca", dt.datetime.now(dt.UTC))
        run = _certificates(folder / "certificates", authority)
        daemon = stack.enter_context(_public(wire, folder, authority))
        daemon.await_ready()
        (ds,) = re.findall(r"^  probe DS (.+)$", daemon.text(), re.MULTILINE)
        stack.enter_context(_resolver(wire, folder / "unbound", f"DS {ds}"))
        secure = {name: _is_secure(wire, name.format(run=run), kind) for name, kind, _ in QUERIES}
        recipients = (folder / "set" / run / "recipients").read_text().split()
        worlds = [CaseWorld(label=to.partition("@")[2], address=to) for to in recipients]
        with postfix(Sender(folder, wire, authority), SENDING, DANE, (), RESOLVER.ipv4) as sender:
            sender.deliver(worlds)
        status = Path("/proc", str(daemon.process.pid), "status").read_text()
        counters = _counters(wire)
        daemon.process.send_signal(signal.SIGTERM)
        assert daemon.process.wait(STOP_WITHIN_S) == 0, daemon.text()
        test = read_test((folder / "set" / run / "observed.json").read_bytes())
        names = tuple(sorted(one.name for one in (folder / "set").iterdir()))
        yield ServedOnce(status, secure, counters, concluded(test, SENDERS, "test"), (run, *names))


def _certificates(folder: Path, authority: Authority) -> str:
    """Put down the certificates that `mxproof sendertest names` says, and return the run that they are for."""
    folder.mkdir()
    command = (sys.executable, "-m", "mxproof", "sendertest", "names", ZONE)
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=COMMAND_WITHIN_S)
    for line in said.stdout.splitlines():
        file, *names = line.split()
        (folder / file).write_text(authority.issue(tuple(names)).pem.read_text())
    return said.stdout.splitlines()[-1].partition(".pem")[0]


def _public(wire: Network, folder: Path, authority: Authority) -> AbstractContextManager[Daemon]:
    options = (
        "--zone",
        ZONE,
        "--certificates",
        str(folder / "certificates"),
        "--ca-file",
        str(authority.file),
    )
    at = tuple(word for one in ADDRESSES for word in ("--address", one))
    serve = (sys.executable, "-m", "mxproof", "sendertest", "serve", str(folder / "set"), *options, *at)
    return running(
        "sendertest", wire.inside(PUBLIC, *serve), folder / "set.log", ready="served until a signal"
    )


def _resolver(wire: Network, folder: Path, ds: str) -> AbstractContextManager[Daemon]:
    folder.mkdir()
    text = _UNBOUND.format(resolver=RESOLVER.ipv4, folder=folder, zone=ZONE, ds=ds, name_server=ADDRESSES[0])
    (folder / "unbound.conf").write_text(text)
    return resolver_from(wire, RESOLVER, folder, "unbound.log")


def _is_secure(wire: Network, name: str, kind: str) -> bool:
    command = wire.inside(SENDING, "dig", f"@{RESOLVER.ipv4}", "+dnssec", "+tries=6", kind, name)
    said = subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=COMMAND_WITHIN_S
    ).stdout
    assert "status: SERVFAIL" not in said, said
    return "ad" in said.partition("flags:")[2].partition(";")[0].split()


def _counters(wire: Network) -> dict[str, int]:
    """Return what the kernel counted in the name space of the set (`/proc/net/snmp`)."""
    command = wire.inside(PUBLIC, "cat", "/proc/net/snmp")
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=COMMAND_WITHIN_S)
    lines = said.stdout.splitlines()
    found: dict[str, int] = {}
    for names, values in zip(lines[::2], lines[1::2], strict=True):
        kind, *words = names.split()
        found |= {f"{kind}{word}": int(value) for word, value in zip(words, values.split()[1:], strict=True)}
    return found


def test_the_rights_of_root_are_gone_once_the_ports_are_open(tested: ServedOnce) -> None:
    fields = dict(line.split(":\t", 1) for line in tested.status.splitlines() if ":\t" in line)
    assert {fields[one] for one in ("Uid", "Gid")} == {"\t".join([str(NOBODY)] * 4)}
    assert {int(fields[one], 16) for one in ("CapPrm", "CapEff", "CapAmb")} == {0}
    assert fields["Groups"].split() == []


def test_a_resolver_that_validates_finds_the_zone_in_order(tested: ServedOnce) -> None:
    assert tested.secure == {name: is_secure for name, _, is_secure in QUERIES}


def test_nothing_is_sent_anywhere(tested: ServedOnce) -> None:
    """No connection was begun, and no more datagrams went out than came in."""
    assert tested.counters["Tcp:ActiveOpens"] == 0
    assert 0 < tested.counters["Udp:OutDatagrams"] <= tested.counters["Udp:InDatagrams"]


def test_what_is_inferred_of_postfix_is_what_its_model_says(tested: ServedOnce) -> None:
    report = tested.report
    model = next(one for one in report.models if one.id == POSTFIX_DANE.id)
    found = {one.trait: one.seen for one in model.differences if one.trait in model.different}
    assert (found, report.contradictions) == ({"sni": ("none",)}, ())
    assert report.sent == sum(not CASES[one.case].again for one in report.cases)


def test_what_is_put_down_is_what_was_said(tested: ServedOnce) -> None:
    run, *names = tested.folder
    assert names == sorted(["ca.pem", "leases.json", run, "zone.key"])
