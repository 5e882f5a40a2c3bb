"""A finding in words: which of its values, ways, changes and duties stand in which member."""

import pytest

from mxproof.evidence import Kind, Question
from mxproof.judge.catalogue import CATALOGUE, in_words, joined, names_readers, paragraph
from mxproof.judge.codes import Code
from mxproof.judge.report import Duty, Finding, MendingWay, WordedFinding
from mxproof.judge.value import Value
from mxproof.judge.vocabulary import Actor, Severity
from mxproof.mail.change import Configure, Ipv4Value, MxValue, Service, Setting, Withdraw

MX1, MX2 = "mx1.example.com", "mx2.example.com"
SIGNED = Configure(Service.DNS, "example.net", (), Setting.SIGNED)
RETIRED = Withdraw("example.com", MxValue(20, MX2))
SERVER, ZONE = Duty(Actor.SERVER, MX2), Duty(Actor.DNS, "example.com")
ASKED = Question(Kind.TLSA, f"_25._tcp.{MX1}")


def partial(*without: str, way: str = "", ways: tuple[MendingWay, ...] = ()) -> Finding:
    params: dict[str, Value] = {"with_dane": (MX1,), "without": without}
    return Finding(Code.DANE_PARTIAL, "example.com", params, (ASKED,), (SIGNED,), way, ways)


def worded(finding: Finding, *duties: tuple[Duty, ...], mended: Finding | None = None) -> WordedFinding:
    return in_words(finding, Severity.NOTICE, ("google", "mox"), duties=duties or ((),), mended=mended)


def test_a_finding_has_the_steps_of_its_own_way_and_else_the_fix() -> None:
    entry = CATALOGUE[Code.DANE_PARTIAL]
    by_itself, unsigned = worded(partial(MX2)), worded(partial(MX2, way="unsigned"))
    assert by_itself.steps == tuple(one.replace("{without}", MX2) for one in entry.fix)
    assert unsigned.steps == tuple(one.replace("{without}", MX2) for one in entry.ways["unsigned"])
    assert by_itself.steps != unsigned.steps
    assert (unsigned.fix, unsigned.otherwise, unsigned.ways) == (joined(unsigned.steps, ()), (), ())
    assert unsigned.changes == (SIGNED,)
    assert (unsigned.severity, unsigned.affects, unsigned.rfc) == (
        Severity.NOTICE,
        ("google", "mox"),
        entry.rfc,
    )
    assert unsigned.evidence == (str(ASKED),)


def test_what_is_mended_with_it_is_told_in_detail_and_fix_and_not_in_the_summary() -> None:
    """One server may be told of where all that are mended at once are to be set right."""
    own = Finding(
        Code.SMTP_UNREACHABLE,
        MX1,
        {"host": MX1, "addresses": ("192.0.2.1",), "seen": ("alone",)},
        (ASKED,),
        (SIGNED,),
    )
    more = Finding(
        Code.SMTP_UNREACHABLE,
        MX2,
        {
            "host": MX1,
            "addresses": ("192.0.2.1", "192.0.2.2"),
            "seen": ("together",),
            "address_records": (Withdraw(MX1, Ipv4Value("192.0.2.1")),),
        },
        (),
        (SIGNED, RETIRED),
        "",
        (MendingWay("withdraw", (RETIRED,)),),
    )
    said = worded(own, (SERVER,), (ZONE,), mended=more)
    assert "192.0.2.2" not in said.summary
    assert "together" in said.detail
    assert "alone" not in said.detail
    assert ["192.0.2.2" in one for one in said.steps] == [True]
    assert (said.subject, said.changes) == (MX1, (SIGNED, RETIRED))
    assert said.evidence == (str(ASKED),)
    (way,) = said.ways
    assert (way.changes, way.duties) == ((RETIRED,), (ZONE,))
    assert said.otherwise == (paragraph(way),)
    assert said.fix == joined(said.steps, said.otherwise)
    alone = worded(own)
    assert ("alone" in alone.detail, alone.ways, alone.changes) == (True, (), (SIGNED,))


def test_the_way_taken_is_that_of_what_is_mended() -> None:
    said = worded(partial(MX2), mended=partial(MX2, way="unsigned"))
    assert said.steps == worded(partial(MX2, way="unsigned")).steps
    other = worded(partial(MX2, way="unsigned"), mended=partial(MX2))
    assert other.steps == worded(partial(MX2)).steps


def test_each_way_has_its_own_steps_changes_and_those_who_act_for_it() -> None:
    ways = (MendingWay("retire", (RETIRED,)), MendingWay("unsigned", (SIGNED,)))
    said = worded(partial(MX2, ways=ways), (SERVER,), (ZONE,), (SERVER, ZONE))
    retire, unsigned = said.ways
    assert (retire.changes, retire.duties, unsigned.changes, unsigned.duties) == (
        (RETIRED,),
        (ZONE,),
        (SIGNED,),
        (SERVER, ZONE),
    )
    assert said.duties == (SERVER,)
    assert (said.who, retire.who) == (f"you, at {MX2}", "you, in the DNS zone of example.com")
    assert unsigned.who == f"{said.who}; {retire.who}"
    assert said.otherwise == (paragraph(retire), paragraph(unsigned))


def test_ways_without_anybody_named_are_told_all_the_same_and_one_without_its_actor_is_a_mistake() -> None:
    ways = (MendingWay("retire", (RETIRED,)), MendingWay("unsigned", (SIGNED,)))
    said = worded(partial(MX2, ways=ways), (SERVER,))
    assert [(one.duties, one.who) for one in said.ways] == [((), ""), ((), "")]
    with pytest.raises(ValueError, match="shorter"):
        worded(partial(MX2, ways=ways), (SERVER,), (ZONE,))


def test_nobody_acts_where_there_is_no_step() -> None:
    order = Finding(Code.MX_OK, "example.com", {"domain": "example.com", "hosts": (MX1,), "count": 1})
    said = in_words(order, Severity.OK, (), duties=((SERVER,),))
    assert CATALOGUE[Code.MX_OK].fix == ()
    assert (said.steps, said.duties, said.who, said.fix) == ((), (), "", "")


def test_what_a_check_says_counts_before_what_is_computed_and_the_subject_before_both() -> None:
    finding = Finding(
        Code.TLSRPT_MULTIPLE, "_smtp._tls.example.com", {"count": 2, "record": (), "subject": "of params"}
    )
    said = in_words(finding, Severity.ERROR, (), {"count": 9, "subject": "computed"})
    assert said.summary.startswith("_smtp._tls.example.com has 2 ")
    computed = Finding(Code.TLSRPT_MULTIPLE, "_smtp._tls.example.com", {"record": ()})
    assert in_words(computed, Severity.ERROR, (), {"count": 9}).summary.startswith(
        "_smtp._tls.example.com has 9 "
    )


def test_the_code_that_no_topic_has_is_no_entry() -> None:
    with pytest.raises(KeyError):
        CATALOGUE["mx-nothing"]  # type: ignore[index]  # what is no code


def test_readers_are_named_in_the_words_of_some_findings_alone() -> None:
    naming = {one for one in Code if names_readers(one)}
    assert Code.STS_RECORD_MULTIPLE in naming
    assert Code.MX_NULL not in naming
