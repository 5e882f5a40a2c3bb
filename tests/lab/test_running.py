"""A lab as a whole: it answers, it ends, and it leaves nothing behind."""

import asyncio
import socket
import ssl
import time
from datetime import UTC, datetime, timedelta

import pytest

from mxproof.lab.running import RunningLab, running
from mxproof.lab.scenario import ScenarioError, load
from mxproof.mail.memory import Memory
from support_lab import ask, get, in_lab, mail, start_tls, trusting, world

NOW = datetime.now(UTC)
SMTP = '[[smtp]]\nname = "mx1.example.com"\n'


def verified(lab: RunningLab, address: str, name: str) -> bool:
    with mail(lab, address) as client:
        try:
            start_tls(client, name, trusting(lab))
        except ssl.SSLCertVerificationError:
            return False
        return client.ehlo()[0] == 250


@pytest.mark.parametrize(
    ("scenario", "alias", "target"),
    [
        ("incident", True, False),
        ("half-fixed", True, False),
        ("half-fixed-cert", True, True),
        ("fixed", True, True),
        ("direct", False, True),
    ],
)
def test_the_certificates_of_the_story_name_what_the_story_says(
    scenario: str, alias: bool, target: bool
) -> None:
    def client(lab: RunningLab) -> tuple[bool, ...]:
        servers = (("192.0.2.25", "1", "smol"), ("2001:db8:2::25", "2", "tol"))
        return tuple(
            verified(lab, address, name)
            for address, number, host in servers
            for name in (f"mxi{number}.example.com", f"{host}.example.com")
        )

    assert in_lab(scenario, client) == (alias, target) * 2


@pytest.mark.parametrize(
    ("scenario", "want"),
    [
        ("incident", ["mxi1", "mxi2"]),
        ("half-fixed", ["mxi1", "mxi2", "smol", "tol"]),
        ("half-fixed-cert", ["mxi1", "mxi2"]),
        ("fixed", ["mxi1", "mxi2", "smol", "tol"]),
        ("direct", ["smol", "tol"]),
    ],
)
def test_the_policies_of_the_story_list_what_the_story_says(scenario: str, want: list[str]) -> None:
    def client(lab: RunningLab) -> bytes:
        return get(lab).body

    lines = in_lab(scenario, client).decode().splitlines()
    assert [
        line.removeprefix("mx: ").removesuffix(".example.com") for line in lines if line.startswith("mx:")
    ] == want
    assert {"version: STSv1", "mode: enforce", "max_age: 604800"} < set(lines)


def test_the_mx_names_of_the_incident_are_aliases() -> None:
    def client(lab: RunningLab) -> list[str]:
        answers = (
            ask(lab, *question).answer for question in (("example.com", "MX"), ("mxi2.example.com", "A"))
        )
        return [line for answer in answers for rrset in answer for line in rrset.to_text().splitlines()]

    assert in_lab("incident", client) == [
        "example.com. 300 IN MX 10 mxi1.example.com.",
        "example.com. 300 IN MX 20 mxi2.example.com.",
        "mxi2.example.com. 300 IN CNAME tol.example.com.",
        "tol.example.com. 300 IN A 198.51.100.25",
    ]


def test_every_address_of_a_world_is_mapped_and_those_without_a_server_refuse() -> None:
    def client(lab: RunningLab) -> set[tuple[str, int]]:
        refused = set()
        for endpoint, real in lab.connect_to.items():
            try:
                socket.create_connection(real, timeout=1).close()
            except ConnectionRefusedError:
                refused.add(endpoint)
        assert {endpoint for endpoint, real in lab.connect_to.items() if real[0] != "127.0.0.1"} == set()
        return refused

    assert in_lab(world(SMTP), client) == {("192.0.2.25", 443), ("203.0.113.80", 25), ("203.0.113.80", 443)}


def test_addresses_given_to_a_server_take_the_place_of_those_in_dns() -> None:
    def client(lab: RunningLab) -> bool:
        return mail(lab, "198.51.100.9").quit()[0] == 221

    assert in_lab(world(SMTP + 'addresses = ["198.51.100.9"]\n'), client)


def test_a_server_that_stands_nowhere_is_an_error() -> None:
    with pytest.raises(ScenarioError, match=r"server 'mx9\.example\.com': no address; expected"):
        in_lab(world(SMTP.replace("mx1", "mx9")), lambda lab: lab.scenario)


def test_an_old_policy_is_handed_out_with_the_time_it_was_fetched() -> None:
    async def run() -> Memory | None:
        old = world('[memory]\nbody = "version: STSv1"\nid = "7"\nage_days = 3\n')
        async with running(old, now=NOW) as lab:
            return lab.memory

    assert asyncio.run(run()) == Memory(b"version: STSv1", NOW - timedelta(days=3), "7")


def test_a_lab_left_in_the_middle_of_connections_leaves_no_task_and_no_port_behind() -> None:
    async def run() -> tuple[set[asyncio.Task[object]], RunningLab]:
        here = asyncio.current_task()
        async with running(load("incident"), now=NOW) as lab:
            reader, writer = await asyncio.open_connection(*lab.connect_to[("192.0.2.25", 25)])
            await reader.readline()
            _, other = await asyncio.open_connection(*lab.resolver)
        writer.close()
        other.close()
        await asyncio.sleep(0)
        return {task for task in asyncio.all_tasks() if task is not here}, lab

    tasks, lab = asyncio.run(run())
    assert tasks == set()
    for endpoint in {lab.resolver, *lab.connect_to.values()}:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(endpoint, timeout=1)


def test_a_cancelled_lab_closes_as_well() -> None:
    async def run() -> RunningLab:
        entered: asyncio.Future[RunningLab] = asyncio.get_running_loop().create_future()

        async def serve() -> None:
            async with running(load("incident"), now=NOW) as lab:
                entered.set_result(lab)
                await asyncio.Event().wait()

        task = asyncio.create_task(serve())
        lab = await entered
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return lab

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(asyncio.run(run()).resolver, timeout=1)


def test_a_message_is_accepted_logged_and_thrown_away() -> None:
    def client(lab: RunningLab) -> dict[str, tuple[int, bytes]]:
        with mail(lab) as session:
            start_tls(session, "mx1.example.com", trusting(lab))
            return session.sendmail(
                "a@example.net", ["b@example.com", "c@example.com"], "Subject: x\r\n\r\n.\r\n"
            )

    lines: list[str] = []
    assert in_lab(world(SMTP), client, lines.append) == {}
    assert lines == [
        "smtp mx1.example.com: <a@example.net> to <b@example.com>, <c@example.com>, 17 bytes, TLS"
    ]


def test_latency_delays_every_reply() -> None:
    def client(lab: RunningLab) -> tuple[str, int]:
        return ask(lab, "example.com", "MX").answer[0].to_text(), mail(lab).quit()[0]

    slow = world(SMTP, "latency_ms = 30")
    began = time.monotonic()
    assert in_lab(slow, client) == ("example.com. 300 IN MX 10 mx1.example.com.", 221)
    assert time.monotonic() - began >= 3 * 0.030
