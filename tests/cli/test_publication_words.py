"""What became of a publication and what is shown of a domain: the sentences, the marks and the exit statuses."""

from datetime import UTC, datetime

import pytest

from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN
from mxproof.cli.publication_words import (
    certificate_words,
    lag_lines,
    publication_text,
    published_text,
    status_of_publication,
    status_of_published,
)
from mxproof.evidence import Kind
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.change import CnameValue, TxtValue
from mxproof.publish.permission import Permission, PublicationJudgement
from mxproof.publish.result import PublicationEnd, PublicationResult
from mxproof.publish.state import PublishedState
from mxproof.publish.step import LaggingPlace, PublicationStep, StepName
from mxproof.publish.told import PublishedDomain, ShownPlace
from mxproof.publish.told_certificate import CertificateEnd, ToldCertificate
from mxproof.remedy.plan import Pause, PlannedStep
from mxproof.render.text.paper import Paper
from support_preflight import planned_sender, preflight_of

WIDE, NARROW = Paper(width=1000, unicode=True), Paper(unicode=True)
DOMAIN = "example.com"
AT = datetime(2026, 3, 2, 9, 5, 7, tzinfo=UTC)
TEXT = "version: STSv1\r\nmode: testing\r\nmx: mx.example.com\r\nmax_age: 86400\r\n"
STATE = PublishedState(DOMAIN, TEXT, "20260302T090507Z")
POLICY = PublicationStep(StepName.POLICY, "mta-sts.example.com", Kind.POLICY, None, TEXT)
NO_POLICY = PublicationStep(StepName.POLICY, "mta-sts.example.com", Kind.POLICY, None)
ID = PublicationStep(StepName.ID, "_mta-sts.example.com", Kind.TXT, TxtValue.of(b"v=STSv1; id=1;"))
NO_ID = PublicationStep(StepName.ID, "_mta-sts.example.com", Kind.TXT, None)
HOST = PublicationStep(StepName.HOST, "mta-sts.example.com", Kind.CNAME, CnameValue("sts.example.net"))
ALIKE = preflight_of(changes=())
SERVED = preflight_of(after=(planned_sender(Verdict.DELIVERS),), changes=())


def lagging(place: str, address: str = "", transport: str = "", shows: str = "no record") -> LaggingPlace:
    return LaggingPlace(place, address, transport, shows)


@pytest.mark.parametrize(
    ("result", "said", "status"),
    [
        (
            PublicationResult(DOMAIN, PublicationEnd.NOTHING, STATE),
            "✔ NOTHING TO DO  example.com: everybody shows what is wanted already, id 20260302T090507Z.",
            DONE,
        ),
        (
            PublicationResult(DOMAIN, PublicationEnd.NOTHING),
            "✔ NOTHING TO DO  example.com: everybody shows what is wanted already.",
            DONE,
        ),
        (
            PublicationResult(DOMAIN, PublicationEnd.PLANNED),
            "✔ MAY BE PUBLISHED  example.com: these steps, each seen at every server before the next; nothing was done.",
            DONE,
        ),
        (
            PublicationResult(DOMAIN, PublicationEnd.DONE, STATE),
            "✔ PUBLISHED  example.com: every server shows it, id 20260302T090507Z.",
            DONE,
        ),
        (
            PublicationResult(DOMAIN, PublicationEnd.DONE),
            "✔ PUBLISHED  example.com: every server shows it.",
            DONE,
        ),
        (
            PublicationResult(DOMAIN, PublicationEnd.UNDONE, STATE),
            "✔ TAKEN BACK  example.com: no sender had seen anything of it.",
            DONE,
        ),
        (
            PublicationResult(DOMAIN, PublicationEnd.WAITING, STATE, (HOST, POLICY, ID)),
            (
                "… WAITING  example.com: not everybody shows the step mta-sts yet; left are mta-sts, policy and _mta-sts. Mail "
                "is not affected. `mxproof publish resume example.com` goes on, `undo` takes it back."
            ),
            UNKNOWN,
        ),
        (
            PublicationResult(DOMAIN, PublicationEnd.UNSEEN),
            "? NOT BEGUN  example.com: not every name server says what it has, and so nothing was begun.",
            UNKNOWN,
        ),
        (
            PublicationResult(DOMAIN, PublicationEnd.UNCLEAR),
            "? NOT PUBLISHED  example.com: what every sender would do could not be found out, and so nothing was announced.",
            UNKNOWN,
        ),
        (
            PublicationResult(DOMAIN, PublicationEnd.FAILED, said="the server refused the update"),
            "✘ FAILED  example.com: the server refused the update.",
            PROBLEM,
        ),
    ],
)
def test_each_end_has_its_mark_its_sentence_and_its_status(
    result: PublicationResult, said: str, status: int
) -> None:
    assert (publication_text(result, WIDE), status_of_publication(result)) == (f"{said}\n", status)


