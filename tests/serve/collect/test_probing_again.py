"""What was looked at is not looked at again within a day: domains, and the MX hosts that several of them have in common."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache

import msgspec
import pytest

from mxproof.evidence import Evidence, Kind
from mxproof.formats.tlsrpt.datagram import SessionDatagram
from mxproof.formats.tlsrpt.report import FailureDetails, ReportedPolicy
from mxproof.lab.making import LabWorld, made
from mxproof.lab.scenario import SmtpSetup, ZoneSetup, load
from mxproof.net.asker import Asker
from mxproof.net.asking import Asking, Peer
from mxproof.serve.collect import probing as probing_module
from mxproof.serve.collect.probing import AT_ONCE, PROBED_EVERY, STANDS_FOR, Prober
from mxproof.serve.collect.standing import StandingFailures
from mxproof.survey.together import Wanted
from mxproof.world.answer import observed

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
HOSTS = {"one": "mx1", "two": "mx1", "three": "mx2", "four": "mx3", "five": "mx3", "six": "mx1"}
"""The host of each domain, `one.example` and so on."""


@cache
def shared_hosts() -> LabWorld:
    """Return a world in which several domains have an MX host of `example.com` in common."""
    scenario = load("testing-mismatch")
    (zone,) = scenario.zones
    hosts = "\nmx2 A 192.0.2.26\nmx3 A 192.0.2.27\n"
    others = (ZoneSetup(f"{name}.example", f"@ MX 10 {host}.example.com.") for name, host in HOSTS.items())
    return made(
        msgspec.structs.replace(
            scenario,
            zones=(msgspec.structs.replace(zone, records=zone.records + hosts), *others),
            smtp=(*scenario.smtp, *(SmtpSetup(f"{host}.example.com") for host in ("mx2", "mx3"))),
        ),
        NOW,
    )


class Probed:
    """A prober in that world, of which a test says who is met and when; it notes who is asked over SMTP."""

    def __init__(self) -> None:
        self.now = NOW
        self.standing = StandingFailures()
        self.prober = Prober(
            self.standing,
            Asking(resolvers=(Peer("192.0.2.53", 53),)),
            (shared_hosts().authority.root_der(),),
            lambda: self.now,
        )
        self.asking = self.most = 0
        self._asked: list[str] = []

    def meet(self, *names: str) -> list[str]:
        """Have sessions in mode testing told of `names`, look, and return which hosts were asked for that."""
        for name in names:
            domain = name if "." in name else f"{name}.example"
            self.standing.completed(told_of(domain), self.now.timestamp())
        asyncio.run(self.prober.look())
        asked, self._asked = sorted(self._asked), []
        return asked

    async def collect(self, domain: str, _: Asker, wanted: Wanted, *, evidence: Evidence) -> Evidence:
        """Answer as the world does."""
        assert domain == evidence.domain
        self.asking += 1
        self.most = max(self.most, self.asking)
        await asyncio.sleep(0)
        found = observed(shared_hosts().world, evidence, wanted, self.now)
        new = found.answers.keys() - evidence.answers.keys()
        self._asked += [one.name.partition(".")[0] for one in new if one.kind is Kind.SMTP]
        self.asking -= 1
        return found


def told_of(domain: str) -> SessionDatagram:
    """Return a session that satisfied a policy in mode testing."""
    return SessionDatagram(domain, "", (ReportedPolicy("sts", domain, 1, 0, ("mode: testing",)),))


@pytest.fixture
def probed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Probed]:
    made = Probed()
    monkeypatch.setattr(probing_module, "collect", made.collect)
    with closing(made.prober):
        yield made


def test_a_domain_is_looked_at_again_after_a_day_and_as_soon_as_it_is_met_then(probed: Probed) -> None:
    assert probed.meet("one") == ["mx1"]
    probed.now = NOW + PROBED_EVERY - SECOND
    assert probed.meet("one") == []
    assert probed.prober.probes == 1
    probed.now += SECOND
    assert probed.meet() == [], "nobody has written to it since"
    assert probed.meet("one") == ["mx1"]
    assert probed.prober.probes == 2


def test_a_host_is_asked_once_a_day_for_all_its_domains_counted_from_when_it_was_asked(
    probed: Probed,
) -> None:
    assert probed.meet("one") == ["mx1"]
    probed.now = NOW + PROBED_EVERY - SECOND
    assert probed.meet("two", "three") == ["mx2"]
    probed.now = NOW + PROBED_EVERY
    assert probed.meet("six") == ["mx1"]
    assert probed.meet("one", "two") == []
    assert probed.prober.probes == 5


def test_so_many_domains_are_looked_at_in_a_day_however_often_it_is_looked(
    probed: Probed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probing_module, "DOMAINS_PROBED_MAX", 3)
    probed.meet("one", "three")
    probed.now += HOUR
    probed.meet("four", "five")
    assert probed.prober.probes == 3
    probed.meet("four", "six")
    assert probed.prober.probes == 3
    probed.now = NOW + PROBED_EVERY
    probed.meet("six", "two", "three")
    assert probed.prober.probes == 5, "the first two were of a day ago, and one of them again"


def test_of_hosts_those_asked_last_are_known(probed: Probed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probing_module, "HOSTS_HELD_MAX", 2)
    assert (probed.meet("one"), probed.meet("three")) == (["mx1"], ["mx2"])
    probed.now = NOW + PROBED_EVERY
    assert probed.meet("one") == ["mx1"]
    assert probed.meet("four") == ["mx3"]
    assert (probed.meet("two"), probed.meet("five")) == ([], [])
    assert probed.meet("three") == ["mx2"]
    assert probed.meet("six") == ["mx1"]


def test_a_few_domains_are_looked_at_at_once(probed: Probed) -> None:
    probed.meet(*HOSTS)
    assert (probed.prober.probes, probed.most) == (len(HOSTS), AT_ONCE)


def test_what_a_host_fails_in_stands_until_the_next_look_may_be_over(probed: Probed) -> None:
    probed.meet("example.com")
    named = FailureDetails("validation-failure", 1, receiving_mx="mx1.example.com", reason="out-of-band")
    for at in (NOW, NOW + PROBED_EVERY, NOW + STANDS_FOR):
        (policy,) = probed.standing.completed(told_of("example.com"), at.timestamp()).policies
        assert (policy.success, policy.failure, policy.failures) == (0, 1, (named,))
    late = (NOW + STANDS_FOR + SECOND).timestamp()
    assert probed.standing.completed(told_of("example.com"), late) == told_of("example.com")
    assert STANDS_FOR == PROBED_EVERY + HOUR
