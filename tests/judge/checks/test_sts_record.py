"""The TXT record: there, once, valid, or not known."""

from mxproof.judge.checks.sts_record import check
from mxproof.judge.codes import Code
from mxproof.judge.value import RecordFaults
from mxproof.mail.change import Publish, ServePolicy, TxtValue, Withdraw
from support_findings import asked, codes, found, only
from support_world import ZoneWorld
from support_worlds import WORLDS

NAME = "_mta-sts.example.com"
NEW = Publish(NAME, TxtValue("v=STSv1; id=20260601T120000;"))
NO_POLICY_HOST = "mta-sts.example.com A"


def world(*texts: str) -> ZoneWorld:
    return ZoneWorld().zone_with(*(f"{NAME} TXT {text}" for text in texts))


def test_a_valid_record_gives_no_finding_of_its_own() -> None:
    assert codes(ZoneWorld(), check) == []


def test_unrelated_texts_beside_the_record_do_not_count() -> None:
    assert codes(world("v=STSv1; id=1;", "v=spf1 -all", "hello"), check) == []


def test_no_record_and_no_policy_is_a_domain_without_mta_sts() -> None:
    assert codes(ZoneWorld().zone_with(f"{NAME} TXT", NO_POLICY_HOST), check) == [Code.STS_ABSENT]
    assert codes(ZoneWorld().zone_with(f"{NAME} TXT some other text", NO_POLICY_HOST), check) == [
        Code.STS_ABSENT
    ]


def test_a_domain_that_takes_no_mail_needs_no_policy() -> None:
    lines = (f"{NAME} TXT", NO_POLICY_HOST, "example.com MX 0 .")
    assert codes(ZoneWorld().zone_with(*lines), check) == []
    assert codes(ZoneWorld(zone=""), check) == []


def test_no_record_where_a_policy_is_served_is_a_record_missing() -> None:
    assert codes(ZoneWorld().zone_with(f"{NAME} TXT"), check) == [Code.STS_RECORD_MISSING]


def test_two_records_are_none() -> None:
    assert codes(world("v=STSv1; id=1;", "v=STSv1; id=1"), check) == [Code.STS_RECORD_MULTIPLE]


def test_a_record_without_id_is_invalid() -> None:
    finding = only(world("v=STSv1; ident=1;"), Code.STS_RECORD_INVALID, check)
    assert finding.subject == NAME
    faults = finding.params["faults"]
    assert isinstance(faults, RecordFaults)
    assert {one.source for one in faults.objections} == {"RFC 8461 section 3.1"}
    assert list(asked(finding)) == [f"TXT {NAME}"]


def test_a_version_in_the_wrong_case_is_no_record_and_is_not_passed_over() -> None:
    assert codes(world("V=STSv1; id=1;"), check) == [Code.STS_RECORD_INVALID]


def test_space_before_the_first_semicolon_is_read_both_ways() -> None:
    assert codes(world("v=STSv1 ; id=1;"), check) == [Code.STS_RECORD_AMBIGUOUS]


def test_a_fault_that_senders_read_past_is_ambiguous() -> None:
    assert codes(world("v=STSv1; id=1; nothing"), check) == [Code.STS_RECORD_AMBIGUOUS]


def test_a_second_text_that_some_count_makes_a_good_record_ambiguous() -> None:
    finding = only(world("v=STSv1; id=1;", "v=STSv1 ; id=2;"), Code.STS_RECORD_AMBIGUOUS, check)
    assert finding.params["faults"] == RecordFaults((), several=False, rivals=(b"v=STSv1 ; id=2;",))


def test_a_second_text_that_nobody_counts_changes_nothing() -> None:
    assert codes(world("v=STSv1; id=1;", "v=stsv1; id=2;"), check) == []


def test_two_texts_of_which_none_begins_right_are_invalid() -> None:
    finding = only(world("v=STSv1 ; id=1;", "v=STSv1 ; id=2;"), Code.STS_RECORD_INVALID, check)
    assert finding.params["faults"] == RecordFaults((), several=True, rivals=())


def test_no_answer_is_unknown_and_never_absent() -> None:
    for fault in ("!timeout", "!servfail", "!bogus", "!refused", "!unasked"):
        assert codes(world(fault), check) == [Code.STS_RECORD_UNANSWERED]


def test_the_suggested_record_is_valid_and_new() -> None:
    finding = only(WORLDS[Code.STS_RECORD_INVALID].world, Code.STS_RECORD_INVALID, check)
    assert finding.params["record"] == NEW


