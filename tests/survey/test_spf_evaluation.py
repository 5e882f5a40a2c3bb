"""What an SPF evaluation says of itself: why it ended, where, by which look-up; results are held by the suite."""

import pytest

from mxproof.evidence import (
    AddressRecord,
    Evidence,
    Kind,
    NameRecord,
    OtherRecord,
    Outcome,
    Question,
    TxtRecord,
)
from mxproof.formats.spf import LOOKUPS_MAX
from mxproof.judge.codes import Code
from mxproof.survey.spf_evaluation import (
    SPF_HOSTS_MAX,
    Client,
    Evaluation,
    SpfCause,
    SpfResult,
    client_at,
    evaluate,
    spf_records,
)
from support_answers import Said, told
from support_sending import SENDING, SPF_WORLDS, spf
from support_world import ZoneWorld, collect

SENDER = "postmaster@example.com"
STRANGER = Client(4, "", SENDER, "example.com")


def evaluation(world: ZoneWorld, client: Client = STRANGER) -> Evaluation:
    return evaluate(collect(world), client)


@pytest.mark.parametrize(
    ("world", "cause", "domain", "term"),
    [
        (SPF_WORLDS[Code.SPF_MULTIPLE], SpfCause.SEVERAL, "example.com", ""),
        (SPF_WORLDS[Code.SPF_INVALID], SpfCause.SYNTAX, "example.com", "ipv4:192.0.2.7"),
        (SPF_WORLDS[Code.SPF_INCLUDE_MISSING], SpfCause.MISSING, "example.com", "include:gone.example.net"),
        (
            spf("v=spf1 redirect=gone.example.net"),
            SpfCause.MISSING,
            "example.com",
            "redirect=gone.example.net",
        ),
        (SPF_WORLDS[Code.SPF_LOOKUPS_MANY], SpfCause.LOOKUPS, "example.com", "a:h10.example.com"),
        (SPF_WORLDS[Code.SPF_VOIDS_MANY], SpfCause.VOIDS, "example.com", "a:z.example.com"),
        (SPF_WORLDS[Code.SPF_HOSTS_MANY], SpfCause.HOSTS, "example.com", "mx:many.example.com"),
        (
            SENDING.zone_with("_spf.example.net TXT v=spf1 oops -all"),
            SpfCause.SYNTAX,
            "_spf.example.net",
            "oops",
        ),
    ],
)
def test_a_permerror_names_cause_domain_and_term(
    world: ZoneWorld, cause: SpfCause, domain: str, term: str
) -> None:
    got = evaluation(world)
    assert (got.result, got.cause, got.domain, got.term) == (SpfResult.PERMERROR, cause, domain, term)


@pytest.mark.parametrize("fault", ["!timeout", "!servfail", "!refused", "!bogus"])
def test_a_look_up_that_fails_is_a_temperror_and_never_a_permerror(fault: str) -> None:
    got = evaluation(SENDING.zone_with(f"_spf.example.net TXT {fault}"))
    assert (got.result, got.cause) == (SpfResult.TEMPERROR, SpfCause.FAILED)
    assert got.question == Question(Kind.TXT, "_spf.example.net")


def test_what_is_not_asked_yet_is_unknown_and_named_all_at_once() -> None:
    record = "v=spf1 a:x.example.com include:y.example.com mx:z.example.com -all"
    whole = collect(spf(record))
    question = Question(Kind.TXT, "example.com")
    evidence = Evidence("example.com", whole.vantage).with_answers([(question, whole.answer(question))])
    got = evaluate(evidence, STRANGER)
    assert got.result is SpfResult.UNKNOWN
    assert got.unanswered == (
        Question(Kind.A, "x.example.com"),
        Question(Kind.TXT, "y.example.com"),
        Question(Kind.MX, "z.example.com"),
    )


def test_a_stranger_visits_every_term_and_counts_it() -> None:
    got = evaluation(SENDING)
    assert got.result is SpfResult.FAIL
    assert got.lookups == (("example.com", "mx"), ("example.com", "include:_spf.example.net"))


def test_names_that_depend_on_the_message_are_not_looked_up_for_a_stranger() -> None:
    got = evaluation(spf("v=spf1 exists:%{i}.x.example.com -all"))
    assert (got.result, len(got.lookups), len(got.asked)) == (SpfResult.FAIL, 1, 1)


def test_whoever_comes_is_within_a_network_of_every_address() -> None:
    assert evaluation(spf("v=spf1 ip4:0.0.0.0/0 -all")).result is SpfResult.PASS
    assert evaluation(spf("v=spf1 ip4:0.0.0.0/0 -all"), Client(6, "", SENDER, "x")).result is SpfResult.FAIL


def test_the_limit_of_look_ups_holds_across_records() -> None:
    inner = " ".join(["a:mx1.example.com"] * LOOKUPS_MAX)
    got = evaluation(SENDING.zone_with(f"_spf.example.net TXT v=spf1 {inner} -all"))
    assert (got.cause, len(got.lookups)) == (SpfCause.LOOKUPS, LOOKUPS_MAX + 1)


