"""Where evidence comes from: what the options come to in the real world and in a lab, and which do not go together."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from mxproof.cli import evidence_source as module
from mxproof.cli.evidence_source import (
    LAB_ROOTS,
    Surroundings,
    Survey,
    arrival,
    observe,
    of_sets,
    scenario_domain,
    surroundings,
)
from mxproof.cli.exit import UNKNOWN, USAGE, RunError
from mxproof.cli.options.asking import AskingOptions, Roots
from mxproof.evidence import Vantage
from mxproof.formats.errors import ConfigError
from mxproof.formats.mtasts import STRICT, parse_policy
from mxproof.formats.names import parse_domain
from mxproof.formats.sent_header import SendingHost
from mxproof.mail.memory import Memory
from mxproof.net.asker import Asker
from mxproof.net.asking import Asking, Peer, trusted_resolvers
from mxproof.survey.check_set import CheckSet
from support_certificates import ROOT
from support_world import GOOD_POLICY

DOMAIN = parse_domain("example.com")
NOTHING = Survey(lambda _: ())
NOBODY = Peer("192.0.2.53", 53)
ROOTS = Roots("a root", (ROOT.der,))
LAB_WAYS = "--lab brings its own resolver, ways and roots; leave out the options that set them"
WORLD = """
title = "A domain without servers"
story = "There is a zone."
timeout_s = 1.5
[expect]
text = "Nobody delivers."
[[zone]]
name = "example.com"
records = '@ MX 10 mx'
[[zone]]
name = "net"
records = ""
[[zone]]
name = "example.net"
records = '@ MX 10 mx.example.com.'
"""


def around(options: AskingOptions, survey: Survey = NOTHING) -> Surroundings:
    async def entered() -> Surroundings:
        async with surroundings(options, survey) as found:
            return found

    return asyncio.run(entered())


@pytest.fixture
def lab(tmp_path: Path) -> str:
    path = tmp_path / "world.toml"
    path.write_text(WORLD)
    return str(path)


@pytest.mark.parametrize(
    ("sets", "patience", "recorded"),
    [
        ((CheckSet.ARRIVAL,), None, ("arrival",)),
        ((CheckSet.ARRIVAL, CheckSet.NAME_SERVERS), 3.0, ()),
        (
            (CheckSet.NAME_SERVERS, CheckSet.NAME_SERVER_PATHS),
            None,
            ("name-servers", "name-server-paths"),
        ),
        ((CheckSet.SPF,), None, ("spf",)),
    ],
)
def test_a_name_server_that_is_only_compared_has_less_time(
    sets: tuple[CheckSet, ...], patience: float | None, recorded: tuple[str, ...]
) -> None:
    survey = of_sets(sets)
    assert (survey.server_timeout_s, survey.sets) == (patience, recorded)


def test_evidence_says_from_the_start_what_is_asked() -> None:
    host = SendingHost("192.0.2.1")
    survey = of_sets((CheckSet.DKIM,), ("s1",), (host,), ("list.example.org",))
    start = survey.start(DOMAIN)
    assert (start.domain, start.answers) == ("example.com", {})
    assert start.vantage == Vantage(
        sets=("dkim",), selectors=("s1",), sending=(host,), lists=("list.example.org",)
    )


def test_each_name_server_is_asked_too_unless_the_options_leave_them_out() -> None:
    assert arrival(AskingOptions()).sets == of_sets((CheckSet.ARRIVAL, CheckSet.NAME_SERVERS)).sets
    assert arrival(AskingOptions(name_servers=False)).sets == ("arrival",)


def test_the_options_say_how_the_real_world_is_asked() -> None:
    pair = (Peer("192.0.2.1", 25), Peer("127.0.0.1", 2525))
    options = AskingOptions(
        resolver=(NOBODY,),
        trust_ad=False,
        ca_file=ROOTS,
        connect_to=(pair,),
        ipv6=True,
        timeout=2.5,
        allow_private=True,
    )
    found = around(options, Survey(NOTHING.wanted, server_timeout_s=3.0))
    assert found == Surroundings(
        Asking(
            resolvers=(NOBODY,),
            connect_to=dict([pair]),
            families=(6,),
            timeout_s=2.5,
            server_timeout_s=3.0,
            trust_ad=False,
            trusted=trusted_resolvers(),
            allow_private=True,
            roots="a root",
        ),
        (ROOT.der,),
    )


def test_what_the_options_leave_out_is_that_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "roots.pem").write_bytes(ROOT.certificate.public_bytes(Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "roots.pem"))
    monkeypatch.setattr(module, "system_resolvers", lambda: (NOBODY,))
    found = around(AskingOptions())
    assert (found.roots, found.zones, found.memories) == ((ROOT.der,), None, ())
    assert found.asking == Asking(
        resolvers=(NOBODY,), connect_to={}, trusted=trusted_resolvers(), roots="those of the machine"
    )


def test_a_machine_that_cannot_ask_is_not_found_at_fault_with_the_domain(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def none() -> tuple[Peer, ...]:
        raise ConfigError("no resolver; name one")

    monkeypatch.setattr(module, "system_resolvers", none)
    with pytest.raises(RunError) as error:
        around(AskingOptions(ca_file=ROOTS))
    assert (str(error.value), error.value.status) == ("no resolver; name one", UNKNOWN)


@pytest.mark.parametrize(
    "options",
    [
        AskingOptions(lab="incident", resolver=(NOBODY,)),
        AskingOptions(lab="incident", connect_to=((NOBODY, NOBODY),)),
        AskingOptions(lab="incident", allow_private=True),
        AskingOptions(lab="incident", ca_file=ROOTS),
        AskingOptions(lab="incident", trust_ad=False),
    ],
)
def test_a_lab_brings_its_own_ways(options: AskingOptions) -> None:
    with pytest.raises(click.UsageError) as error:
        around(options)
    assert error.value.message == LAB_WAYS


def test_a_lab_is_asked_by_its_resolver_in_the_time_of_its_scenario(lab: str) -> None:
    found = around(AskingOptions(lab=lab, ipv4=True), Survey(NOTHING.wanted, server_timeout_s=3.0))
    asking = found.asking
    assert (asking.families, asking.timeout_s, asking.server_timeout_s) == ((4,), 1.5, 3.0)
    assert (asking.trust_ad, asking.simulated, asking.roots) == (True, "world", LAB_ROOTS)
    assert [one.address for one in asking.resolvers] == ["127.0.0.1"]
    assert (found.memories, found.zones) == ((), frozenset({"example.com", "example.net"}))
    assert around(AskingOptions(lab=lab, timeout=2.5)).asking.timeout_s == 2.5


def test_senders_of_a_lab_remember_what_its_scenario_says(tmp_path: Path) -> None:
    path = tmp_path / "world.toml"
    path.write_text(f"{WORLD}[memory]\nage_days = 3\nid = '1'\nbody = '''\n{GOOD_POLICY.decode()}'''\n")
    (memory,) = around(AskingOptions(lab=str(path))).memories
    assert isinstance(memory, Memory)
    assert (memory.policy(STRICT), memory.id) == (parse_policy(GOOD_POLICY), "1")


@pytest.mark.parametrize("asked", [lambda name: around(AskingOptions(lab=name)), scenario_domain])
def test_a_lab_that_is_not_there_is_told(asked: Callable[[str], object]) -> None:
    with pytest.raises(RunError) as error:
        asked("no such world")
    assert (str(error.value), error.value.status) == (
        "scenario 'no such world': there is none of this name; `mxproof lab list` prints the names",
        USAGE,
    )


def test_a_scenario_is_about_a_domain(lab: str) -> None:
    assert scenario_domain(lab) == scenario_domain("incident") == "example.com"


@pytest.mark.parametrize(
    ("zones", "said"),
    [
        (None, ""),
        (frozenset({"example.com"}), ""),
        (
            frozenset({"example.org", "example.net"}),
            "mxproof: example.com: not in this lab, where scenario world is played for example.net, example.org\n",
        ),
    ],
)
def test_a_domain_that_a_lab_does_not_play_is_told(
    zones: frozenset[str] | None, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = Surroundings(Asking(resolvers=(NOBODY,), trust_ad=True, simulated="world"), (), (), zones)

    async def observed() -> str:
        with Asker(found.asking) as asker:
            return (await found.observation(DOMAIN, asker, NOTHING)).evidence.domain

    assert asyncio.run(observed()) == "example.com"
    assert capsys.readouterr().err == said


def test_what_the_survey_wants_is_asked_and_nothing_else() -> None:
    options = AskingOptions(resolver=(NOBODY,), trust_ad=True, ca_file=ROOTS)
    assert observe(DOMAIN, options, NOTHING).evidence.answers == {}
