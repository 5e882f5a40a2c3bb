"""What a channel is told: news, a digest or a test, as JSON for commands and as words for people."""

from typing import Literal

import msgspec

from mxproof.judge.digest import Digest
from mxproof.judge.news import DomainNews
from mxproof.render.html.digest import digest_html
from mxproof.render.text.digest import digest_text, digest_title
from mxproof.render.text.news import news_text
from mxproof.render.text.paper import Paper
from mxproof.render.text.silence_news import silence_title
from mxproof.store.journal.watched import KeptNews

_PAPER = Paper(width=76)


class AlertMessage(msgspec.Struct, frozen=True):
    """One message; `told` is its JSON, `html` None where it is said as text alone. A digest and a test are of no domain."""

    kind: Literal["news", "digest", "test"]
    domain: str
    weight: str
    told: bytes
    title: str
    text: str
    html: str | None = None


def news_message(kept: KeptNews) -> AlertMessage:
    """Return the message of news as they are kept."""
    news = msgspec.json.decode(kept.told, type=DomainNews)
    title = f"mxproof: {news.weight}: {news.domain}"
    if news.silence is not None:
        title += f": {silence_title(news.silence.alarm)}"
    return AlertMessage(
        "news", news.domain, news.weight, kept.told, title, news_text(news, _PAPER).lstrip("\n")
    )


def digest_message(digest: Digest) -> AlertMessage:
    """Return the message of a digest."""
    told = msgspec.json.encode(digest)
    text = "".join(digest_text(digest, _PAPER))
    html = "".join(digest_html(digest))
    return AlertMessage("digest", "", "note", told, digest_title(digest), text, html)


def alert_test_message(host: str) -> AlertMessage:
    """Return a message that says that nothing is wrong."""
    said = f"This is a test of the alerts of mxproof on {host}. Nothing is wrong."
    told = msgspec.json.encode({"test": said})
    return AlertMessage("test", "", "note", told, "mxproof: test of an alert", said)
