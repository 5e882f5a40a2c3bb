"""From two Debian systems with nothing but Salt to a domain in mode enforce with DANE, reports and watch, and mail both ways.

Everything on the servers comes from contrib/salt and from commands that the guide of the two servers has. Then the migration of the
founding incident is made there as `mxproof plan` orders it: MX records get names that are aliases, while others write without a pause.
"""

import json
import time
from collections.abc import Iterator

import msgspec
import pytest

from mxproof.remedy.plan import Plan
from real.bed.delivery import VERIFIED
from real.bed.postfix import Door, doors, sender
from real.bed.system import System
from real.bed.town import SENDING
from real.bed.writers import writers_on
from real.packages.installed import provide, shell
from real.packages.two_servers import DOMAIN, MX, SUITE, TTL_S, TwoServers, two_servers
from real.plan.flow import Flow, flowing, undelivered

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
MAX_AGE_S = 30
"""So that half a minute is what a week is elsewhere: nobody is held to a policy for longer."""
LAG_S = 3
EACH_S = 1.0
CALLS_MAX = 10
ENDED_WITHIN_S = 1200
"""For what ends by itself, and tells a machine that is slow from something that hangs."""
ALSO = {server: f"mxi{number}.{DOMAIN}" for number, server in enumerate(MX, 1)}
"""The names that MX records have after the migration: aliases of those that they had."""
MOVE_ZONE = "@ MX 10 mxi1\n@ MX 20 mxi2\nmxi1 CNAME mx1\nmxi2 CNAME mx2\n"
RECORDS = f"""\
curl --fail --silent --show-error --request PATCH --header "X-API-Key: $(cat /etc/mxproof/powerdns.key)" \
    --header 'Content-Type: application/json' --data-binary @"$1" http://127.0.0.1:8081/api/v1/servers/localhost/zones/{DOMAIN}.
"""
KEPT = ("journal.db", "policyd.db", "etc.tar")


@pytest.fixture(scope="module")
def world(host: None) -> Iterator[TwoServers]:
    provide(SUITE)
    with two_servers() as made:
        yield made


def _failed(told: dict[str, dict[str, object]]) -> dict[str, object]:
    return {name: (one["comment"], one["changes"]) for name, one in told.items() if one["result"] is False}


def _brought(world: TwoServers, server: str, *states: str) -> None:
    """Apply states to a server; where one fails, tell all that it says, and what the authority noted last."""
    failed = _failed(world.apply(server, *states))
    noted = (world.folder / "pebble" / "pebble.log").read_text().splitlines()[-30:]
    assert not failed, "\n".join((server, *map(str, failed.values()), *noted))


def _changed(told: dict[str, dict[str, object]]) -> dict[str, object]:
    return {name: one["changes"] for name, one in told.items() if one["changes"]}


def test_states_bring_two_empty_servers_to_enforce_with_dane_and_mail_flows_both_ways(
    world: TwoServers,
) -> None:
    for server in MX:
        _brought(world, server, "mxproof.dns")
    for server in MX:
        _brought(world, server)
    assert _refused_proofs(world) == []
    world.anchor()
    one, other = (world.systems[server] for server in MX)
    for system in (one, other):
        assert [name for name in SERVICES if system.run("systemctl", "is-active", name).returncode] == []
        _until_done(system, "publish", "deploy")

    _until_done(one, "publish", "tlsa", DOMAIN)
    _write_policy(one, "testing", *(f"{server}.{DOMAIN}" for server in MX))
    _until_done(one, "publish", "apply", DOMAIN, "--policy", "/root/mta-sts.txt")
    _until_done(one, "publish", "apply", DOMAIN, "--mode", "enforce")

    _delivered_by_all(other)

    _mail_flows(world)
    for server, system in world.systems.items():
        system.told("systemctl", "start", "mxproof-backup.service", within_s=ENDED_WITHIN_S)
        (day,) = system.told("ls", "/var/backups/mxproof").split()
        kept = set(system.told("ls", f"/var/backups/mxproof/{day}").split())
        assert kept == {*KEPT, *(("pdns.dump", "mxproof.dump") if server == "mx1" else ())}
    for server in MX:
        told = world.apply(server)
        assert (_failed(told), _changed(told)) == ({}, {}), server
    _passwords_changed(world)
    _migrated(world)


def _passwords_changed(world: TwoServers) -> None:
    """Give the database other passwords: both servers answer from it afterwards, and what Salt tells holds none."""
    world.passwords(pdns="other-of-pdns", mxproof="other-of-mxproof")
    for server in MX:
        told = world.apply(server)
        assert _failed(told) == {}, server
        assert "other-of" not in json.dumps(_changed(told)), server
    for system in world.systems.values():
        assert f"{DOMAIN}\n" in system.told("pdnsutil", "list-all-zones")
        _until_done(system, "publish", "status", DOMAIN)
        assert [name for name in SERVICES if system.run("systemctl", "is-active", name).returncode] == []


