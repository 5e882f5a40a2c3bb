"""The verdicts in text: who stands together, what each writes, and that a guess is called one."""

import pytest

from mxproof.formats.result_type import ResultType
from mxproof.judge.report import Attempt, Bounce, Delivery
from mxproof.judge.vocabulary import Confidence, Security, Verdict
from mxproof.render.text.paper import Paper, Tone
from mxproof.render.text.senders import by_urgency, section, table
from support_report import delivery

PAPER = Paper(width=100, unicode=True)
WHOLE = Paper(width=100, unicode=True, verbose=True)
REFUSED, AT_RISK, UNKNOWN = Verdict.REFUSED, Verdict.AT_RISK, Verdict.UNKNOWN
STS, TLS = Security.MTA_STS, Security.OPPORTUNISTIC


def refusing(id_: str, bounce: Bounce | None, because: tuple[str, ...] = ("mx-alias",)) -> Delivery:
    return delivery(id_, REFUSED, bounce=bounce, because=because)


def guess(id_: str, outcome: Verdict, *because: str) -> Delivery:
    return delivery(id_, outcome, because=because, confidence=Confidence.GUESS)


def lines(*senders: Delivery, paper: Paper = PAPER, quoted: Delivery | None = None) -> list[str]:
    return section(senders, paper, quoted)


def test_where_no_sender_was_judged_there_is_no_section() -> None:
    assert lines() == []


def test_the_worst_comes_first_and_senders_of_one_verdict_keep_the_order_of_the_report() -> None:
    senders = (
        delivery("d"),
        delivery("u", UNKNOWN),
        delivery("r2", REFUSED),
        delivery("a", AT_RISK),
        delivery("r1", REFUSED),
        guess("g", REFUSED),
    )
    assert [one.id for one in by_urgency(senders)] == ["r2", "r1", "a", "u", "d"]


def test_senders_that_deliver_are_named_together_by_how_their_sessions_are_secured() -> None:
    assert lines(
        delivery("a", security=STS, because=("mx-alias",)),
        delivery("b", security=TLS),
        delivery("c", security=STS),
        delivery("d"),
    ) == [
        "Senders",
        "  ✔ delivers  secured by MTA-STS: a, c",
        "  ✔ delivers  TLS, not verified: b",
        "  ✔ delivers  d",
    ]


def test_senders_that_refuse_for_the_same_reasons_stand_under_them_each_with_what_it_writes() -> None:
    assert lines(
        refusing("a", Bounce("451 no", None, None)),
        refusing("b", Bounce("450 never", None, None), because=("mx-alias", "cert-expired")),
        delivery("c", REFUSED, because=("mx-alias",), security=STS, bounce=Bounce("454 not", None, None)),
        delivery("d", AT_RISK, because=("mx-alias",), bounce=Bounce("455 perhaps", None, None)),
    ) == [
        "Senders",
        "  ✘ REFUSES   mx-alias",
        "    a  451 no",
        "    c  454 not",
        "  ✘ REFUSES   mx-alias, cert-expired",
        "    b  450 never",
        "  ▲ at risk   mx-alias",
        "    d  455 perhaps",
    ]


def test_senders_of_which_nothing_is_known_are_named_with_why_where_there_is_a_reason() -> None:
    assert lines(
        delivery("a", UNKNOWN),
        delivery("b", UNKNOWN, because=("resolver-unanswered", "mx-unknown")),
        delivery("c", UNKNOWN),
    ) == ["Senders", "  ? unknown   a, c", "  ? unknown   b: resolver-unanswered, mx-unknown"]


