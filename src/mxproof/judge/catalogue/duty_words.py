"""Who has to act, in words."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from mxproof.judge.report import Duty
from mxproof.judge.vocabulary import Actor

_WORDS: Final[Mapping[Actor, str]] = MappingProxyType(
    {
        Actor.DNS: "you, in the DNS zone of {at}",
        Actor.SERVER: "you, at {at}",
        Actor.DNS_HOST: "whoever runs the name servers of {at} (you or your DNS host)",
        Actor.ALIAS_PROVIDER: "the provider behind {at}, to which {alias} is an alias (CNAME)",
        Actor.MX_OWNER: "whoever runs {at}",
        Actor.ADDRESS_OWNER: "whoever gave you {at}",
        Actor.HERE: "you, where this check runs",
    }
)


def who(duties: Sequence[Duty]) -> str:
    """Return who has to act as one clause for each kind of actor, empty where nobody is named."""
    alike: dict[tuple[Actor, str], list[str]] = {}
    for duty in duties:
        alike.setdefault((duty.actor, duty.alias), []).append(duty.at)
    return "; ".join(
        _WORDS[actor].format(at=" and ".join(names), alias=alias) for (actor, alias), names in alike.items()
    )