def test_a_refusal_names_the_safe_order_where_there_is_one() -> None:
    step = PlannedStep(0, (), 86_400, Pause.TTL, ())
    ordered = PublicationJudgement(Permission.REFUSED, preflight_of(order=(step,)))
    assert sentence_of_a_refusal(ordered) == (
        "✘ NOT PUBLISHED  example.com: mail would be refused. The order below is safe and takes 24 h. "
        "--force REASON publishes in spite of it."
    )


def test_a_refusal_without_a_safe_order_leads_to_the_plan() -> None:
    assert sentence_of_a_refusal(PublicationJudgement(Permission.REFUSED, ALIKE)) == (
        "✘ NOT PUBLISHED  example.com: mail would be refused. `mxproof plan example.com` looks for a way. "
        "--force REASON publishes in spite of it."
    )


def test_a_refusal_for_senders_that_refuse_already_names_them() -> None:
    assert sentence_of_a_refusal(PublicationJudgement(Permission.REFUSED, ALIKE, ("Google", "Postfix"))) == (
        "✘ NOT PUBLISHED  example.com: Google and Postfix would go on to refuse mail, and nobody would be helped."
    )


def sentence_of_a_refusal(judgement: PublicationJudgement) -> str:
    result = PublicationResult(DOMAIN, PublicationEnd.REFUSED, judgement=judgement)
    assert status_of_publication(result) == PROBLEM
    return publication_text(result, WIDE).partition("\n")[0]


@pytest.mark.parametrize(
    "end",
    [PublicationEnd.NOTHING, PublicationEnd.UNDONE, PublicationEnd.UNSEEN, PublicationEnd.FAILED],
)
def test_what_was_judged_stands_below_a_blank_line(end: PublicationEnd) -> None:
    judgement = PublicationJudgement(Permission.GRANTED, SERVED)
    result = PublicationResult(DOMAIN, end, steps=(ID,), judgement=judgement)
    assert publication_text(result, WIDE).splitlines()[1:] == [
        "",
        "✔ NOTHING GETS WORSE  What is planned of example.com is what is there already.",
    ]


def test_of_what_is_published_the_judgement_is_not_told_again() -> None:
    judgement = PublicationJudgement(Permission.GRANTED, SERVED)
    result = PublicationResult(DOMAIN, PublicationEnd.DONE, judgement=judgement)
    assert publication_text(result, WIDE) == "✔ PUBLISHED  example.com: every server shows it.\n"


@pytest.mark.parametrize("end", [PublicationEnd.PLANNED, PublicationEnd.UNCLEAR])
def test_the_steps_of_what_is_not_begun_are_told_in_their_order(end: PublicationEnd) -> None:
    result = PublicationResult(DOMAIN, end, STATE, (HOST, POLICY, ID))
    assert publication_text(result, WIDE).splitlines()[1:] == [
        "  host      mta-sts.example.com. CNAME sts.example.net.",
        "  policy    https://mta-sts.example.com/.well-known/mta-sts.txt: mode: testing, mx: mx.example.com, max_age: 86400",
        '  id        _mta-sts.example.com. TXT "v=STSv1; id=1;"',
    ]


def test_the_steps_of_what_is_refused_stand_between_the_refusal_and_the_judgement() -> None:
    judgement = PublicationJudgement(Permission.REFUSED, SERVED)
    result = PublicationResult(DOMAIN, PublicationEnd.REFUSED, STATE, (NO_ID, NO_POLICY), judgement=judgement)
    assert publication_text(result, WIDE).splitlines()[1:4] == [
        "  id        _mta-sts.example.com. TXT: no record",
        "  policy    https://mta-sts.example.com/.well-known/mta-sts.txt: no policy",
        "",
    ]


