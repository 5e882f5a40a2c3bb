"""Words about the MX records and the hosts they name."""

from mxproof.judge.catalogue.finding_words import FindingWords
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Severity

_FIND = "RFC 5321 section 5.1"
_LOOK_UP = ("dig +short MX example.com",)
_HOST = ("dig +short MX example.com", "dig A mx.example.com", "dig AAAA mx.example.com")
_RETIRE = {
    "retire": (
        (
            "Remove this record, for other MX hosts take the mail, or put the name of a mail server with A and AAAA records "
            "in its place:\n    {domain}. MX {preference} {host}"
        ),
    )
}
_SKIPPED = (
    "Senders pass over such a host and try the next. If there is none, mail waits in their queues and comes back after "
    "hours or days."
)

ENTRIES = (
    FindingWords(
        code=Code.RESOLVER_UNANSWERED,
        severity=Severity.WARNING,
        title="The resolver of this machine does not answer",
        summary="Nothing is known of {subject}: {seen}",
        detail="It answers nothing about the top-level domain either, so nothing is known of the domain, and nothing is "
        "said of it.",
        why="This says something about the place where the check ran, not about your domain.",
        fix=(
            (
                "Look whether the first command works and what the second says, and run the check again, through another "
                "resolver or on another machine:\n    dig NS .\n    cat /etc/resolv.conf\n"
                "    mxproof check {subject} --resolver ADDRESS"
            ),
        ),
        rfc=("RFC 1034 section 5.3.1",),
        verify=("dig NS .",),
    ),
    FindingWords(
        code=Code.DOMAIN_MISSING,
        severity=Severity.ERROR,
        title="The domain does not exist",
        summary="{domain} does not exist in DNS",
        detail="The look-up of its MX records was answered with NXDOMAIN. No mail can be sent to it.",
        why="Senders return such mail at once.",
        fix=(
            (
                "See that the name is spelt as you mean it, that its registration has not run out, and that its parent "
                "zone delegates it:\n    dig +trace NS {domain}"
            ),
        ),
        rfc=(_FIND,),
        verify=("dig +trace NS example.com",),
    ),
    FindingWords(
        code=Code.MX_UNANSWERED,
        severity=Severity.WARNING,
        title="The MX records could not be looked up",
        summary="The look-up of the MX records of {domain} was not answered: {why}",
        detail="So it is not known from here where mail goes. Senders that get no answer keep the mail and try again.",
        why="Mail is late while name servers are silent, and comes back if they stay so.",
        fix=(
            (
                "Ask again, and ask each name server of {domain} by itself:\n    dig MX {domain} @SERVER\nIf one is silent or "
                "fails, mend that server or take it out of the NS records."
            ),
        ),
        rfc=(_FIND,),
        verify=("dig +short NS example.com", "dig MX example.com @ns1.example.com"),
    ),
    FindingWords(
        code=Code.MX_NULL,
        severity=Severity.NOTICE,
        title="The domain says that it takes no mail",
        summary="{domain} has a null MX: it takes no mail",
        detail="The one MX record is `0 .`, which tells senders to return mail at once.",
        why="This is right for a domain that only sends, or that has nothing to do with mail.",
        fix=(
            "If the domain should receive mail, replace the null MX by records that name its mail servers.",
        ),
        rfc=("RFC 7505 section 3",),
        verify=_LOOK_UP,
    ),
    FindingWords(
        code=Code.MX_NULL_MIXED,
        severity=Severity.WARNING,
        title="A null MX stands beside other MX records",
        summary="{domain} says by a null MX that it takes no mail, and names MX hosts all the same: {hosts}",
        detail="A null MX must stand alone. Postfix, mox, Stalwart and KumoMTA take the domain at its word and return the "
        "mail; Exim and chasquid pass over the null MX, for no host is called `.`.",
        why="Whether mail arrives depends on the system that sends it.",
        fix=(
            "If {domain} takes mail, remove this record; if it takes none, remove the others.\n    {domain}. MX 0 .",
        ),
        rfc=("RFC 7505 section 3",),
        verify=_LOOK_UP,
    ),
    FindingWords(
        code=Code.MX_NULL_POLICY,
        severity=Severity.NOTICE,
        title="A domain that takes no mail has an MTA-STS policy",
        summary="{domain} says by a null MX that it takes no mail, and has an MTA-STS policy",
        detail="The policy says which hosts may take the mail of {domain}, and by its MX record there are none. No sender gets as far as the policy.",
        why="It does no harm today. It is most often what was left when the domain was given up for mail, or the null MX is the "
        "mistake: then all mail comes back at once.",
        fix=(
            (
                "If {domain} takes no mail, remove the record at {record}, and {policy_host} with it. If it does, put "
                "its mail servers into the MX records in place of this one:\n    {domain}. MX 0 ."
            ),
        ),
        ways={
            "served": (
                (
                    "If {domain} takes no mail, take {policy_host} down. If it does, put its mail servers into the MX "
                    "records in place of this one:\n    {domain}. MX 0 ."
                ),
            )
        },
        rfc=("RFC 7505 section 3", "RFC 8461 section 8.3"),
        verify=(*_LOOK_UP, "dig +short TXT _mta-sts.example.com"),
    ),
    FindingWords(
        code=Code.MX_NULL_SENDER,
        severity=Severity.WARNING,
        title="A domain that takes no mail sends some",
        summary="{domain} says by a null MX that it takes no mail, and its SPF record lets hosts send in its name",
        detail="These terms let a host pass: {terms}. Neither an answer nor a bounce can come back to such mail.",
        why="Many receivers refuse mail from an address that takes none, often as 550 5.7.27.",
        fix=(
            (
                "If {domain} sends mail, give it an MX host that takes the bounces in place of the null MX. If it does not, say so "
                'in the SPF record too:\n    {domain}. TXT "v=spf1 -all"'
            ),
        ),
        rfc=("RFC 7505 section 4.2", "RFC 7208 section 10.1.1"),
        verify=(*_LOOK_UP, "dig +short TXT example.com"),
        checked_by="mxproof check example.com --only arrival --only spf",
    ),
    FindingWords(
        code=Code.MX_IMPLICIT,
        severity=Severity.NOTICE,
        title="The domain has no MX record",
        summary="{domain} has no MX record, so mail goes to its own address",
        detail="Without MX records a sender takes the domain itself for its mail server: {addresses}. RFC 8461 does "
        "not mention this case; a policy should then list {domain} itself.",
        why="It works, and it is fragile: many tools expect an MX record, and the address is often that of a web "
        "server.",
        fix=(
            "Publish an MX record with the name of the mail server, or this one if the domain takes no mail:\n    {domain}. MX 0 .",
        ),
        rfc=(_FIND,),
        verify=_LOOK_UP,
    ),
    FindingWords(
        code=Code.MX_NO_ADDRESS,
        severity=Severity.ERROR,
        title="The domain has neither MX records nor an address",
        summary="{domain} has neither an MX record nor an address, so it can take no mail",
        detail="There is no host to send mail to.",
        why="Senders return such mail at once.",
        fix=(
            "Publish an MX record with the name of the mail server, or this one if the domain takes no mail:\n    {domain}. MX 0 .",
        ),
        rfc=(_FIND, "RFC 7505 section 3"),
        verify=(*_LOOK_UP, "dig +short A example.com", "dig +short AAAA example.com"),
    ),
    FindingWords(
        code=Code.MX_NAME_INVALID,
        severity=Severity.ERROR,
        title="An MX record does not hold a host name",
        summary="The MX record `{preference} {host}` does not hold a host name",
        detail="An MX record must hold a name of letters, digits and hyphens which has A or AAAA records. No policy can "
        "list another. Postfix calls it a malformed domain name and keeps the mail, Exim looks for no such host.",
        why=_SKIPPED + " chasquid returns the mail although another MX record may be sound.",
        fix=(
            "Give the mail server a name with A and AAAA records, and put that name into the MX record of {domain}.",
        ),
        ways=_RETIRE,
        rfc=(_FIND, "RFC 5321 section 2.3.5"),
        verify=_LOOK_UP,
    ),
    FindingWords(
        code=Code.MX_NAME_UNDERSCORE,
        severity=Severity.WARNING,
        title="The name of an MX host holds an underscore",
        summary="MX host {host} has an underscore in its name, which no host name has",
        detail="The MX record is `{preference} {host}`. Postfix, Exim, mox and chasquid look such a name up all the same.",
        why="Host names are made of letters, digits and hyphens. Whoever keeps to that returns the mail, no certificate "
        "authority certifies the name, and some senders do not let a policy list it.",
        fix=(
            "Give the mail server a name without underscore, and put that name into the MX record of {domain}.",
        ),
        rfc=("RFC 1123 section 2.1", "RFC 5321 section 2.3.5"),
        verify=_LOOK_UP,
    ),
    FindingWords(
        code=Code.MX_ADDRESS_LITERAL,
        severity=Severity.ERROR,
        title="An MX record holds an address instead of a name",
        summary="The MX record `{preference} {host}` holds an IP address where a host name belongs",
        detail="Postfix connects to the address all the same; Exim and senders that keep to RFC 5321 look for a host of "
        "that name, which does not exist; chasquid returns the mail, unless it was built with Go 1.25 or later. No "
        "policy can list an address, and no certificate is compared with it.",
        why=_SKIPPED,
        fix=(
            "Give the mail server a name with A and AAAA records, and put that name into the MX record of {domain}.",
        ),
        ways=_RETIRE,
        rfc=(_FIND, "RFC 1035 section 3.3.9"),
        verify=_LOOK_UP,
    ),
    FindingWords(
        code=Code.MX_LOCALHOST,
        severity=Severity.ERROR,
        title="An MX record names localhost",
        summary="The MX record `{preference} {host}` names whoever sends the mail",
        detail="localhost is the name of the machine that says it, so that each sender is told to deliver to itself.",
        why="A sender that finds itself among the MX hosts gives up: Postfix returns the mail, since it `loops back to "
        "myself`.",
        fix=(
            "Put the public name of the mail server into the MX record, or publish this one if {domain} takes no mail:\n    {domain}. MX 0 .",
        ),
        ways=_RETIRE,
        rfc=("RFC 6761 section 6.3", "RFC 7505 section 3"),
        verify=_LOOK_UP,
    ),
    FindingWords(
        code=Code.MX_ADDRESS_NOT_PUBLIC,
        severity=Severity.WARNING,
        title="An MX host has an address that is not public",
        summary="MX host {host} has an address that cannot be reached from everywhere: {addresses:few}",
        detail="{seen:by_range}. The registry of such addresses calls them not globally reachable, and mxproof connects to none "
        "of them without --allow-private.",
        why="A sender elsewhere reaches nobody there, or somebody else: its own network has machines at the same private "
        "addresses, and a loopback address is the sender itself.",
        fix=(
            "Give {host} the public address of the mail server in the A and AAAA records that the world sees, in place of {addresses:few}.",
        ),
        ways={
            "withdraw": (
                "Leave only public addresses in the A and AAAA records of {host} that the world sees, without {addresses}.",
            )
        },
        otherwise=(
            "If all senders stand in this network, check with --allow-private, and publish no MX record for others.",
        ),
        rfc=("RFC 6890 section 2", "RFC 5321 section 5.1"),
        verify=_HOST,
    ),
    FindingWords(
        code=Code.MX_IPV4_MISSING,
        severity=Severity.WARNING,
        title="No MX host has an IPv4 address",
        summary="No MX host of {domain} has an IPv4 address: {addresses:few}",
        detail="The MX hosts are {hosts}, all of them with IPv6 addresses alone.",
        why="Most senders have no IPv6, or none for mail. To them the domain has no mail server; their mail waits and comes "
        "back.",
        fix=(
            "Give one MX host of {domain} an IPv4 address, its own or that of a server which hands mail on to it.",
        ),
        rfc=("RFC 5321 section 5.2",),
        verify=_HOST,
    ),
    FindingWords(
        code=Code.MX_DANGLING,
        severity=Severity.WARNING,
        title="An MX record leads nowhere",
        summary="MX host {host} leads nowhere: {seen}",
        detail="The MX record `{preference} {host}` names a host that has neither an A nor an AAAA record.",
        why=_SKIPPED
        + " If the name lies in a domain that has run out, a stranger may register it and receive your "
        "mail.",
        fix=(
            (
                "Give {host} A and AAAA records, or put the name of a mail server that has them into the MX record. No other MX "
                "host takes mail, so without this record there would be none."
            ),
        ),
        ways={
            "retire": (
                "Give {host} A and AAAA records if it should take mail, or else remove:\n    {domain}. MX {preference} {host}.",
            )
        },
        rfc=(_FIND,),
        verify=_HOST,
    ),
    FindingWords(
        code=Code.MX_HOST_UNANSWERED,
        severity=Severity.WARNING,
        title="The addresses of an MX host could not be looked up",
        summary="The look-up of the addresses of MX host {host} was not answered: {seen}",
        detail="So this host could not be tested.",
        why="Senders that get no answer keep the mail and try again, or go on to the next host.",
        fix=(
            (
                "Ask again, and ask each name server by itself:\n    dig A {host} @SERVER\nIf one is silent or fails, mend "
                "that server or take it out of the NS records."
            ),
        ),
        rfc=(_FIND,),
        verify=_HOST,
    ),
    FindingWords(
        code=Code.MX_ALIAS,
        severity=Severity.WARNING,
        title="MX names are aliases",
        summary="MX names are aliases (CNAME): {aliases:chains}; {lacks}",
        detail="MX names must not be aliases. RFC 8461 compares the name in the MX record and leaves open what holds "
        "for an alias; Microsoft judges the target, others the name itself.",
        why="RFC 2181 section 10.3 and RFC 5321 section 5.1 forbid the alias, so RFC 8461 section 4.1 says nothing of "
        "it and senders differ. Mail from those that look at the target stops without a word in your log, because "
        "they never connect: first for the name in the policy (451 4.4.8), and when that is mended, for the name in "
        "the certificate (451 4.7.5).",
        fix=(
            (
                "Best, no alias. Publish addresses in place of the CNAMEs:{address_records:block}Policy and certificates then "
                "need the MX names only."
            ),
        ),
        ways={
            "targets": (
                (
                    "Point the MX records at the targets, in this order: into the policy{targets:mx_block}their names into the "
                    "certificates, a new id, wait until the old policy is over ({policy:max_age}), then{mx_records:block}"
                ),
            ),
            "names-in-both": (
                (
                    "If the aliases have to stay, put into the policy what it lacks{policy_lacks:mx_block}and into the "
                    "certificates what they lack ({certificate_lacks}), then set a new id. One of the two alone only moves "
                    "the bounce."
                ),
            ),
            "names-in-policy": (
                "If the aliases have to stay, put this into the policy{policy_lacks:mx_block}and set a new id; the certificates have the names.",
            ),
            "names-in-certificate": (
                (
                    "If the aliases have to stay, install certificates with what they lack: {certificate_lacks}, beside the "
                    "names they have; the policy has the names."
                ),
            ),
            "names-in-one": (
                (
                    "If the aliases have to stay, put both names of each host into one certificate. The server shows another "
                    "one for each name, and which of them is asked for by a sender that judges the target is not known."
                ),
            ),
        },
        rfc=("RFC 2181 section 10.3", _FIND, "RFC 8461 section 4.1"),
        verify=("dig +short CNAME mx.example.com",),
    ),
    FindingWords(
        code=Code.MX_MANY,
        severity=Severity.NOTICE,
        title="There are more MX hosts than were tested",
        summary="{domain} has more MX hosts than are tested: {probed} were, the rest is only listed",
        detail="Not tested: {unprobed}.",
        why="Senders try a few hosts and give up; most domains do with two or three.",
        fix=(
            "Name fewer hosts. One name with several addresses, or an address that many servers share, does as well.",
        ),
        rfc=(_FIND,),
        verify=_LOOK_UP,
    ),
    FindingWords(
        code=Code.MX_OK,
        severity=Severity.OK,
        title="The MX records are in order",
        summary="The MX records lead to {count} addresses: {hosts}",
        detail="Every MX host exists, is no alias and has an address.",
        why="This is how it should be. The finding exists so that you can see what was examined.",
        rfc=(_FIND,),
        verify=_LOOK_UP,
    ),
)
