"""How answers are found: what the settings say, with the resolvers looked at and the root certificates read."""

import msgspec

from mxproof.judge.senders.protection import Rules
from mxproof.net.asking import Asking
from mxproof.net.roots import roots_from, system_roots
from mxproof.serve.policyd.settings import Settings
from mxproof.serve.policyd.trust import Belief, believed

ANSWERED_WITHIN_S = 60.0
"""How long a question waits at most, its turn included: Postfix hangs up after 100 s."""


class AnswerSettings(msgspec.Struct, frozen=True):
    """How answers are found; `asking` says whether the resolvers are believed, `roots` are certificates in DER."""

    asking: Asking
    roots: tuple[bytes, ...]
    rules: Rules
    grace_s: float
    patience_s: float
    answered_within_s: float = ANSWERED_WITHIN_S


def answer_settings(settings: Settings, belief: Belief) -> AnswerSettings:
    """Return how answers are found; raises ConfigError where the root certificates cannot be had."""
    return AnswerSettings(
        asking=msgspec.structs.replace(settings.asking, trust_ad=belief.trust_ad),
        roots=system_roots() if settings.ca_file is None else roots_from(settings.ca_file),
        rules=settings.rules,
        grace_s=settings.grace_s,
        patience_s=settings.patience_s,
    )


async def examined_settings(settings: Settings) -> tuple[AnswerSettings, str]:
    """Return how answers are found after a look at the resolvers, and what is said of DANE."""
    belief, because = await believed(settings.asking, trust_ad=settings.trust_ad)
    return answer_settings(settings, belief), f"dane={belief}: {because}"
