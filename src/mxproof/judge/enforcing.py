"""What enforcing a policy would do that is served in mode testing or none: every sender judged as if it were enforced.

Where nothing but the mode is another one, that alone is altered in the very text that is served, so that whoever reads
it otherwise does so here too.
"""

import re
from collections.abc import Sequence

import msgspec

from mxproof.formats.mtasts import LENIENT, STRICT, Mode, Policy, examine_policy, print_policy
from mxproof.judge.report import Delivery
from mxproof.judge.senders import SENDERS, deliver
from mxproof.judge.value import EnforcedRefusal, Enforcing
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.domain import MailDomain, PolicyFetch

_MODE = rb"(?im)^([ \t]*mode[ \t]*:[ \t]*)[a-z]+"
_ENFORCED = b"\\1" + Mode.ENFORCE.encode()


def enforcing(domain: MailDomain, policy: Policy, enforced: Policy) -> Enforcing:
    """Return who delivers now and would not if, wherever `policy` is served, it were `enforced`.

    A policy without MX patterns cannot be enforced, so what senders would do is then not known.
    """
    if not enforced.mx:
        deciding_all = tuple(
            one.name for one in (deliver(domain, traits) for traits in SENDERS) if one.decides
        )
        return Enforcing(len(deciding_all), (), deciding_all)
    fetches = tuple(_in_force(fetch, policy, enforced) for fetch in domain.policy_host.fetches)
    host = msgspec.structs.replace(domain.policy_host, fetches=fetches)
    then = msgspec.structs.replace(domain, policy_host=host)
    return otherwise(domain, then)


def otherwise(domain: MailDomain, then: MailDomain) -> Enforcing:
    """Return who delivers to `domain` and would not if it were as `then`."""
    both = [(deliver(domain, traits), deliver(then, traits)) for traits in SENDERS]
    deciding = [(now, after) for now, after in both if now.decides]
    counted = [after for now, after in deciding if now.outcome is Verdict.DELIVERS]
    return _refusing(len(deciding), counted)


def refusing(domain: MailDomain) -> Enforcing:
    """Return who does not deliver to `domain`."""
    deciding = [one for one in (deliver(domain, traits) for traits in SENDERS) if one.decides]
    return _refusing(len(deciding), deciding)


def _refusing(deciding: int, deliveries: Sequence[Delivery]) -> Enforcing:
    """Return which of `deliveries` are none, of so many senders that decide."""
    unknown = tuple(one.name for one in deliveries if one.outcome is Verdict.UNKNOWN)
    lost = (one for one in deliveries if one.outcome not in {Verdict.UNKNOWN, Verdict.DELIVERS})
    return Enforcing(deciding, tuple(map(_refusal, lost)), unknown)


def _refusal(delivery: Delivery) -> EnforcedRefusal:
    bounce = delivery.bounce.transient or delivery.bounce.final if delivery.bounce is not None else None
    return EnforcedRefusal(delivery.name.partition(" (")[0], bounce or "", delivery.because)


def _in_force(fetch: PolicyFetch, policy: Policy, enforced: Policy) -> PolicyFetch:
    if (fetch.read(STRICT) or fetch.read(LENIENT)) != policy:
        return fetch
    body = re.sub(_MODE, _ENFORCED, fetch.body)
    altered = msgspec.structs.replace(fetch, body=body, examination=examine_policy(body))
    if (altered.read(STRICT) or altered.read(LENIENT)) == enforced:
        return altered
    body = print_policy(enforced)
    return msgspec.structs.replace(fetch, body=body, examination=examine_policy(body))
