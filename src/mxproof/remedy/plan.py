"""A plan: version 1 of the contract that `mxproof plan --format json` prints.

Field names and order are the contract; `mxproof.render.json` writes these values as they stand, and the JSON Schema in
docs/reference is generated from them. All times are seconds from the first step.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from mxproof.judge.vocabulary import Security, Verdict
from mxproof.mail.change import Change
from mxproof.remedy.apply import Assumption
from mxproof.remedy.deed import Deed
from mxproof.remedy.measure import DomainPart, MeasureKind
from mxproof.remedy.search.goal import Goal

PLAN_VERSION = 1


class SenderOutcome(msgspec.Struct, frozen=True):
    """What one sender does in one state."""

    id: str
    outcome: Verdict


class VerifiedSender(msgspec.Struct, frozen=True):
    """What one sender does once all is done: its outcome, and how the session is then protected."""

    sender: str
    outcome: Verdict
    security: Security | None


class StepState(msgspec.Struct, frozen=True):
    """What the senders do while a step is the last one made, for one combination of what caches hold.

    `name` says which records are still the old ones, such as `MX example.com`; it is `current` where none is.
    """

    name: str
    senders: tuple[SenderOutcome, ...]


class Pause(StrEnum):
    """Why the next step is made when it is."""

    NONE = "none"
    """It may follow at once."""
    NEXT_SERVER = "next-server"
    """One server is set up after the other."""
    TTL = "ttl"
    """Old records are gone from every cache by then."""
    MAX_AGE = "max-age"
    """A policy that senders may hold is over by then, or they have fetched another one."""


class PlannedStep(msgspec.Struct, frozen=True):
    """What is done in one act: first at `at_s`; the next one at `wait_until_s`, and why not before.

    `changes` are several where one without the others cannot stand, such as a CNAME record and the addresses in its place.

    `change` is the first of them, for readers that take a step for one change: such a reader has to look whether there
    are more. After the last step, `wait_until_s` is when every sender does what the plan promises.
    """

    at_s: int
    changes: tuple[Change, ...]
    wait_until_s: int
    because: Pause
    states: tuple[StepState, ...]
    change: Change | None = None


class Span(msgspec.Struct, frozen=True):
    """A time with one outcome, the worst over all states that may be; `until_s` None where it lasts."""

    from_s: int
    until_s: int | None
    outcome: Verdict


class Lane(msgspec.Struct, frozen=True):
    """One sender over time; the first span is before the first step, from -1."""

    sender: str
    spans: tuple[Span, ...]


class Suffering(msgspec.Struct, frozen=True):
    """A sender that fares worse for a while than before the first step; `until_s` None where it lasts."""

    sender: str
    outcome: Verdict
    from_s: int
    until_s: int | None


class Weakened(msgspec.Struct, frozen=True):
    """A sender that delivers, and less protected for a while than before; `until_s` None where it lasts."""

    sender: str
    before: Security | None
    security: Security | None
    from_s: int
    until_s: int | None


class Rehearsal(msgspec.Struct, frozen=True):
    """An order of steps through time: when each is made, the lanes, and who suffers; nobody, where it is safe.

    `weakened` are those whose mail arrives all the same, though less protected.
    """

    steps_s: tuple[int, ...]
    lanes: tuple[Lane, ...]
    suffering: tuple[Suffering, ...]
    weakened: tuple[Weakened, ...] = ()


class Relief(msgspec.Struct, frozen=True):
    """The policy in mode testing until a way is made: whom it `helped` from `from_s` on, None where never for sure.

    `weaker` are senders that delivered before, and then do so with nothing to hold them to a verified session.
    """

    changes: tuple[Change, ...]
    helped: tuple[str, ...]
    weaker: tuple[str, ...]
    from_s: int | None


class Shortening(msgspec.Struct, frozen=True):
    """What would shorten the way another time: a policy with `max_age_s`, served alone until the earlier one is over.

    `restored_s` is from the first step of the way on; `before_s` is how long the shorter policy has to be served first.
    """

    max_age_s: int
    before_s: int
    restored_s: int | None


class Cost(msgspec.Struct, frozen=True):
    """What a way costs: records altered, policies written, certificates and servers touched, and what there is less of.

    `restored_s` is when every sender does what the plan promises, None where that never holds for sure.
    """

    records: int
    policies: int
    certificates: int
    servers: int
    hosts_fewer: int
    addresses_fewer: int
    assumptions: int
    restored_s: int | None


class WayOut(msgspec.Struct, frozen=True):
    """One way out: what it is made of, what it costs, its steps in an order through time, and what was supposed.

    `shortening` is None where no policy is waited for. `rehearsal` is that order, `naive` the one without any thought of
    caches. `is_smallest` tells that every smaller set of measures was judged and none does. `deeds` are what is done at
    which host, one for each measure.
    """

    kinds: tuple[MeasureKind, ...]
    size: int
    changes: tuple[Change, ...]
    cost: Cost
    wait_s: int
    verified: tuple[VerifiedSender, ...]
    steps: tuple[PlannedStep, ...]
    assumed: tuple[Assumption, ...]
    rehearsal: Rehearsal
    naive: Rehearsal
    shortening: Shortening | None
    is_safe: bool
    is_smallest: bool
    deeds: tuple[Deed, ...] = ()


class Obstacle(msgspec.Struct, frozen=True):
    """What stands against a sender where no way was found: the finding codes behind it, and what is not known.

    `kept` are the parts without whose alteration no way was found, though there is one with it.
    """

    sender: str
    outcome: Verdict
    because: tuple[str, ...]
    unseen: tuple[str, ...]
    kept: tuple[DomainPart, ...]


class SearchExtent(msgspec.Struct, frozen=True):
    """How far was looked: every set up to `complete_to` measures, `judged` sets in all; `stopped` at the bound."""

    complete_to: int
    judged: int
    stopped: bool


class Plan(msgspec.Struct, frozen=True):
    """All that is said of the ways out for one domain, best first; `before` is what senders do now.

    `undecided` are the senders that rest on a guess: they are shown, and nothing is asked of them. `target` are the changes
    that lead to a planned state, None where ways out were sought and not the way to one.
    """

    schema_version: int
    domain: str
    judged_at: datetime
    goal: Goal
    reached: bool
    before: tuple[SenderOutcome, ...]
    undecided: tuple[str, ...]
    ways: tuple[WayOut, ...]
    impossible: tuple[Obstacle, ...]
    search: SearchExtent
    relief: Relief | None = None
    target: tuple[Change, ...] | None = None

    @property
    def is_unknown(self) -> bool:
        """Tell whether nothing could be found out of what any sender that decides does, so that nothing was planned."""
        counted = [one.outcome for one in self.before if one.id not in self.undecided]
        return not self.ways and bool(counted) and all(one is Verdict.UNKNOWN for one in counted)
