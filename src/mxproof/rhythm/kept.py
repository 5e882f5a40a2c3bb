"""What of a detector has to be kept, beside its senders, for going on later as if it had never ended."""

import msgspec


class KeptDetector(msgspec.Struct, frozen=True):
    """How a detector stands, its senders left out: what has to be kept for going on later."""

    hour: int
    week_hour: int
    clock: int
    since_clock: float
    now_s: float
    day: int
    doubted_days: int
    all_expected: list[float]
    all_threshold: float
    all_pending: float
    all_from: float
    all_since_s: float
    mails_until_ready: int
    outage_today: bool
    candidates: dict[str, list[float]]
