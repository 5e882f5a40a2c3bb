"""From the name asked to the name that answers: the CNAME and DNAME records of a response followed.

| in the answer | what is said of it |
|---|---|
| a CNAME at the name | the next name is its target (RFC 1034 section 4.3.2) |
| a DNAME above the name, and no CNAME | the target is made of it (RFC 6672 section 2.2) |
| two CNAMEs of one name, or another record beside one | malformed (RFC 2181 section 10.1, RFC 1034 section 3.6.2) |
| two DNAMEs of one name | malformed (RFC 6672 section 2.4) |
| a name met before, more than ALIASES_MAX, a name too long | malformed, each in its own words |
"""

import msgspec

from mxproof.evidence import Alias, Kind
from mxproof.formats.dns_name import NAME_BYTES_MAX, name_text, parse_name
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
        targets = {alias_target(message, one) for one in select(message.answer, record.owner, TYPE_DNAME)}
        if len(targets) > 1:
            words = f"{name_text(record.owner)} has several DNAME records (RFC 6672 section 2.4)"
            raise WayError(aliases, words)
        target = name[: -len(record.owner)] + targets.pop()
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

    What is there is about another name, another type or another class, and says nothing about the question. A signature
    over records that are not there tells that somebody took them out.
    """
    for record in message.answer:
        if _leads_on(message, record, way):
            continue
        words = f"the answer is about something else: type {record.type} of {name_text(record.owner)}"
        raise FormatError(
            "DNS message", Objection("answer-foreign", words, record.start, "RFC 2308 section 2.2")
        )


def _leads_on(message: Message, record: ResourceRecord, way: Way) -> bool:
    """Tell whether a record goes with the aliases that were followed: one of them, a signature of one, or a proof."""
    names = [alias.name for alias in way.aliases]
    if record.type == TYPE_CNAME:
        return name_text(record.owner) in names
    if record.type == TYPE_DNAME:
        return record.owner == way.end or any(_is_below(parse_name(name), record.owner) for name in names)
    if record.type == TYPE_RRSIG:
        return record.owner != way.end
    return record.type in BESIDE_ANYTHING
