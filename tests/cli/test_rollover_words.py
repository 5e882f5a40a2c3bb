"""What became of rollovers and of certificates, and which TLSA records stand: sentences, marks and exit statuses."""

from datetime import UTC, datetime

import msgspec
import pytest

from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN
from mxproof.cli.rollover_words import (
    certificate_text,
    rollover_text,
    status_of_certificate,
    status_of_rollover,
)
from mxproof.judge.vocabulary import Verdict
from mxproof.publish.result import PublicationEnd
from mxproof.publish.rollover import Stage
from mxproof.publish.step import LaggingPlace
from mxproof.publish.told_certificate import CertificateEnd, ToldCertificate
from mxproof.publish.told_rollover import StandingTlsa, TlsaRole, ToldRollover
from mxproof.render.text.paper import Paper
from support_preflight import planned_sender, preflight_of

WIDE = Paper(width=1000, unicode=True)
HOST = "mx1.example.com"
AT = datetime(2026, 3, 2, 9, 5, 7, tzinfo=UTC)
LATER = datetime(2026, 3, 3, 10, 0, 0, tzinfo=UTC)
OLD = "_25._tcp.mx1.example.com. TLSA 3 1 1 aa"
NEW = "_25._tcp.mx1.example.com. TLSA 3 1 1 bb"
NOTHING = ToldRollover(
    schema_version=1,
    host=HOST,
    end=PublicationEnd.NOTHING,
    stage=Stage.OVER,
    file="",
    coming=(),
    going=(),
    swap_at=None,
    withdraw_at=None,
    lag=(),
    judgement=None,
    said="",
    standing=(),
)


def told(end: PublicationEnd = PublicationEnd.NOTHING, **fields: object) -> ToldRollover:
    return msgspec.structs.replace(NOTHING, end=end, **fields)


def standing(role: TlsaRole, places: int = 4, line: str = OLD) -> StandingTlsa:
    return StandingTlsa(HOST, line, role, places, 4)


def sentence(one: ToldRollover) -> str:
    """Return the first line behind its mark and the host."""
    first = rollover_text(one, WIDE).splitlines()[0]
    return first.partition(f"{HOST}: ")[2]


@pytest.mark.parametrize(
    ("end", "mark", "status", "as_hook"),
    [
        (PublicationEnd.NOTHING, "✔ NOTHING TO DO", DONE, DONE),
        (PublicationEnd.PLANNED, "✔ MAY BE PUBLISHED", DONE, DONE),
        (PublicationEnd.DONE, "✔ PUBLISHED", DONE, DONE),
        (PublicationEnd.UNDONE, "✔ TAKEN BACK", DONE, DONE),
        (PublicationEnd.WAITING, "… WAITING", UNKNOWN, DONE),
        (PublicationEnd.UNSEEN, "? NOT BEGUN", UNKNOWN, UNKNOWN),
        (PublicationEnd.UNCLEAR, "? NOT PUBLISHED", UNKNOWN, UNKNOWN),
        (PublicationEnd.REFUSED, "✘ NOT PUBLISHED", PROBLEM, PROBLEM),
        (PublicationEnd.FAILED, "✘ FAILED", PROBLEM, PROBLEM),
    ],
)
def test_an_end_has_a_mark_and_a_status_and_a_hook_does_not_fail_for_what_is_waited_for(
    end: PublicationEnd, mark: str, status: int, as_hook: int
) -> None:
    assert rollover_text(told(end), WIDE).partition(f"  {HOST}: ")[0] == mark
    assert (status_of_rollover(told(end)), status_of_rollover(told(end), is_hook=True)) == (status, as_hook)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"said": "it is the same certificate"}, "it is the same certificate."),
        (
            {"standing": (standing(TlsaRole.LEFT), standing(TlsaRole.SHOWN))},
            "its TLSA records name what it shows.",
        ),
        (
            {"standing": (standing(TlsaRole.LEFT), standing(TlsaRole.NEXT))},
            "no TLSA record names what it shows; `mxproof plan` finds what mends that.",
        ),
        (
            {},
            (
                "it has no TLSA records, and none are published: its addresses are not signed, "
                "so that no sender would believe them."
            ),
        ),
    ],
)
def test_where_nothing_is_to_be_done_it_is_said_what_there_is(fields: dict[str, object], said: str) -> None:
    assert sentence(told(PublicationEnd.NOTHING, **fields)) == said


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {},
            "the certificate may be shown at once, and no record has to change; nothing was done.",
        ),
        (
            {"relied": (NEW,), "going": (OLD,)},
            (
                "its record stands already, and nobody knows for how long: the certificate may be shown after a wait "
                "until no cache has the old records alone; nothing was done."
            ),
        ),
        ({"coming": (NEW,)}, "these records may come; nothing was done."),
        ({"coming": (NEW,), "relied": (OLD,)}, "these records may come; nothing was done."),
        (
            {"coming": (NEW,), "going": (OLD,)},
            (
                "this may be done in the safe order: what comes, a wait until no cache has the old records alone, "
                "the certificate, and last what goes; nothing was done."
            ),
        ),
        (
            {"going": (OLD,)},
            (
                "this may be done in the safe order: what comes, a wait until no cache has the old records alone, "
                "the certificate, and last what goes; nothing was done."
            ),
        ),
        (
            {"relied": (NEW,)},
            (
                "its record stands already, and nobody knows for how long: the certificate may be shown after a wait "
                "until no cache has the old records alone; nothing was done."
            ),
        ),
    ],
)
def test_a_plan_says_what_comes_and_what_is_waited_for(fields: dict[str, object], said: str) -> None:
    assert sentence(told(PublicationEnd.PLANNED, **fields)) == said


