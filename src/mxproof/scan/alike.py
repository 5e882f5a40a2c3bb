"""Domains that are alike are followed and judged once: those about which the same was observed but for their names and the times.

Of a list of millions most domains have one of a few shapes: the MX hosts of a provider, and nothing else. What is judged of
one holds for the next, with its name in place of the other's. Taken for alike are only domains about which

- nobody was connected to, so that no certificate, no time of day and no slowness plays a part,
- no answer holds a name in the domain itself, or one that has more in common with it than the top-level domain,
- every question and every answer is the same, however long it took and lives.

Before they are judged, domains that publish nothing but the same MX records lead to the same hosts, and one is followed for all.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence

import msgspec

from mxproof.evidence import ABSENT, CONNECTION_KINDS, DnsData, Evidence, Kind, MxRecord, NameRecord, Outcome
from mxproof.scan.row import DomainRows, Row
from mxproof.scan.table import DOMAINS

SHAPES_HELD_MAX = 2000
_OBSERVED_AT = [one.name for one in DOMAINS.columns].index("observed_at")
_OWN = "\0"
"""What stands for the name of the domain."""

Judge = Callable[[Evidence], DomainRows]


class AlikeDomains:
    """What was judged of the shapes that were met last."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._held: OrderedDict[Hashable, tuple[str, DomainRows]] = OrderedDict()

    def rows(self, evidence: Evidence) -> DomainRows:
        """Return the rows of a domain: judged, or those of one that is alike."""
        shape = shape_of(evidence)
        if shape is None:
            return self._judge(evidence)
        held = self._held.get(shape)
        if held is None:
            rows = self._judge(evidence)
            self._held[shape] = evidence.domain, rows
            if len(self._held) > SHAPES_HELD_MAX:
                self._held.popitem(last=False)
            return rows
        self._held.move_to_end(shape)
        return _renamed(held[1], held[0], evidence)


def shape_of(evidence: Evidence) -> Hashable | None:
    """Return all that is judged of the evidence but the name of its domain, None where more than that may depend on it."""
    domain = evidence.domain
    near = tuple(domain.split(".")[-2:])
    rows: list[Hashable] = []
    for question, answer in evidence.answers.items():
        if question.kind in CONNECTION_KINDS or question.server:
            return None
        if answer.data is not None and not isinstance(answer.data, DnsData):
            return None
        name = question.name
        own = name == domain or name.endswith(f".{domain}")
        if not own and _is_near(name, near):
            return None
        if any(_is_near(held, near) for held in _names(answer.data)):
            return None
        told = (answer.outcome, _facts(answer.data), answer.detail if answer.data is None else "")
        rows.append((question.kind, f"{name[: -len(domain)]}{_OWN}" if own else name, told))
    return evidence.vantage, domain.count("."), near[-1], frozenset(rows)


def leaders(several: Sequence[Evidence]) -> tuple[int, ...]:
    """Return for each domain of which no more is known than belongs to it the place of the first that leads where it leads."""
    first: dict[Hashable, int] = {}
    found = []
    for place, evidence in enumerate(several):
        led = _leading(evidence)
        found.append(place if led is None else first.setdefault(led, place))
    return tuple(found)


def _leading(evidence: Evidence) -> Hashable | None:
    """Return all that leads on from a domain, None where its own name or anything but MX records of others may."""
    near = tuple(evidence.domain.split(".")[-2:])
    led: list[Hashable] = [evidence.vantage]
    for question, answer in evidence.answers.items():
        data, is_mx = answer.data, question.kind is Kind.MX
        if not isinstance(data, DnsData) or data.chain:
            return None
        if is_mx and answer.outcome is Outcome.FOUND:
            if any(_is_near(held, near) for held in _names(data)):
                return None
            led.append((data.secure, data.records))
        elif answer.outcome not in ABSENT or (is_mx and answer.outcome is Outcome.EMPTY):
            return None  # without MX records a domain is its own host
    return tuple(led)


def _facts(data: DnsData | None) -> Hashable:
    if data is None:
        return None
    chain = tuple((one.name, one.target) for one in data.chain)
    return data.rcode, data.secure, data.records, chain, data.extended, data.authoritative, data.truncated


def _names(data: DnsData | None) -> Iterator[str]:
    for record in data.records if data is not None else ():
        match record:
            case MxRecord():
                yield record.exchange.rstrip(".").lower()
            case NameRecord():
                yield record.name
            case _:
                pass
    for alias in data.chain if data is not None else ():
        yield alias.target


def _is_near(name: str, near: tuple[str, ...]) -> bool:
    """Tell whether a name ends as the domain does in more than the top-level domain."""
    return tuple(name.split(".")[-2:]) == near


def _renamed(rows: DomainRows, before: str, evidence: Evidence) -> DomainRows:
    """Return the rows of one domain as those of another that is alike."""
    name, at = evidence.domain, evidence.observed_at()

    def own(value: object) -> object:
        if isinstance(value, str) and (value == before or value.endswith(f".{before}")):
            return f"{value[: -len(before)]}{name}"
        return value

    def row(one: Row) -> Row:
        return tuple(map(own, one))

    domain = list(rows.domain)
    domain[0], domain[_OBSERVED_AT] = name, at
    return msgspec.structs.replace(
        rows,
        domain=tuple(domain),
        findings=tuple(map(row, rows.findings)),
        verdicts=tuple((name, *one[1:]) for one in rows.verdicts),
    )
