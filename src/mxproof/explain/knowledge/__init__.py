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
    openssl,
    postfix,
    postfix_log,
    receivers,
    senders,
    sockets,
    translated,
)
from mxproof.explain.knowledge.rule import Chapter

CHAPTERS: tuple[Chapter, ...] = (
    *microsoft.CHAPTERS,
    *sockets.CHAPTERS,
    *google.CHAPTERS,
    *postfix_log.CHAPTERS,
    *postfix.CHAPTERS,
    *exim.CHAPTERS,
    *openssl.CHAPTERS,
    *classic.CHAPTERS,
    *receivers.CHAPTERS,
    *milters.CHAPTERS,
    *senders.CHAPTERS,
    *postfix_log.LATE_CHAPTERS,
    *translated.CHAPTERS,
    *common.CHAPTERS,
)

TLS_REPORTS: Chapter = common.TLS_REPORTS
