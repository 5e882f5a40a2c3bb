"""Words about the way to the name servers of a zone: what leads there, what passes, and which version is there."""

from mxproof.judge.catalogue.finding_words import FindingWords
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Severity

_CHECKED_BY = "mxproof check example.com --only name-server-paths"
_WITH_EDNS = (
    "dig +norecurse +edns=0 +noednsneg SOA example.com @ns1.example.com",
    "dig +norecurse +noedns SOA example.com @ns1.example.com",
)
_LARGE = (
    "dig +norecurse +ignore +bufsize=1232 TXT example.com @ns1.example.com",
    "dig +norecurse +tcp TXT example.com @ns1.example.com",
)
_ABOVE = ("dig +trace NS example.com", "dig +norecurse NS example.com @ns1.example.com")

ENTRIES = (
    FindingWords(
        code=Code.NS_EDNS_SILENT,
        severity=Severity.ERROR,
        title="A name server does not answer queries with EDNS",
        summary="{servers}: a query with EDNS gets no answer ({seen}), one without does",
        detail="Every resolver of today asks with EDNS, and since 2019 many do not try without it after silence.",
        why="To such a resolver the server is dead. Where all servers of a zone are like it, the domain does not exist for "
        "whoever asks that resolver: mail is put off, and comes back after days.",
        fix=(
            "Bring the software of that server up to date, and have firewalls before it let queries with an OPT record pass.",
        ),
        rfc=("RFC 6891 section 7", "RFC 8906 section 3.2"),
        verify=_WITH_EDNS,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.NS_ANSWER_LOST,
        severity=Severity.ERROR,
        title="Large answers of a name server do not arrive over UDP",
        summary="{where}: an answer of {size} bytes does not arrive over UDP, small ones do",
        detail="A query with EDNS that takes 1232 bytes stays without an answer, and the same over TCP has one. Most likely a "
        "firewall before the server drops datagrams of more than {small} bytes, or fragments.",
        why="Each resolver waits until its patience is over before it tries TCP, and some never do: receivers then say "
        "temperror, or take the record for missing.",
        fix=(
            (
                "Have firewalls before that server let DNS answers of up to 1232 bytes pass, or have the server truncate above {small} "
                "bytes, so that resolvers go to TCP at once."
            ),
        ),
        rfc=("RFC 6891 section 6.2.6", "RFC 9715 section 3.2"),
        verify=_LARGE,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.NS_EDNS_REJECTED,
        severity=Severity.WARNING,
        title="A name server answers queries with EDNS with an error",
        summary="{servers}: to a query with EDNS {seen}, and answers one without",
        detail="Resolvers have to ask every question twice there, the second time without EDNS.",
        why="Look-ups take twice as long, and answers that do not fit into 512 bytes need TCP. Nothing of DNSSEC, and so of "
        "DANE, comes from such a server.",
        fix=("Bring the software of that server up to date.",),
        rfc=("RFC 6891 section 7",),
        verify=_WITH_EDNS,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.NS_SIZE_IGNORED,
        severity=Severity.WARNING,
        title="A name server sends more than the client takes",
        summary="{where}: it answers with {size} bytes to a query that takes {small}",
        detail="A datagram may hold no more than the query says; what is left goes over TCP.",
        why="Clients say how much they take because more does not reach them: such an answer is cut or lost on the way, and "
        "whoever asked waits in vain.",
        fix=(
            "Bring the software of that server up to date, and take out whatever rewrites DNS messages before it.",
        ),
        rfc=("RFC 6891 section 6.2.3",),
        verify=("dig +norecurse +ignore +bufsize=512 TXT example.com @ns1.example.com",),
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.NS_EDNS_VERSION,
        severity=Severity.NOTICE,
        title="A name server does not know what to say to another version of EDNS",
        summary="{servers}: to a query with EDNS version 1 {seen}, where BADVERS is due",
        detail="There is no version 1 yet, and no resolver asks with it.",
        why="Nothing of today depends on it. It shows software, or a firewall, that will not take the next version.",
        fix=("Bring the software of that server up to date when you come to it.",),
        rfc=("RFC 6891 section 6.1.3",),
        verify=("dig +norecurse +edns=1 +noednsneg SOA example.com @ns1.example.com",),
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.NS_DELEGATION_DIFFERS,
        severity=Severity.WARNING,
        title="The zone above names other name servers than the zone itself",
        summary="{subject}: {seen}",
        detail="A resolver comes to the zone by way of the servers that the zone above names, and afterwards asks those "
        "that the zone itself names.",
        why="A server that only one of the two names is forgotten sooner or later: it goes on serving an old zone, or is "
        "switched off, and some resolvers still ask it.",
        fix=("Tell the registrar the same servers that stand in the zone, and no others.",),
        rfc=("RFC 1034 section 4.2.2", "RFC 1912 section 2.3"),
        verify=_ABOVE,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.NS_ALIAS_CLASH,
        severity=Severity.WARNING,
        title="A name is an alias and has other records",
        summary="{subject} has {kind} records and is an alias of {target} as well",
        detail="A name with a CNAME record may have no other (but for those of DNSSEC). Such a zone is not loaded by most name servers; "
        "some that keep their records in a database serve both.",
        why="A resolver that learns of the alias first never sees the records, and one that asks for the records first never "
        "follows the alias. So what a sender meets changes from one to the next, and from one hour to the next.",
        fix=("Decide for one of the two, and remove the other:\n    {subject}. CNAME {target}.",),
        rfc=("RFC 1034 section 3.6.2", "RFC 2181 section 10.1"),
        verify=(
            "dig +norecurse CNAME _mta-sts.example.com @ns1.example.com",
            "dig +norecurse TXT _mta-sts.example.com @ns1.example.com",
        ),
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.NS_GLUE_DIFFERS,
        severity=Severity.WARNING,
        title="The zone above has other addresses of a name server than the zone itself",
        summary="{subject}, a name server of {zone}: {seen}",
        detail="The addresses in the zone above, the glue, are how a resolver gets to the zone for the first time.",
        why="An address that is no longer the server's leads to nobody, or to somebody else's server.",
        fix=("Tell the registrar the addresses of that name server as they stand in the zone.",),
        rfc=("RFC 1034 section 4.2.1", "RFC 9471 section 2.1"),
        verify=_ABOVE,
        checked_by=_CHECKED_BY,
    ),
    FindingWords(
        code=Code.NS_SERIALS_DIFFER,
        severity=Severity.NOTICE,
        title="The name servers have different versions of the zone",
        summary="{servers}: behind with the zone{seen:behind}",
        detail="In the records of mail they agree. That is as it should be for some minutes after a change, and not for "
        "longer.",
        why="The next change of the policy's id, of an MX record or of a TLSA record will not arrive there either, and then "
        "senders meet what is no longer true.",
        fix=(
            (
                "Where it stays so: look in the log of that server why it does not transfer the zone, and whether the primary notifies "
                "it."
            ),
        ),
        rfc=("RFC 1034 section 4.3.5", "RFC 1996 section 4"),
        verify=("dig +nssearch example.com",),
        checked_by=_CHECKED_BY,
    ),
)
