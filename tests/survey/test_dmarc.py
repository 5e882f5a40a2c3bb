"""The walk up the tree, which record counts, and whom the survey asks about reports."""

import msgspec
import pytest

from mxproof.evidence import Evidence, Kind, Question
from mxproof.mail.dmarc import dmarc_of
from mxproof.survey.check_set import CheckSet
from mxproof.survey.dmarc import applying, needed, organization, walk, wanted
from support_evidence import Spy
from support_sending import DMARC_WORLDS, SENDING, dmarc
from support_world import ZoneWorld, collect

ALONE = {code: world.but(sets=(CheckSet.DMARC,)) for code, world in DMARC_WORLDS.items()}
LONG = "a.b.c.d.e.f.g.h.i.example.com"
BELOW = SENDING.but(sets=(CheckSet.DMARC,), domain="mail.example.com")


@pytest.mark.parametrize("world", ALONE.values(), ids=ALONE.keys())
def test_what_is_asked_is_read_and_what_is_read_is_asked(world: ZoneWorld) -> None:
    evidence = collect(world)
    spy = Spy(evidence.answers)
    dmarc_of(msgspec.structs.replace(evidence, answers=spy))
    assert spy.read == set(needed(evidence))
    assert wanted(evidence) == ()


def test_the_walk_goes_to_the_top_in_eight_steps_at_most() -> None:
    """RFC 9989 section 4.10."""
    assert walk("example.com") == ("example.com", "com")
    assert walk("mail.example.com") == ("mail.example.com", "example.com", "com")
    assert walk(LONG)[:3] == (LONG, "e.f.g.h.i.example.com", "f.g.h.i.example.com")
    assert len(walk(LONG)) == 8


@pytest.mark.parametrize(
    ("lines", "organisation", "holder"),
    [
        ((), "example.com", "example.com"),
        (("_dmarc.mail.example.com TXT v=DMARC1; p=none",), "example.com", "mail.example.com"),
        (("_dmarc.mail.example.com TXT v=DMARC1; p=none; psd=n",), "mail.example.com", "mail.example.com"),
        (("_dmarc.example.com TXT", "_dmarc.com TXT v=DMARC1; p=reject; psd=y"), "example.com", "com"),
        (("_dmarc.example.com TXT v=DMARC1; p=none; psd=y",), "mail.example.com", "example.com"),
        (("_dmarc.com TXT v=DMARC1; p=reject; psd=y",), "example.com", "example.com"),
        (
            ("_dmarc.mail.example.com TXT v=DMARC1; p=none; psd=y", "_dmarc.example.com TXT"),
            "mail.example.com",
            "mail.example.com",
        ),
        (("_dmarc.example.com TXT", "_dmarc.com TXT v=DMARC1; p=reject"), "com", "com"),
        (("_dmarc.example.com TXT",), "mail.example.com", None),
        (("_dmarc.example.com TXT v=spf1 -all",), "mail.example.com", None),
    ],
)
def test_the_record_that_counts_is_found_on_the_walk(
    lines: tuple[str, ...], organisation: str, holder: str | None
) -> None:
    """RFC 9989 sections 4.10.1 and 4.10.2."""
    evidence = collect(BELOW.zone_with(*lines))
    found = applying(evidence)
    assert organization(evidence) == organisation
    assert (found.name if found is not None else None) == holder


def test_while_a_name_of_the_walk_is_silent_none_above_counts() -> None:
    assert applying(collect(BELOW.zone_with("_dmarc.mail.example.com TXT !timeout"))) is None


def test_reports_within_the_organisation_need_no_consent() -> None:
    world = dmarc("v=DMARC1; p=none; rua=mailto:a@reports.example.com,mailto:b@example.net")
    asked = {one.name for one in needed(collect(world)) if "_report" in one.name}
    assert asked == {"example.com._report._dmarc.example.net"}


def test_the_first_questions_wait_for_nothing() -> None:
    assert wanted(Evidence("example.com")) == (
        Question(Kind.TXT, "_dmarc.example.com"),
        Question(Kind.TXT, "_dmarc.com"),
    )


@pytest.mark.parametrize(
    ("tags", "asked"),
    [
        ("ruf=mailto:a@example.net", {"example.net"}),
        ("rua=mailto:a@example.net; ruf=mailto:b@example.org", {"example.net", "example.org"}),
        ("rua=mailto:a@notexample.com", {"notexample.com"}),
        ("rua=mailto:a@example.com,mailto:b@a.b.example.com", set()),
        ("rua=mailto:a@com", {"com"}),
    ],
)
def test_who_gets_reports_must_agree_unless_it_is_of_the_same_organisation(
    tags: str, asked: set[str]
) -> None:
    evidence = collect(dmarc(f"v=DMARC1; p=none; {tags}"))
    consents = {one.name for one in needed(evidence) if "_report" in one.name}
    assert consents == {f"example.com._report._dmarc.{name}" for name in asked}


def test_whether_a_destination_can_receive_mail_is_asked_of_those_within_the_organisation_too() -> None:
    evidence = collect(dmarc("v=DMARC1; p=none; rua=mailto:a@reports.example.com,mailto:b@example.net"))
    asked = {one.name for one in needed(evidence) if one.kind is Kind.MX}
    assert asked == {"reports.example.com", "example.net"}
