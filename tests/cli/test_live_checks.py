"""The checks of `mxproof explain --check`: of which domain, each once and so many at most, and what is said of the others."""

import pytest
from msgspec.structs import replace

from mxproof.cli import live_checks as module
from mxproof.cli.evidence_source import Observation, Survey
from mxproof.cli.live_checks import DOMAINS_MAX, LiveChecks
from mxproof.cli.options.asking import AskingOptions
from mxproof.explain.engine import explain
from mxproof.explain.explanation import Explanation, Joined, LookedFor
from mxproof.formats.names import Domain
from mxproof.judge.vocabulary import Verdict
from support_world import ZoneWorld, collect, collect_servers
from support_worlds import NAMED

NO_MATCH = b"451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation."
NO_MATCH_OTHER = NO_MATCH.replace(b".com", b".net")
NO_DOMAIN = (
    b"451 4.7.5 Remote certificate MUST have a subject alternative name matching the hostname (MTA-STS)"
)
SPF = b"Authentication-Results: spf=temperror (sender IP is 192.0.2.1) smtp.mailfrom=example.com"
SPF_OTHER = SPF.replace(b".com", b".net")
DKIM = b"Authentication-Results: dkim=timeout (key query timeout) header.d=example.com header.s=s1"
SPF_OF_NOBODY = b"Authentication-Results: spf=temperror (sender IP is 192.0.2.1)"
SENDER_WORDS = "what {} publishes for SPF, DKIM and DMARC"
PTR = b"550 5.7.25 The IP address sending this message does not have a PTR record setup"


@pytest.fixture
def observed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Have a world in memory observed in place of the real one; return which domains are, in order."""
    asked: list[str] = []

    def observe(domain: Domain, _: AskingOptions, survey: Survey | None = None) -> Observation:
        asked.append(domain.name)
        if survey is None:
            return Observation(collect(ZoneWorld(domain=domain.name)))
        return Observation(collect_servers(NAMED.but(domain=domain.name)))

    monkeypatch.setattr("mxproof.cli.evidence_source.observe", observe)
    return asked


def live(text: bytes | Explanation, checks: LiveChecks | None = None) -> Joined | None:
    explanation = explain(text, source="bounce") if isinstance(text, bytes) else text
    return (checks or LiveChecks(AskingOptions())).live(explanation)


def both(first: bytes, second: bytes) -> Explanation:
    """Return what the first text is about, with the causes of the second behind its own."""
    one = explain(first, source="bounce")
    return replace(one, causes=(*one.causes, *explain(second).causes))


def unlooked(text: bytes | Explanation, checks: LiveChecks | None = None) -> tuple[str, ...]:
    """Return what was not asked, where nothing was."""
    joined = live(text, checks)
    assert joined is not None
    assert (joined.domain, joined.joined) == ("", LookedFor.NOT_LOOKED_FOR)
    return joined.not_asked


def test_a_text_without_a_cause_is_about_no_domain(
    observed: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert live(b"hello") is None
    assert capsys.readouterr().err == "mxproof: bounce: no cause, so no domain to check\n"
    assert observed == []


def test_a_domain_is_checked_once_for_all_texts_about_it(
    observed: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    checks = LiveChecks(AskingOptions())
    first, second = live(NO_MATCH, checks), live(NO_MATCH, checks)
    assert first is not None
    assert (first, first.domain, first.outcome) == (second, "example.com", Verdict.DELIVERS)
    assert (observed, capsys.readouterr().err) == (["example.com"], "")


def test_what_no_check_of_a_domain_asks_about_is_told_without_one(observed: list[str]) -> None:
    assert unlooked(PTR) == ("the address that sent: its names and its reputation",)
    assert observed == []


def test_a_text_without_a_domain_is_told(observed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert unlooked(NO_DOMAIN) == ("a domain: the text names none that can be asked",)
    assert capsys.readouterr().err == "mxproof: bounce: no domain to check\n"
    assert observed == []


def test_a_domain_that_nobody_can_ask_about_is_told(
    observed: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    local = replace(explain(NO_MATCH), domain="localhost")
    assert unlooked(local) == ("a domain: the text names none that can be asked",)
    assert capsys.readouterr().err == (
        "mxproof: localhost: not checked; 'localhost' has no dot; a domain such as example.com was expected\n"
    )
    assert observed == []


def test_in_a_lab_a_text_without_a_domain_is_about_that_of_the_lab(observed: list[str]) -> None:
    checks = LiveChecks(AskingOptions(lab="incident"))
    joined, other = live(NO_DOMAIN, checks), live(NO_MATCH_OTHER, checks)
    assert joined is not None
    assert other is not None
    assert (joined.domain, other.domain) == ("example.com", "example.net")
    assert observed == ["example.com", "example.net"]


def test_the_name_servers_of_a_look_up_that_failed_are_measured_once(
    observed: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    checks = LiveChecks(AskingOptions())
    first, second = live(SPF, checks), live(SPF, checks)
    assert first is not None
    assert (first, first.domain, len(first.name_servers)) == (second, "example.com", 5)
    assert observed == ["example.com"]
    key = live(DKIM, checks)
    assert key is not None
    assert (key.domain, observed) == ("example.com", ["example.com"] * 2)
    assert capsys.readouterr().err == ""


def test_a_look_up_that_failed_for_no_domain_is_told(
    observed: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert unlooked(SPF_OF_NOBODY) == (SENDER_WORDS.format("the domain of the sender"),)
    assert unlooked(both(NO_DOMAIN, SPF_OF_NOBODY)) == ("a domain: the text names none",)
    assert capsys.readouterr().err == "mxproof: bounce: no domain to check\n" * 2
    assert observed == []
    in_lab = live(SPF_OF_NOBODY, LiveChecks(AskingOptions(lab="incident")))
    assert in_lab is not None
    assert in_lab.domain == "example.com"


def test_so_many_domains_are_checked_in_one_run_and_no_more(
    observed: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert DOMAINS_MAX == 20
    monkeypatch.setattr(module, "DOMAINS_MAX", 2)
    checks = LiveChecks(AskingOptions())
    assert live(NO_MATCH, checks) == live(NO_MATCH, checks)
    assert live(SPF, checks) == live(SPF, checks)
    assert capsys.readouterr().err == ""
    assert unlooked(NO_MATCH_OTHER, checks) == ("example.net",)
    assert unlooked(SPF_OTHER, checks) == (SENDER_WORDS.format("example.net"),)
    assert unlooked(both(NO_MATCH_OTHER, SPF_OTHER), checks) == ("example.net",)
    assert capsys.readouterr().err == (
        "mxproof: example.net: not checked; 2 domains are checked in one run\n" * 3
    )
    assert observed == ["example.com"] * 2
