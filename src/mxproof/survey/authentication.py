"""The survey of the name servers behind SPF, DKIM and DMARC: each record at each server, as receivers ask for it.

```
D ──TXT── SPF record ── TXT of each include and redirect (RFC 7208 section 4.6.4: ten look-ups)
_dmarc.D ──TXT; where D has none, _dmarc of the domains above it (`mxproof.survey.dmarc`)
SELECTOR._domainkey.D ──TXT
each of these names, and each name that it is an alias of, at each of its servers (`mxproof.survey.name_servers`)
```
The function is pure and, but for its bounds, monotone: more answers only add questions.
"""

from mxproof.evidence import ANSWERED, DnsData, Evidence, Kind, Question, TxtRecord
from mxproof.formats.dkim import KEY_LABEL
from mxproof.formats.dmarc import is_dmarc
from mxproof.formats.names import canonical
from mxproof.formats.spf import LOOKUPS_MAX, is_spf, lookups
from mxproof.survey import name_servers
from mxproof.survey.dmarc import record_question, texts_at, walk
from mxproof.survey.name_servers import ALIASES_ASKED_MAX, record_questions
from mxproof.survey.reading import askable

KEYS_ASKED_MAX = 2
"""DKIM keys of one header that are asked for."""
DMARC_NAMES_MAX = 4
"""Names at which the DMARC record is looked for."""
NAMES_MAX = LOOKUPS_MAX + KEYS_ASKED_MAX + DMARC_NAMES_MAX + 1 + ALIASES_ASKED_MAX


def wanted(evidence: Evidence, keys: tuple[str, ...] = ()) -> tuple[Question, ...]:
    """Return the questions that the evidence so far calls for and does not answer; `keys` are names of DKIM keys."""
    return tuple(question for question in needed(evidence, keys) if question not in evidence.answers)


def needed(evidence: Evidence, keys: tuple[str, ...] = ()) -> tuple[Question, ...]:
    """Return all questions that the evidence calls for, answered or not."""
    return tuple(dict.fromkeys(name_servers.needed(evidence, records(evidence, keys))))


def records(evidence: Evidence, keys: tuple[str, ...]) -> tuple[Question, ...]:
    """Return the records that decide, as they are asked of a resolver, the most important first."""
    return tuple(Question(Kind.TXT, name) for name in record_names(evidence, keys))


def dmarc_names(evidence: Evidence) -> tuple[str, ...]:
    """Return where receivers look for the DMARC record: on the walk up to the first name that has one, or is not told.

    The top-level domain is left out: its servers are asked for nothing but themselves.
    """
    names: list[str] = []
    for name in walk(evidence.domain)[:DMARC_NAMES_MAX]:
        if "." not in name and names:
            break
        question = record_question(name)
        names.append(question.name)
        answered = evidence.answer(question).outcome in ANSWERED
        if not answered or any(map(is_dmarc, texts_at(evidence, name))):
            break
    return tuple(names)


def record_names(evidence: Evidence, keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names whose TXT records decide, with those that they are aliases of, the most important first."""
    first = (evidence.domain, *dmarc_names(evidence), *map(canonical, keys[:KEYS_ASKED_MAX]))
    names: dict[str, None] = {}
    for name in (*first, *spf_names(evidence)):
        names.update(dict.fromkeys(chain(evidence, name)))
    return tuple(names)[:NAMES_MAX]


def keys_asked(evidence: Evidence) -> tuple[str, ...]:
    """Return the names of the DKIM keys that were asked for, in order of the alphabet.

    They are below `_domainkey` (RFC 6376 section 3.6.2.1); what a key is an alias of, or an SPF record includes, is
    none by itself.
    """
    named = sorted(
        one.name
        for one in evidence.answers
        if one.kind is Kind.TXT and not one.server and f".{KEY_LABEL}." in one.name
    )
    followed = {
        target for name in named for target in chain(evidence, name) if name not in chain(evidence, target)
    }
    followed.update(spf_names(evidence) if named else ())
    return tuple(name for name in named if name not in followed)


def spf_names(evidence: Evidence) -> tuple[str, ...]:
    """Return the domains whose SPF records are part of the evaluation, nearest first, at most LOOKUPS_MAX."""
    found: dict[str, None] = {}
    waiting = [evidence.domain]
    spent = 0
    while waiting and spent < LOOKUPS_MAX:
        terms = [term for text in spf_texts(evidence, waiting.pop(0)) for term in lookups(text)]
        for term in terms[: LOOKUPS_MAX - spent]:
            spent += 1
            if askable(term.name or ".") and term.name not in found:
                found[term.name] = None
                waiting.append(term.name)
    return tuple(found)


def spf_texts(evidence: Evidence, name: str) -> tuple[bytes, ...]:
    """Return the SPF records of `name` that anybody gave: the resolver, or a server of its zone."""
    found: set[bytes] = set()
    for link in chain(evidence, name):
        for question in _everywhere(evidence, Question(Kind.TXT, link)):
            data = evidence.answer(question).data
            if isinstance(data, DnsData):
                found.update(one.text for one in data.records if isinstance(one, TxtRecord))
    return tuple(sorted(text for text in found if is_spf(text)))


def chain(evidence: Evidence, name: str) -> tuple[str, ...]:
    """Return `name` and the names that it is an alias of, as the resolver says, at most ALIASES_ASKED_MAX of these."""
    _, data = evidence.dns(Kind.TXT, name)
    links = data.chain[:ALIASES_ASKED_MAX] if data is not None else ()
    return tuple(dict.fromkeys((name, *(link.target for link in links))))


def _everywhere(evidence: Evidence, record: Question) -> tuple[Question, ...]:
    return (record, *record_questions(evidence, record))
