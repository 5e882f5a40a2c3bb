"""World files: what the loader takes, what it refuses, and that every scenario of the package is a world."""

import re
from pathlib import Path

import pytest

from mxproof.lab.defect import Defect
from mxproof.lab.scenario import (
    ScenarioError,
    SmtpFault,
    check_record_address,
    load,
    parse,
    scenarios,
)
from support_lab import SOUND

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


@pytest.mark.parametrize("scenario", scenarios())
def test_a_scenario_is_a_world_with_a_title_a_story_and_an_expectation(scenario: str) -> None:
    world = load(scenario)
    assert world.name == scenario
    assert _NAME.match(scenario)
    assert world.title.strip()
    assert "\n" not in world.title
    assert len(f"{max(scenarios(), key=len)}  {world.title}") <= 80
    assert world.story.strip()
    assert world.expect.text.strip()


def test_there_are_more_than_thirty_scenarios() -> None:
    assert len(scenarios()) > 30


@pytest.mark.parametrize("scenario", scenarios())
def test_the_texts_of_a_scenario_fit_a_page(scenario: str) -> None:
    world = load(scenario)
    assert max(map(len, f"{world.story}\n{world.expect.text}".splitlines())) <= 120


def test_the_titles_of_the_scenarios_differ() -> None:
    titles = [load(scenario).title for scenario in scenarios()]
    assert len(set(titles)) == len(titles)


def test_a_world_file_is_read_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(SOUND)
    assert load(str(path)).name == "mine"


def test_defaults_describe_a_sound_server() -> None:
    (server,) = parse((SOUND + '[[smtp]]\nname = "mx1.example.com"\n').encode(), "test").smtp
    assert (server.fault, server.certificate.defect, server.certificate.names) == (
        SmtpFault.NONE,
        Defect.NONE,
        (),
    )


@pytest.mark.parametrize(
    ("tables", "want"),
    [
        ("[[smtp]]\nname = 5\n", r"scenario 'test': Expected `str`, got `int` - at `\$\.smtp\[0\]\.name`"),
        ("[[smtp]]\nname = 'a'\nports = 1\n", r"unknown field `ports` - at `\$\.smtp\[0\]`"),
        (
            "[[smtp]]\nname = 'a'\nfault = 'sad'\n",
            r"'sad' - at `\$\.smtp\[0\]\.fault`; expected one of none, refused, ",
        ),
        (
            "[[smtp]]\nname = 'a'\ncertificate.defect = 'x'\n",
            r"expected one of none, known-authority, self-signed, ",
        ),
        ("[[dns_fault]]\nname = 'a'\nfault = 'x'\n", r"expected one of timeout, servfail, "),
        (
            "[[smtp]]\nname = 'a'\naddresses = ['8.8.8.8']\n",
            r"smtp 'a': address '8\.8\.8\.8'; expected one in 192\.0\.2",
        ),
        ("[[https]]\naddresses = ['here']\n", r"https: address 'here'; expected one in"),
        ("[[ptr]]\naddress = '127.0.0.1'\n", r"ptr: address '127\.0\.0\.1'; expected one in"),
        (
            "[[tlsa]]\nserver = 'mx2'\n",
            r"tlsa of server 'mx2'; expected the name of an SMTP server: one \[\[smtp\]\]",
        ),
        ("[[zone]\n", r"scenario 'test': "),
    ],
)
def test_a_mistake_in_a_world_is_named_with_what_was_expected(tables: str, want: str) -> None:
    with pytest.raises(ScenarioError, match=want):
        parse((SOUND + tables).encode(), "test")


def test_an_expected_outcome_is_one_of_the_four() -> None:
    text = SOUND.replace("[[zone]]", "senders.google = 'maybe'\n[[zone]]")
    with pytest.raises(
        ScenarioError,
        match=r"Invalid enum value 'maybe'.*; expected one of delivers, at_risk, refused, unknown",
    ):
        parse(text.encode(), "test")


def test_an_unknown_scenario_is_named() -> None:
    with pytest.raises(ScenarioError, match=r"scenario 'nowhere': there is none of this name"):
        load("nowhere")


def test_a_missing_world_file_is_named() -> None:
    with pytest.raises(ScenarioError, match=r"world file '/nonexistent/a\.toml': No such file"):
        load("/nonexistent/a.toml")


def test_a_world_file_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "huge.toml"
    path.write_bytes(b"#" * (256 * 1024 + 1))
    with pytest.raises(ScenarioError, match=r"too large; expected at most 262144 bytes"):
        load(str(path))


@pytest.mark.parametrize(
    ("address", "allowed"), [("10.0.0.1", True), ("192.0.2.1", True), ("8.8.8.8", False)]
)
def test_a_record_may_hold_an_address_that_nobody_connects_to(address: str, allowed: bool) -> None:
    if allowed:
        check_record_address(address, "zone 'x'")
        return
    with pytest.raises(ScenarioError, match=r"zone 'x': address '8\.8\.8\.8'; expected one in 192\.0\.2"):
        check_record_address(address, "zone 'x'")
