"""From two Debian systems with nothing but Salt to a domain in mode enforce with DANE, reports and watch, and mail both ways.

Everything on the servers comes from contrib/salt and from commands that the guide of the two servers has.
"""

import json
from collections.abc import Iterator

import pytest

from real.bed.delivery import VERIFIED
from real.bed.postfix import Door, doors, sender
from real.bed.system import System
from real.bed.town import SENDING
from real.packages.installed import provide, shell
from real.packages.two_servers import DOMAIN, MX, SUITE, TwoServers, two_servers

POSTMASTER = f"postmaster@{DOMAIN}"
ELSEWHERE = "somebody@example.net"
SERVICES = (
    *("mxproof-policyd", "mxproof-collect", "mxproof-tlsrpt", "mxproof-publish", "mxproof-publish-follow"),
    *(
        "mxproof-watch",
        "mxproof-publish-rollout.timer",
        "mxproof-publish-deploy.timer",
        "mxproof-backup.timer",
    ),
    *("postfix", "pdns", "nftables"),
)
POLICY = f"version: STSv1\\nmode: testing\\nmx: mx1.{DOMAIN}\\nmx: mx2.{DOMAIN}\\nmax_age: 86400\\n"
CALLS_MAX = 10
KEPT = ("journal.db", "policyd.db", "etc.tar")


@pytest.fixture(scope="module")
def world(host: None) -> Iterator[TwoServers]:
    provide(SUITE)
    with two_servers() as made:
        yield made


def _failed(told: dict[str, dict[str, object]]) -> dict[str, object]:
    return {name: one["comment"] for name, one in told.items() if one["result"] is False}


def _changed(told: dict[str, dict[str, object]]) -> dict[str, object]:
    return {name: one["changes"] for name, one in told.items() if one["changes"]}


def test_states_bring_two_empty_servers_to_enforce_with_dane_and_mail_flows_both_ways(
    world: TwoServers,
) -> None:
    for server in MX:
        assert _failed(world.apply(server)) == {}, server
    world.anchor()
    one, other = (world.systems[server] for server in MX)
    for system in (one, other):
        assert [name for name in SERVICES if system.run("systemctl", "is-active", name).returncode] == []
        _until_done(system, "publish", "deploy")

    _until_done(one, "publish", "tlsa", DOMAIN)
    shell(one, f"printf '{POLICY}' >/root/mta-sts.txt")
    _until_done(one, "publish", "apply", DOMAIN, "--policy", "/root/mta-sts.txt")
    _until_done(one, "publish", "apply", DOMAIN, "--mode", "enforce")

    checked = other.run("mxproof", "check", DOMAIN, "--format", "json")
    report = json.loads(checked.stdout)
    assert {one["id"] for one in report["senders"] if one["outcome"] != "delivers"} == set()
    errors = [one for one in report["findings"] if one["severity"] == "error"]
    assert errors == []
    codes = {one["code"] for one in report["findings"]}
    assert {"dane-ok", "sts-ok"} <= codes

    _mail_flows(world)
    for server, system in world.systems.items():
        system.told("systemctl", "start", "mxproof-backup.service")
        (day,) = system.told("ls", "/var/backups/mxproof").split()
        kept = set(system.told("ls", f"/var/backups/mxproof/{day}").split())
        assert kept == {*KEPT, *(("pdns.dump", "mxproof.dump") if server == "mx1" else ())}
    for server in MX:
        told = world.apply(server)
        assert (_failed(told), _changed(told)) == ({}, {}), server


def _until_done(system: System, *words: str) -> None:
    """Call a command of mxproof until it has nothing left to wait for, as a timer would."""
    for _ in range(CALLS_MAX):
        done = system.run("mxproof", *words)
        if done.returncode == 0:
            return
        assert done.returncode == 3, (words, done.stdout, done.stderr)
    raise AssertionError((words, done.stdout, done.stderr))


def _mail_flows(world: TwoServers) -> None:
    """Have somebody else's Postfix with DANE write to the domain, and each server to somebody else."""
    dane = ("smtp_dns_support_level = dnssec", "smtp_tls_security_level = dane-only")
    door = Door(SENDING.ipv4, 25, SENDING.host, world.authority.issue((SENDING.host,)))
    with (
        sender(world.network, SENDING, dane, world.authority.file, world.folder / "sender") as writing,
        doors(world.network, SENDING, [door], world.folder / "receiver") as reading,
    ):
        writing.daemon.await_ready()
        reading.await_ready()
        writing.submit(POSTMASTER)
        assert writing.outcome(POSTMASTER).deed == VERIFIED
        for server, system in world.systems.items():
            shell(
                system,
                f"printf 'Subject: test\\n\\nHello.\\n' | sendmail -f postmaster@{DOMAIN} {server}-{ELSEWHERE}",
            )
            found = f"to=<{server}-{ELSEWHERE}>.*status=sent"
            shell(
                system,
                f"timeout 100 sh -c 'journalctl --follow --lines=all | grep --max-count=1 \"{found}\"'",
            )
