"""Words about name servers that fail, or that answer each in their own way."""

from mxproof.judge.catalogue.finding_words import FindingWords
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Severity

_CHECKED_BY = 'mxproof explain --check "spf=temperror smtp.mailfrom=example.com; dkim=timeout header.d=example.com header.s=s1"'
_TCP = "RFC 7766 section 5"
_DELEGATION = "RFC 1912 section 2.8"
_VERSIONS = "RFC 1034 section 4.3.5"
_SERIAL = "RFC 1982 section 3.2"
_EACH = ("dig +short NS example.com", "dig +norecurse TXT example.com @ns1.example.com")
_OVER_TCP = ("dig +norecurse +tcp TXT example.com @ns1.example.com",)
_COMPARED = (
    "dig +norecurse TXT example.com @ns1.example.com",
    "dig +norecurse TXT example.com @ns2.example.com",
    "dig +nssearch example.com",
)
_TEMPERROR = (
    "A receiver that cannot look up SPF, DKIM or DMARC says temperror: it puts the mail off or judges it without, and which "
    "of your messages are met depends on the server that its resolver happens to ask."
)
_BY_CHANCE = (
    "Each resolver chooses a server by itself and keeps the answer for its time to live. So some receivers accept your "
    "mail and others do not, and an hour later it may be others."
)

