"""Words about what is left of the mail when a host, a network or an address family fails."""

from mxproof.judge.catalogue.finding_words import FindingWords
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Severity

_FIND = "RFC 5321 section 5.1"
_FAMILIES = "RFC 5321 section 5.2"
_ASKED_BY = "mxproof check example.com --only resilience"
_LOOK_UP = ("dig +short MX example.com", "dig +short A mx.example.com", "dig +short AAAA mx.example.com")

ENTRIES = (
    FindingWords(
        code=Code.MX_ONE_ADDRESS,
        severity=Severity.NOTICE,
        title="All mail goes to one address",
        summary="All mail for {domain} goes to one address: {addresses}",
        detail="The MX hosts are {hosts}. There is no second address of the same family behind them.",
        why="While that machine or its line is down no mail arrives. Senders keep it in their queues and try again, for days "
        "with most and for hours with some, so a short outage loses nothing.",
        fix=(
            (
                "If mail may not be late, give {domain} a second MX host in another network, with the same STARTTLS, a "
                "certificate for its name and the same check of recipients. If it may, nothing has to be done: one host that "
                "is looked after is better than a second one that is not."
            ),
        ),
        rfc=(_FIND,),
        verify=_LOOK_UP,
        checked_by=_ASKED_BY,
    ),
    FindingWords(
        code=Code.MX_ONE_NETWORK,
        severity=Severity.NOTICE,
        title="All MX hosts are in one network",
        summary="All addresses of the MX hosts of {domain} are in one network: {networks}",
        detail="The MX hosts are {hosts}, with the addresses {addresses}.",
        why="One line, one router or one mistake in routing takes all of them away at once, and mail waits until it is back.",
        fix=("If mail may not be late, have one of the MX hosts in another network, at another place.",),
        rfc=(_FIND, "RFC 2182 section 3.1"),
        verify=_LOOK_UP,
        checked_by=_ASKED_BY,
    ),
    FindingWords(
        code=Code.MX_IPV6_MISSING,
        severity=Severity.NOTICE,
        title="No MX host has an IPv6 address",
        summary="No MX host of {domain} has an IPv6 address",
        detail="The MX hosts are {hosts}, with the addresses {addresses}.",
        why="A sender that has IPv6 alone cannot deliver. There are few, since most mail servers have no IPv6 themselves.",
        fix=(
            (
                "Have the mail server listen on IPv6, give its address a reverse name, and only then publish the AAAA record: "
                "many senders try IPv6 first, and one that does not answer delays them."
            ),
        ),
        rfc=(_FAMILIES,),
        verify=_LOOK_UP,
        checked_by=_ASKED_BY,
    ),
    FindingWords(
        code=Code.STS_POLICY_IPV6_MISSING,
        severity=Severity.NOTICE,
        title="The policy host has no IPv6 address",
        summary="The policy host {subject} has no IPv6 address",
        detail="Its addresses are {addresses}.",
        why="A sender that has IPv6 alone delivers as if there were no policy.",
        fix=(
            "Publish an AAAA record for {subject} once the web server answers there with the same certificate.",
        ),
        rfc=("RFC 8461 section 3.3",),
        verify=("dig +short AAAA mta-sts.example.com",),
        checked_by=_ASKED_BY,
    ),
)
