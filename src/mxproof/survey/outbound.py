"""The survey of a domain that mail is about to be sent to: what must be known to choose how to protect it.

```
D ──TXT _mta-sts ── a fetch is due? ── A of mta-sts.D ── POLICY at one address, then at the next ── AAAA likewise
  ──MX ── secure? ── each host: A, AAAA ── secure? ── TLSA
                     alias: CNAME ── secure? ── TLSA at the alias
```
It is smaller than that of `inbound`: nothing is asked that could not change the answer. DANE needs a resolver that
validates and a secure MX answer (RFC 7672 section 2.2.1), so without them hosts are not looked at; TLSA records are
asked for only where secure addresses lead to them, because some name servers of unsigned zones answer that question
with an error (RFC 7672 section 2.2.2). The policy is fetched only where it may be another one than is held, or has to
be refreshed, and addresses of the second family are asked for only where none of the first served it.
"""

from datetime import datetime
from functools import lru_cache

import msgspec

from mxproof.evidence import Answer, DnsData, Evidence, Kind, Outcome, PolicyData, Question, TxtRecord
from mxproof.formats.mtasts import examine_record, sts_records
from mxproof.survey.reading import (
    ADDRESSES_MAX,
    POLICY_LABEL,
    STS_LABEL,
    address_questions,
    addresses_of,
    alias_chain,
    askable,
    mx_set,
    tlsa_bases,
    tlsa_name,
)

FETCHES_MAX = 4
"""Addresses of the policy host that are tried."""

RECORDS_CACHED_MAX = 256
"""Records read last: one walk looks at the same record after each answer."""

_OK = 200


class FetchPlan(msgspec.Struct, frozen=True):
    """Whether the policy is to be fetched, and from where it may be.

    `port` is where mail will be sent to; `known_id` is the id of the live policy that is held, None where none is; `shunned_id` that of the last failed
    fetch while it is too early to try again (RFC 8461 section 3.3); `refresh` has the policy fetched whatever the
    record says.
    """

    port: int = 25
    known_id: str | None = None
    shunned_id: str | None = None
    refresh: bool = False

    def calls_for_fetch(self, record_id: str | None) -> bool:
        """Tell whether the policy is to be fetched where the record has this id, None for no valid record.

        Any difference between ids means that the policy is new (RFC 8461 section 3.1).
        """
        return self.refresh or (
            record_id is not None and record_id != self.known_id and record_id != self.shunned_id
        )


def wanted(evidence: Evidence, plan: FetchPlan) -> tuple[Question, ...]:
    """Return the questions that the evidence so far calls for and does not answer, in order of urgency."""
    answers = evidence.answers
    return tuple([question for question in dict.fromkeys(_needed(evidence, plan)) if question not in answers])


def record_id(evidence: Evidence) -> str | None:
    """Return the id of the one valid record, None where there is none (RFC 8461 section 3.1)."""
    return _shown_id(evidence.answer(Question(Kind.TXT, f"{STS_LABEL}.{evidence.domain}")))


def _shown_id(answer: Answer) -> str | None:
    data = answer.data
    if answer.outcome is not Outcome.FOUND or not isinstance(data, DnsData):
        return None
    return _id(tuple([record.text for record in data.records if isinstance(record, TxtRecord)]))


@lru_cache(maxsize=RECORDS_CACHED_MAX)
def _id(texts: tuple[bytes, ...]) -> str | None:
    records = sts_records(texts)
    record = examine_record(records[0]).strict if len(records) == 1 else None
    return None if record is None else record.id


def bracketed(evidence: Evidence, at: datetime) -> Evidence:
    """Return evidence for a destination in brackets: the host is its own mail exchanger (RFC 8461 section 3.4).

    No MX records are looked up for it (RFC 5321 section 5.1 speaks of domains), and what an administrator wrote is as
    good as a secure answer.
    """
    data = DnsData(rcode="NOERROR", secure=True)
    answer = Answer(Outcome.EMPTY, at, data, detail="the destination is in brackets: no MX look-up")
    return evidence.with_answers([(Question(Kind.MX, evidence.domain), answer)])


def at_port_25(evidence: Evidence, port: int) -> Evidence:
    """Return evidence with the TLSA records of another port as those of port 25, for which everything is judged."""
    answers = [
        (msgspec.structs.replace(question, name=question.name.replace(f"_{port}.", "_25.", 1)), answer)
        for question, answer in evidence.answers.items()
        if question.kind is Kind.TLSA
    ]
    return evidence.with_answers(answers)


def _needed(evidence: Evidence, plan: FetchPlan) -> list[Question]:
    """Return all questions that the survey has for now; lists, for it is consulted after each answer."""
    validating = evidence.vantage.validating
    mx, record = _of_every_domain(evidence.domain)
    found = [mx, record] if validating else [record]
    shown = evidence.answers.get(record)
    if plan.calls_for_fetch(None if shown is None else _shown_id(shown)):
        found += _policy_questions(evidence)
    if not validating:
        return found
    exchanges = mx_set(evidence)
    if exchanges.secure:
        hosts = [exchange.name for exchange in exchanges.exchanges if askable(exchange.name)]
        for host in hosts:
            found += address_questions(evidence.vantage.families, host)
        for host in hosts:
            found += _tlsa_questions(evidence, host, plan.port)
    return found


@lru_cache(maxsize=RECORDS_CACHED_MAX)
def _of_every_domain(domain: str) -> tuple[Question, Question]:
    """Return the questions for its MX records and for the record of its policy."""
    return Question(Kind.MX, domain), Question(Kind.TXT, f"{STS_LABEL}.{domain}")


def _policy_questions(evidence: Evidence) -> list[Question]:
    """Ask the addresses of the policy host one after another, IPv4 first, until one answers with a policy.

    An address that was not to be asked, for it is not public, is passed over and costs none of the others its turn.
    """
    host, answers = f"{POLICY_LABEL}.{evidence.domain}", evidence.answers
    found: list[Question] = []
    tried = 0
    for asked in address_questions(evidence.vantage.families, host):
        found.append(asked)
        if asked not in answers:
            return found
        for address in addresses_of(answers[asked])[:ADDRESSES_MAX]:
            question = Question(Kind.POLICY, host, address)
            found.append(question)
            answer = answers.get(question)
            if answer is None or _is_served(answer):
                return found
            tried += answer.outcome is not Outcome.UNASKED
            if tried == FETCHES_MAX:
                return found
    return found


def _is_served(answer: Answer) -> bool:
    data = answer.data
    return answer.outcome is Outcome.FOUND and isinstance(data, PolicyData) and data.status == _OK


def _tlsa_questions(evidence: Evidence, host: str, port: int) -> list[Question]:
    if not all(map(evidence.answers.__contains__, address_questions(evidence.vantage.families, host))):
        return []
    found = [Question(Kind.CNAME, host)] if len(alias_chain(evidence, host)) > 1 else []
    return found + [Question(Kind.TLSA, tlsa_name(base, port)) for base in tlsa_bases(evidence, host)]
