"""What is known of destinations in words: the whole chain of reasons for one, a line for each of many."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from mxproof.evidence import ANSWERED, Answer, DnsData, Evidence, Kind, NameRecord, PolicyData, Question
from mxproof.formats.postfix.next_hop import NextHop, next_hop
from mxproof.formats.postfix.socketmap import SocketmapReply, Status
from mxproof.formats.text import safe
from mxproof.judge.decision import (
    DANE,
    DECISION_KEPT_S,
    Held,
    expires_at,
    is_live,
    policy_of,
    refresh_at,
    retry_at,
)
from mxproof.judge.senders.protection import Protection, Rules, protection
from mxproof.judge.senders.table import POSTFIX_MXPROOF
from mxproof.mail.assemble import assemble
from mxproof.serve.policyd.override import ReadyOverride
from mxproof.serve.policyd.reply import NOT_FOUND, Dialect, reply
from mxproof.store.destinations.destination import Destination

_NEVER = "-"


def explained(
    hop: NextHop,
    before: Held,
    after: Held,
    evidence: Evidence,
    rules: Rules,
    override: ReadyOverride | None,
    now: datetime,
) -> str:
    """Return everything that leads to the answer for one destination, in the order in which it does."""
    lines = [f"destination   {hop}  (policy domain {hop.domain}, port {hop.port})"]
    if override is not None:
        words = f"{_said(override.reply)} until {_moment(override.until)} because {safe(override.reason)}"
        lines.append(f"override      {words}" + ("" if now < override.until else "  (over)"))
    lines += _section("held before", _memory(before, now))
    lines += _section("asked now", (_asked(*row) for row in evidence.answers.items()))
    ruling = protection(assemble(evidence, now), policy_of(after.policy), POSTFIX_MXPROOF, rules)
    hosts = (f"{one.name}: {one.state}, dane {one.demand} {one.base}".rstrip() for one in ruling.host_demands)
    lines += _section("hosts", hosts if ruling.host_demands else (_no_hosts(evidence),))
    lines += _section("held after", _memory(after, now))
    in_force = override if override is not None and now < override.until else None
    for dialect in Dialect:
        given = reply(hop.domain, after, dialect) if in_force is None else in_force.reply
        lines += _section(f"{dialect}", (_said(given),))
    return "\n".join(lines) + "\n"


def _no_hosts(evidence: Evidence) -> str:
    """Say why no host was looked at."""
    if not evidence.vantage.validating:
        return "not looked at: the resolver is not believed, so DANE does not apply"
    answer, data = evidence.dns(Kind.MX, evidence.domain)
    if answer.outcome not in ANSWERED:
        return "not looked at: the MX look-up failed"
    if data is None or not data.secure:
        return "not looked at: the MX answer is not secure, so DANE does not apply"
    return "none"


def listed(destinations: Iterable[Destination]) -> Iterator[str]:
    """Yield a heading and a line for each destination: tab-separated, sorted by destination."""
    yield "destination\tdecision\treason\tdecided\tmode\tid\tfetched\tends\tasked\n"
    for destination in sorted(destinations, key=lambda destination: destination.key):
        decision, memory = destination.held.decision, destination.held.policy
        policy = policy_of(memory)
        words = (
            destination.key,
            decision.protection if decision else _NEVER,
            decision.reason if decision else _NEVER,
            _moment(decision.at) if decision else _NEVER,
            policy.mode if policy else _NEVER,
            safe(memory.id or _NEVER) if memory else _NEVER,
            _moment(memory.fetched_at) if memory else _NEVER,
            _moment(expires_at(memory)) if memory else _NEVER,
            _moment(destination.asked_at),
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


def _memory(held: Held, now: datetime) -> Iterator[str]:
    memory, policy = held.policy, policy_of(held.policy)
    if memory is not None and policy is not None:
        live = "live" if now < expires_at(memory) else "over"
        yield f"policy {policy.mode}, id {safe(memory.id or 'unknown')}, {live}: {' '.join(policy.mx)}"
        yield (
            f"fetched {_moment(memory.fetched_at)}, ends {_moment(expires_at(memory))}, refreshed from "
            f"{_moment(refresh_at(memory))}"
        )
    if held.failure is not None:
        failure = held.failure
        yield f"fetch failed {failure.times} times, last {_moment(failure.at)}: {failure.result_type}, {safe(failure.detail)}"
        yield f"tried again from {_moment(retry_at(failure))}, or under another id than {safe(failure.id or 'none')}"
    if held.decision is not None:
        decision = held.decision
        kept = ", kept because DNS does not answer" if decision.kept else ""
        words = f": {safe(decision.detail)}" if decision.detail else ""
        yield f"decided {decision.protection} because {decision.reason} at {_moment(decision.at)}{kept}{words}"


def _asked(question: Question, answer: Answer) -> str:
    words = [f"{question}: {answer.outcome}"]
    if isinstance(answer.data, DnsData):
        words += ["(secure)"] if answer.data.secure else []
        count = len(answer.data.records)
        words += [f"{count} {'record' if count == 1 else 'records'}"] if count else []
        words += [safe(one.name) for one in answer.data.records if isinstance(one, NameRecord)]
    if isinstance(answer.data, PolicyData):
        words.append(f"status {answer.data.status}, {len(answer.data.body)} bytes")
    words += [f"- {safe(answer.detail)}"] if answer.detail else []
    return " ".join([*words, f"[{answer.elapsed_ms} ms]"])


def _said(given: SocketmapReply) -> str:
    return f"{given.status} {safe(given.text, limit=10_000)}".rstrip()


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