@pytest.mark.parametrize(
    ("bounce", "said"),
    [
        (Bounce("451 4.4.8 no", None, None), "451 4.4.8 no"),
        (Bounce("451 4.4.8 no", None, 432_000), "451 4.4.8 no (after 5 days a bounce)"),
        (Bounce("451 4.4.8 no", "451 4.4.8 no", 432_000), "451 4.4.8 no (for 5 days)"),
        (Bounce("451 4.4.8 no", "451 4.4.8 no", None), "451 4.4.8 no (in the end)"),
        (Bounce("451 4.4.8 no", "451 4.4.8 no", 0), "451 4.4.8 no (at once)"),
        (Bounce("451 4.4.8 no", "550 5.4.317 no", 86_400), "451 4.4.8 no (after 24 h: 550 5.4.317)"),
        (Bounce("451 no", "550 no", 86_400), "451 no (after 24 h: 550)"),
        (Bounce("451 4.4.8 no", "550 5.0.0 never", 86_400), "451 4.4.8 no (after 24 h: 550 5.0.0 never)"),
        (Bounce("451 no", "no", None), "451 no (in the end: no)"),
        (Bounce("no", "550 no", None), "no (in the end: 550)"),
        (Bounce(None, "550 5.7.1 no", 0), "at once: 550 5.7.1 no"),
        (Bounce(None, "550 5.7.1 no", None), "in the end: 550 5.7.1 no"),
        (Bounce(None, "", 3600), "after 1 h: a bounce of unknown wording"),
    ],
)
def test_what_a_sender_writes_at_first_and_in_the_end_is_one_line_that_says_nothing_twice(
    bounce: Bounce, said: str
) -> None:
    assert lines(refusing("a", bounce))[2:] == [f"    a  {said}"]


def test_the_first_words_of_the_sender_whose_bounce_the_answer_quotes_stand_above() -> None:
    quoted = refusing("a", Bounce("451 no", "550 no", 86_400))
    assert lines(quoted, refusing("b", Bounce("451 no", None, None)), quoted=quoted)[2:] == [
        "    a  as above (after 24 h: 550)",
        "    b  451 no",
    ]


def test_senders_whose_words_nobody_knows_stand_last_those_that_give_up_after_the_same_time_together() -> (
    None
):
    assert lines(
        refusing("a", None),
        refusing("b", Bounce(None, None, 86_400)),
        refusing("c", Bounce("451 no", None, None)),
        refusing("d", Bounce(None, None, 0)),
        refusing("e", Bounce(None, None, 86_400)),
        refusing("f", Bounce(None, None, None)),
    )[2:] == ["    c  451 no", "    in unknown words: a, f; b, e after 24 h; d at once"]


def test_the_name_of_a_sender_is_strong_before_its_words_and_not_where_it_comes_again_in_them() -> None:
    paper = Paper(width=60, colour=True)
    said = f"451 {'refused ' * 6}by google, says google {'refused ' * 3}by google"
    first, *more = section((refusing("google", Bounce(said, None, None)),), paper)[2:]
    assert first == f"    {paper.painted('google', Tone.STRONG)}  451 {'refused ' * 5}".rstrip()
    assert [line.count("google") for line in more] == [2, 1]
    assert "".join(more).isprintable()


def test_a_guess_that_fails_in_its_own_way_is_a_caution_below_all_that_counts() -> None:
    assert lines(
        guess("g", REFUSED, "ptr-missing", "mx-alias"),
        delivery("a", security=TLS),
        paper=Paper(width=120, unicode=True),
    ) == [
        "Senders",
        "  ✔ delivers  TLS, not verified: a",
        "  caution     g REFUSES for ptr-missing, mx-alias, if what is guessed of it were so; this counts in no verdict",
    ]


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (delivery("a", REFUSED, because=("ptr-missing",)), False),
        (delivery("a", AT_RISK, because=("ptr-missing",)), True),
        (delivery("a", REFUSED, because=("mx-alias",)), True),
        (guess("a", REFUSED, "ptr-missing"), True),
    ],
)
def test_a_guess_is_no_caution_where_a_sender_that_counts_fails_for_the_same_reasons(
    other: Delivery, told: bool
) -> None:
    said = lines(guess("g", REFUSED, "ptr-missing"), other, delivery("b"))
    assert [line.split()[:2] for line in said if " g " in line] == [["caution", "g"]] * told


def test_a_guess_that_delivers_is_no_caution() -> None:
    assert lines(guess("g", Verdict.DELIVERS), delivery("a", REFUSED))[1:] == [
        "  ✘ REFUSES",
        "    in unknown words: a",
    ]


