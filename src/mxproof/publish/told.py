"""What became of a publication, and what is shown of a domain: version 1 of what `publish apply` and `publish status` print as JSON."""

from datetime import datetime
from typing import Final

import msgspec

from mxproof.publish.result import PublicationEnd, PublicationResult
from mxproof.publish.rollout_told import ToldRollout
from mxproof.publish.step import LaggingPlace, StepName
from mxproof.publish.told_certificate import ToldCertificate
from mxproof.remedy.preflight import Preflight

PUBLICATION_VERSION: Final = 1


class ToldPublication(msgspec.Struct, frozen=True):
    """What became of a publication of `domain`.

    `id` and `policy` are those that it is about, empty for none; `steps` are those that are left, `lag` who does not show the
    first of them. `judgement` is the preflight that it was allowed or refused by, None where none was needed; `wait_s` how long
    the safe order in it takes, None where there is none. `said` is why it could not be done.
    """

    schema_version: int
    domain: str
    end: PublicationEnd
    id: str
    policy: str
    steps: tuple[StepName, ...]
    lag: tuple[LaggingPlace, ...]
    judgement: Preflight | None
    wait_s: int | None
    said: str


class ShownPlace(msgspec.Struct, frozen=True):
    """What somebody shows: of which step, who, at which address, over which transport; `as_published` whether it is what was published.

    `certificate_ends` is when the first certificate of an address of the policy host ends, None for name servers. Where it is not `told`, it
    could not be found out what is shown there.
    """

    step: StepName
    place: str
    address: str
    transport: str
    shows: str
    as_published: bool | None
    certificate_ends: datetime | None = None
    told: bool = True


class PublishedDomain(msgspec.Struct, frozen=True):
    """What is shown of a domain beside what was published of it.

    `published_at` is None where nothing was; `open_since` where nothing is under way, and `open_steps` are what is left of it.
    `forced` are the reasons for which something was published in spite of its judgement, the newest first. `rollout` is how its
    roll-out stands, None where it is not being rolled out. `certificate` is how it stands with that of its policy host, None where it is not
    had from an authority.
    """

    schema_version: int
    domain: str
    observed_at: datetime
    id: str
    policy: str
    published_at: datetime | None
    open_since: datetime | None
    open_steps: tuple[StepName, ...]
    shown: tuple[ShownPlace, ...]
    forced: tuple[str, ...]
    rollout: ToldRollout | None = None
    certificate: ToldCertificate | None = None


def told(result: PublicationResult) -> ToldPublication:
    """Return what became of a publication as it is printed."""
    state, judgement = result.state, result.judgement
    return ToldPublication(
        PUBLICATION_VERSION,
        result.domain,
        result.end,
        state.id if state is not None else "",
        state.policy if state is not None else "",
        tuple(one.step for one in result.steps),
        result.lag,
        judgement.preflight if judgement is not None else None,
        judgement.wait_s() if judgement is not None else None,
        result.said,
    )