def test_an_ipv4_address_mapped_into_ipv6_is_one_of_ipv4() -> None:
    assert client_at("::ffff:192.0.2.1", SENDER, "x").address == "192.0.2.1"


@pytest.mark.parametrize(
    "sender", ["jane@com", "jane@", f"jane@{'a' * 64}.example.com", "jane@a..example.com"]
)
def test_a_sender_without_a_domain_of_dns_has_no_record(sender: str) -> None:
    domain = sender.rpartition("@")[2]
    evidence = told({Question(Kind.TXT, domain): (TxtRecord(b"v=spf1 -all"),)})
    got = evaluate(evidence, client_at("192.0.2.7", sender, "mx.example.com"))
    assert (got.result, got.asked, got.unanswered) == (SpfResult.NONE, (), ())


@pytest.mark.parametrize(
    ("said", "want"),
    [
        ((TxtRecord(b"v=spf1 -all"), TxtRecord(b"other"), OtherRecord("x")), (b"v=spf1 -all",)),
        ((TxtRecord(b"v=spf1 b"), TxtRecord(b"v=spf1 a")), (b"v=spf1 a", b"v=spf1 b")),
        (Outcome.NXDOMAIN, ()),
        (Outcome.FOUND, ()),
        (Outcome.SERVFAIL, ()),
    ],
)
def test_records_are_the_texts_that_begin_as_spf(said: Said, want: tuple[bytes, ...]) -> None:
    assert spf_records(told({Question(Kind.TXT, "example.com"): said}), "example.com") == want


@pytest.mark.parametrize(
    ("records", "want"),
    [
        ((NameRecord("mx.example.com"),), SpfResult.PASS),
        ((OtherRecord("RRSIG"), NameRecord("mx.example.com")), SpfResult.PASS),
        ((OtherRecord("RRSIG"),), SpfResult.FAIL),
        ((NameRecord("mx.example.net"),), SpfResult.FAIL),
    ],
)
def test_ptr_passes_whose_reverse_name_leads_back(
    records: tuple[NameRecord | OtherRecord, ...], want: SpfResult
) -> None:
    evidence = told(
        {
            Question(Kind.TXT, "example.com"): (TxtRecord(b"v=spf1 ptr -all"),),
            Question(Kind.PTR, "7.2.0.192.in-addr.arpa"): records,
            Question(Kind.A, "mx.example.com"): (AddressRecord("192.0.2.7"),),
            Question(Kind.A, "mx.example.net"): (AddressRecord("192.0.2.7"),),
        }
    )
    assert evaluate(evidence, client_at("192.0.2.7", SENDER, "mx.example.com")).result is want


REVERSE = Question(Kind.PTR, "7.2.0.192.in-addr.arpa")


def by_name(names: list[str], leading: dict[str, Said], record: bytes = b"v=spf1 ptr -all") -> Evaluation:
    """Return what comes of a client with these reverse names, each with its address."""
    said: dict[Question, Said] = {
        Question(Kind.TXT, "example.com"): (TxtRecord(record),),
        REVERSE: tuple(map(NameRecord, names)),
        **{Question(Kind.A, name): answer for name, answer in leading.items()},
    }
    return evaluate(told(said), client_at("192.0.2.7", SENDER, "mx.example.com"))


def test_of_the_names_of_one_address_ten_are_looked_up() -> None:
    names = [f"h{number:02}.example.com" for number in range(SPF_HOSTS_MAX + 1)]
    elsewhere: dict[str, Said] = dict.fromkeys(names, (AddressRecord("192.0.2.9"),))
    for place, want in ((SPF_HOSTS_MAX - 1, SpfResult.PASS), (SPF_HOSTS_MAX, SpfResult.FAIL)):
        got = by_name(names, elsewhere | {names[place]: (AddressRecord("192.0.2.7"),)})
        assert got.result is want
        assert [one.name for one in got.asked if one.kind is Kind.A] == names[:SPF_HOSTS_MAX]


@pytest.mark.parametrize("outcome", [Outcome.TIMEOUT, Outcome.SERVFAIL])
def test_a_name_whose_look_up_fails_is_passed_over_and_the_next_counts(outcome: Outcome) -> None:
    leading: dict[str, Said] = {"a.example.com": outcome, "b.example.com": (AddressRecord("192.0.2.7"),)}
    assert by_name(["a.example.com", "b.example.com"], leading).result is SpfResult.PASS
    assert by_name(["a.example.com"], leading).result is SpfResult.FAIL


@pytest.mark.parametrize("record", [b"v=spf1 ptr -all", b"v=spf1 exists:%{p}.x.example.com -all"])
def test_names_that_lead_nowhere_count_as_look_ups_that_find_nothing(record: bytes) -> None:
    names = [f"h{number}.example.com" for number in range(3)]
    got = by_name(names, dict.fromkeys(names, Outcome.NXDOMAIN), record)
    assert (got.result, got.cause) == (SpfResult.PERMERROR, SpfCause.VOIDS)
    assert [one.name for one in got.voids] == names


