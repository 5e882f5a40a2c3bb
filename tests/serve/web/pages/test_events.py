"""News as a list: how loudly, since when, what changed for whom, which fact it was, and which check brought it."""

import msgspec
import pytest

from mxproof.judge.difference import Course
from mxproof.judge.news import DomainNews, Weight
from mxproof.judge.settling import TurnKind
from mxproof.serve.web.pages.events import ShownNews, event_list, news_event, no_news, when
from support_certificates import NOW
from support_markup import printed
from support_newest import TIME
from support_told_difference import WORSE

NEWS = DomainNews(
    1,
    "bad.example",
    TurnKind.CHANGED,
    Weight.ALARM,
    Course.WORSE,
    NOW,
    NOW,
    "A refuses",
    (),
    (),
    False,
    WORSE,
)
ALARM = f'<h3><span class="word"><span aria-hidden="true">✘ </span>alarm: </span>{TIME}</h3>'
SAID = (
    "<p>Big_Sender: REFUSES, where it was: delivers, secured by MTA-STS. 451 later</p>"
    "<p>New error: The <code>MX</code> is an alias.</p><p>Now: A refuses</p>"
    '<p>MX example.com</p><pre tabindex="0">- 10 mx1.example.com.\n+ 10 mx2.example.com.</pre>'
)


def item(one: ShownNews, *, names_domain: bool = False) -> str:
    (said,) = printed(news_event(one, names_domain=names_domain))
    return said


def test_a_moment_is_told_to_people_and_to_programs() -> None:
    assert printed(when(NOW)) == [TIME]


def test_news_say_what_changed_for_whom_and_which_fact_it_was() -> None:
    assert item(ShownNews(1, None, NEWS)) == f'<li class="event alarm">{ALARM}{SAID}</li>'


def test_among_news_of_several_domains_each_names_its_own_and_who_takes_care_of_it() -> None:
    title = ALARM.replace("</h3>", ' <a href="/domains/bad.example">bad.example</a></h3>')
    assert item(ShownNews(1, None, NEWS, "ada"), names_domain=True) == (
        f'<li class="event alarm">{title}{SAID}<p class="faint">ada takes care of it.</p></li>'
    )


def test_news_with_nothing_to_compare_with_name_no_fact() -> None:
    first = msgspec.structs.replace(NEWS, difference=None)
    assert item(ShownNews(1, None, first)).endswith("<p>Now: A refuses</p></li>")


@pytest.mark.parametrize(
    ("weight", "mark", "way_out"),
    [
        (Weight.ALARM, "✘", ', <a href="/checks/7/plan">the way out as of then</a>'),
        (Weight.WARNING, "▲", ', <a href="/checks/7/plan">the way out as of then</a>'),
        (Weight.GOOD, "✔", ""),
        (Weight.NOTE, "·", ""),
    ],
)
def test_trouble_leads_to_the_way_out_and_all_news_to_their_check(
    weight: Weight, mark: str, way_out: str
) -> None:
    said = item(ShownNews(1, 7, msgspec.structs.replace(NEWS, weight=weight)))
    title = f'<h3><span class="word"><span aria-hidden="true">{mark} </span>{weight}: </span>{TIME}</h3>'
    link = f'<a href="/checks/7">The check of 2026-06-01 12:00:00 UTC</a>{way_out}'
    assert said == f'<li class="event {weight}">{title}{SAID}<p class="faint">{link}</p></li>'


def test_a_list_of_news_keeps_their_order_and_an_empty_one_is_said_in_words() -> None:
    several = (ShownNews(1, None, NEWS), ShownNews(2, 7, NEWS))
    whole = f'<ol class="events">{item(several[0])}{item(several[1])}</ol>'
    assert printed(event_list(several, names_domain=False)) == [whole]
    assert printed(no_news("None yet.", several, names_domain=False)) == [whole]
    assert printed(no_news("None yet.", (), names_domain=False)) == ['<p class="faint">None yet.</p>']