def test_everything_that_some_sender_counts_makes_way_for_the_record() -> None:
    old = (b"v=STSv1 ; id=2;", b"v=STSv1; id=1;")
    (finding,) = found(world(*(text.decode() for text in old), "v=spf1 -all"), check)
    assert set(finding.changes) == {*(Withdraw(NAME, TxtValue.of(text)) for text in old), NEW}
    assert finding.changes[-1] == NEW


def test_the_record_behind_an_alias_is_mended_where_it_stands() -> None:
    lines = (f"{NAME} CNAME sts.example.net", "sts.example.net TXT v=STSv1; ident=7;")
    (finding,) = found(ZoneWorld().zone_with(*lines), check)
    records = [one for one in finding.changes if isinstance(one, Publish | Withdraw)]
    assert {one.name for one in records} == {"sts.example.net"}


def test_a_record_behind_an_alias_counts() -> None:
    lines = (f"{NAME} CNAME sts.example.net", "sts.example.net TXT v=STSv1; id=7;")
    assert codes(ZoneWorld().zone_with(*lines), check) == []


def test_a_record_at_another_name_is_shown_where_a_policy_host_stands() -> None:
    at = ("example.com", "www.example.com", "_mta_sts.example.com", "mta-sts.example.com")
    for name in at:
        world = ZoneWorld().zone_with("_mta-sts.example.com TXT", f"{name} TXT v=STSv1; id=1;")
        assert only(world, Code.STS_RECORD_MISPLACED, check).params["names"] == (name,)
        assert codes(world, check) == [Code.STS_RECORD_MISPLACED]
    nowhere = ZoneWorld().zone_with(
        "_mta-sts.example.com TXT", "mta-sts.example.com A", "example.com TXT v=STSv1; id=1;"
    )
    assert codes(nowhere, check) == [Code.STS_ABSENT]


def test_an_alias_without_a_record_behind_it_is_not_a_domain_without_one() -> None:
    for target in ("gone.example.net", "mx1.example.com"):
        world = ZoneWorld().zone_with(f"_mta-sts.example.com CNAME {target}")
        found = only(world, Code.STS_RECORD_DANGLING, check)
        assert (found.params["target"], codes(world, check)) == (target, [Code.STS_RECORD_DANGLING])


def test_a_wildcard_is_told_where_the_same_text_stands_at_both_names_and_not_where_another_does() -> None:
    def with_report_text(text: str) -> list[str]:
        lines = (f"{NAME} TXT v=spf1 -all", f"_smtp._tls.example.com TXT {text}", NO_POLICY_HOST)
        return codes(ZoneWorld().zone_with(*lines), check)

    assert Code.STS_WILDCARD in with_report_text("v=spf1 -all")
    assert Code.STS_WILDCARD not in with_report_text("v=spf1 mx -all")


def test_of_several_texts_that_are_nearly_records_none_is_taken_by_a_lenient_sender() -> None:
    one, two = world("v=STSv1 ; id=1;"), world("v=STSv1 ; id=1;", "v=STSv1 ; id=2;")
    assert codes(one, check) == [Code.STS_RECORD_AMBIGUOUS]
    assert codes(two, check) == [Code.STS_RECORD_INVALID]
    faults = only(two, Code.STS_RECORD_INVALID, check).params["faults"]
    assert isinstance(faults, RecordFaults)
    assert faults.several


def test_a_first_policy_is_served_before_a_record_announces_it() -> None:
    """RFC 8461 section 3.3: a sender that sees the record fetches the policy at once."""
    finding = only(ZoneWorld().zone_with(f"{NAME} TXT", NO_POLICY_HOST), Code.STS_ABSENT, check)
    served, announced = finding.changes
    assert isinstance(served, ServePolicy)
    assert announced == NEW
    assert list(asked(finding)) == [f"TXT {NAME}"]


def test_a_policy_that_nobody_announces_rests_on_the_fetch_that_showed_it_and_wants_the_record_alone() -> (
    None
):
    finding = only(ZoneWorld().zone_with(f"{NAME} TXT"), Code.STS_RECORD_MISSING, check)
    assert finding.changes == (NEW,)
    assert list(asked(finding)) == [f"TXT {NAME}", "POLICY 192.0.2.80 (mta-sts.example.com)"]


def test_two_texts_that_are_nearly_records_are_none_to_lenient_senders_too() -> None:
    one, two = "v=STSv1 ; id=1;", "v=STSv1 ; id=2;"
    assert codes(world(one), check) == [Code.STS_RECORD_AMBIGUOUS]
    several = only(world(one, two), Code.STS_RECORD_INVALID, check)
    faults = several.params["faults"]
    assert isinstance(faults, RecordFaults)
    assert faults.several
    assert set(several.changes[:-1]) == {Withdraw(NAME, TxtValue(text)) for text in (one, two)}
