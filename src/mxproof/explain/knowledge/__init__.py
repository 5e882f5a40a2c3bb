"""All that is known of texts, in the order of precedence: systems first, shared texts last.

Left out on purpose, because no source could be found: Google's wording for a failed MTA-STS check as a sender. What
Postfix logs of every session (`Untrusted TLS connection established`) is no failure and no rule.
"""

from mxproof.explain.knowledge import (
    certificate_words,
    classic,
    common,
    courier,
    exchange,
    exim,
    gateways,
    go_servers,
    google,
    java_words,
    microsoft,
    microsoft_receiver,
    milters,
    mimecast,
    network_words,
    node_servers,
    other_servers,
    postfix,
    postfix_log,
    postfix_receiver,
    providers,
    receiver_words,
    receivers,
    refused_certificates,
    rust_servers,
    senders,
    services,
    sockets,
    translated,
)
from mxproof.explain.knowledge.rule import Chapter

CHAPTERS: tuple[Chapter, ...] = (
    *certificate_words.CHAPTERS,
    *refused_certificates.CHAPTERS,
    *java_words.CHAPTERS,
    *exchange.CHAPTERS[:1],
    *microsoft.CHAPTERS,
    *microsoft_receiver.CHAPTERS,
    *sockets.CHAPTERS,
    *exchange.CHAPTERS[1:],
    *google.CHAPTERS,
    *providers.CHAPTERS,
    *gateways.CHAPTERS,
    *receiver_words.CHAPTERS,
    *go_servers.CHAPTERS,
    *rust_servers.CHAPTERS,
    *node_servers.CHAPTERS,
    *network_words.CHAPTERS[:-1],
    *postfix_log.CHAPTERS,
    *postfix.CHAPTERS,
    *postfix_receiver.CHAPTERS,
    *exim.CHAPTERS,
    *classic.CHAPTERS,
    *services.CHAPTERS,
    *receivers.CHAPTERS,
    *mimecast.CHAPTERS,
    *milters.CHAPTERS,
    *other_servers.CHAPTERS,
    *courier.CHAPTERS,
    *senders.CHAPTERS,
    *translated.CHAPTERS,
    *common.CHAPTERS,
    network_words.CHAPTERS[-1],
)

TLS_REPORTS: Chapter = common.TLS_REPORTS
