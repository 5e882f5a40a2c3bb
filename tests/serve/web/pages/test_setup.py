"""What is set up: how often is checked, who is told of what, and, for an administrator, who may look."""

from datetime import timedelta

import msgspec
import pytest

from mxproof.judge.news import Weight
from mxproof.serve.web.pages.arranging import (
    Arrangements,
    SetMaintenance,
    domains_section,
    maintenance_section,
)
from mxproof.serve.web.pages.setup import Admitted, SetUp, ToldChannel, Tried, setup_content
from mxproof.store.journal.account import AccessToken, Account, Role, TokenOpens
from support_certificates import NOW
from support_markup import printed, table_of
from support_newest import TIME

PLAIN = SetUp((), (), 7, 90, 400)
ARRANGED = Arrangements((), (), "token")
NOBODY = Admitted((), (), "token", ARRANGED)
WATCHED = (
    '<section><h2 id="watched">What is watched</h2><dl class="facts"><dt>Checked</dt><dd>{}</dd>'
    "<dt>Evidence is kept</dt><dd>of every check 7 days, of one a day 90 days</dd>"
    "<dt>Verdicts and news are kept</dt><dd>400 days</dd></dl></section>"
)
TOLD = '<section><h2 id="told">Who is told</h2>{}</section>'
NOT_TOLD = TOLD.format(
    "<p>Nobody is told of news. Name them under <code>[[alert]]</code> in the configuration.</p>"
)


def row(name: str, *cells: str) -> str:
    return f'<tr><th scope="row">{name}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'


def test_whoever_is_no_administrator_sees_what_is_watched_and_that_nobody_is_told() -> None:
    assert printed(*setup_content(PLAIN, None, NOW)) == [
        "<h1>Settings</h1>",
        (
            "<p>What is watched and who is told is read from the configuration file; "
            "<code>systemctl reload mxproof-watch</code> takes over what changed there.</p>"
        ),
        WATCHED.format("nothing"),
        NOT_TOLD,
    ]


def test_domains_that_are_checked_as_often_are_counted_together_the_most_often_first() -> None:
    several = msgspec.structs.replace(PLAIN, intervals_s=(7200.0, 3600.0, 7200.0))
    assert printed(*setup_content(several, None, NOW))[2] == WATCHED.format(
        "1 domain every 1 h, 2 domains every 2 h"
    )


CHANNELS = (
    ToldChannel("pager", Weight.ALARM, "page-me"),
    ToldChannel("mail", Weight.GOOD, "sendmail"),
    ToldChannel("boss", None, "sendmail"),
)


def test_who_is_told_is_told_with_of_what() -> None:
    told = msgspec.structs.replace(PLAIN, channels=CHANNELS)
    assert printed(*setup_content(told, None, NOW))[3] == TOLD.format(
        table_of(
            "Who is told of news",
            ("Alert", "Told of"),
            row("pager", "alarm"),
            row("mail", "good and louder"),
            row("boss", "digests alone"),
        )
    )


def test_an_administrator_sees_by_which_way_and_can_have_it_tried() -> None:
    told = msgspec.structs.replace(PLAIN, channels=CHANNELS[:1])
    form = (
        '<form method="post" action="/settings/try"><input type="hidden" name="form" value="token">'
        '<input type="hidden" name="channel" value="pager">'
        '<button type="submit" class="plain">Tell pager</button></form>'
    )
    heads = ("Alert", "Told of", "By", "Try it")
    assert printed(*setup_content(told, NOBODY, NOW))[3] == TOLD.format(
        table_of("Who is told of news", heads, row("pager", "alarm", "<code>page-me</code>", form))
    )


def test_each_button_tries_the_channel_beside_which_it_stands() -> None:
    told = msgspec.structs.replace(PLAIN, channels=CHANNELS)
    form = (
        '<form method="post" action="/settings/try"><input type="hidden" name="form" value="token">'
        '<input type="hidden" name="channel" value="{0}">'
        '<button type="submit" class="plain">Tell {0}</button></form>'
    )
    rows = (
        row("pager", "alarm", "<code>page-me</code>", form.format("pager")),
        row("mail", "good and louder", "<code>sendmail</code>", form.format("mail")),
        row("boss", "digests alone", "<code>sendmail</code>", form.format("boss")),
    )
    heads = ("Alert", "Told of", "By", "Try it")
    assert printed(*setup_content(told, NOBODY, NOW))[3] == TOLD.format(
        table_of("Who is told of news", heads, *rows)
    )


def test_an_administrator_arranges_domains_and_maintenance_and_sees_who_may_look() -> None:
    of_file = (SetMaintenance(("example.com",), NOW, NOW + timedelta(days=1)),)
    admitted = Admitted(
        (Account("ada", Role.ADMIN, NOW),),
        (AccessToken("dashboard", TokenOpens.API, NOW),),
        "token",
        ARRANGED,
    )
    setup = msgspec.structs.replace(PLAIN, maintenance=of_file)
    who = (
        '<section><h2 id="accounts">Who may look</h2><p><code>mxproof watch user</code> and '
        "<code>mxproof watch token</code> add and remove them.</p>{}</section>"
    )
    assert printed(*setup_content(setup, admitted, NOW))[4:] == [
        *printed(domains_section(ARRANGED), maintenance_section(ARRANGED, of_file, NOW)),
        who.format(
            table_of("Accounts", ("Account", "Role", "Since"), row("ada", "admin", TIME))
            + table_of("Tokens", ("Token", "Opens", "Since"), row("dashboard", "api", TIME))
        ),
    ]
    assert printed(*setup_content(PLAIN, NOBODY, NOW))[6:] == [who.format("")]


def test_each_account_and_each_token_stands_with_what_is_its_own() -> None:
    accounts = (Account("ada", Role.ADMIN, NOW), Account("bob", Role.VIEWER, NOW))
    tokens = (AccessToken("graph", TokenOpens.API, NOW), AccessToken("news", TokenOpens.FEED, NOW))
    both = Admitted(accounts, tokens, "token", ARRANGED)
    of_accounts = table_of(
        "Accounts", ("Account", "Role", "Since"), row("ada", "admin", TIME), row("bob", "viewer", TIME)
    )
    of_tokens = table_of(
        "Tokens", ("Token", "Opens", "Since"), row("graph", "api", TIME), row("news", "feed", TIME)
    )

    def who(admitted: Admitted) -> str:
        return printed(*setup_content(PLAIN, admitted, NOW))[6]

    assert who(both).endswith(f"</p>{of_accounts}{of_tokens}</section>")
    assert who(msgspec.structs.replace(both, tokens=())).endswith(f"</p>{of_accounts}</section>")
    assert who(msgspec.structs.replace(both, accounts=())).endswith(f"</p>{of_tokens}</section>")


@pytest.mark.parametrize(
    ("tried", "said"),
    [
        (
            Tried("pager", "it ended with status 1"),
            '<p class="said-back bad" role="alert">pager: it ended with status 1</p>',
        ),
        (
            Tried("pager", ""),
            '<p class="said-back good" role="status">pager was told, and says that it went well.</p>',
        ),
    ],
)
def test_what_trying_an_alert_came_to_stands_first(tried: Tried, said: str) -> None:
    heading, told, *others = printed(*setup_content(PLAIN, NOBODY, NOW, tried))
    assert (heading, told) == ("<h1>Settings</h1>", said)
    assert others == printed(*setup_content(PLAIN, NOBODY, NOW))[1:]
