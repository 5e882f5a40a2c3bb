"""Which names are climbed from for CAA records, how far, and which records count for a host."""

import msgspec
import pytest

from mxproof.evidence import AddressRecord, CaaRecord, DnsData, Kind, MxRecord, Outcome, Question
from mxproof.survey.caa import CAA_HOSTS_MAX, climb, climbing, needed, relevant
from support_answers import Said, told

HOST = "mx.example.com"
AT_HOST, ABOVE, TOP = (Question(Kind.CAA, name) for name in (HOST, "example.com", "com"))
ISSUE = CaaRecord(0, "issue", b"ca.example.net")
MAIL: dict[Question, Said] = {Question(Kind.MX, "example.com"): (MxRecord(10, HOST),)}
POLICY_HOST: dict[Question, Said] = {Question(Kind.A, "mta-sts.example.com"): (AddressRecord("192.0.2.80"),)}


def test_names_are_those_of_mail_hosts_and_of_the_policy_host_where_there_is_one_and_the_name_above() -> None:
    assert climbing(told(MAIL)) == (HOST, "example.com")
    assert climbing(told(MAIL | POLICY_HOST)) == (HOST, "example.com", "mta-sts.example.com")


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ({AT_HOST: (ISSUE,)}, [AT_HOST]),
        ({AT_HOST: Outcome.EMPTY}, [AT_HOST, ABOVE]),
        ({AT_HOST: Outcome.EMPTY, ABOVE: Outcome.NXDOMAIN}, [AT_HOST, ABOVE, TOP]),
        ({AT_HOST: Outcome.EMPTY, ABOVE: Outcome.SERVFAIL}, [AT_HOST, ABOVE]),
        ({AT_HOST: Outcome.EMPTY, ABOVE: Outcome.EMPTY, TOP: Outcome.EMPTY}, [AT_HOST, ABOVE, TOP]),
    ],
    ids=["found", "not asked yet", "nothing so far", "failed", "none at all"],
)
def test_it_is_climbed_up_to_the_first_name_with_records_or_of_which_nothing_is_known(
    said: dict[Question, Said], asked: list[Question]
) -> None:
    """RFC 8659 section 3."""
    assert list(climb(told(said), HOST)) == asked


@pytest.mark.parametrize(
    ("said", "question", "is_known"),
    [
        ({AT_HOST: (ISSUE,), ABOVE: (ISSUE,)}, AT_HOST, True),
        ({AT_HOST: Outcome.EMPTY, ABOVE: (ISSUE,)}, ABOVE, True),
        ({AT_HOST: Outcome.EMPTY, ABOVE: Outcome.TIMEOUT}, ABOVE, False),
        ({AT_HOST: Outcome.TIMEOUT, ABOVE: (ISSUE,)}, AT_HOST, False),
        ({AT_HOST: Outcome.EMPTY}, ABOVE, False),
    ],
    ids=["at the host", "above it", "above it not known", "at the host not known", "not asked yet"],
)
def test_the_first_records_above_a_host_count_and_none_beyond_a_look_up_that_failed(
    said: dict[Question, Said], question: Question, *, is_known: bool
) -> None:
    found = relevant(told(said), HOST)
    assert found is not None
    assert (found[0], isinstance(found[1], DnsData)) == (question, is_known)


def test_where_no_name_has_records_none_count() -> None:
    nothing: dict[Question, Said] = dict.fromkeys((AT_HOST, ABOVE, TOP), Outcome.EMPTY)
    assert relevant(told(nothing), HOST) is None


def test_an_answer_that_says_there_are_none_is_climbed_past_with_all_that_came_with_it() -> None:
    evidence = told({AT_HOST: (), ABOVE: (ISSUE,)})
    none = msgspec.structs.replace(evidence.answer(AT_HOST), outcome=Outcome.EMPTY)
    found = relevant(evidence.with_answers([(AT_HOST, none)]), HOST)
    assert found is not None
    assert found[0] == ABOVE


def test_eight_mx_hosts_are_climbed_from_the_most_preferred_and_the_policy_host_beside_them() -> None:
    hosts = [f"mx.d{number}.example" for number in range(CAA_HOSTS_MAX + 1)]
    mx: dict[Question, Said] = {
        Question(Kind.MX, "example.com"): tuple(
            MxRecord(90 - place, host) for place, host in enumerate(hosts)
        )
    }
    preferred = [*reversed(hosts)][:CAA_HOSTS_MAX]
    names = [name for host in preferred for name in (host, host.partition(".")[2])]
    assert climbing(told(mx | POLICY_HOST)) == (*names, "mta-sts.example.com", "example.com")
    asked = [one.name for one in needed(told(mx | POLICY_HOST)) if one.kind is Kind.CAA]
    assert asked == [*names, "mta-sts.example.com", "example.com"]
