"""What is published of a domain, as it is kept in the journal.

| rule | why |
|---|---|
| the id is another one if and only if the policy is | senders fetch a policy again for a new id alone (RFC 8461 section 3.1) |
| an id is never used a second time for another policy | a sender may still hold what it got under it |
| a policy that was served under the id of another one counts as another one | so does whoever fetched it |
"""

from datetime import datetime

import msgspec

from mxproof.formats.errors import FormatError
from mxproof.formats.mtasts import Policy, StsFields, parse_policy, print_policy, print_record
from mxproof.mail.change import TxtValue

ID_FORM = "%Y%m%dT%H%M%S"
IDS_TRIED_MAX = 1000


class PublishedState(msgspec.Struct, frozen=True, omit_defaults=True):
    """What senders are to see of a domain: its policy, under which id, where reports go, and whom the policy host is an alias of.

    `policy` is text with CRLF line ends, empty for none. `reports` is the whole text of the record at `_smtp._tls`, `host` a name;
    either is empty where it is not ours to say. `withdrawn`: no record announces a policy any more; it is served on where there is one.
    """

    domain: str
    policy: str = ""
    id: str = ""
    reports: str = ""
    host: str = ""
    withdrawn: bool = False

    def policy_value(self) -> Policy | None:
        """Return the policy, None where there is none."""
        return parse_policy(self.policy.encode()) if self.policy else None

    def record(self) -> TxtValue | None:
        """Return the record that announces the policy, None where there is none."""
        return TxtValue.of(print_record(StsFields(self.id))) if self.id else None


def encoded(state: PublishedState | None) -> bytes:
    """Return a state as the journal keeps it; nothing for none."""
    return b"" if state is None else msgspec.json.encode(state)


def decoded(data: bytes) -> PublishedState | None:
    """Return the state in a journal, None where there is none."""
    return msgspec.json.decode(data, type=PublishedState) if data else None


def with_policy(
    before: PublishedState | None,
    domain: str,
    policy: Policy,
    now: datetime,
    used: frozenset[str],
    *,
    is_shown: bool,
) -> PublishedState:
    """Return the state with `policy`: under the id that it has, or a new one, which is none of `used`.

    `is_shown` tells that nothing but the policy of `before` is served, so that nobody can have fetched another one under its id.
    """
    text = print_policy(policy).decode()
    kept = before or PublishedState(domain)
    if kept.policy == text and kept.id and is_shown:
        return kept
    taken = used | {kept.id}
    return msgspec.structs.replace(kept, policy=text, id=new_id(now, taken), withdrawn=False)


def without_record(state: PublishedState, *, is_served: bool) -> PublishedState:
    """Return the state in which nothing announces the policy, which is served on as long as senders may hold the record."""
    policy = state.policy if is_served else ""
    return msgspec.structs.replace(state, policy=policy, id="", withdrawn=True)


def new_id(now: datetime, used: frozenset[str]) -> str:
    """Return an id that is none of `used`: the time, and a number behind it where that was used."""
    first = now.strftime(ID_FORM)
    for number in range(IDS_TRIED_MAX):
        found = f"{first}Z{number or ''}"
        if found not in used:
            return found
    raise AssertionError("more ids were used within a second than anybody publishes")


def is_policy_text(text: str) -> bool:
    """Tell whether a text is a policy by all rules of RFC 8461 section 3.2."""
    try:
        parse_policy(text.encode())
    except FormatError:
        return False
    return True
