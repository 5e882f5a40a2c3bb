"""Build docs/reference/senders.md: every modelled sender, what it compares, its words, and where each fact is from.

Made from the table that the engine itself reads, so that the page cannot say anything else than what is judged.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from keeping import REFERENCE, ROOT, keep, row, table
from mxproof.formats.mtasts import LENIENT, MAX_AGE_S_MAX, STRICT, PolicyReading
from mxproof.formats.mtasts_reading import Repeated
from mxproof.judge.senders import SENDERS, Traits
from mxproof.judge.senders.inference.kept import KeptObservation
from mxproof.judge.senders.traits import (
    OFTEN_S,
    Addresses,
    BounceText,
    GivenUp,
    JudgedName,
    LostInside,
    Precedence,
    Refresh,
    RefusedEhlo,
)
from mxproof.judge.vocabulary import Confidence
from mxproof.render.text.sendertest_words import TRAIT_WORDS

HOUR_S = 3600
HOURS_SAID_MAX = 48

HEAD = """\
# Sender models

Made from `mxproof.judge.senders.table` by `python tools/senders.py`. The facts are as found in November 2026.
[Senders as models](../concepts/senders.md) explains how to read them: where a trait has several values, nobody outside
knows which one is true, and each of them is tried. Of Yahoo, Apple, Fastmail, Proton, GMX and web.de, Cisco, Mimecast, Proofpoint, Halon,
PowerMTA and Exchange on premises too little is known for a model; [what is known](../concepts/senders.md#who-has-no-model),
and what would show the rest, stands there.

"""

NAMES = {
    JudgedName.MX: "the name in the MX record",
    JudgedName.TARGET: "the name at the end of the CNAME chain",
    JudgedName.PTR: "the reverse name of the address",
    JudgedName.POLICY: "the mx patterns of the policy, whatever the host is called",
    JudgedName.NONE: "nothing",
}
PRECEDENCES = {
    Precedence.DANE_FIRST: "DANE decides alone where a host has usable TLSA records",
    Precedence.PRUNE_FIRST: "the policy drops MX hosts by name, then DANE decides about the certificate",
    Precedence.BOTH: "DANE and the policy must both be satisfied",
    Precedence.DOMAIN_WIDE: "DANE or the policy is chosen once for all hosts of the domain",
    Precedence.POLICY_FIRST: "a policy in mode enforce decides alone, DANE where there is none",
    Precedence.POLICY_ALONE: "a policy in mode enforce decides alone, and nothing where there is none",
}
READINGS = {
    STRICT: "strictly by the grammar",
    LENIENT: "leniently, skipping what it cannot read",
}
TLSA_PLACES = {JudgedName.TARGET: "at the target of a CNAME", JudgedName.MX: "at the MX name"}
REPEATED = {
    Repeated.FIRST: "the first counts",
    Repeated.LAST: "the last counts",
    Repeated.REFUSED: "the policy is refused",
}
REFRESHES = {
    Refresh.BY_ID: "as soon as the TXT record shows another id",
    Refresh.BY_ID_ALONE: "as soon as the TXT record shows another id; while the id is the same it keeps the old one for "
    "ever, also past max_age",
    Refresh.OFTEN: f"about every {OFTEN_S // 60} minutes, whatever the id",
    Refresh.FROM_HALF_LIFE: "when the TXT record shows another id, from half of max_age on; while the id is the same it keeps "
    "the old one for ever, also past max_age",
    Refresh.EACH_TIME: "for each mail: it holds none",
    Refresh.UNDOCUMENTED: "not documented",
}
ADDRESSES = {
    Addresses.EACH: "tries the next one",
    Addresses.UNCONNECTED: "tries the next one; the first that takes the connection decides, IPv6 before IPv4",
}
GIVEN_UP = {
    GivenUp.ABSENT: "then delivers as to a domain without one",
    GivenUp.DEFERRED: "then keeps the mail",
}
REFUSED_EHLO = {
    RefusedEhlo.FATAL: "no delivery in that session",
    RefusedEhlo.HELO: "says HELO after a lasting error",
    RefusedEhlo.HELO_AT_ONCE: "says HELO, after a passing error too, and not after 421",
    RefusedEhlo.PASSED_OVER: "goes on all the same",
    RefusedEhlo.NOT_KNOWN: "says HELO after a lasting error; after a passing one some do and some do not",
}
LOST_INSIDE = {
    LostInside.CLEAR_TEXT: "comes again in clear text where nothing demands TLS",
    LostInside.DEFERRED: "keeps the mail",
    LostInside.NOT_KNOWN: "not known",
}
CONFIDENCES = {
    Confidence.SOURCE_CODE: "its source code was read",
    Confidence.DOCUMENTED: "an RFC or its maker's manual says so",
    Confidence.OBSERVED: "it was run, or seen in the field with a source",
    Confidence.CLAIMED: "said by others, not verified",
    Confidence.GUESS: "no source; shown as a caution, decides nothing",
}


def _observations() -> dict[str, list[KeptObservation]]:
    found: dict[str, list[KeptObservation]] = {}
    for path in sorted((ROOT / "data/observations").glob("*.json")):
        one = msgspec.json.decode(path.read_bytes(), type=KeptObservation)
        found.setdefault(one.sender, []).append(one)
    return found


OBSERVATIONS = _observations()
"""What sender tests showed, by the id of the model."""


def files() -> dict[Path, str]:
    """Return the page by its path."""
    return {REFERENCE / "senders.md": HEAD + _overview() + "".join(map(_section, SENDERS))}


def _overview() -> str:
    head = table("id", "sender", "confidence", "MTA-STS", "DANE", "retries for")
    return head + "".join(
        row(
            f"[`{one.id}`](#{one.id})",
            one.name,
            one.confidence,
            _yes(one.mta_sts),
            _yes(one.dane),
            _span(one.retry_s),
        )
        for one in SENDERS
    )


def _section(sender: Traits) -> str:
    head = f"\n## {sender.id}\n\n{sender.name}. {sender.note}".rstrip() + "\n\n"
    traits = table("trait", "value") + "".join(row(*pair) for pair in _traits(sender))
    words = _words(sender.bounces) if sender.bounces else "\nIts bounces are not known word for word.\n"
    sources = "\nSources:\n\n" + "".join(f"- {source}\n" for source in sender.sources)
    return head + traits + words + sources + "".join(map(_observed, OBSERVATIONS.get(sender.id, ())))


def _observed(one: KeptObservation) -> str:
    """Return what a sender test showed, a row for each trait."""
    head = f"\nSeen by `mxproof sendertest` of {one.software}, {one.date} ({one.method}):\n\n"
    rows = (
        row(
            TRAIT_WORDS[each.trait],
            " or ".join(each.words) + (f"; {reason}" if (reason := one.different.get(each.trait)) else ""),
            ", ".join(each.cases),
        )
        for each in one.traits
    )
    return head + table("trait", "seen", "cases") + "".join(rows)


def _traits(sender: Traits) -> Iterator[tuple[str, str]]:
    yield "confidence", f"{sender.confidence}: {CONFIDENCES[sender.confidence]}"
    if sender.mta_sts:
        yield "compared with the policy", NAMES[sender.policy_name]
        yield "compared with the certificate", NAMES[sender.certificate_name]
        if sender.deep_wildcards:
            yield "a wildcard in the policy", "stands for any number of labels"
        yield "mode testing", "delivers and reports" if sender.honours_testing else "treated as no policy"
        if all(one in READINGS for one in sender.readings):
            yield "reads record and policy", _either(READINGS[one] for one in sender.readings)
        else:
            yield from _reading(sender.readings[0])
        yield "fetches a changed policy", REFRESHES[sender.refresh]
        yield "waits for a policy", _waits(sender)
        yield "a look-up of the record that fails", "mail waits" if sender.waits_for_record else "no policy"
    else:
        yield "MTA-STS", "not used"
    if sender.dane:
        yield "DANE", _dane(sender)
        yield "DANE and MTA-STS", _either(PRECEDENCES[one] for one in sender.precedences)
    else:
        yield "DANE", "not used"
    if sender.remembers_level:
        yield "remembers", "the best level of a session with the domain; a lesser session fails"
    others = ADDRESSES[sender.addresses]
    yield "an address that takes no connection", f"{others} ({sender.addresses_known})"
    again = ", but again at once in clear text where nothing demands TLS" if sender.clear_text_again else ""
    yield "EHLO refused inside TLS", REFUSED_EHLO[sender.refused_ehlo] + again
    yield "a connection lost after the handshake", LOST_INSIDE[sender.lost_inside]
    if sender.common_name:
        yield "a certificate without alternative names", "its common name counts"
    yield "name in SNI", _either(NAMES[one] for one in sender.sni)
    yield "retries for", _span(sender.retry_s)


def _waits(sender: Traits) -> str:
    """Return for how long a sender waits for a policy, and what it does then."""
    if sender.policy_wait_s is None:
        return "not known for how long"
    return f"{sender.policy_wait_s} seconds; {GIVEN_UP[sender.given_up]}"


def _reading(reading: PolicyReading) -> Iterator[tuple[str, str]]:
    """Yield how a program reads, where that is not by the grammar."""
    several = "one of them counts" if reading.any_record else "none counts"
    yield "several records", several
    yield "reads past, in the record", _rules(reading.record_forgiven)
    yield "reads past, in the policy", _rules(reading.policy_forgiven)
    yield "a media type other than text/plain", "refused" if reading.plain_only else "not looked at"
    yield "a field given again", REPEATED[reading.repeated]
    least, most = reading.max_age_s
    over = "every host fails" if reading.max_age_unmet else "refused" if most == MAX_AGE_S_MAX else "taken"
    yield "max_age", f"`{reading.number}`, from {least} on; over {MAX_AGE_S_MAX}: {over}"
    yield "an mx line without a valid pattern", "kept" if reading.keeps_patterns else "dropped"
    if reading.ends_at_blank:
        yield "a blank line", "ends the policy"
    if reading.unicode:
        yield "line ends, space and digits", "all those of Unicode"
    if reading.last_version:
        yield "several v= in a record", "the last counts"
    if reading.field_bytes_max is not None:
        yield "a field in the head of the response", f"at most {reading.field_bytes_max} bytes"
    if reading.inflates:
        yield "a policy in gzip", "taken"
    if reading.assumed:
        yield "where missing", ", ".join(f"{name} {value}" for name, value in reading.assumed)


def _rules(rules: frozenset[str]) -> str:
    return ", ".join(f"`{rule}`" for rule in sorted(rules)) or "nothing"


def _dane(sender: Traits) -> str:
    needs = (
        "with a DNSSEC-secure MX answer"
        if sender.dane_needs_secure_mx
        else "host by host, secure MX answer or not"
    )
    where = ", then ".join(TLSA_PLACES[place] for place in sender.tlsa_at)
    only = " only" if len(sender.tlsa_at) == 1 else ""
    anchored = "" if sender.anchored_names else "; names do not count with usage 2"
    dates = "; whether an expired certificate passes with usage 3 is open" if sender.doubted_dates else ""
    return f"{needs}; TLSA records {where}{only}{anchored}{dates}"


def _words(bounces: tuple[BounceText, ...]) -> str:
    head = "\n" + table("result type", "while it retries", "in the end")
    return head + "".join(
        row(one.result_type, _quoted(one.transient, "bounces at once"), _quoted(one.final, "not known"))
        for one in bounces
    )


def _quoted(words: str | None, otherwise: str) -> str:
    return f"`{words}`" if words else otherwise


def _either(values: Iterator[str]) -> str:
    return ", or ".join(values)


def _span(seconds: int | None) -> str:
    if seconds is None:
        return "not known"
    hours = seconds // HOUR_S
    return f"{hours} hours" if hours <= HOURS_SAID_MAX else f"{hours // 24} days"


def _yes(value: bool) -> str:
    return "yes" if value else "no"


if __name__ == "__main__":
    raise SystemExit(keep(files(), "senders.py"))
