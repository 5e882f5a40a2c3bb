"""What one MX address agreed to of each offer of TLS that was made to it."""

from collections.abc import Iterator

import msgspec

from mxproof.evidence import Evidence, Kind, Question
from mxproof.formats.tls_offer import Offer
from mxproof.survey.tls import is_agreed, is_closed, is_told


class OfferMade(msgspec.Struct, frozen=True):
    """An offer that was answered: with `version` and `cipher`, a name of the IANA registry, or with a refusal.

    `questions` are those that show it.
    """

    offer: Offer
    questions: tuple[Question, ...]
    version: str = ""
    cipher: str = ""

    @property
    def is_refused(self) -> bool:
        """Tell whether the server said that nothing of it suits."""
        return not self.version


def offers_of(evidence: Evidence, host: str, address: str) -> tuple[OfferMade, ...]:
    """Return the offers that the server agreed to or refused; of others nothing is known.

    To close the connection is a refusal where the server agreed to an offer that was made after it.
    """
    asked = [Question(Kind.TLS, host, address, offer=offer) for offer in Offer]
    agreed = [question for question in asked if is_agreed(evidence, question)]
    return tuple(one for question in asked for one in _made(evidence, question, agreed))


def _made(evidence: Evidence, question: Question, agreed: list[Question]) -> Iterator[OfferMade]:
    answer, data = evidence.hello(question)
    if data is not None and is_told(evidence, question):
        yield OfferMade(question.offer, (question,), data.version, data.cipher)
    elif is_closed(evidence, question):
        later = (one for one in agreed if evidence.answer(one).at > answer.at)
        yield from (OfferMade(question.offer, (question, one)) for one in list(later)[:1])