def test_the_whole_story_of_a_sender_has_its_name_its_bounces_why_and_where_all_that_is_known_from() -> None:
    told = delivery(
        "microsoft",
        REFUSED,
        name="Microsoft (Exchange Online)",
        security=TLS,
        because=("mx-alias", "sts-mx-unlisted"),
        bounce=Bounce("451 no", None, 86_400),
        confidence=Confidence.SOURCE_CODE,
    )
    assert lines(told, paper=WHOLE) == [
        "Senders",
        "  ✘ REFUSES   microsoft        Microsoft (Exchange Online); TLS, not verified",
        "              at first      451 no",
        "              after 24 h    a bounce of unknown wording",
        "              because       mx-alias, sts-mx-unlisted",
        "              known from    source code",
    ]


@pytest.mark.parametrize(
    ("bounce", "said"),
    [
        (Bounce(None, "550 no", None), ["              in the end    550 no"]),
        (
            Bounce("451 no", "550 no", 0),
            ["              at first      451 no", "              at once       550 no"],
        ),
        (Bounce("451 no", None, None), ["              at first      451 no"]),
        (Bounce(None, None, 3600), ["              after 1 h     a bounce of unknown wording"]),
        (None, []),
    ],
)
def test_the_whole_story_has_each_bounce_on_a_line_of_its_own(bounce: Bounce | None, said: list[str]) -> None:
    assert lines(refusing("a", bounce, because=()), paper=WHOLE)[2:-1] == said


def test_in_the_whole_story_no_sender_shares_its_lines_and_a_name_that_is_its_id_is_not_said_twice() -> None:
    assert lines(
        delivery("chasquid", name="Chasquid", security=STS),
        delivery("mox", name="mox"),
        delivery("mailcow", name="Mailcow, new", security=STS),
        paper=WHOLE,
    ) == [
        "Senders",
        "  ✔ delivers  chasquid         secured by MTA-STS",
        "              known from    documented",
        "  ✔ delivers  mox",
        "              known from    documented",
        "  ✔ delivers  mailcow          Mailcow, new; secured by MTA-STS",
        "              known from    documented",
    ]


def test_the_whole_story_has_every_guess_each_below_the_words_that_it_is_one() -> None:
    caution = "  A caution: if what is guessed of it were so; this counts in no verdict:"
    assert lines(delivery("a"), guess("g", Verdict.DELIVERS), guess("h", AT_RISK), paper=WHOLE) == [
        "Senders",
        "  ✔ delivers  a",
        "              known from    documented",
        caution,
        "  ✔ delivers  g",
        "              known from    guess",
        caution,
        "  ▲ at risk   h",
        "              known from    guess",
    ]


def test_the_whole_story_has_every_try_by_which_name_it_was_judged_and_how_it_went() -> None:
    mx, alias = "mx1.example.com", "smol.example.com"
    told = delivery(
        "a",
        attempts=(
            Attempt(mx, 10, "192.0.2.1", mx, None, Verdict.DELIVERS, ""),
            Attempt(mx, 10, None, alias, ResultType.MX_MISMATCH, REFUSED, "no mx line matches"),
        ),
    )
    assert lines(told, paper=Paper(width=120, verbose=True))[3:] == [
        "              - mx1.example.com [192.0.2.1]: delivers",
        "              - mx1.example.com, before connecting: REFUSES (mx-mismatch), judged by the name smol.example.com: no mx",
        "                line matches",
    ]


def test_the_verdicts_alone_are_a_line_each_with_the_reasons_or_how_mail_is_secured() -> None:
    senders = (
        delivery("a", security=STS, because=("mx-alias",)),
        delivery("b", because=("ptr-missing", "mx-alias")),
        guess("g", REFUSED),
        delivery("microsoft", REFUSED, security=STS, because=("mx-alias",)),
    )
    assert table(senders, PAPER) == [
        "  ✘ REFUSES   microsoft        mx-alias",
        "  ✔ delivers  a                secured by MTA-STS",
        "  ✔ delivers  b                ptr-missing, mx-alias",
    ]


def test_where_nothing_more_is_known_of_a_sender_no_blanks_stand_behind_its_name() -> None:
    assert table((delivery("a", UNKNOWN),), PAPER) == ["  ? unknown   a"]
