"""All that is known of texts, in the order of precedence: systems first, shared texts last.

Left out on purpose, because no source could be found: Google's wording for a failed MTA-STS check as a sender. What
Postfix logs of every session (`Untrusted TLS connection established`) is no failure and no rule.
"""

from mxproof.explain.knowledge import (
    classic,
    common,
    exim,
    google,
    microsoft,
    milters,
    postfix,
    receivers,
    senders,
    sockets,
)
from mxproof.explain.knowledge.rule import Chapter

CHAPTERS: tuple[Chapter, ...] = (
    *microsoft.CHAPTERS,
    *sockets.CHAPTERS,
    *google.CHAPTERS,
    *postfix.CHAPTERS,
    *exim.CHAPTERS,
    *classic.CHAPTERS,
    *receivers.CHAPTERS,
    *milters.CHAPTERS,
    *senders.CHAPTERS,
    *common.CHAPTERS,
)

TLS_REPORTS: Chapter = common.TLS_REPORTS
