"""What is known of destinations in words: the whole chain of reasons for one, a line for each of many."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from mxproof.formats.postfix.next_hop import next_hop
from mxproof.formats.postfix.socketmap import SocketmapReply, Status
from mxproof.formats.text import safe
from mxproof.judge.decision import DANE, DECISION_KEPT_S, is_live
from mxproof.judge.senders.protection import Protection
from mxproof.serve.policyd.override import ReadyOverride
from mxproof.serve.policyd.query import AskedQuestion, HeldState, ListedDestination, QueryResult, Unlooked
from mxproof.serve.policyd.reply import NOT_FOUND, Dialect, reply
from mxproof.store.destinations.destination import Destination

_NEVER = "-"
_UNLOOKED = {
    Unlooked.NOT_BELIEVED: "not looked at: the resolver is not believed, so DANE does not apply",
    Unlooked.MX_UNANSWERED: "not looked at: the MX look-up failed",
    Unlooked.MX_INSECURE: "not looked at: the MX answer is not secure, so DANE does not apply",
    Unlooked.NONE: "none",
}
_REPLY_CHARACTERS_MAX = 10_000


def explained(result: QueryResult) -> str:
    """Return everything that leads to the answer for one destination, in the order in which it does."""
    lines = [
        f"destination   {result.destination}  (policy domain {result.policy_domain}, port {result.port})"
    ]
    if (override := result.override) is not None:
        words = f"{_said(override.reply)} until {_moment(override.until)} because {safe(override.reason)}"
        lines.append(f"override      {words}" + ("  (over)" if override.over else ""))
    lines += _section("held before", _held(result.before))
    lines += _section("asked now", map(_asked, result.asked))
    hosts = [f"{one.name}: {one.state}, dane {one.demand} {one.base}".rstrip() for one in result.hosts]
    if result.hosts_unlooked is not None:
        hosts.append(_UNLOOKED[result.hosts_unlooked])
    lines += _section("hosts", hosts)
    lines += _section("held after", _held(result.after))
    for dialect, given in result.replies.items():
        lines += _section(f"{dialect}", (_said(given),))
    return "\n".join(lines) + "\n"


def listed(destinations: Iterable[ListedDestination]) -> Iterator[str]:
    """Yield a heading and a line for each destination: tab-separated, in the order given."""
    yield "destination\tdecision\treason\tdecided\tmode\tid\tfetched\tends\tasked\n"
    for row in destinations:
        policy, decision = row.policy, row.decision
        words = (
            row.destination,
            decision.protection if decision else _NEVER,
            decision.reason if decision else _NEVER,
            _moment(decision.at) if decision else _NEVER,
            policy.mode if policy else _NEVER,
            safe(policy.id or _NEVER) if policy else _NEVER,
            _moment(policy.fetched_at) if policy else _NEVER,
            _moment(policy.ends_at) if policy else _NEVER,
            _moment(row.asked_at),
        )
        yield "\t".join(words) + "\n"


def exported(
    destinations: Iterable[Destination],
    overrides: Mapping[str, ReadyOverride],
    dialect: Dialect,
    now: datetime,
) -> Iterator[str]:
    """Yield lines of a Postfix table (texthash, lmdb) that answers as the daemon does at `now`.

    A policy whose time is over is left out, and so is DANE that was found longer ago than it would be kept: the daemon
    would have to ask again.
    """
    replies = {destination.key: _exported_reply(destination, dialect, now) for destination in destinations}
    replies |= {key: one.reply for key, one in overrides.items() if now < one.until}
    for key, given in sorted(replies.items()):
        if given.status is Status.OK:
            yield f"{key}\t{given.text}\n"


def _exported_reply(destination: Destination, dialect: Dialect, now: datetime) -> SocketmapReply:
    hop, decision = next_hop(destination.key), destination.held.decision
    if hop is None or decision is None:
        return NOT_FOUND
    if decision.protection is Protection.STS and not is_live(destination.held.policy, now):
        return NOT_FOUND
    if decision.protection in DANE and now - decision.at > timedelta(seconds=DECISION_KEPT_S):
        return NOT_FOUND
    return reply(hop.domain, destination.held, dialect)


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    for line in list(lines) or ["nothing"]:
        yield f"{title:13} {line}"
        title = ""


def _held(state: HeldState) -> Iterator[str]:
    if (policy := state.policy) is not None:
        live = "live" if policy.live else "over"
        yield f"policy {policy.mode}, id {safe(policy.id or 'unknown')}, {live}: {' '.join(policy.mx)}"
        yield (
            f"fetched {_moment(policy.fetched_at)}, ends {_moment(policy.ends_at)}, refreshed from "
            f"{_moment(policy.refresh_at)}"
        )
    if (failure := state.failure) is not None:
        yield f"fetch failed {failure.times} times, last {_moment(failure.at)}: {failure.result_type}, {safe(failure.detail)}"
        yield f"tried again from {_moment(failure.retry_at)}, or under another id than {safe(failure.id or 'none')}"
    if (decision := state.decision) is not None:
        kept = ", kept because DNS does not answer" if decision.kept else ""
        words = f": {safe(decision.detail)}" if decision.detail else ""
        yield f"decided {decision.protection} because {decision.reason} at {_moment(decision.at)}{kept}{words}"


def _asked(row: AskedQuestion) -> str:
    words = [f"{row.question}: {row.outcome}"]
    words += ["(secure)"] if row.secure else []
    words += [f"{row.records} {'record' if row.records == 1 else 'records'}"] if row.records else []
    words += map(safe, row.names)
    if row.size_bytes is not None:
        words.append(f"status {row.status}, {row.size_bytes} bytes")
    words += [f"- {safe(row.detail)}"] if row.detail else []
    return " ".join([*words, f"[{row.elapsed_ms} ms]"])


def _said(given: str) -> str:
    return safe(given, limit=_REPLY_CHARACTERS_MAX)


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