def _refused_proofs(world: TwoServers) -> list[str]:
    """Return what the authority noted of proofs that it did not find."""
    noted = (world.folder / "pebble" / "pebble.log").read_text().splitlines()
    assert [line for line in noted if "set VALID" in line] != []
    return [line for line in noted if "set INVALID" in line]


def _delivered_by_all(system: System) -> str:
    """Return the report of a check that is made on a server, in which nothing is wrong, and DANE and MTA-STS are right."""
    told = system.run("mxproof", "check", DOMAIN, "--format", "json", within_s=ENDED_WITHIN_S).stdout
    report = json.loads(told)
    assert {one["id"] for one in report["senders"] if one["outcome"] != "delivers"} == set()
    assert [one for one in report["findings"] if one["severity"] == "error"] == []
    assert {"dane-ok", "sts-ok"} <= {one["code"] for one in report["findings"]}
    return told


def _write_policy(system: System, mode: str, *mx: str) -> None:
    lines = ("version: STSv1", f"mode: {mode}", *(f"mx: {one}" for one in mx), f"max_age: {MAX_AGE_S}")
    (system.root / "root/mta-sts.txt").write_text("".join(f"{line}\n" for line in lines))


def _migrated(world: TwoServers) -> None:
    """Give the MX records other names, in the order of the plan and while mail flows from senders of every kind."""
    for system in world.systems.values():  # mailboxes are not of the states: here is one for everybody
        shell(system, "postconf -e local_recipient_maps= luser_relay=postmaster; systemctl reload postfix")
    with (
        writers_on(world.network, world.ca_file, world.folder / "writers") as senders,
        flowing(senders, DOMAIN, EACH_S) as flow,
    ):
        flow.await_all(time.monotonic())
        _certified(world)
        flow.await_all(time.monotonic())
        _moved_as_planned(world.systems["mx1"], flow)
        flow.await_all(time.monotonic() + MAX_AGE_S)
        assert (undelivered(flow), flow.in_clear()) == ({}, set())
        assert flow.connected("Verified")["fresh"] > 0
        assert flow.connected("Verified")["dane"] > 0
    told = _delivered_by_all(world.systems["mx2"])
    assert [name for name in ALSO.values() if name not in told] == []


def _certified(world: TwoServers) -> None:
    """Have Salt get certificates with the new names as well, and wait until they are shown in the safe order."""
    world.names(ALSO)
    for server, name in ALSO.items():
        _brought(world, server)
        shown = f"openssl x509 -noout -checkhost {name} -in /etc/postfix/tls/{server}.pem | grep --quiet does.match"
        shell(
            world.systems[server],
            f'timeout {ENDED_WITHIN_S} sh -c "until {shown}; do mxproof publish deploy; sleep {TTL_S}; done"',
        )
    assert _refused_proofs(world) == []


def _moved_as_planned(system: System, flow: Flow) -> None:
    """Make the way that `mxproof plan` writes: policies by `publish apply`, all else by the API of PowerDNS."""
    names = (f"{one}.{DOMAIN}" for number in (1, 2) for one in (f"mxi{number}", f"mx{number}"))
    _write_policy(system, "enforce", *names)
    (system.root / "root/db.part").write_text(MOVE_ZONE)
    given = ("--zone", "/root/db.part", "--policy", "/root/mta-sts.txt", "--name-server-lag", str(LAG_S))
    planned = system.run("mxproof", "plan", DOMAIN, *given, "--write", "/root/way", within_s=ENDED_WITHIN_S)
    assert planned.returncode in {1, 3}, planned.stderr
    plan = msgspec.json.decode(system.told("cat", "/root/way/plan.json"), type=Plan)
    assert plan.ways[0].is_safe
    for number, step in enumerate(plan.ways[0].steps, 1):
        folder = f"/root/way/step-{number}"
        there = set(system.told("ls", folder).split())
        if "mta-sts.txt" in there:
            _until_done(system, "publish", "apply", DOMAIN, "--policy", f"{folder}/mta-sts.txt")
        elif "powerdns.json" in there:
            system.told("sh", "-ec", RECORDS, "records", f"{folder}/powerdns.json")
        flow.await_all(time.monotonic() + max(step.wait_until_s - step.at_s, TTL_S))


def _until_done(system: System, *words: str) -> None:
    """Call a command of mxproof until it has nothing left to wait for, as a timer would."""
    for _ in range(CALLS_MAX):
        done = system.run("mxproof", *words, within_s=ENDED_WITHIN_S)
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
                f"timeout {ENDED_WITHIN_S} sh -c 'journalctl --follow --lines=all | grep --max-count=1 \"{found}\"'",
            )
