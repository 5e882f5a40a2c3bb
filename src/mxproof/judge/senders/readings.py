"""How each sender reads record and policy, where that is not the grammar to the letter: one value each, with sources.

What is not said here of a program is as RFC 8461 section 3 has it (`mxproof.formats.mtasts_reading`).
"""

from typing import Final

from mxproof.formats.mtasts import LENIENT, MAX_AGE_S_MAX, STRICT, PolicyReading
from mxproof.formats.mtasts_reading import LINE_FAULTS, RECORD_FAULTS, Repeated

_INT32_MAX: Final = 2**31 - 1
_INT64_MAX: Final = 2**63 - 1

BOTH: Final = (STRICT, LENIENT)
"""For senders that nobody could look into."""

# observed: chasquid 1.11 and 1.15; albertito/chasquid internal/sts/sts.go. It wants no more of a record than its
# beginning, cuts each line at the first colon, and takes an mx line in mode none as well.
CHASQUID: Final = PolicyReading(
    record_forgiven=(RECORD_FAULTS | {"id-missing", "record-not-ascii"}) - {"version-space"},
    any_record=True,
    policy_forgiven=LINE_FAULTS | {"mx-value"},
    repeated=Repeated.LAST,
    number=r"[+-]?[0-9]+",
    max_age_s=(1, MAX_AGE_S_MAX),
    trims_names=True,
    keeps_patterns=True,
    cuts_final_dot=True,
    mx_always=True,
    bytes_read=10 * 1024,
)

# observed: postfix-mta-sts-resolver 1.5.1; Snawoot/postfix-mta-sts-resolver resolver.py, utils.py. The numbers are those
# of Python's int(), the ends of lines those of str.splitlines(); without a charset it decodes as ASCII. It asks with aiohttp.
POSTFIX_MTA_STS_RESOLVER: Final = PolicyReading(
    record_forgiven=RECORD_FAULTS - {"field-space"},
    policy_forgiven=LINE_FAULTS | {"mx-value"},
    repeated=Repeated.LAST,
    number=r"[+-]?\d+(?:_\d+)*",
    keeps_patterns=True,
    unicode=True,
    last_version=True,
    field_bytes_max=8190,
    inflates=True,
    ascii_unless_said=True,
)

# observed: Courier 1.4.1; svarshavchik/courier courier/libs/comsts.c. It reads up to the first blank line, and wants no
# mx line of a policy in mode enforce: where it found none, no MX host is in it. wget fetches it, whatever the media type.
COURIER: Final = PolicyReading(
    record_forgiven=RECORD_FAULTS - {"field-space"},
    policy_forgiven=LINE_FAULTS | {"mx-value"},
    plain_only=False,
    number=r"[+-]?[0-9]+",
    max_age_s=(0, _INT64_MAX),
    keeps_patterns=True,
    one_id=True,
    ends_at_blank=True,
    assumed=(("mode", "none"), ("max_age", "600")),
    mx_needless=True,
    max_age_unmet=True,
)

# mjl-/mox mtasts/parse.go, mtasts/mtasts.go:299 ("We don't look at Content-Type and charset").
MOX: Final = PolicyReading(
    record_forgiven=frozenset({"version-space"}),
    plain_only=False,
    max_age_s=(0, _INT32_MAX),
)

# KumoCorp/kumomta crates/mta-sts/src/policy.rs, dns.rs. All TXT records are put together before they are read.
KUMOMTA: Final = PolicyReading(
    record_forgiven=RECORD_FAULTS - {"field-malformed"},
    any_record=True,
    policy_forgiven=frozenset({"blank-line", "stray-cr", "name-malformed", "value-malformed", "mx-value"}),
    repeated=Repeated.REFUSED,
    number=r"\+?[0-9]+",
    max_age_s=(0, _INT64_MAX),
    trims_names=True,
    keeps_patterns=True,
)

# stalwartlabs/stalwart crates/smtp/src/outbound/mta_sts/parse.rs, lookup.rs.
STALWART: Final = PolicyReading(
    record_forgiven=RECORD_FAULTS,
    policy_forgiven=LINE_FAULTS | {"mx-value"},
    plain_only=False,
    repeated=Repeated.LAST,
    number=r"\+?[0-9]+",
    max_age_s=(0, _INT64_MAX),
    trims_names=True,
    keeps_patterns=True,
    assumed=(("version", "STSv1"), ("mode", "none"), ("max_age", "86400")),
    mx_always=True,
)
