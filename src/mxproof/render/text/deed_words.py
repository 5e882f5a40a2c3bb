"""What a way out does, as one administrator says it to another: the hosts by their names, and what is done there."""

from collections.abc import Iterable, Sequence
from types import MappingProxyType

from mxproof.mail.change import Change, ServePolicy, Setting
from mxproof.remedy.deed import Deed
from mxproof.remedy.measure import MeasureKind
from mxproof.render.text.words import sentence_start

IN_TITLE_MAX = 3
"""Hosts, names or addresses that a title has; of more, the first and how many more there are."""
_SETTINGS = MappingProxyType(
    {
        Setting.ANSWERING: "take mail from everyone who connects",
        Setting.STARTTLS: "offer STARTTLS, with a certificate that senders trust",
        Setting.TLS: "speak TLS 1.2 or later",
    }
)


def title(deeds: Sequence[Deed], changes: Iterable[Change] = ()) -> str:
    """Return a way out as one sentence without its full stop; what is done alike at several hosts is said once."""
    by_kind: dict[tuple[MeasureKind, Setting | None], list[Deed]] = {}
    for one in deeds:
        by_kind.setdefault((one.kind, one.setting), []).append(one)
    policy = next((one.policy for one in changes if isinstance(one, ServePolicy)), None)
    mode = str(policy.mode) if policy is not None else ""
    said = [_said(kind, setting, alike, mode) for (kind, setting), alike in by_kind.items()]
    joined = f"{', '.join(said[:-1])}, and {said[-1]}" if len(said) > 1 else said[0]
    return sentence_start(joined)


def _said(kind: MeasureKind, setting: Setting | None, deeds: Sequence[Deed], mode: str) -> str:
    hosts = [one.about for one in deeds if one.about]
    names = [name for one in deeds for name in one.names]
    if kind is MeasureKind.CERTIFICATE:
        return _certificates(deeds)
    if kind is MeasureKind.SERVE_POLICY and not names:
        return f"serve one MTA-STS policy, in mode {mode}, that every sender reads alike"
    if kind is MeasureKind.TLSA_RECORDS and not names:
        return f"withdraw the TLSA records of {some(hosts)} that match no key it shows"
    if kind is MeasureKind.NAME_SERVERS and setting is Setting.CURRENT:
        return f"bring the name server{_s(names)} {some(names)} up to the version of the zone that the others serve"
    at = f" at {some(names)}" if names else ""
    host, plural = some(hosts), _s(hosts)
    return {
        MeasureKind.SERVE_POLICY: f"list {some(names)} in the MTA-STS policy",
        MeasureKind.ANNOUNCE: "publish one MTA-STS record with a new id",
        MeasureKind.ADDRESSES: f"give {host} {'their own addresses' if plural else 'its own addresses'} in place of the CNAME{plural}",
        MeasureKind.MX_TARGET: f"name {some(names)} in the MX records in place of the alias{'es' if plural else ''} {host}",
        MeasureKind.MX_NAME: f"name {some(names)} in the MX records in place of {host}",
        MeasureKind.RETIRE_HOST: f"take {host} out of the MX records",
        MeasureKind.NULL_MX: "take the null MX away",
        MeasureKind.DROP_ADDRESS: f"take the address{'es' if len(names) > 1 else ''} {some(names)} from {host}",
        MeasureKind.SERVER: f"have {host}{at} {_SETTINGS.get(setting or Setting.ANSWERING, '')}",
        MeasureKind.TLSA_RECORDS: f"publish TLSA records for the key{plural} that {host} show{'' if plural else 's'}",
        MeasureKind.NAME_SERVERS: f"have the name servers answer for {some(names)}",
        MeasureKind.POLICY_HOST: f"have the policy host{at} {_policy_host(setting)}",
        MeasureKind.WAIT: "wait until no sender holds the old policy",
        MeasureKind.PLANNED: "make what is planned",
    }[kind]


def _certificates(deeds: Sequence[Deed]) -> str:
    """Return which certificates are installed where: those that lack names by the names, others as not trusted."""
    naming = [one for one in deeds if one.names]
    trusted = [one.about for one in deeds if not one.names]
    said = []
    if len(naming) > IN_TITLE_MAX:
        names = [name for one in naming for name in one.names]
        said.append(
            f"install certificates that also name {some(names)} on {some([one.about for one in naming])}"
        )
    elif naming:
        each = [
            f"{'one' if place else 'a certificate'} that also names {some(one.names)} on {one.about}"
            for place, one in enumerate(naming)
        ]
        said.append(f"install {' and '.join(each)}")
    if trusted:
        one = "a certificate" if len(trusted) == 1 else "certificates"
        said.append(f"install {one} that senders trust on {some(trusted)}")
    return ", ".join(said)


def _policy_host(setting: Setting | None) -> str:
    if setting is None:
        return "show a certificate that senders trust"
    return _SETTINGS[setting] if setting is Setting.TLS else "serve the policy to everyone who asks"


def some(names: Iterable[str]) -> str:
    """Return the names as a sentence has them, of more than IN_TITLE_MAX the first and how many more there are."""
    every = list(dict.fromkeys(names))
    if len(every) > IN_TITLE_MAX:
        every = [*every[: IN_TITLE_MAX - 1], f"{len(every) - IN_TITLE_MAX + 1} more"]
    return f"{', '.join(every[:-1])} and {every[-1]}" if len(every) > 1 else "".join(every)


def _s(names: Iterable[str]) -> str:
    return "s" if len(set(names)) > 1 else ""
