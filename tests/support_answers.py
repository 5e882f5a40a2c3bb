"""Evidence in a few words: each question with the records, the outcome or the data that came back."""

from collections.abc import Mapping

from mxproof.evidence import Answer, Data, DnsData, DnsRecord, Evidence, Outcome, Question, Vantage
from support_evidence import OBSERVED_AT

Said = Outcome | tuple[DnsRecord, ...] | Data


def told(
    answers: Mapping[Question, Said], domain: str = "example.com", vantage: Vantage | None = None
) -> Evidence:
    """Return evidence in which each question was answered so; records are an answer of DNS that was found."""
    return Evidence(domain, vantage or Vantage()).with_answers(
        (one, _answer(said)) for one, said in answers.items()
    )


def _answer(said: Said) -> Answer:
    if isinstance(said, Outcome):
        return Answer(said, OBSERVED_AT)
    data = DnsData("NOERROR", secure=False, records=said) if isinstance(said, tuple) else said
    return Answer(Outcome.FOUND, OBSERVED_AT, data)