@pytest.mark.parametrize("end", [PublicationEnd.DONE, PublicationEnd.UNDONE])
def test_what_is_done_names_the_file_where_one_was_swapped(end: PublicationEnd) -> None:
    assert sentence(told(end, file="/etc/mail/chain.pem")) == (
        "/etc/mail/chain.pem has the certificate, and every name server the records for it alone."
    )
    assert sentence(told(end)) == "every name server has the records for what is shown alone."


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"stage": Stage.ANNOUNCE},
            (
                "not every name server has the next record yet, and nothing else changes before. "
                "`mxproof publish tlsa` goes on."
            ),
        ),
        (
            {"stage": Stage.WAIT, "swap_at": AT, "file": "/etc/mail/chain.pem"},
            (
                "caches may have the old records alone until 2026-03-02 09:05:07 UTC; "
                "then `mxproof publish deploy` goes on, and swaps the certificate."
            ),
        ),
        (
            {"stage": Stage.WAIT, "swap_at": AT},
            (
                "caches may have the old records alone until 2026-03-02 09:05:07 UTC; "
                "install the certificate after that, not before."
            ),
        ),
        (
            {"stage": Stage.INSTALL},
            (
                "install the certificate now, at every address; once it is shown `mxproof publish tlsa` goes on, "
                "and the old records go."
            ),
        ),
        (
            {"stage": Stage.SETTLE, "withdraw_at": LATER, "file": "/etc/mail/chain.pem"},
            (
                "the new certificate is shown; the old records may go from 2026-03-03 10:00:00 UTC on, "
                "once nothing shows the old one. `mxproof publish deploy` goes on."
            ),
        ),
        (
            {"stage": Stage.SETTLE},
            (
                "the new certificate is shown; the old records may go from later on, "
                "once nothing shows the old one. `mxproof publish tlsa` goes on."
            ),
        ),
        (
            {"stage": Stage.WITHDRAW},
            "not every name server has let go of the old records yet. `mxproof publish tlsa` goes on.",
        ),
    ],
)
def test_what_waits_says_for_what_and_who_goes_on(fields: dict[str, object], said: str) -> None:
    assert sentence(told(PublicationEnd.WAITING, **fields)) == said


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (
            PublicationEnd.REFUSED,
            (
                "mail would be refused, and so nothing was done at this point. "
                "--force REASON goes on in spite of it."
            ),
        ),
        (
            PublicationEnd.UNCLEAR,
            "what every sender would do could not be found out, and so nothing was done at this point.",
        ),
        (
            PublicationEnd.UNSEEN,
            "not every name server says what it has, and so no record was altered.",
        ),
        (PublicationEnd.FAILED, "the file could not be written."),
    ],
)
def test_what_could_not_be_done_says_why(end: PublicationEnd, said: str) -> None:
    assert sentence(told(end, said="the file could not be written")) == said


