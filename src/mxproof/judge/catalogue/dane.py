"""Words about TLSA records."""

from mxproof.judge.catalogue.finding_words import FindingWords
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Severity

_RECORDS = "RFC 7672 section 2.2.3"
_LOOK_UP = ("dig +dnssec TLSA _25._tcp.mx.example.com",)
_MATCH = (*_LOOK_UP, "posttls-finger -c -l dane example.com")
_REFUSED = (
    "A sender that uses DANE does not deliver, whatever the MTA-STS policy says, and MTA-STS must not override it. Its "
    "mail waits in queues and comes back after hours or days."
)
_KEEP_KEY = "Renew the certificate for the same key, which a record of selector 1 goes on matching:\n    certbot renew --reuse-key"
_NEXT_KEY = (
    "Or, for a new key: publish its record beside the old one first. {ttl_s:later} that, the server may show it, and then the old "
    "record may go. The digest for the record `3 1 1` comes from:\n    openssl pkey -in next.key -pubout -outform DER | sha256sum"
)
_SIGN = (
    "Sign the zone that holds {insecure_name} and publish its DS record in the zone above it: for a domain of its own "
    "with the registrar, for a part of another domain in that domain's zone. If the host is not yours, ask its operator."
)

ENTRIES = (
    FindingWords(
        code=Code.DNSSEC_BOGUS,
        severity=Severity.ERROR,
        title="DNSSEC validation fails",
        summary="The DNSSEC signatures of {names} do not verify",
        detail="The resolver found these answers bogus: {questions} ({said:bogus}). A sender behind a validating resolver sees none of "
        "them; one behind another resolver may still deliver.",
        why="A sender that uses DANE always validates and holds the mail back, at Microsoft with 450 4.7.324. Much of "
        "the rest of the Internet resolves through validating resolvers as well.",
        fix=(
            "See which signature or key does not fit:{names:delve}",
            "Sign the zone again if its signatures have expired, and see that the signer runs.",
            "Compare the DS record at the parent with the keys of the zone, and remove a DS record that no key matches.",
        ),
        rfc=("RFC 4035 section 5.5", "RFC 7672 section 2.1.2"),
        verify=("delv MX example.com", "dig +dnssec +cd MX example.com"),
    ),
    FindingWords(
        code=Code.DANE_OK,
        severity=Severity.OK,
        title="The TLSA records match",
        summary="The TLSA records of MX host {host} match its certificates",
        detail="At {addresses} the certificate matches this record at _25._tcp.{base}: {matched}.",
        why="This is how it should be. The finding exists so that you can see what was examined.",
        rfc=(_RECORDS, "RFC 7672 section 3.1"),
        verify=_MATCH,
    ),
    FindingWords(
        code=Code.DANE_CERT_NAME,
        severity=Severity.ERROR,
        title="The certificate under a DANE-TA record has another name",
        summary="The certificate of MX host {host} at {addresses} has none of the names that DANE-TA asks for",
        detail="Where a record names an authority (usage 2), the server's certificate must name {base} or {domain}.",
        why=_REFUSED,
        fix=(
            (
                "Get a certificate with {base} among its subject alternative names, or publish a record for the key itself "
                "(usage 3), which asks for no name:{live:block}"
            ),
        ),
        rfc=("RFC 7672 section 3.1.2", "RFC 7672 section 3.2.2"),
        verify=_MATCH,
    ),
    FindingWords(
        code=Code.DANE_UNUSABLE,
        severity=Severity.WARNING,
        title="No TLSA record is usable",
        summary="The TLSA records of MX host {host} are of no use to senders",
        detail="_25._tcp.{base} holds {records}: {faults:rules}. A sender then demands TLS and authenticates nobody.",
        why="The records cost you the mail of every sender that cannot encrypt, and do not give the protection that "
        "they were meant for.",
        fix=(
            (
                "Publish records of usage 3, selector 1, matching type 1 for the key in use. The digest comes from:"
                "\n    openssl x509 -in cert.pem -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum"
            ),
        ),
        rfc=("RFC 7672 section 2.2", "RFC 7672 section 3.1.3"),
        verify=_MATCH,
    ),
    FindingWords(
        code=Code.DANE_INSECURE,
        severity=Severity.NOTICE,
        title="TLSA records exist on a way that is not signed",
        summary="MX host {host} has TLSA records, but {insecure:response} is not signed with DNSSEC",
        detail="DANE counts only where every answer on the way is secure: the MX records, the addresses of the host and "
        "the TLSA records. Postfix makes one exception: where only the MX records are not signed, it uses the records "
        "of the host.",
        why="Other senders pass over such records without a word, so the protection that they promise is not there.",
        fix=(_SIGN,),
        ways={
            "records-first": (
                (
                    "Make the records right first, since senders go by them from the day on which the zone is signed. "
                    "Publish:{live:block}Remove what matches nothing:{old:block}"
                ),
                _SIGN,
            ),
            "record-first": (
                (
                    "Publish this record first, since senders go by the records from the day on which the zone is "
                    "signed:{live:block}"
                ),
                _SIGN,
            ),
            "alias": (
                (
                    "The name is an alias that leads out of the signed zone, to {insecure_name}. Publish the records where the "
                    "alias stands:{here:block}In place of this one:{alias:block}"
                ),
            ),
            "alias-signed": ("Have the zone that holds {insecure_name} signed by whoever keeps it.",),
        },
        rfc=("RFC 7672 section 2.2.1", _RECORDS),
        verify=("dig +dnssec MX example.com", *_LOOK_UP),
    ),
    FindingWords(
        code=Code.DANE_NEXT_MISSING,
        severity=Severity.NOTICE,
        title="The next certificate has no TLSA record yet",
        summary="The certificate of MX host {host} ends on {until}, and its TLSA records know no other key",
        detail="At {addresses} these records match it and nothing else: {matched}. With a new key, none would.",
        why="Many programs make a new key for each certificate. From the moment at which the server shows it, no sender that "
        "uses DANE delivers, until a record for it is published and the old answers are forgotten.",
        fix=(_KEEP_KEY,),
        otherwise=(_NEXT_KEY,),
        ways={
            "anchored": (
                (
                    "Publish a record of the authority beside, which goes on matching while it issues the certificates and its own "
                    "is sent with them:{anchors:block}"
                ),
            )
        },
        rfc=("RFC 7671 section 8.1", "RFC 7671 section 8.4"),
        verify=_LOOK_UP,
    ),
    FindingWords(
        code=Code.DANE_ZONE_UNSIGNED,
        severity=Severity.NOTICE,
        title="The domain is signed and its MX host is not",
        summary="{domain} is signed with DNSSEC, and DANE is not in use, for these MX hosts are in unsigned zones: {hosts}",
        detail="DANE hangs on the zone of the MX host: its addresses and its TLSA records must be signed.",
        why="Whoever signed the domain for the sake of DANE does not get it. Mail arrives all the same.",
        fix=(
            "Whoever runs {hosts} would have to sign its zone and publish TLSA records. MTA-STS needs neither.",
        ),
        rfc=("RFC 7672 section 2.2.2", "RFC 7672 section 2.2.1"),
        verify=("dig +dnssec A mx.example.com",),
    ),
    FindingWords(
        code=Code.DANE_LOOKUP_FAILED,
        severity=Severity.ERROR,
        title="The look-up of TLSA records fails",
        summary="The look-up of the TLSA records of MX host {host} fails: {why}",
        detail="The addresses of the host are secure, and _25._tcp.{base} is answered with a failure. A sender that "
        "uses DANE must then not deliver to this host, for someone might be hiding the records.",
        why=_REFUSED,
        fix=(
            (
                "Let the name servers of {base} answer for the type TLSA, if only with no such record. Old servers and "
                "firewalls that drop unknown types do this, as do expired signatures. What a validator says of them:"
                "\n    delv TLSA _25._tcp.{base}"
            ),
        ),
        ways={
            "bogus": (
                (
                    "Mend the signatures of _25._tcp.{base}, as dnssec-bogus says. What a validator says of them:"
                    "\n    delv TLSA _25._tcp.{base}"
                ),
            )
        },
        rfc=("RFC 7672 section 2.1.1", "RFC 7672 section 2.1.2"),
        verify=("delv TLSA _25._tcp.mx.example.com",),
    ),
    FindingWords(
        code=Code.DANE_UNANSWERED,
        severity=Severity.WARNING,
        title="The look-up of TLSA records was not answered",
        summary="The look-up of the TLSA records of MX host {host} was not answered: {why}",
        detail="So it is not known from here whether _25._tcp.{base} has records. A sender that uses DANE and gets no "
        "answer either does not deliver to this host.",
        why=_REFUSED,
        fix=(
            (
                "Ask again, and ask each name server by itself:\n    dig TLSA _25._tcp.{base} @SERVER\nIf one is silent, "
                "mend that server or take it out of the NS records."
            ),
        ),
        rfc=("RFC 7672 section 2.1.2",),
        verify=_LOOK_UP,
    ),
    FindingWords(
        code=Code.DANE_PARTIAL,
        severity=Severity.NOTICE,
        title="Only some MX hosts are protected by DANE",
        summary="Of the MX hosts, {with_dane} has DANE and {without} has not",
        detail="Whoever can make the first unreachable leads mail to the others.",
        why="The protection of a domain is that of its weakest MX host.",
        fix=("Publish TLSA records for {without} too.",),
        ways={
            "unsigned": (
                "Have the zone that holds the addresses of {without} signed, and TLSA records published for it.",
            ),
            "retire": ("Take {without} out of the MX records, if the others are enough.",),
        },
        rfc=("RFC 7672 section 2.2.1",),
        verify=_LOOK_UP,
    ),
    FindingWords(
        code=Code.DANE_UNJUDGED,
        severity=Severity.NOTICE,
        title="TLSA records could not be judged",
        summary="There are TLSA records, and the resolver {resolvers} is not known to validate DNSSEC",
        detail="Found at {bases}. Without DNSSEC one cannot tell whether senders use them, so what they would do is "
        "said for both cases.",
        why="A resolver that does not validate cannot tell a signed answer from a forged one.",
        fix=(
            (
                "Check by way of a resolver that validates, for instance unbound on this machine:"
                "\n    mxproof check {domain} --resolver 127.0.0.1"
            ),
        ),
        otherwise=(
            (
                "Or, where a resolver validates and nobody can change its answers on the way, say that it is trusted, here "
                "or by the line `options trust-ad` in /etc/resolv.conf:\n    mxproof check {domain} --trust-ad"
            ),
        ),
        rfc=("RFC 7672 section 2.1.3", "RFC 4033 section 5"),
        verify=("dig +dnssec MX example.com", *_LOOK_UP),
    ),
)
