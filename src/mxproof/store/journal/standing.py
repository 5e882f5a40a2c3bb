"""How a domain stands that is watched, from what is kept of it."""

from collections.abc import Sequence

import msgspec

from mxproof.judge.news import DomainNews
from mxproof.judge.watch_status import WATCH_STATUS_VERSION, WatchStatus
from mxproof.store.journal.watched import KeptNews, WatchedState


def watch_status(state: WatchedState, news: Sequence[KeptNews] = ()) -> WatchStatus:
    """Return how a domain stands, with these news of it."""
    newest, held = state.newest, state.held
    return WatchStatus(
        schema_version=WATCH_STATUS_VERSION,
        domain=state.domain,
        outcome=newest.outcome if newest is not None else None,
        headline=newest.headline if newest is not None else None,
        observed_at=newest.observed_at if newest is not None else None,
        due_at=state.due_at,
        is_settled=not held.candidates,
        blind_since=held.blindness.since if held.blindness is not None and held.blindness.is_told else None,
        senders=newest.outcomes if newest is not None else {},
        news=tuple(msgspec.json.decode(one.told, type=DomainNews) for one in news),
        is_paused=state.paused_by is not None,
    )