def test_who_lags_is_told_with_what_is_shown_there() -> None:
    lag = (
        lagging("ns1.example.com", "192.0.2.53", "udp", '"v=STSv1; id=1;"'),
        lagging("mta-sts.example.com", "192.0.2.80", "https", "another policy"),
        lagging("ns2.example.com", shows="no address of it could be asked"),
    )
    waiting = PublicationResult(DOMAIN, PublicationEnd.WAITING, STATE, (ID,), lag)
    assert publication_text(waiting, WIDE).splitlines()[1:] == [
        '  - ns1.example.com at 192.0.2.53 over UDP: "v=STSv1; id=1;"',
        "  - mta-sts.example.com at 192.0.2.80 over HTTPS: another policy",
        "  - ns2.example.com: no address of it could be asked",
    ]


@pytest.mark.parametrize(("count", "last"), [(8, "  - ns8: no record"), (9, "  - and 1 more")])
def test_eight_that_lag_are_named_and_the_others_counted(count: int, last: str) -> None:
    told = list(lag_lines(tuple(lagging(f"ns{number}") for number in range(1, count + 1)), WIDE))
    assert (len(told), told[7], told[-1]) == (count, "  - ns8: no record", last)


def place(
    step: StepName = StepName.ID,
    place: str = "ns1",
    shows: str = "no record",
    *,
    as_published: bool | None = True,
    told: bool = True,
    ends: datetime | None = None,
) -> ShownPlace:
    return ShownPlace(step, place, "192.0.2.53", "udp", shows, as_published, ends, told)


def domain_of(
    *shown: ShownPlace,
    published_at: datetime | None = AT,
    open_since: datetime | None = None,
    open_steps: tuple[StepName, ...] = (),
    forced: tuple[str, ...] = (),
    certificate: ToldCertificate | None = None,
) -> PublishedDomain:
    return PublishedDomain(
        schema_version=1,
        domain=DOMAIN,
        observed_at=AT,
        id="1",
        policy=TEXT,
        published_at=published_at,
        open_since=open_since,
        open_steps=open_steps,
        shown=shown,
        forced=forced,
        certificate=certificate,
    )


@pytest.mark.parametrize(
    ("shown", "status"),
    [
        (domain_of(place(), place(as_published=None)), DONE),
        (domain_of(place(), place(as_published=False)), PROBLEM),
        (domain_of(place(as_published=False), place(as_published=False, told=False)), PROBLEM),
        (domain_of(place(), place(as_published=False, told=False)), UNKNOWN),
        (domain_of(place(as_published=False), published_at=None), UNKNOWN),
        (domain_of(place(as_published=False), open_since=AT), UNKNOWN),
    ],
)
def test_a_place_that_shows_something_else_is_a_problem_and_one_that_says_nothing_is_not(
    shown: PublishedDomain, status: int
) -> None:
    assert status_of_published(shown) == status


SINCE = "  example.com: id 1 since 2026-03-02 09:05 UTC"


@pytest.mark.parametrize(
    ("shown", "first"),
    [
        (domain_of(), f"{SINCE}, everybody shows it."),
        (domain_of(place(as_published=False)), f"{SINCE}, 1 place shows something else."),
        (
            domain_of(*[place(as_published=False, told=False)] * 2),
            f"{SINCE}, of 2 it could not be found out.",
        ),
        (
            domain_of(
                *[place(as_published=False)] * 2,
                place(),
                place(as_published=None),
                place(as_published=False, told=False),
            ),
            f"{SINCE}, 2 places show something else and of 1 it could not be found out.",
        ),
        (
            domain_of(published_at=None),
            "  example.com: nothing was published from here (`mxproof publish adopt` takes over what is there).",
        ),
    ],
)
def test_of_a_domain_it_is_said_first_how_many_differ(shown: PublishedDomain, first: str) -> None:
    assert published_text(shown, WIDE).splitlines()[0] == first


@pytest.mark.parametrize(
    ("left", "words"), [((StepName.POLICY, StepName.ID), "policy and _mta-sts"), ((), "nothing")]
)
def test_what_is_under_way_is_told_with_what_is_left_of_it(left: tuple[StepName, ...], words: str) -> None:
    assert published_text(domain_of(open_since=AT, open_steps=left), WIDE).splitlines()[1:] == [
        f"… under way since 2026-03-02 09:05 UTC; left: {words}. `mxproof publish resume` goes on."
    ]