def test_the_absence_of_its_own_record_is_no_look_up_that_found_nothing() -> None:
    question = Question(Kind.TXT, "example.com")
    for outcome in (Outcome.NXDOMAIN, Outcome.EMPTY):
        got = evaluate(told({question: outcome}), STRANGER)
        assert (got.result, got.asked, got.voids) == (SpfResult.NONE, (question,), ())


def test_behind_an_include_an_error_is_told_of_the_record_and_the_term_that_it_is_in() -> None:
    inner, outer = "_spf.example.net", "example.com"
    for record, domain, term in (
        ("v=spf1 include:_spf.example.net a:gone.example.com -all", outer, "a:gone.example.com"),
        ("v=spf1 include:_spf.example.net include:none.example.org -all", outer, "include:none.example.org"),
        ("v=spf1 include:_spf.example.net redirect=none.example.org", outer, "redirect=none.example.org"),
    ):
        world = spf(record).zone_with(f"{inner} TXT v=spf1 ip4:192.0.2.200 a:mx1.example.com -all")
        got = evaluation(world.zone_with("gone.example.com A !servfail"))
        assert (got.domain, got.term) == (domain, term)


@pytest.mark.parametrize("term", ["include:_spf.example.net", "redirect=_spf.example.net"])
def test_a_record_that_was_not_asked_for_yet_is_not_missing(term: str) -> None:
    own = (TxtRecord(f"v=spf1 {term}".encode()),)
    question, other = Question(Kind.TXT, "example.com"), Question(Kind.TXT, "_spf.example.net")
    first = evaluate(told({question: own}), STRANGER)
    assert (first.result, first.cause, first.unanswered) == (SpfResult.UNKNOWN, None, (other,))
    then = evaluate(told({question: own, other: Outcome.EMPTY}), STRANGER)
    assert (then.result, then.cause, then.term) == (SpfResult.PERMERROR, SpfCause.MISSING, term)


def test_an_error_counts_only_once_all_before_it_is_known() -> None:
    record = (TxtRecord(b"v=spf1 a:x.example.com include:gone.example.net -all"),)
    said: dict[Question, Said] = {
        Question(Kind.TXT, "example.com"): record,
        Question(Kind.TXT, "gone.example.net"): Outcome.NXDOMAIN,
    }
    got = evaluate(told(said), STRANGER)
    assert (got.result, got.cause, got.unanswered) == (
        SpfResult.UNKNOWN,
        None,
        (Question(Kind.A, "x.example.com"),),
    )
    assert got.lookups == (("example.com", "a:x.example.com"), ("example.com", "include:gone.example.net"))


@pytest.mark.parametrize(
    ("term", "address", "want"),
    [
        ("a/24", "192.0.2.99", SpfResult.PASS),
        ("a/24", "192.0.3.1", SpfResult.FAIL),
        ("a//64", "192.0.2.99", SpfResult.FAIL),
        ("a//64", "2001:db8::99", SpfResult.PASS),
        ("a//64", "2001:db8:0:1::1", SpfResult.FAIL),
        ("a/0", "2001:db8::99", SpfResult.FAIL),
        ("a/0", "", SpfResult.PASS),
        ("a//0", "", SpfResult.FAIL),
        ("a/1", "", SpfResult.FAIL),
    ],
)
def test_a_prefix_is_that_of_the_family_of_whoever_comes(term: str, address: str, want: SpfResult) -> None:
    evidence = told(
        {
            Question(Kind.TXT, "example.com"): (TxtRecord(f"v=spf1 {term} -all".encode()),),
            Question(Kind.A, "example.com"): (AddressRecord("192.0.2.1"),),
            Question(Kind.AAAA, "example.com"): (AddressRecord("2001:db8::1"),),
        }
    )
    client = client_at(address, SENDER, "x") if address else STRANGER
    assert evaluate(evidence, client).result is want


@pytest.mark.parametrize(
    ("names", "want"),
    [
        (["mail.example.org", "mx.example.com", "example.com"], "example.com"),
        (["mail.example.org", "mx.example.com"], "mx.example.com"),
        (["mail.example.org", "mail.example.net"], "mail.example.org"),
        (["notexample.com", "a.example.com"], "a.example.com"),
        ([], "unknown"),
    ],
)
def test_the_name_of_whoever_comes_is_best_that_of_the_domain_then_one_below_it_then_any(
    names: list[str], want: str
) -> None:
    """RFC 7208 section 7.3."""
    leading: dict[str, Said] = dict.fromkeys(names, (AddressRecord("192.0.2.7"),))
    got = by_name(names, leading, b"v=spf1 exists:%{p}.x.example.net -all")
    assert got.unanswered == (Question(Kind.A, f"{want}.x.example.net"),)
