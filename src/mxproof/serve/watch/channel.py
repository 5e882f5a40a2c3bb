"""Those who are told, as the configuration names them: what they want to hear, when, and by which way."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta, tzinfo
from pathlib import Path
from urllib.parse import unquote

import msgspec

from mxproof.formats import ConfigError
from mxproof.judge.news import LOUDEST_FIRST, Weight
from mxproof.serve.daemon.config import about
from mxproof.serve.watch.config import AlertOptions
from mxproof.serve.watch.hours import (
    Maintenance,
    QuietHours,
    next_time_of_day,
    parse_quiet_hours,
    parse_time_of_day,
    told_at,
)

ALERTS_MAX = 32
ALERT_URLS_MAX = 32
_MONDAY = 0
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://.|mailtos?:.", re.IGNORECASE)
_MAIL = ("mailto", "mailtos")


class DigestTime(msgspec.Struct, frozen=True):
    """When a digest is sent: at this time of every day, or of every Monday."""

    at: time
    is_weekly: bool

    def next(self, now: datetime, zone: tzinfo | None) -> datetime:
        """Return when the next one is due."""
        return next_time_of_day(now, self.at, zone, _MONDAY if self.is_weekly else None)


class Channel(msgspec.Struct, frozen=True):
    """Somebody who is told of news that are as loud as `least` or louder, by a command or by URLs of apprise.

    `least` is None for one that has digests only. News that are as loud as `despite_quiet` do not wait for quiet hours; all
    wait for `after_s`, in which somebody may acknowledge them.
    """

    name: str
    command: tuple[str, ...]
    least: Weight | None
    timeout_s: float
    urls: tuple[str, ...] = ()
    quiet: tuple[QuietHours, ...] = ()
    despite_quiet: Weight | None = Weight.ALARM
    after_s: float = 0.0
    digest: DigestTime | None = None

    def wants(self, weight: Weight) -> bool:
        """Tell whether news of this weight are told here."""
        return _is_as_loud(weight, self.least)

    def held_until(
        self,
        domain: str,
        weight: Weight,
        now: datetime,
        maintenance: Iterable[Maintenance],
        zone: tzinfo | None,
    ) -> datetime | None:
        """Return until when news have to wait here, None where they are told at once."""
        quiet = () if _is_as_loud(weight, self.despite_quiet) else self.quiet
        after = now + timedelta(seconds=self.after_s)
        at = told_at(domain, after, quiet=quiet, maintenance=maintenance, zone=zone)
        return at if at > now else None

    def mail_domains(self) -> set[str] | None:
        """Return the domains of the mailboxes that are told here, None where there is another way than mail."""
        found: set[str] = set()
        for url in self.urls:
            if url.partition(":")[0].lower() not in _MAIL:
                return None
            found |= _mail_domains(url)
        return found if self.urls else None


def channels_of(alerts: tuple[AlertOptions, ...]) -> Iterator[Channel]:
    """Yield what these sections of the configuration mean; raises ConfigError."""
    if len(alerts) > ALERTS_MAX:
        raise ConfigError(f"alert: {len(alerts)} where at most {ALERTS_MAX} are told")
    names = [one.name for one in alerts]
    for one in alerts:
        if names.count(one.name) > 1:
            raise ConfigError(f"alert.name: {one.name!r} stands twice")
        urls = _urls(one)
        if bool(one.command) == bool(urls):
            raise ConfigError(f"alert.command of {one.name!r}: one of command, url and url_file was expected")
        if one.command and not one.command[0].startswith("/"):
            raise ConfigError(f"alert.command of {one.name!r}: the whole path of a program was expected")
        yield Channel(
            name=one.name,
            command=one.command,
            least=_weight(one.least),
            timeout_s=one.timeout_s,
            urls=urls,
            quiet=_quiet(one),
            despite_quiet=_weight(one.despite_quiet),
            after_s=one.after_minutes * 60.0,
            digest=_digest(one),
        )


def mail_only(channels: Iterable[Channel], watched: Iterable[str]) -> str:
    """Return what is wrong where an alarm about mail depends on mail, empty where it does not."""
    told = [one for one in channels if one.wants(Weight.ALARM)]
    domains = [one.mail_domains() for one in told]
    if not told or None in domains:
        return ""
    concerned = sorted(set(watched) & {domain for found in domains for domain in found or ()})
    through = f" to {concerned[0]}, which is watched" if concerned else ""
    return (
        f"alarms go by mail only{through}: an alarm about mail may wait where that mail waits; "
        "add an [[alert]] that goes another way"
    )


def _is_as_loud(weight: Weight, least: Weight | None) -> bool:
    return least is not None and LOUDEST_FIRST.index(weight) <= LOUDEST_FIRST.index(least)


def _weight(word: str) -> Weight | None:
    return None if word == "nothing" else Weight(word)


def _urls(alert: AlertOptions) -> tuple[str, ...]:
    """Return the URLs of an alert, those of its file too; what they hold is secret and is not repeated in what is wrong."""
    found = [alert.url] if alert.url else []
    if alert.url_file:
        with about(f"alert.url_file of {alert.name!r}"):
            found += _lines_of(Path(alert.url_file))
    if len(found) > ALERT_URLS_MAX:
        raise ConfigError(f"alert {alert.name!r}: {len(found)} URLs where at most {ALERT_URLS_MAX} are told")
    for number, url in enumerate(found, 1):
        if not _SCHEME.match(url):
            raise ConfigError(
                f"alert {alert.name!r}: URL {number} does not begin like one; expected ntfy://..., mailtos://..., "
                "or another of https://github.com/caronc/apprise/wiki"
            )
    return tuple(found)


def _lines_of(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: not text in UTF-8") from None
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _quiet(alert: AlertOptions) -> tuple[QuietHours, ...]:
    try:
        return tuple(parse_quiet_hours(text) for text in alert.quiet)
    except ValueError as error:
        raise ConfigError(f"alert.quiet of {alert.name!r}: {error}") from None


def _digest(alert: AlertOptions) -> DigestTime | None:
    if alert.digest == "no":
        return None
    try:
        return DigestTime(parse_time_of_day(alert.digest_at), alert.digest == "weekly")
    except ValueError as error:
        raise ConfigError(f"alert.digest_at of {alert.name!r}: {error}") from None


def _mail_domains(url: str) -> set[str]:
    """Return the domains of the mailboxes that a URL of apprise names, and of its own host."""
    words = re.split(r"[\s,;/:?&=]+", unquote(url))
    return {word.rpartition("@")[2].lower().rstrip(".") for word in words if "." in word}
