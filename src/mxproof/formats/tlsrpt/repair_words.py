"""The words of each repair: what was found in a report, what was made of it, and where the rule stands."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from mxproof.formats.tlsrpt.repair import Repair

_R: Final = "RFC 8460 section 4.4"
_MAIL: Final = "RFC 8460 section 5.3"
_JSON: Final = "RFC 7493 section 2"


class RepairWords(msgspec.Struct, frozen=True):
    """What a reader is told of a repair; `seen` names who writes so, empty where nobody is known to."""

    title: str
    made: str
    rfc: str
    seen: str = ""


REPAIRS: Final[Mapping[Repair, RepairWords]] = MappingProxyType(
    {
        Repair.TRANSFER_ENCODING_BROKEN: RepairWords(
            "the base64 of the message is damaged",
            "What is no base64 was left out and the rest decoded.",
            "RFC 2045 section 6.8",
            "gateways that put a banner into the message",
        ),
        Repair.PART_TYPE_OTHER: RepairWords(
            "no part of the message calls itself a TLS report",
            "The part that begins like one was read.",
            _MAIL,
            "gateways and old programs: application/gzip, application/zip, application/octet-stream, text/plain",
        ),
        Repair.PACKING_OTHER: RepairWords(
            "name or media type tell of gzip where there is none, or the other way round",
            "The first bytes decided.",
            "RFC 8460 section 5.2",
        ),
        Repair.SUBMITTER_MISSING: RepairWords(
            "the message lacks TLS-Report-Domain or TLS-Report-Submitter",
            "Domain and sender were taken from the report.",
            _MAIL,
        ),
        Repair.SUBMITTER_DIFFERS: RepairWords(
            "TLS-Report-Submitter is not the domain of the contact in the report",
            "The report goes before (section 5.6). A DKIM signature counts for the domain that it names alone.",
            _MAIL,
        ),
        Repair.DOMAIN_DIFFERS: RepairWords(
            "TLS-Report-Domain is none of the policy domains in the report",
            "The report goes before.",
            "RFC 8460 section 5.6",
        ),
        Repair.BYTE_ORDER_MARK: RepairWords(
            "a byte order mark before the JSON", "It was passed over.", "RFC 8259 section 8.1"
        ),
        Repair.ENCODING_OTHER: RepairWords(
            "the JSON is not UTF-8",
            "It was read as UTF-16 or UTF-32 where zeros or a mark tell so, else as Latin-1; letters beyond ASCII may"
            " be wrong.",
            f"{_JSON}.1",
        ),
        Repair.JSON_LOOSE: RepairWords(
            "the JSON holds control characters in texts, NaN, or halves of characters",
            "It was read as most programs read it.",
            f"{_JSON}.1",
        ),
        Repair.JSON_TRAILING: RepairWords(
            "something stands behind the JSON", "It was left alone.", "RFC 8259 section 2"
        ),
        Repair.REPORT_WRAPPED: RepairWords(
            "the report has something around it: a list, another object, a text, or what is no JSON",
            "Each object in it that has members of a report was read as one.",
            _R,
        ),
        Repair.KEY_REPEATED: RepairWords(
            "a key stands twice in an object", "The last one counts, as in most programs.", f"{_JSON}.3"
        ),
        Repair.KEY_SPELLING: RepairWords(
            "a key is spelled in another way",
            "It was taken for the key meant, be it by other letters, other words or another place in its row.",
            _R,
            "programs that follow the prose: additional-info-uri, mx-host-pattern",
        ),
        Repair.VALUE_NULL: RepairWords(
            "null where a value was expected", "It counts as absent.", _R, "Stalwart: contact-info"
        ),
        Repair.VALUE_EMPTY: RepairWords(
            "an empty text where a value was expected",
            "It counts as absent.",
            _R,
            "Google: sending-mta-ip; mox: addresses and reason codes",
        ),
        Repair.VALUE_TYPE: RepairWords(
            "a number, truth value or object where a text was expected",
            "A number was taken as text, anything else left out.",
            _R,
        ),
        Repair.VALUE_LONG: RepairWords("a text longer than 4096 characters", "Its beginning was kept.", _R),
        Repair.LIST_MISSING: RepairWords(
            "one value where a list was expected",
            "It was taken for the only entry; an empty text for an empty list.",
            _R,
            "the example in RFC 8460 appendix B (mx-host, erratum 6241); Halon: policy-string",
        ),
        Repair.LIST_UNEXPECTED: RepairWords(
            "a list where one value was expected, or a list in a list",
            "Its first entry was taken, or all that are in it.",
            _R,
        ),
        Repair.OBJECT_MISSING: RepairWords(
            "policy or summary is missing in a row, or date-range in the report",
            "What it should hold was looked for around it.",
            _R,
        ),
        Repair.ENTRY_UNREADABLE: RepairWords(
            "an entry of policies or failure-details is no object", "It was left out.", _R
        ),
        Repair.ENTRIES_MANY: RepairWords(
            "a list of more than 100000 entries", "The first 100000 were read.", _R
        ),
        Repair.ORGANIZATION_MISSING: RepairWords(
            "organization-name is missing", "The sender goes by its contact or the message.", _R
        ),
        Repair.CONTACT_MISSING: RepairWords(
            "contact-info is missing or no mail address",
            "The sender goes by TLS-Report-Submitter, or else by its organization-name.",
            _R,
            "Stalwart (null)",
        ),
        Repair.CONTACT_FORM: RepairWords(
            "contact-info with something around the mail address", "The address in it was taken.", _R
        ),
        Repair.REPORT_ID_MISSING: RepairWords(
            "report-id is missing",
            "Such a report is told from others by its sender, domain and time alone.",
            _R,
        ),
        Repair.POLICIES_MISSING: RepairWords("policies is missing", "The report counts nothing.", _R),
        Repair.DATE_NO_ZONE: RepairWords(
            "a date without a time zone",
            "It counts as UTC, in which the days of reports are.",
            "RFC 8460 section 4.1",
            "Microsoft, at times",
        ),
        Repair.DATE_FORM: RepairWords(
            "a date in another form than RFC 3339", "It was read as what it most likely is, in UTC.", _R
        ),
        Repair.DATE_MISSING: RepairWords(
            "a date is missing or cannot be read", "The time of the report is unknown.", _R
        ),
        Repair.DATE_ORDER: RepairWords("the report ends before it begins", "Both were exchanged.", _R),
        Repair.POLICY_TYPE_SPELLING: RepairWords(
            "a policy-type in other letters", "It was read as the type meant.", _R
        ),
        Repair.POLICY_TYPE_UNKNOWN: RepairWords(
            "a policy-type that RFC 8460 does not have",
            "It was kept as written; its counts stand for themselves.",
            _R,
        ),
        Repair.POLICY_DOMAIN_MISSING: RepairWords(
            "policy-domain is missing",
            "It was taken from the other policies where these agree, or from TLS-Report-Domain.",
            _R,
            "tlsrpt-reporter with early Postfix 3.10, under no-policy-found",
        ),
        Repair.POLICY_STRING_ENCODED: RepairWords(
            "a list that was written as JSON inside a text",
            "It was unpacked once more.",
            _R,
            "Microsoft: TLSA records",
        ),
        Repair.POLICY_STRING_JOINED: RepairWords(
            "several lines of a policy, or several hosts, in one text",
            "It was cut where one ends.",
            _R,
        ),
        Repair.MX_HOST_PREFIX: RepairWords(
            "mx-host with the key of a policy in front (`mx: `)", "The key was taken off.", _R, "Stalwart"
        ),
        Repair.COUNT_TYPE: RepairWords(
            "a count that is a text or a fraction", "It was read as the whole number that it says.", _R
        ),
        Repair.COUNT_MISSING: RepairWords(
            "a count is missing or cannot be read",
            "Sessions that failed are those of failure-details; any other counts as 0.",
            _R,
        ),
        Repair.COUNT_RANGE: RepairWords(
            "a count below 0 or beyond 2^53", "It counts as 0, or as 2^53 - 1.", f"{_JSON}.2"
        ),
        Repair.DETAILS_EXCEED_TOTAL: RepairWords(
            "failure-details count more sessions than failed in all",
            "The total stands: one session may fail in several ways, so that rows are never added.",
            "RFC 8460 section 4",
            "Mail.ru",
        ),
        Repair.SESSIONS_TWICE: RepairWords(
            "policies of MTA-STS and of DANE beside one another",
            "Both may count the same sessions, so that their counts are never added.",
            "RFC 8460 section 4",
            "Microsoft, with the recipient's domain under both",
        ),
        Repair.RESULT_TYPE_SPELLING: RepairWords(
            "a result-type in other letters", "It was read as the type meant.", "RFC 8460 section 4.3"
        ),
        Repair.RESULT_TYPE_UNKNOWN: RepairWords(
            "a result-type that RFC 8460 does not have",
            "It was kept as written; no cause is named for it but by its reason code.",
            "RFC 8460 section 4.3",
        ),
        Repair.ADDRESS_UNREADABLE: RepairWords(
            "an IP address with something around it, or none",
            "Brackets, a port and a length of prefix were taken off; what is no address was left out.",
            _R,
        ),
        Repair.HOST_FORM: RepairWords(
            "the name of a host or domain with something around it, or in its own script",
            "A preference, a port, an address in brackets and what stands before an @ were taken off; DNS has the name as an A-label.",
            _R,
        ),
        Repair.HELO_MULTILINE: RepairWords(
            "receiving-mx-helo is a whole answer to EHLO",
            "The name in its first line was taken.",
            _R,
            "Postfix with tlsrpt-reporter",
        ),
    }
)