def test_the_records_that_stand_are_told_with_what_they_are_for_and_where() -> None:
    one = told(
        standing=(
            standing(TlsaRole.SHOWN),
            standing(TlsaRole.NEXT, places=3, line=NEW),
            standing(TlsaRole.LEFT),
        )
    )
    assert rollover_text(one, WIDE).splitlines()[1:] == [
        f"  shown   {OLD}",
        f"  next    {NEW} (at 3 of 4 places)",
        f"  left    {OLD}",
    ]


@pytest.mark.parametrize(
    ("end", "records"),
    [
        (PublicationEnd.PLANNED, [f"  comes   {NEW}", f"  stands  {OLD}0", f"  goes    {OLD}"]),
        (PublicationEnd.REFUSED, [f"  comes   {NEW}", f"  stands  {OLD}0", f"  goes    {OLD}"]),
        (PublicationEnd.UNCLEAR, [f"  comes   {NEW}", f"  stands  {OLD}0", f"  goes    {OLD}"]),
        (PublicationEnd.WAITING, []),
        (PublicationEnd.DONE, []),
    ],
)
def test_the_records_of_what_is_not_begun_are_told(end: PublicationEnd, records: list[str]) -> None:
    one = told(end, coming=(NEW,), relied=(f"{OLD}0",), going=(OLD,))
    assert rollover_text(one, WIDE).splitlines()[1:] == records


def test_who_lags_stands_before_the_records_and_the_judgement_below_a_blank_line() -> None:
    one = told(
        PublicationEnd.REFUSED,
        lag=(LaggingPlace("ns1.example.com", "192.0.2.53", "udp", "no record"),),
        standing=(standing(TlsaRole.SHOWN),),
        judgement=preflight_of(after=(planned_sender(Verdict.DELIVERS),), changes=()),
    )
    assert rollover_text(one, WIDE) == (
        "✘ NOT PUBLISHED  mx1.example.com: mail would be refused, and so nothing was done at this point. "
        "--force REASON goes on in spite of it.\n"
        "  - ns1.example.com at 192.0.2.53 over UDP: no record\n"
        f"  shown   {OLD}\n"
        "\n"
        "✔ NOTHING GETS WORSE  What is planned of example.com is what is there already.\n"
    )


@pytest.mark.parametrize(
    ("end", "mark", "status"),
    [
        (CertificateEnd.KEPT, "✔ KEPT", DONE),
        (CertificateEnd.ISSUED, "✔ ISSUED", DONE),
        (CertificateEnd.DUE, "… DUE", UNKNOWN),
        (CertificateEnd.WAITING, "… WAITING", UNKNOWN),
        (CertificateEnd.FAILED, "✘ FAILED", PROBLEM),
    ],
)
def test_a_certificate_is_told_with_its_mark(end: CertificateEnd, mark: str, status: int) -> None:
    one = ToldCertificate(1, "mta-sts.example.com", end, AT, None, None, "")
    assert certificate_text(one, WIDE) == f"{mark}  mta-sts.example.com: until 2026-03-02.\n"
    assert status_of_certificate(one) == status


def test_on_a_narrow_paper_the_lines_go_on_below_their_columns() -> None:
    narrow = Paper(width=60, unicode=True)
    one = told(PublicationEnd.WAITING, stage=Stage.WAIT, swap_at=AT, standing=(standing(TlsaRole.NEXT, 3),))
    assert rollover_text(one, narrow) == (
        "… WAITING  mx1.example.com: caches may have the old records\n"
        "           alone until 2026-03-02 09:05:07 UTC; install the\n"
        "           certificate after that, not before.\n"
        "  next    _25._tcp.mx1.example.com. TLSA 3 1 1 aa (at 3 of 4\n"
        "          places)\n"
    )
    certificate = ToldCertificate(
        1, "mta-sts.example.com", CertificateEnd.FAILED, None, None, AT, "no address"
    )
    assert certificate_text(certificate, narrow) == (
        "✘ FAILED  mta-sts.example.com: none yet: no address; tried\n"
        "          again from 2026-03-02 09:05:07 UTC on.\n"
    )
