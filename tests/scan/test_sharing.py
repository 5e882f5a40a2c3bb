"""Which questions belong to one domain, and which bucket a shared one falls into."""

import pytest

from mxproof.evidence import CONNECTION_KINDS, Kind, Question
from mxproof.scan.sharing import BUCKETS_MIN, bucket_of, buckets_for, is_own, spread

BUCKETS = 8


@pytest.mark.parametrize(
    ("question", "own"),
    [
        (Question(Kind.MX, "example.com"), True),
        (Question(Kind.TXT, "_mta-sts.example.com"), True),
        (Question(Kind.A, "mta-sts.example.com"), True),
        (Question(Kind.AAAA, "mta-sts.example.com"), True),
        (Question(Kind.A, "mx.example.com"), False),
        (Question(Kind.A, "example.com"), False),
        (Question(Kind.MX, "example.net"), False),
        (Question(Kind.TXT, "notexample.com"), False),
        (Question(Kind.TLSA, "_25._tcp.mx.example.com"), False),
        (Question(Kind.TXT, "_mta-sts.example.com", server="192.0.2.53"), False),
        (Question(Kind.POLICY, "mta-sts.example.com", "192.0.2.80"), False),
    ],
)
def test_what_hardly_another_domain_leads_to_is_its_own(question: Question, own: bool) -> None:
    assert is_own(question, "example.com") is own


def test_all_that_is_asked_of_one_address_is_of_one_bucket() -> None:
    ones = [Question(Kind.SMTP, f"mx{number}.example", "192.0.2.1") for number in range(9)]
    ones.append(Question(Kind.POLICY, "mta-sts.example", "192.0.2.1"))
    assert len({bucket_of(one, BUCKETS) for one in ones}) == 1


def test_names_and_addresses_have_buckets_apart() -> None:
    questions = [Question(Kind.A, f"{number}.example") for number in range(50)]
    questions += [Question(Kind.SMTP, "mx.example", f"192.0.2.{number}") for number in range(50)]
    for bucket, ones in spread(questions, BUCKETS).items():
        assert {one.kind in CONNECTION_KINDS for one in ones} == {bucket >= BUCKETS}


def test_a_question_is_spread_once() -> None:
    one = Question(Kind.A, "mx.example")
    assert [len(ones) for ones in spread([one, one], BUCKETS).values()] == [1]


def test_the_number_of_buckets_has_its_bounds() -> None:
    assert [buckets_for(one) for one in (1, 10, 10_000)] == [BUCKETS_MIN, 10, 64]
