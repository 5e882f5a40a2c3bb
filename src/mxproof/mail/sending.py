"""The hosts that send a domain's mail, with what receivers find when one of them connects."""

import msgspec

from mxproof.evidence import ANSWERED, Evidence, Kind, Question
from mxproof.formats.names import canonical
from mxproof.mail.reverse_name import PtrState, leads_to, ptr_state
from mxproof.survey.reading import ptr_names, reverse_name
from mxproof.survey.sending import evaluations_of, forward_kind, helo_name, record_questions, sending_hosts
from mxproof.survey.spf_evaluation import Evaluation


class Sender(msgspec.Struct, frozen=True):
    """One sending host.

    `helo` is the name that it gives, as far as it is known, or else its reverse name (`helo_is_said` tells which);
    `helo_leads_back`: that name has the address, None where that could not be found out. `mail` is what SPF comes to for
    mail of the domain, `greeting` for the name alone.
    """

    address: str
    helo: str
    helo_is_said: bool
    helo_leads_back: bool | None
    helo_question: Question
    ptr_state: PtrState
    ptr_names: tuple[str, ...]
    ptr_questions: tuple[Question, ...]
    mail: Evaluation
    greeting: Evaluation | None


class Sending(msgspec.Struct, frozen=True):
    """All sending hosts that are known; `questions` are those by whose answers there are no others, None where one is open."""

    senders: tuple[Sender, ...]
    questions: tuple[Question, ...] | None


def sending_of(evidence: Evidence) -> Sending:
    """Return what the evidence shows of the hosts that send mail of its domain."""
    by_record = tuple(record_questions(evidence))
    settled = all(evidence.answer(one).outcome in ANSWERED for one in by_record)
    senders = []
    for host in sending_hosts(evidence):
        reverse = Question(Kind.PTR, reverse_name(host.address))
        names = ptr_names(evidence, host.address)
        forward = tuple(Question(forward_kind(host.address), canonical(name)) for name in names)
        helo = helo_name(evidence, host)
        asked = Question(forward_kind(host.address), helo)
        answer = evidence.answer(asked)
        evaluations = evaluations_of(evidence, host)
        senders.append(
            Sender(
                address=host.address,
                helo=helo,
                helo_is_said=bool(host.helo),
                helo_leads_back=leads_to(host.address, answer) if answer.outcome in ANSWERED else None,
                helo_question=asked,
                ptr_state=ptr_state(evidence, evidence.answer(reverse), host.address, forward),
                ptr_names=tuple(canonical(name) for name in names),
                ptr_questions=(reverse, *forward),
                mail=evaluations.mail,
                greeting=evaluations.greeting,
            )
        )
    return Sending(tuple(senders), by_record if settled else None)