def test_what_all_show_alike_is_told_once_with_how_many_were_asked() -> None:
    shown = domain_of(
        place(StepName.REPORTS, shows='"v=TLSRPTv1;"'),
        place(StepName.HOST, shows="sts.example.net.", as_published=None),
        place(StepName.POLICY, "mta-sts.example.com", "id", ends=AT),
        place(shows="id"),
        place(place="ns2", shows="id"),
    )
    assert published_text(shown, WIDE) == (
        f"{SINCE}, everybody shows it.\n"
        "✔ _mta-sts    id (2 asked)\n"
        "✔ policy      id, certificate until 2026-03-02 (1 asked)\n"
        "· mta-sts     sts.example.net. (1 asked)\n"
        '✔ _smtp._tls  "v=TLSRPTv1;" (1 asked)\n'
    )


def test_who_shows_something_else_is_named_and_so_are_all_who_differ_from_each_other() -> None:
    alone = domain_of(place(as_published=False), place(place="ns2", as_published=False))
    assert published_text(alone, WIDE).splitlines()[1:] == [
        "✘ _mta-sts    no record (ns1 192.0.2.53 udp, ns2 192.0.2.53 udp)"
    ]
    differing = domain_of(place(), place(place="ns2", shows="id"))
    assert published_text(differing, WIDE).splitlines()[1:] == [
        "✔ _mta-sts    no record (ns1 192.0.2.53 udp)",
        "✔ _mta-sts    id (ns2 192.0.2.53 udp)",
    ]


def test_the_whole_story_names_everybody() -> None:
    verbose = Paper(width=1000, unicode=True, verbose=True)
    assert published_text(domain_of(place(), place(place="ns2")), verbose).splitlines()[1:] == [
        "✔ _mta-sts    no record (ns1 192.0.2.53 udp, ns2 192.0.2.53 udp)"
    ]


def certificate(
    end: CertificateEnd,
    *,
    ends: datetime | None = None,
    renewed_from: datetime | None = None,
    again_at: datetime | None = None,
    said: str = "",
) -> ToldCertificate:
    return ToldCertificate(1, "mta-sts.example.com", end, ends, renewed_from, again_at, said)


def test_a_certificate_that_is_not_just_kept_and_what_was_forced_stand_last() -> None:
    forced = ("the MX moves tonight", "it is a test")
    shown = domain_of(place(), forced=forced, certificate=certificate(CertificateEnd.DUE))
    assert published_text(shown, WIDE).splitlines()[2:] == [
        "  order     mta-sts.example.com: none yet.",
        "  forced    the MX moves tonight",
        "  forced    it is a test",
    ]
    kept = domain_of(place(), certificate=certificate(CertificateEnd.KEPT, ends=AT))
    assert published_text(kept, WIDE).splitlines()[2:] == []


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (certificate(CertificateEnd.DUE), "none yet."),
        (certificate(CertificateEnd.KEPT, ends=AT), "until 2026-03-02."),
        (
            certificate(CertificateEnd.KEPT, ends=AT, renewed_from=datetime(2026, 2, 1, tzinfo=UTC)),
            "until 2026-03-02, renewed from 2026-02-01 on.",
        ),
        (
            certificate(CertificateEnd.FAILED, again_at=AT, said="no address"),
            "none yet: no address; tried again from 2026-03-02 09:05:07 UTC on.",
        ),
    ],
)
def test_how_it_stands_with_a_certificate_is_one_sentence(told: ToldCertificate, words: str) -> None:
    assert certificate_words(told) == f"mta-sts.example.com: {words}"


def test_on_a_narrow_paper_the_lines_go_on_below_their_columns() -> None:
    result = PublicationResult(DOMAIN, PublicationEnd.PLANNED, STATE, (POLICY,))
    assert publication_text(result, NARROW) == (
        "✔ MAY BE PUBLISHED  example.com: these steps, each seen at every server before\n"
        "                    the next; nothing was done.\n"
        "  policy    https://mta-sts.example.com/.well-known/mta-sts.txt: mode: testing,\n"
        "            mx: mx.example.com, max_age: 86400\n"
    )
