"""What is read from files and stores: evidence, rows of a store, configuration, worlds, zones, a resolver's set-up."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TypeVar

import msgspec

from fuzz.target import Target, assert_harmless, read, refused, text_of
from mxproof.cli.exit import status_of_report
from mxproof.evidence.codec import decode, encode
from mxproof.judge.judging import report_on
from mxproof.judge.senders.readings import BOTH
from mxproof.lab.making import made
from mxproof.lab.scenario import ZoneSetup, parse
from mxproof.lab.zone import contents_of, served
from mxproof.net.asking import parse_connect_to, parse_peer, system_resolvers, trusted_resolvers
from mxproof.render import json
from mxproof.render.text.paper import Paper
from mxproof.render.text.report import text
from mxproof.serve.daemon.config import print_config, read_config
from mxproof.serve.policyd.config import Config
from mxproof.serve.policyd.settings import settings
from mxproof.store.destinations.destination import DestinationRow, from_row, to_row
from support_evidence import OBSERVED_AT, small_evidence

T = TypeVar("T")

SERVERS_MAX = 3
"""Of a world whose certificates are made: keys take time."""
REPORT_CHARACTERS_MAX = 512 * 1024
_CASES = Path(__file__).parent.parent / "cases"
_WORLDS = Path(__file__).parent.parent / "hostile" / "worlds"


def evidence(data: bytes) -> None:
    """Read evidence; what can be read is written the same again, judged, and said."""
    seen = read(lambda: decode(data))
    if seen is None:
        return
    assert encode(decode(encode(seen))) == encode(seen)
    report = report_on(seen, now=seen.observed_at())
    assert_harmless(text(report, Paper(unicode=True, verbose=True)), REPORT_CHARACTERS_MAX)
    assert json.encode(report).isascii()
    status_of_report(report)


def destination_row(data: bytes) -> None:
    """Read a row; what can be read is usable: its times compare, and it is written as it was read."""
    try:
        row = msgspec.json.decode(data, type=DestinationRow)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return
    kept = from_row(row)
    if kept is not None:
        assert from_row(to_row(kept)) == kept
        assert kept.refresh_at is None or kept.refresh_at.tzinfo is not None
        if kept.held.policy is not None:
            for reading in BOTH:
                assert kept.held.policy.ends_at(reading) >= kept.held.policy.fetched_at


def configuration(data: bytes) -> None:
    """Read a configuration; what is printed of it reads the same."""
    config = _from_file(data, partial(read_config, table=Config))
    if config is not None:
        assert _from_file(print_config(config), partial(read_config, table=Config)) == config
        refused(lambda: settings(config))


def _from_file(data: bytes, act: Callable[[Path], T]) -> T | None:
    with NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        return refused(lambda: act(Path(file.name)))


def scenario(data: bytes) -> None:
    """Read a world file and make a world of it, keys and certificates included where it has few servers."""
    one = refused(lambda: parse(data, "fuzz"))
    if one is not None and len(one.smtp) + len(one.https) <= SERVERS_MAX:
        refused(lambda: made(one, OBSERVED_AT))


def zone(data: bytes) -> None:
    """Read the records of a zone; each can be served."""
    contents = refused(lambda: contents_of(ZoneSetup("example.com", text_of(data))))
    for rrset in contents.rrsets if contents is not None else ():
        served(rrset)


def resolver_setup(data: bytes) -> None:
    _from_file(data, system_resolvers)
    _from_file(data, trusted_resolvers)
    words = text_of(data)
    refused(lambda: parse_connect_to(words))
    refused(lambda: parse_peer(words, 53))


def _row(policy: bytes, findings: bytes) -> bytes:
    return msgspec.json.encode(DestinationRow("example.com", policy, findings, 1793707200.5, 1793710800.0))


TARGETS = (
    Target(
        "evidence",
        evidence,
        (encode(small_evidence()), (_CASES / "incident.evidence.json").read_bytes()[:60000]),
        (
            b"null",
            b"[]",
            b"{}",
            b'"":',
            b"-1",
            b"9999999999",
            b"9999-12-31T23:59:59Z",
            b'"\\u0000"',
            b"[[[[[[",
        ),
        40,
    ),
    Target(
        "destination-row",
        destination_row,
        (
            _row(b'{"body":"dmVyc2lvbjogU1RTdjE=","fetched_at":"2026-11-03T12:00:00Z","id":"1"}', b"{}"),
            b'{"key":"","policy":null,"findings":"e30=","asked_at":0,"refresh_at":null}',
        ),
        (b"1e308", b"-1e308", b"NaN", b"-62135596800.0", b"null", b"253402300800"),
        100,
    ),
    Target(
        "configuration",
        configuration,
        (print_config(Config()), b'listen = ["127.0.0.1:8461"]\n[dns]\nresolvers = ["127.0.0.1"]\n'),
        (b"[", b"[[override]]\n", b"= nan", b"= inf", b"= -1", b'= ""', b"1979-05-27", b"unix:", b"\\u0000"),
        80,
    ),
    Target(
        "scenario",
        scenario,
        tuple(path.read_bytes() for path in sorted(_WORLDS.glob("*.toml"))),
        (
            b"[[smtp]]\n",
            b'name = "',
            b"\n[expect]\ntext = 'x'\n",
            b"title = 'x'\nstory = 'x'\nexpect.text = 'x'\n",
            b"::1",
        ),
        60,
    ),
    Target(
        "zone",
        zone,
        (
            b'@ MX 10 mx1\nmx1 A 192.0.2.25\n_mta-sts TXT "v=STSv1; id=1;" "x"\n_25._tcp.mx1 TLSA 3 1 1 00ff\n',
            b"$TTL 1\n$ORIGIN x\n@ SOA ns root 1 2 3 4 5\nns 300 IN AAAA 2001:db8::1\na CNAME b\n* NS ns\n",
        ),
        (
            b"$INCLUDE /etc/hostname\n",
            b"$GENERATE 1-4 a$ A 192.0.2.$\n",
            b"$ORIGIN .\n",
            b"(",
            b'"',
            b"\\# 4 00000000",
            b"\\000",
        ),
        100,
    ),
    Target(
        "resolver-setup",
        resolver_setup,
        (
            b"nameserver 127.0.0.1\noptions trust-ad edns0\n",
            b"192.0.2.1:25=127.0.0.1:2525",
            b"[2001:db8::1]:25",
        ),
        (b"nameserver ", b"options ", b"%eth0", b":99999", b"[", b"="),
        100,
    ),
)