ENTRIES = (
    FindingWords(
        code=Code.NS_LOOKUP_FAILED,
        severity=Severity.ERROR,
        title="Records could not be looked up at all",
        summary="{records}: {seen}",
        detail="The resolver here answers for the top-level domain, so the error is with these names. A receiver's "
        "resolver gets the same error or a like one.",
        why=_TEMPERROR,
        fix=(
            (
                "Ask a validating resolver with and without checking:{records:look_ups}If only the latter answers, "
                "repair the signatures or the DS record; if neither does, the servers or their delegation."
            ),
        ),
        rfc=("RFC 7208 section 2.6.6", "RFC 4035 section 5.5"),
        verify=("dig TXT example.com", "dig +cd TXT example.com"),
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.NS_ANSWER_CUT,
        severity=Severity.ERROR,
        title="An answer is too large for UDP, and TCP fails",
        summary="{where}: the answer does not fit into a datagram, and TCP fails ({seen})",
        detail="The server says that the rest is to be had over TCP, and there it cannot be had. So nobody gets {records} "
        "from it.",
        why=_TEMPERROR,
        fix=(
            (
                "Open port 53 for TCP at that server, in its configuration and in every firewall before it (RFC 7766 section "
                "5); then make the records shorter, so that they fit into 1232 bytes."
            ),
        ),
        rfc=(_TCP, "RFC 2181 section 9"),
        verify=(_EACH[1], *_OVER_TCP),
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.NS_UDP_SILENT,
        severity=Severity.ERROR,
        title="A name server does not answer over UDP",
        summary="{where}: no answer over {seen:either}",
        detail="UDP is how every resolver asks first. Each one that comes to {servers} waits until its patience is over "
        "before it tries another server.",
        why=_TEMPERROR,
        fix=(
            (
                "Repair the server or the way to it, or take it out of the NS records at the registrar and in the zone until "
                "it answers."
            ),
        ),
        rfc=("RFC 1035 section 4.2.1", "RFC 2182 section 4"),
        verify=_EACH,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.NS_LAME,
        severity=Severity.ERROR,
        title="A name server does not serve the zone that it is named for",
        summary="{where}: {seen}",
        detail="The delegation is lame at {servers}: the NS records lead there, and the server does not answer from a zone "
        "of its own.",
        why=_TEMPERROR,
        fix=(
            "Have the server load the zone, or take it out of the NS records at the registrar and in the zone.",
        ),
        rfc=("RFC 9499 section 7", _DELEGATION),
        verify=_EACH,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.NS_RECORD_MISSING,
        severity=Severity.ERROR,
        title="A record is not at every name server",
        summary="{where}: it has no such record, and others have{seen:behind}",
        detail="A receiver whose resolver asks {servers} finds nothing at {records}.",
        why=_BY_CHANCE,
        fix=(
            (
                "Publish the record at that server too: raise the serial number, check that the transfer from the primary "
                "works, or publish it again at the second provider."
            ),
        ),
        rfc=(_VERSIONS, _SERIAL),
        verify=_COMPARED,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.NS_RECORDS_DIFFER,
        severity=Severity.ERROR,
        title="The name servers do not have the same record",
        summary="{where}: {seen}",
        detail="What a receiver finds at {records} depends on the server that its resolver asks.",
        why=_BY_CHANCE,
        fix=(
            (
                "Bring the servers to one version of the zone: raise the serial number and check the transfer from the primary, "
                "or publish the same record at each provider."
            ),
        ),
        rfc=(_VERSIONS, _SERIAL),
        verify=_COMPARED,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.NS_KEY_ABSENT,
        severity=Severity.ERROR,
        title="No name server has a DKIM key that mail is signed with",
        summary="{subject}: no server has this DKIM key",
        detail="A signature that names this key cannot be verified by anybody.",
        why="A signature without a key is as good as none. Where DMARC rests on it, mail is rejected or goes to spam.",
        fix=(
            (
                "Publish the key of the selector that the signing server uses, or have it sign with a selector that is "
                "published; keep an old key until the last mail signed with it has arrived."
            ),
        ),
        rfc=("RFC 6376 section 6.1.2", "RFC 6376 section 3.6.2.1"),
        verify=("dig +short TXT s1._domainkey.example.com",),
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.NS_NO_ADDRESS,
        severity=Severity.WARNING,
        title="A name server has no address",
        summary="{zone}: its name server {subject} has no address",
        detail="The NS record leads nowhere, so that there is one server less than there seem to be.",
        why="Resolvers go on to another server, which takes longer. When that one fails too, nothing is left to ask.",
        fix=("Give the name server's name its A and AAAA records, or take it out of the NS records.",),
        rfc=("RFC 2181 section 10.3",),
        verify=(
            "dig +short NS example.com",
            "dig +short A ns1.example.com",
            "dig +short AAAA ns1.example.com",
        ),
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.NS_TCP_FAILED,
        severity=Severity.WARNING,
        title="A name server does not answer over TCP",
        summary="{where}: TCP fails ({seen})",
        detail="What was asked for fits into UDP today. The first answer that does not fit will be lost at {servers}.",
        why="Some receivers ask over TCP from the start, or after a datagram was lost, and a longer SPF record or DKIM key "
        "makes all of them do so.",
        fix=(
            (
                "Open port 53 for TCP at that server (RFC 7766 section 5). The records asked for now fit into UDP; the next one "
                "may not."
            ),
        ),
        rfc=(_TCP,),
        verify=_OVER_TCP,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.NS_ANSWER_LARGE,
        severity=Severity.WARNING,
        title="An answer is larger than a datagram carries safely",
        summary="{where}: the answer has {seen} bytes, more than the 1232 that a datagram carries safely",
        detail="Such an answer needs TCP, or fragments, and firewalls drop fragments.",
        why="Every receiver needs a second question over TCP for it, and one behind a firewall that lets none through gets "
        "nothing.",
        fix=(
            (
                "Make the TXT records at that name shorter: take out what is verified and done, and give long lists of addresses "
                "names of their own to include."
            ),
        ),
        rfc=("RFC 9715 section 3.2", "RFC 7208 section 3.4"),
        verify=("dig +norecurse +ignore TXT example.com @ns1.example.com",),
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.NS_SLOW,
        severity=Severity.WARNING,
        title="A name server answers slowly",
        summary="{where}: an answer takes more than {seen} s, or queries are lost",
        detail="Receivers wait a few seconds for one server, and SPF may need ten answers one after another.",
        why="A receiver gives up on an evaluation that takes too long; RFC 7208 lets it do so after 20 seconds for all "
        "look-ups together.",
        fix=(
            "Look at the load of the server and at losses on the way to it; have a server nearer to the receivers.",
        ),
        rfc=("RFC 7208 section 4.6.4",),
        verify=("dig +norecurse +stats TXT example.com @ns1.example.com",),
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.NS_ONE_NETWORK,
        severity=Severity.NOTICE,
        title="All name servers are in one network",
        summary="All name servers of {subject} that are asked are in one network: {networks}",
        detail="These are {servers}.",
        why="One line, one router or one mistake in routing takes all of them away at once. Senders that get no answer keep "
        "mail back, and give up in the end.",
        fix=("Have another server for the zone in another network, at another place.",),
        rfc=("RFC 2182 section 3.1",),
        verify=("dig +short NS example.com",),
        checked_by="mxproof check example.com --only name-server-paths",
    ),
)
