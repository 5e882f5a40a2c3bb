"""What guests see: the form that has a domain checked, the wait, and the result under a link of its own."""

from datetime import timedelta
from typing import Final

from mxproof.judge.checked import Checked
from mxproof.render.html.parts import heading
from mxproof.render.html.report import both_spellings, report_content
from mxproof.render.markup import Content, Element, element
from mxproof.serve.web.pages.events import when
from mxproof.serve.web.pages.frame import field, hidden
from mxproof.serve.web.pages.login import said_back
from mxproof.store.journal.guest_checks import GuestCheck

CHECK_PATH: Final = "/check"


def asking_content(
    form_token: str, kept: timedelta, checks_an_hour: int, domain: str = "", said: str = ""
) -> list[Content]:
    """Return the form; `domain` is what was typed last, `said` why that came to nothing."""
    form = element(
        "form",
        hidden("form", form_token),
        field("Domain", "domain", "text", domain, "off"),
        element("button", "Check", type="submit"),
        method="post",
        action=CHECK_PATH,
        class_="search",
    )
    what = (
        "Says for each of the senders that are modelled whether its mail to a domain arrives, and what to change where it does "
        "not. DNS, the mail servers and the policy host of the domain are asked as a sender would ask them; no mail is sent."
    )
    terms = (
        f"The result gets a page of its own, which whoever has its link can see and nobody else finds. It is kept for {_days(kept)}, "
        f"and who asked is not. Everybody may ask for {checks_an_hour} {'check' if checks_an_hour == 1 else 'checks'} an hour."
    )
    return [
        heading(1, "Check a domain"),
        said_back(said),
        element("p", what),
        form,
        element("p", terms, class_="faint"),
    ]


def waiting_content(link: str, check: GuestCheck) -> list[Content]:
    """Return what stands under a link until the check is done."""
    if check.is_begun:
        words = f"{check.domain} is being checked. That takes a few seconds, a minute at most."
    elif check.ahead:
        others = "one check is" if check.ahead == 1 else f"{check.ahead} checks are"
        words = f"{check.domain} waits for its turn: {others} before it."
    else:
        words = f"{check.domain} is next to be checked."
    again = element("a", "Look again", href=f"{CHECK_PATH}/{link}")
    return [
        heading(1, both_spellings(check.domain)),
        element("p", words, role="status"),
        element("p", "This page looks by itself every few seconds. ", again, "."),
    ]


def failed_content(check: GuestCheck) -> list[Content]:
    """Return what stands under the link of a check that could not be made."""
    words = f"{check.domain} could not be checked: what was begun did not come to its end."
    return [heading(1, both_spellings(check.domain)), element("p", words, role="status"), _another(check)]


def result_content(url: str, check: GuestCheck, checked: Checked) -> list[Content]:
    """Return the report; `url` leads to this page."""
    title, *report = report_content(checked, 1, "")
    terms = element(
        "p",
        "As of ",
        when(checked.report.observed_at),
        ". This page is kept until ",
        when(check.kept_until),
        " at ",
        element("a", url, href=url),
        ".",
        class_="faint",
    )
    return [title, terms, *report, _another(check)]


def _another(check: GuestCheck) -> Element:
    again = element("a", "Check it again", href=f"{CHECK_PATH}?domain={check.domain}")
    other = element("a", "check another domain", href=CHECK_PATH)
    return element("nav", element("p", again, ", or ", other, "."), class_="pager", aria_label="More checks")


def _days(kept: timedelta) -> str:
    return "a day" if kept.days == 1 else f"{kept.days} days"
