"""How long an answer may be gone by before it is asked for again.

| answer | lives |
|---|---|
| of a resolver: records, or that there are none | as long as its TTL says, TTL_HELD_S_MAX or NEGATIVE_S_MAX at most |
| of a resolver: none, or an error | DNS_FAILURE_S |
| of a server itself: SMTP, a policy, a name server | SERVER_S, and where that failed SERVER_FAILURE_S |
| not asked | not at all |

These are times for asking, not for judging: how long a sender goes by a policy that it holds is said by `max_age`. An
answer from the future has expired, for the clock that it was dated by was wrong.
"""

from datetime import datetime, timedelta

from mxproof.evidence.answer import ABSENT, Answer, Outcome
from mxproof.evidence.question import CONNECTION_KINDS, Question

TTL_HELD_S_MAX = 7 * 86_400
"""RFC 8767 section 4 recommends that a TTL counts for no longer."""
NEGATIVE_S_MAX = 3 * 3600
"""RFC 2308 section 5: one to three hours have been found to work well. Without a TTL, that is without an SOA record, a
negative answer is not held at all."""
DNS_FAILURE_S = 30
"""RFC 9520 section 3.2 wants failures remembered for a second at least and RFC 2308 section 7.1 for five minutes at
most: long enough that nobody is asked in a loop, too short to outlast what an administrator mends."""
SERVER_S = 1800
"""What a server shows holds until its next connection, and no protocol says for how long. Senders that failed come back
after 30 minutes (RFC 5321 section 4.5.4.1), so to look more often would tell none of them more."""
SERVER_FAILURE_S = 300
"""RFC 8461 section 3.3 has a failed fetch of a policy tried again after five minutes at the earliest. It is soon enough
to tell a restart from a failure that lasts."""


def is_current(question: Question, answer: Answer, now: datetime) -> bool:
    """Tell whether `answer` still stands at `now`."""
    return answer.at <= now < answer.at + timedelta(seconds=lifetime_s(question, answer))


def lifetime_s(question: Question, answer: Answer) -> int:
    """Return for how long `answer` stands, in seconds from when it was complete."""
    if answer.outcome is Outcome.UNASKED:
        return 0
    if question.server or question.kind in CONNECTION_KINDS:
        answered = answer.outcome is Outcome.FOUND or answer.outcome in ABSENT
        return SERVER_S if answered else SERVER_FAILURE_S
    if answer.outcome is Outcome.FOUND:
        return min(answer.ttl_s or 0, TTL_HELD_S_MAX)
    if answer.outcome in ABSENT:
        return min(answer.ttl_s or 0, NEGATIVE_S_MAX)
    return DNS_FAILURE_S
