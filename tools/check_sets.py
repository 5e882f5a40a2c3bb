"""Build docs/reference/check-sets.md: the named sets of checks, what each asks, and which findings it can make."""

from pathlib import Path

from keeping import REFERENCE, keep, row, table
from mxproof.judge.catalogue import CATALOGUE
from mxproof.survey.check_set import DEFAULT_SETS, CheckSet

HEAD = """\
# Sets of checks

Made by `python tools/check_sets.py`. `mxproof check` and `mxproof collect` ask the sets that are marked as default;
`--full` asks all but `dnsbl`, `--only SET` one alone, `--skip SET` leaves one out. Each may be repeated. A set that is not asked says
nothing: a report names it under "not asked" (`not_asked` in JSON), and without `arrival` no sender is judged. Evidence
keeps which sets were asked, so that `mxproof replay` says what the check said.

"""
ASKS = {
    CheckSet.ARRIVAL: "MX, MTA-STS, SMTP and TLS of each address, DANE, TLS reporting, reverse names: what senders decide by",
    CheckSet.NAME_SERVERS: "each name server for the same records; not without `arrival` (`--no-name-servers` leaves it out too)",
    CheckSet.NAME_SERVER_PATHS: (
        "each address of each name server over UDP and over TCP, for the records of mail received and sent, and for aliases beside them; what"
        " `mxproof explain --check` asks where a receiver could not look something up"
    ),
    CheckSet.SPF: "the SPF record with all that its evaluation looks up; the MX hosts as senders, and the names they greet with",
    CheckSet.DMARC: "the DMARC record on the walk up the tree; whether those who get reports agree, and take mail",
    CheckSet.SENDING: (
        "reverse names, HELO names and SPF of each `--address`, which asks for this set too; without one, of the addresses"
        " that the SPF record names one by one; `--as-sender` asks it with SPF, DMARC and DKIM and nothing else"
    ),
    CheckSet.RESILIENCE: (
        "nothing more than `arrival`, without which it is not asked; it says what is left of the mail when a host, a network"
        " or an address family fails"
    ),
    CheckSet.DNSBL: (
        "lists of addresses (`--dnsbl-zone`) about the MX hosts and each `--address`; only where `--dnsbl` or `--only dnsbl` says"
        " so, and by way of a resolver of your own: lists refuse public resolvers, and whoever asks often"
    ),
    CheckSet.CAA: (
        "the CAA records that count for the MX hosts and the policy host, beside `arrival`, without which it is not asked; it"
        " says whether the authority that issued the certificate in use may issue the next one"
    ),
    CheckSet.TLS: (
        "each MX address behind STARTTLS, up to seven times one after the other, for one version or one sort of cipher suites"
        " at a time, and once more without a name in TLS; not without `arrival`"
    ),
    CheckSet.DNSSEC: (
        "DS and DNSKEY from the top-level domain down, and the records that mail is found by, all with their signatures, of the"
        " resolver with checking disabled and of up to four name servers of each signed zone; not without `arrival`"
    ),
    CheckSet.REPORTS: (
        "each domain that TLS reports are mailed to, as `arrival` asks about the domain itself: whether they would be delivered"
        " there; and the TLSRPT records at TLSA base domains; not without `arrival`"
    ),
    CheckSet.DKIM: "the keys of each `--selector`, which asks for this set too; without one, of selectors in common use",
}
_NAMES = {
    CheckSet.SPF: ("spf-", "mx-null-sender"),
    CheckSet.DMARC: ("dmarc-",),
    CheckSet.DKIM: ("dkim-",),
    CheckSet.SENDING: ("sender-",),
    CheckSet.RESILIENCE: ("mx-one-", "mx-ipv6-missing", "sts-policy-ipv6-missing"),
    CheckSet.CAA: ("caa-",),
    CheckSet.DNSBL: ("dnsbl-",),
    CheckSet.TLS: ("tls-suites-", "tls-newest-", "tls-retired-", "tls-cipher-", "tls-key-", "tls-ok"),
    CheckSet.DNSSEC: (
        "dnssec-ok",
        "dnssec-ds-",
        "dnssec-signature-",
        "dnssec-key-",
        "dnssec-denial-",
        "dnssec-server-",
        "dnssec-algorithm-",
        "dnssec-digest-",
        "dnssec-iterations",
        "dnssec-island",
        "dnssec-un",
        "dane-absent",
        "dane-lines",
    ),
    CheckSet.REPORTS: ("tlsrpt-refused", "tlsrpt-base-"),
    CheckSet.NAME_SERVERS: ("ns-mail-", "ns-addresses-", "ns-unanswered"),
    CheckSet.NAME_SERVER_PATHS: ("ns-",),
}


def files() -> dict[Path, str]:
    """Return the page by its path."""
    rows = (row(f"`{one}`", ASKS[one], "yes" if one in DEFAULT_SETS else "", _codes(one)) for one in CheckSet)
    page = HEAD + table("set", "asks", "default", "findings") + "".join(rows)
    return {REFERENCE / "check-sets.md": page}


def _codes(one: CheckSet) -> str:
    codes = (code for code in CATALOGUE if _set_of(code) is one)
    return ", ".join(f"[{code}](../findings/{code}.md)" for code in codes)


def _set_of(code: str) -> CheckSet:
    """Return the set that a finding is made by; of name servers those are told first that are named most narrowly."""
    return next((one for one, names in _NAMES.items() if code.startswith(names)), CheckSet.ARRIVAL)


if __name__ == "__main__":
    raise SystemExit(keep(files(), "check_sets.py"))
