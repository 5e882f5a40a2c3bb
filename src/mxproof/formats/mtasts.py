"""MTA-STS (RFC 8461): the record that signals a policy and the policy itself.

The two grammars live in `mtasts_record` and `mtasts_policy`, how real programs read them in `mtasts_reading`; this is
their door.
"""

from mxproof.formats.mtasts_policy import (
    MAX_AGE_S_MAX,
    POLICY_BYTES_MAX,
    POLICY_PATH,
    Mode,
    Policy,
    PolicyExamination,
    examine_policy,
    parse_policy,
    print_policy,
    repeated_fields,
)
from mxproof.formats.mtasts_reading import (
    LENIENT,
    STRICT,
    PolicyReading,
    inflated,
    read_policy,
    read_records,
)
from mxproof.formats.mtasts_record import (
    StsFields,
    StsRecordExamination,
    examine_record,
    near_sts_records,
    parse_record,
    print_record,
    sts_records,
)

__all__ = [
    "LENIENT",
    "MAX_AGE_S_MAX",
    "POLICY_BYTES_MAX",
    "POLICY_PATH",
    "STRICT",
    "Mode",
    "Policy",
    "PolicyExamination",
    "PolicyReading",
    "StsFields",
    "StsRecordExamination",
    "examine_policy",
    "examine_record",
    "inflated",
    "near_sts_records",
    "parse_policy",
    "parse_record",
    "print_policy",
    "print_record",
    "read_policy",
    "read_records",
    "repeated_fields",
    "sts_records",
]
