"""What was repaired to read a report: one code for each kind of departure from RFC 8460 and RFC 7493.

A repair says how a report was written and what was made of it; no report is refused for a field that could be repaired
or left out. Codes are kebab-case and never reused. `repair_words` has the words of each.
"""

from enum import StrEnum
from typing import Final


class Repair(StrEnum):
    """One kind of departure that a report was read past."""

    TRANSFER_ENCODING_BROKEN = "transfer-encoding-broken"
    PART_TYPE_OTHER = "part-type-other"
    PACKING_OTHER = "packing-other"
    SUBMITTER_MISSING = "submitter-missing"
    SUBMITTER_DIFFERS = "submitter-differs"
    DOMAIN_DIFFERS = "domain-differs"

    BYTE_ORDER_MARK = "byte-order-mark"
    ENCODING_OTHER = "encoding-other"
    JSON_LOOSE = "json-loose"
    JSON_TRAILING = "json-trailing"
    REPORT_WRAPPED = "report-wrapped"
    KEY_REPEATED = "key-repeated"
    KEY_SPELLING = "key-spelling"

    VALUE_NULL = "value-null"
    VALUE_EMPTY = "value-empty"
    VALUE_TYPE = "value-type"
    VALUE_LONG = "value-long"
    LIST_MISSING = "list-missing"
    LIST_UNEXPECTED = "list-unexpected"
    OBJECT_MISSING = "object-missing"
    ENTRY_UNREADABLE = "entry-unreadable"
    ENTRIES_MANY = "entries-many"

    ORGANIZATION_MISSING = "organization-missing"
    CONTACT_MISSING = "contact-missing"
    CONTACT_FORM = "contact-form"
    REPORT_ID_MISSING = "report-id-missing"
    POLICIES_MISSING = "policies-missing"

    DATE_NO_ZONE = "date-no-zone"
    DATE_FORM = "date-form"
    DATE_MISSING = "date-missing"
    DATE_ORDER = "date-order"

    POLICY_TYPE_SPELLING = "policy-type-spelling"
    POLICY_TYPE_UNKNOWN = "policy-type-unknown"
    POLICY_DOMAIN_MISSING = "policy-domain-missing"
    POLICY_STRING_ENCODED = "policy-string-encoded"
    POLICY_STRING_JOINED = "policy-string-joined"
    MX_HOST_PREFIX = "mx-host-prefix"

    COUNT_TYPE = "count-type"
    COUNT_MISSING = "count-missing"
    COUNT_RANGE = "count-range"
    DETAILS_EXCEED_TOTAL = "details-exceed-total"
    SESSIONS_TWICE = "sessions-twice"

    RESULT_TYPE_SPELLING = "result-type-spelling"
    RESULT_TYPE_UNKNOWN = "result-type-unknown"
    ADDRESS_UNREADABLE = "address-unreadable"
    HOST_FORM = "host-form"
    HELO_MULTILINE = "helo-multiline"


REMARKS: Final = frozenset({Repair.DETAILS_EXCEED_TOTAL, Repair.SESSIONS_TWICE})
"""What RFC 8460 allows and a reader has to know of, lest he adds what must not be added."""
