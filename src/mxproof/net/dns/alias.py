"""From the name asked to the name that answers: the CNAME and DNAME records of a response followed.

| in the answer | what is said of it |
|---|---|
| a CNAME at the name | the next name is its target (RFC 1034 section 4.3.2) |
| a DNAME above the name, and no CNAME | the target is made of it (RFC 6672 section 2.2) |
| two CNAMEs of one name, or another record beside one | malformed (RFC 2181 section 10.1, RFC 1034 section 3.6.2) |
| a name met before, more than ALIASES_MAX, a name too long | malformed, each in its own words |
"""

import msgspec

from mxproof.evidence import Alias, Kind
from mxproof.formats.dns_name import NAME_BYTES_MAX, name_text
from mxproof.formats.errors import FormatError, Objection
from mxproof.net.dns.response import (
    CLASS_IN,
    TYPE_CNAME,
    TYPE_DNAME,
    TYPE_NSEC,
    TYPE_NSEC3,
    TYPE_RRSIG,
    Message,
    ResourceRecord,
    alias_target,
    select,
)

ALIASES_MAX = 16

BESIDE_ANYTHING = frozenset({TYPE_CNAME, TYPE_DNAME, TYPE_RRSIG, TYPE_NSEC, TYPE_NSEC3})
"""Types that may be in an answer beside what was asked for: the way there, and its signatures and proofs."""


class Way(msgspec.Struct, frozen=True):
    """Where the aliases lead: `end` is the name that answers, `ttls_s` those of the records on the way."""

    aliases: tuple[Alias, ...]
    end: bytes
    ttls_s: tuple[int, ...]


class WayError(Exception):
    """The aliases lead nowhere; `aliases` are those followed so far."""

    def __init__(self, aliases: list[Alias], words: str) -> None:
        self.aliases = tuple(aliases)
        self.words = words
        super().__init__(words)


def follow(message: Message, name: bytes, kind: Kind) -> Way:
    """Follow the aliases of `name` (its letters in lower case) in the answer section.

    Raises WayError where they lead nowhere, and FormatError where a record is unsound.
    """
    aliases: list[Alias] = []
    seen = [name]
    while kind is not Kind.CNAME:
        found = _next(message, name, aliases)
        if found is None:
            break
        target, ttl_s = found
        aliases.append(Alias(name_text(name), name_text(target), ttl_s))
        if target in seen:
            circle = " -> ".join(name_text(one) for one in (*seen[seen.index(target) :], target))
            raise WayError(aliases, f"the aliases lead in a circle: {circle}")
        if len(aliases) > ALIASES_MAX:
            raise WayError(aliases, f"more than {ALIASES_MAX} aliases, the last of {name_text(name)}")
        seen.append(target)
        name = target
    return Way(tuple(aliases), name, tuple(alias.ttl_s for alias in aliases))


def _next(message: Message, name: bytes, aliases: list[Alias]) -> tuple[bytes, int] | None:
    records = select(message.answer, name, TYPE_CNAME)
    if not records:
        return _by_dname(message, name, aliases)
    targets = {alias_target(message, record) for record in records}
    if len(targets) > 1:
        raise WayError(aliases, f"{name_text(name)} has several CNAME records (RFC 2181 section 10.1)")
    if any(_is_beside(record, name) for record in message.answer):
        words = "has a CNAME record and others beside it (RFC 1034 section 3.6.2)"
        raise WayError(aliases, f"{name_text(name)} {words}")
    return targets.pop(), min(record.ttl_s for record in records)


def _is_beside(record: ResourceRecord, name: bytes) -> bool:
    return record.owner == name and record.rdclass == CLASS_IN and record.type not in BESIDE_ANYTHING


def _by_dname(message: Message, name: bytes, aliases: list[Alias]) -> tuple[bytes, int] | None:
    """Return what the DNAME above `name` makes of it, None where there is none."""
    for record in message.answer:
        if record.type != TYPE_DNAME or record.rdclass != CLASS_IN or not _is_below(name, record.owner):
            continue
        target = name[: -len(record.owner)] + alias_target(message, record)
        if len(target) > NAME_BYTES_MAX:
            words = f"the DNAME of {name_text(record.owner)} makes a name of more than {NAME_BYTES_MAX} bytes"
            raise WayError(aliases, f"{words} (RFC 6672 section 2.2)")
        return target, record.ttl_s
    return None


def _is_below(name: bytes, owner: bytes) -> bool:
    """Tell whether `name` is below `owner`, at the border of a label."""
    at = 0
    while name[at]:
        at += 1 + name[at]
        if name[at:] == owner:
            return True
    return False


def refuse_leftovers(message: Message, way: Way) -> None:
    """Raise FormatError where an answer without the records asked for has others (RFC 2308 section 2.2).

    What is there is about another name, another type or another class, and says nothing about the question.
    """
    on_the_way = {alias.name for alias in way.aliases}
    for record in message.answer:
        owner = name_text(record.owner)
        if record.type in BESIDE_ANYTHING and (record.type != TYPE_CNAME or owner in on_the_way):
            continue
        words = f"the answer is about something else: type {record.type} of {owner}"
        raise FormatError(
            "DNS message", Objection("answer-foreign", words, record.start, "RFC 2308 section 2.2")
        )
