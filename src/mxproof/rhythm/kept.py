"""What of a detector has to be kept, beside its senders, for going on later as if it had never ended."""

import msgspec

from mxproof.rhythm.everybody import Everybody


class KeptDetector(msgspec.Struct, frozen=True):
    """How a detector stands, its senders left out: what has to be kept for going on later."""

    hour: int
    week_hour: int
    clock: int
    since_clock: float
    now_s: float
    day: int
    doubted_days: int
    everybody: Everybody
    outage_today: bool
    candidates: dict[str, list[float]]
