"""Build docs/reference/senders.md: every modelled sender, what it compares, its words, and where each fact is from.

Made from the table that the engine itself reads, so that the page cannot say anything else than what is judged.
"""

from collections.abc import Iterator
from pathlib import Path

from keeping import REFERENCE, keep, row, table
from mxproof.judge.senders import SENDERS, Traits
from mxproof.judge.senders.traits import BounceText, JudgedName, Precedence, Refresh
from mxproof.judge.vocabulary import Confidence
from mxproof.mail.domain import PolicyReading

HOUR_S = 3600
HOURS_SAID_MAX = 48

HEAD = """\
# Sender models

Made from `mxproof.judge.senders.table` by `python tools/senders.py`. The facts are as found in November 2026.
[Senders as models](../concepts/senders.md) explains how to read them: where a trait has several values, nobody outside
knows which one is true, and each of them is tried.

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
}
READINGS = {
    PolicyReading.STRICT: "strictly by the grammar",
    PolicyReading.LENIENT: "leniently, skipping what it cannot read",
}
REFRESHES = {
    Refresh.BY_ID: "as soon as the TXT record shows another id",
    Refresh.UNDOCUMENTED: "not documented",
}
CONFIDENCES = {
    Confidence.SOURCE_CODE: "its source code was read",
    Confidence.DOCUMENTED: "an RFC or its maker's manual says so",
    Confidence.OBSERVED: "seen in the field, with a source",
    Confidence.CLAIMED: "said by others, not verified",
    Confidence.GUESS: "no source; shown as a caution, decides nothing",
}


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
    return head + traits + words + sources


def _traits(sender: Traits) -> Iterator[tuple[str, str]]:
    yield "confidence", f"{sender.confidence}: {CONFIDENCES[sender.confidence]}"
    if sender.mta_sts:
        yield "compared with the policy", NAMES[sender.policy_name]
        yield "compared with the certificate", NAMES[sender.certificate_name]
        yield "mode testing", "delivers and reports" if sender.honours_testing else "treated as no policy"
        yield "reads record and policy", _either(READINGS[one] for one in sender.readings)
        yield "fetches a changed policy", REFRESHES[sender.refresh]
        yield "a look-up of the record that fails", "mail waits" if sender.waits_for_record else "no policy"
    else:
        yield "MTA-STS", "not used"
    if sender.dane:
        yield "DANE", _dane(sender)
        yield "DANE and MTA-STS", _either(PRECEDENCES[one] for one in sender.precedences)
    else:
        yield "DANE", "not used"
    yield "name in SNI", _either(NAMES[one] for one in sender.sni)
    yield "retries for", _span(sender.retry_s)


def _dane(sender: Traits) -> str:
    needs = (
        "with a DNSSEC-secure MX answer"
        if sender.dane_needs_secure_mx
        else "host by host, secure MX answer or not"
    )
    alias = (
        "at the target of a CNAME, then at the MX name"
        if sender.dane_at_alias
        else "at the target of a CNAME only"
    )
    return f"{needs}; TLSA records {alias}"


def _words(bounces: tuple[BounceText, ...]) -> str:
    head = "\n" + table("result type", "while it retries", "in the end")
    return head + "".join(
        row(one.result_type, f"`{one.transient}`", f"`{one.final}`" if one.final else "not known")
        for one in bounces
    )


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
