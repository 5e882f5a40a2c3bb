"""Ask about one destination: everything, or again what has expired of the answers that are held."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import msgspec

from mxproof.evidence import Answer, Evidence, Kind, Question
from mxproof.formats.postfix.next_hop import NextHop
from mxproof.judge.decision import Held, fetch_plan, is_live
from mxproof.judge.senders.protection import Protection
from mxproof.mail.trust import with_anchors
from mxproof.net.asker import Asker
from mxproof.net.collect import collect
from mxproof.serve.policyd.answer_settings import AnswerSettings
from mxproof.serve.policyd.held_evidence import is_same, without_wire
from mxproof.survey.outbound import at_port_25, bracketed, record_id, wanted
from mxproof.survey.reading import POLICY_LABEL

_OF_MAIL_HOSTS = frozenset({Kind.A, Kind.AAAA, Kind.CNAME, Kind.TLSA})


async def surveyed(
    hop: NextHop,
    held: Held,
    settings: AnswerSettings,
    now: datetime,
    asker: Asker,
    known: Evidence | None = None,
) -> Evidence:
    """Ask what the survey wants and `known` does not answer, which has not expired, and return all answers.

    The settings are those of now, and `asker` asks as they say.
    """
    plan = fetch_plan(held, now, port=hop.port)
    start = Evidence(hop.domain) if known is None else known
    if hop.bracketed:
        start = bracketed(start, now)
    return await collect(
        hop.domain,
        asker,
        lambda evidence: wanted(evidence, plan),
        evidence=start,
    )


def understood(evidence: Evidence, hop: NextHop, settings: AnswerSettings) -> Evidence:
    """Return evidence as everything above it understands it: with trust anchors, and judged as for port 25."""
    found = with_anchors(evidence, settings.roots)
    return found if hop.port == 25 else at_port_25(found, hop.port)


def to_ask_again(hop: NextHop, held: Held, evidence: Evidence, now: datetime) -> tuple[Question, ...] | None:
    """Return what has expired, where the decision stands as long as the answers do; None where it has to be made anew.

    It stands where it is no makeshift, and where no policy is to be fetched under the id that is known and none has
    ended.
    """
    decision = held.decision
    if decision is None or decision.kept or decision.protection is Protection.UNDECIDED:
        return None
    if held.policy is not None and not is_live(held.policy, now):
        return None
    if fetch_plan(held, now, port=hop.port).calls_for_fetch(record_id(evidence)):
        return None
    old = evidence.expired(now)
    if hop.bracketed:
        given = Question(Kind.MX, hop.domain)
        old = tuple(question for question in old if question != given)
    return old


async def asked_again(
    evidence: Evidence, questions: Sequence[Question], asker: Asker
) -> tuple[Evidence, bool]:
    """Return the evidence with `questions` asked anew, and whether all answers are the same as before.

    The new answers are without their wire, as those that are held.
    """
    share = asker.share()
    if len(questions) == 1:
        answers: list[Answer] = [await asker.ask(questions[0], share)]
    else:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(asker.ask(question, share)) for question in questions]
        answers = [task.result() for task in tasks]
    same = all(
        is_same(evidence.answers[question], answer)
        for question, answer in zip(questions, answers, strict=True)
    )
    return evidence.with_answers(zip(questions, map(without_wire, answers), strict=True)), same


def is_about_mail_host(question: Question) -> bool:
    """Tell whether many destinations are likely to want a question: about addresses or TLSA records of a mail host."""
    return question.kind in _OF_MAIL_HOSTS and not question.name.startswith(f"{POLICY_LABEL}.")


def renewed(held: Held, now: datetime) -> Held:
    """Return what is held with its decision as of now."""
    assert held.decision is not None, "a decision is renewed"
    return msgspec.structs.replace(held, decision=msgspec.structs.replace(held.decision, at=now))
