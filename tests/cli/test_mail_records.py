"""Further records of a domain: which are wanted by the configuration, and what became of them, in words."""

import pytest

from mxproof.cli.exit import USAGE, RunError
from mxproof.cli.mail_records import records_text, wanted_records
from mxproof.mail.change import CaaValue
from mxproof.publish.mail_records import CaaJudgement, CaaPermission, WantedRecords
from mxproof.publish.result import PublicationEnd
from mxproof.publish.step import LaggingPlace
from mxproof.publish.told_records import ToldRecords, ToldSet
from mxproof.render.text.paper import Paper
from mxproof.serve.publish.config import RecordOptions

WIDE = Paper(width=1000, unicode=True)
VERBOSE = Paper(width=1000, unicode=True, verbose=True)
KEY = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
LINE = 'example.com. TXT "v=spf1 mx -all"'
SET = ToldSet((LINE,), ())


def test_records_are_read_out_of_the_configuration() -> None:
    options = RecordOptions(
        caa=('0 issue "letsencrypt.org"', " 128 IssueWild ; ", '255 iodef "mailto:a@example.com"'),
        spf="v=spf1 mx -all",
        dmarc="v=DMARC1; p=reject",
        dkim=(f"Mail  {KEY} ",),
    )
    assert wanted_records(options) == WantedRecords(
        (
            CaaValue(0, "issue", "letsencrypt.org"),
            CaaValue(128, "issuewild", ";"),
            CaaValue(255, "iodef", "mailto:a@example.com"),
        ),
        "v=spf1 mx -all",
        "v=DMARC1; p=reject",
        (("mail", KEY),),
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            RecordOptions(),
            "records: none of caa, spf, dmarc and dkim is said, so that there is nothing to publish",
        ),
        (
            RecordOptions(dkim=("mail",)),
            "records.dkim: 'mail'; the selector and, behind a space, the record was expected",
        ),
        (
            RecordOptions(dkim=("mail  ",)),
            "records.dkim: 'mail  '; the selector and, behind a space, the record was expected",
        ),
        (
            RecordOptions(dkim=(f" {KEY}",)),
            f"records.dkim: ' {KEY}'; the selector and, behind a space, the record was expected",
        ),
        (
            RecordOptions(caa=("letsencrypt.org",)),
            """records.caa: 'letsencrypt.org'; a record such as '0 issue "letsencrypt.org"' was expected""",
        ),
        (
            RecordOptions(caa=("256 issue letsencrypt.org",)),
            (
                "records.caa: '256 issue letsencrypt.org'; "
                """a record such as '0 issue "letsencrypt.org"' was expected"""
            ),
        ),
        (
            RecordOptions(caa=('0 isue "letsencrypt.org"',)),
            "records.caa: 'isue' is no property that authorities know (RFC 8659 section 4)",
        ),
        (RecordOptions(spf="mx"), "records.spf: `v=spf1 ...` was expected (RFC 7208 section 4.5)"),
        (
            RecordOptions(dmarc="v=DMARC"),
            "records.dmarc: `v=DMARC1; ...` was expected (RFC 9989 section 4.10)",
        ),
    ],
)
def test_what_is_no_record_is_refused_by_its_key(options: RecordOptions, said: str) -> None:
    with pytest.raises(RunError) as raised:
        wanted_records(options)
    assert (raised.value.status, str(raised.value)) == (USAGE, said)


def told(
    end: PublicationEnd,
    *sets: ToldSet,
    caa: tuple[CaaJudgement, ...] = (),
    lag: tuple[LaggingPlace, ...] = (),
    said: str = "",
) -> ToldRecords:
    return ToldRecords(1, "example.com", end, sets, caa, lag, said)


@pytest.mark.parametrize(
    ("end", "line"),
    [
        (
            PublicationEnd.NOTHING,
            "✔ NOTHING TO DO  example.com: its records are there already, or others of their kind, which are left as they are.",
        ),
        (
            PublicationEnd.PLANNED,
            "✔ MAY BE PUBLISHED  example.com: these records may be published; nothing was done.",
        ),
        (PublicationEnd.DONE, "✔ PUBLISHED  example.com: every name server has these records."),
        (PublicationEnd.UNDONE, "✔ TAKEN BACK  example.com: every name server has these records."),
        (
            PublicationEnd.WAITING,
            (
                "… WAITING  example.com: not every name server has these records yet; "
                "`mxproof publish records example.com` looks again."
            ),
        ),
        (
            PublicationEnd.REFUSED,
            (
                "✘ NOT PUBLISHED  example.com: an authority could not renew a certificate with these CAA records, "
                "and so nothing was done. --force REASON publishes in spite of it."
            ),
        ),
        (
            PublicationEnd.UNCLEAR,
            (
                "? NOT PUBLISHED  example.com: whether the authorities that issue may go on to could not be found out, "
                "and so nothing was done. --force REASON publishes in spite of it."
            ),
        ),
        (
            PublicationEnd.UNSEEN,
            "? NOT BEGUN  example.com: not every name server says what it has, and so nothing was begun.",
        ),
        (PublicationEnd.FAILED, "✘ FAILED  example.com: the server refused the update."),
    ],
)
def test_each_end_has_its_mark_and_its_sentence(end: PublicationEnd, line: str) -> None:
    assert records_text(told(end, said="the server refused the update"), WIDE) == f"{line}\n"


def test_what_comes_and_what_goes_can_be_pasted_behind_who_lags() -> None:
    lag = (LaggingPlace("ns1.example.com", "192.0.2.53", "tcp", "no record"),)
    other = ToldSet((f"{LINE}1", f"{LINE}2"), (f"{LINE}3",))
    assert records_text(told(PublicationEnd.WAITING, SET, other, lag=lag), WIDE).splitlines()[1:] == [
        "  - ns1.example.com at 192.0.2.53 over TCP: no record",
        f"  comes {LINE}",
        f"  comes {LINE}1",
        f"  comes {LINE}2",
        f"  goes  {LINE}3",
    ]


CAA = (
    CaaJudgement("mx1.example.com", CaaPermission.GRANTED, "Let's Encrypt may issue"),
    CaaJudgement("mx2.example.com", CaaPermission.UNCLEAR, "nobody knows its authority"),
    CaaJudgement("mx3.example.com", CaaPermission.REFUSED, "its authority may not issue"),
)
GRANTED = "  ✔ mx1.example.com: Let's Encrypt may issue."
OTHERS = [
    "  ? mx2.example.com: nobody knows its authority.",
    "  ✘ mx3.example.com: its authority may not issue.",
]


@pytest.mark.parametrize(("paper", "lines"), [(WIDE, OTHERS), (VERBOSE, [GRANTED, *OTHERS])])
def test_a_host_whose_authority_may_go_on_is_told_in_the_whole_story_alone(
    paper: Paper, lines: list[str]
) -> None:
    text = records_text(told(PublicationEnd.REFUSED, SET, caa=CAA), paper)
    assert text.splitlines()[1:] == [f"  comes {LINE}", *lines]


@pytest.mark.parametrize("paper", [WIDE, VERBOSE])
def test_of_records_that_are_not_altered_no_authority_is_told(paper: Paper) -> None:
    assert records_text(told(PublicationEnd.NOTHING, caa=CAA), paper).splitlines()[1:] == []
