"""Words about TLSA records that no certificate matches, one entry for each way in which that comes about."""

import msgspec

from mxproof.judge.catalogue.finding_words import FindingWords
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Severity

_MATCH = ("dig +dnssec TLSA _25._tcp.mx.example.com", "posttls-finger -c -l dane example.com")
_REFUSED = (
    "A sender that uses DANE does not deliver, whatever the MTA-STS policy says, and MTA-STS must not override it. Its "
    "mail waits in queues and comes back after hours or days."
)
_NOW = "Publish the record for what is served now:{live:block}"
_OLD = "{ttl_s:later} the new record is at every name server, and not before, remove what matches nothing:{old:block}"
_NEXT = (
    "Keep the key when the certificate is renewed, or publish the next one's record a time to live before it is used:\n"
    "    certbot renew --reuse-key"
)
_MATCHING = "RFC 7672 section 3.1"
_USAGE_3 = "RFC 7672 section 3.1.1"
_USAGE_2 = "RFC 7672 section 3.1.2"
_ROLLOVER = "RFC 7671 section 8.1"

_PLAIN = (
    FindingWords(
        code=Code.DANE_MISMATCH,
        severity=Severity.ERROR,
        title="The TLSA records do not match the certificate",
        summary="No TLSA record of MX host {host} matches its certificate at {addresses}",
        detail="{at} holds {records}, and the server shows another key.",
        why=_REFUSED,
        fix=(_NOW, _OLD, _NEXT),
        rfc=(_MATCHING, "RFC 7672 section 3.2", _ROLLOVER),
        verify=_MATCH,
    ),
    FindingWords(
        code=Code.DANE_CERT_RENEWED,
        severity=Severity.ERROR,
        title="The TLSA records are of a certificate that was renewed",
        summary="The certificate of MX host {host} at {addresses} was renewed, and its TLSA records are of an earlier one",
        detail="{at} holds {records}. Selector 0 stands for the whole certificate, dates and all, so such a "
        "record is of no use after the next renewal, even where the key stays the same.",
        why=_REFUSED,
        fix=(
            "Publish the record for the key that is served now, which need not change with a renewal:{live:block}",
            _OLD,
            _NEXT,
        ),
        rfc=(_USAGE_3, "RFC 6698 section 2.1.2", _ROLLOVER),
        verify=_MATCH,
    ),
    FindingWords(
        code=Code.DANE_AUTHORITY_UNSENT,
        severity=Severity.ERROR,
        title="The TLSA records name an authority that the server does not send",
        summary="The TLSA records of MX host {host} name an authority that it does not send at {addresses}: {authorities:each}",
        detail="{at} holds {records}, of the trust anchor above the chain. The record is right, but under DANE "
        "a sender goes by the certificates that it is sent, and the root is usually left out.",
        why=_REFUSED,
        fix=(
            "Publish the record of the key in use, which needs no authority:{live:block}",
            _OLD,
            _NEXT,
        ),
        otherwise=(
            (
                "Or have the server send the authority too: append its certificate to the chain file, behind the "
                "intermediates. The certificate must then also name {base}."
            ),
        ),
        rfc=(_USAGE_2, "RFC 7671 section 5.2.2"),
        verify=_MATCH,
    ),
    FindingWords(
        code=Code.DANE_AUTHORITY_OTHER,
        severity=Severity.ERROR,
        title="The TLSA records name another authority than the one that issued the certificate",
        summary="The TLSA records of MX host {host} name an authority that is not in its chain at {addresses}",
        detail="{at} holds {records}. Sent above the certificate: {sent:each}. Authorities change their "
        "intermediates without notice, and a root that is not sent counts for nothing here.",
        why=_REFUSED,
        fix=(
            "Publish the record for the key that is served now, which does not hang on the authority:{live:block}",
            _OLD,
            _NEXT,
        ),
        rfc=(_USAGE_2, "RFC 7671 section 5.2.2"),
        verify=_MATCH,
    ),
    FindingWords(
        code=Code.DANE_USAGE_WRONG,
        severity=Severity.ERROR,
        title="A TLSA record has the wrong usage",
        summary="A TLSA record of MX host {host} is of a certificate that it shows at {addresses}, but has the wrong usage",
        detail="{at} holds {records}. Usage 3 stands for the server's own certificate, and usage 2 for one of "
        "an authority above it; each matches nothing else.",
        why=_REFUSED,
        fix=(_NOW, _OLD, _NEXT),
        rfc=(_USAGE_3, _USAGE_2),
        verify=_MATCH,
    ),
    FindingWords(
        code=Code.DANE_EMPTY_DIGEST,
        severity=Severity.ERROR,
        title="The TLSA record holds the digest of nothing",
        summary="The TLSA record of MX host {host} is the digest of no bytes at all",
        detail="{at} holds {records}. That is what a digest is of an empty input: the command that made it "
        "could not read the certificate.",
        why=_REFUSED,
        fix=(
            _NOW,
            _OLD,
            (
                "Repair the script that made it: it must end with an error where there is no certificate to read, for "
                "instance with:\n    set -o pipefail"
            ),
        ),
        rfc=(_MATCHING, "RFC 6698 section 2.1.4"),
        verify=_MATCH,
    ),
    FindingWords(
        code=Code.DANE_DIGEST_STALE,
        severity=Severity.ERROR,
        title="The TLSA records of the stronger digest are of another certificate",
        summary="Of the TLSA records of MX host {host} only those of a weaker digest match its certificate at {addresses}",
        detail="{at} holds {records}. Where one usage and selector has records over SHA-512 and over SHA-256, "
        "a sender that knows both may pass over the weaker ones (digest agility); all that verify with OpenSSL do.",
        why=_REFUSED,
        fix=(
            "Remove what matches nothing:{old:block}",
            "Publish each key with every digest that the others have, or all of them over SHA-256 alone:{live:block}",
        ),
        rfc=("RFC 7671 section 9", _MATCHING),
        verify=_MATCH,
    ),
    FindingWords(
        code=Code.DANE_OTHER_NAME,
        severity=Severity.ERROR,
        title="The TLSA records that match stand at the other name of an alias",
        summary="The TLSA records at _25._tcp.{base} do not match MX host {host} at {addresses}, those at _25._tcp.{other} do",
        detail="{host} is an alias, and both names have records. A sender takes those at {base} and then looks no "
        "further; {records} matches nothing there.",
        why=_REFUSED,
        fix=(
            "Publish at both names the record for what is served now:{live:block}",
            _OLD,
            "Let the MX record name {base} itself, so that one set of records is enough.",
        ),
        rfc=("RFC 7672 section 2.2.2", _MATCHING),
        verify=_MATCH,
    ),
    FindingWords(
        code=Code.DANE_OTHER_HOST,
        severity=Severity.ERROR,
        title="The TLSA records are of the certificate of another MX host",
        summary="The TLSA records of MX host {host} are of the certificate that {others} shows",
        detail="{at} holds {records}. Every host has its own key, and so its own record, unless all of them "
        "show the same certificate.",
        why=_REFUSED,
        fix=(_NOW, _OLD, "Look whether the records of {others} were exchanged with these."),
        rfc=(_MATCHING, "RFC 7672 section 2.2.3"),
        verify=_MATCH,
    ),
    FindingWords(
        code=Code.DANE_OTHER_PORT,
        severity=Severity.NOTICE,
        title="The TLSA records are for another port",
        summary="MX host {host} has TLSA records for other ports, and none for port 25",
        detail="There are records at {names}. Mail from other servers comes to port 25, and a sender looks at "
        "_25._tcp.{base} only.",
        why="The records protect whoever speaks to those ports, and no mail that comes in.",
        fix=("If DANE is meant for incoming mail, publish the record for what port 25 shows:{live:block}",),
        rfc=("RFC 7672 section 2.2.3", "RFC 6698 section 3"),
        verify=("dig +dnssec TLSA _25._tcp.mx.example.com", "dig +dnssec TLSA _465._tcp.mx.example.com"),
    ),
    FindingWords(
        code=Code.DANE_LEFTOVER,
        severity=Severity.NOTICE,
        title="Beside a TLSA record that matches stand others that match nothing",
        summary="MX host {host} has TLSA records that match nothing it shows, beside one that matches: {left}",
        detail="{matched} matches, and one is enough for every sender. A record that matches nothing is right for as long "
        "as it is that of the next key, and a leftover otherwise.",
        why="Nobody refuses because of it. But whoever holds the key of an old record can still pass for the server.",
        fix=(
            "Where it is not the record of a key to come, remove it; there is nothing to wait for:{old:block}",
        ),
        rfc=(_MATCHING, _ROLLOVER),
        verify=_MATCH,
    ),
)


def _with_nothing_to_remove(entry: FindingWords) -> FindingWords:
    """Return an entry with what is to be done where every record that is published matches somewhere."""
    kept = tuple(step for step in entry.fix if step != _OLD)
    return msgspec.structs.replace(entry, ways={"beside": kept}) if len(kept) < len(entry.fix) else entry


ENTRIES = tuple(map(_with_nothing_to_remove, _PLAIN))
