"""What an administrator may do with a domain on its page."""

import re
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from mxproof.judge.settling import SettledState
from mxproof.render.markup import Element, html
from mxproof.serve.web.pages.arranging import (
    Arrangements,
    SetMaintenance,
    domain_actions,
    domains_section,
    maintenance_section,
)
from mxproof.store.journal.arranging import ArrangedDomain, KeptMaintenance
from mxproof.store.journal.watched import WatchedState

NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
CONFIGURED = WatchedState("example.com", 3600.0, NOW + timedelta(hours=1), SettledState(), None)
CHECK, TAKE_CARE = "/domains/example.com/check", "/domains/example.com/acknowledge"


def led_to(state: WatchedState = CONFIGURED, *, has_alarms: bool = False) -> set[str]:
    """Return where the forms for a domain lead."""
    page = html(domain_actions(state, NOW, "token", has_alarms=has_alarms))
    return {part.partition('"')[0] for part in page.split('action="')[1:]}


def added(**how: object) -> WatchedState:
    """Return the state of a domain that was added here."""
    return msgspec.structs.replace(CONFIGURED, added_by="ada", **how)


def test_a_domain_of_the_configuration_is_checked_here_and_changed_there() -> None:
    assert led_to() == {CHECK}
    assert led_to(has_alarms=True) == {CHECK, TAKE_CARE}


def test_a_domain_that_was_added_here_is_paused_here_and_goes_on_here() -> None:
    assert led_to(added()) == {CHECK, "/domains/example.com/pause"}
    assert led_to(added(paused_by="bob")) == {"/domains/example.com/resume"}


@pytest.mark.parametrize(
    ("how", "is_offered"),
    [
        ({"paused_by": "ada"}, False),
        ({"leased_until": NOW + timedelta(minutes=1)}, False),
        ({"leased_until": NOW}, True),
    ],
    ids=["paused", "being checked", "left by somebody"],
)
def test_a_check_is_offered_where_one_would_be_made(how: dict[str, object], *, is_offered: bool) -> None:
    assert (CHECK in led_to(added(**how))) is is_offered


HOUR = timedelta(hours=1)


def text(element: Element) -> str:
    """Return the words of a page, without what leads somewhere."""
    return " ".join(re.sub(r"<[^>]*>", " ", html(element)).split())


def test_what_is_paused_goes_on_and_what_goes_on_is_paused_in_the_list_too() -> None:
    domains = [
        ArrangedDomain(f"{number}.example", 3600.0, "ada", NOW, by) for number, by in enumerate(("bob", None))
    ]
    page = domains_section(Arrangements(domains, (), "token"))
    found = {part.partition('"')[0] for part in html(page).split('action="')[1:]}
    assert found == {"/domains", "/domains/0.example/resume", "/domains/1.example/pause"}
    assert "0.example paused by bob" in text(page)
    assert "paused by None" not in text(page)


def test_where_nothing_is_arranged_there_are_forms_alone() -> None:
    none = Arrangements((), (), "token")
    for page in (domains_section(none), maintenance_section(none, (), NOW)):
        assert ("<table" in html(page), "<form" in html(page)) == (False, True)


def test_of_the_times_of_the_configuration_those_that_are_over_are_left_out() -> None:
    none = Arrangements((), (), "token")
    over = SetMaintenance(("over.example",), NOW - HOUR, NOW)
    on = SetMaintenance((), NOW - HOUR, NOW + HOUR)
    page = text(maintenance_section(none, (over, on), NOW))
    assert ("over.example" in page, "all domains" in page) == (False, True)


@pytest.mark.parametrize(
    ("domains", "why", "said"),
    [
        (("a.example", "b.example"), "new host", ("a.example and b.example", "new host, by ada")),
        ((), "", ("all domains", "by ada")),
    ],
)
def test_a_time_of_the_pages_says_whom_it_is_about_why_and_by_whom(
    domains: tuple[str, ...], why: str, said: tuple[str, str]
) -> None:
    one = KeptMaintenance(7, domains, NOW, NOW + HOUR, why, "ada")
    page = html(maintenance_section(Arrangements((), (one,), "token"), (), NOW))
    (row,) = re.findall(r"<tr>(?!<th[^>]*>Of<)(.*?)</tr>", page.partition("<tbody>")[2])
    assert re.findall(r'<th scope="row">([^<]*)</th>', row) == [said[0]]
    assert f"<td>{said[1]}</td>" in row
    assert f'<span class="unseen"> of {said[0]}</span>' in row


@pytest.mark.parametrize("domain", ["", "example.com"])
def test_the_form_of_a_time_needs_its_ends_and_may_name_domains(domain: str) -> None:
    page = html(maintenance_section(Arrangements((), (), "token"), (), NOW, domain))
    fields = {
        found[0]: found[1] for found in re.findall(r'<input type="[a-z-]*" name="([a-z]+)"([^>]*)>', page)
    }
    assert {name for name, more in fields.items() if "required" in more} == {"begins", "ends"}
    assert ('value="example.com"' in fields["domains"]) is bool(domain)
    assert 'value="2026-11-01T09:00"' in fields["begins"]


def test_a_button_that_stands_alone_has_nothing_unseen() -> None:
    assert 'class="unseen"' not in html(domain_actions(CONFIGURED, NOW, "token", has_alarms=True))
