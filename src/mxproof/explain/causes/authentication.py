"""Causes in who the sender is: SPF, DKIM, DMARC, reverse DNS and HELO (RFC 7372 gives the status codes for these)."""

from typing import Final

from mxproof.explain.causes import suspects
from mxproof.explain.causes.cause import Cause, CauseKind, Failing

_KIND: Final = CauseKind.AUTHENTICATION
_SPF: Final = "dig +short TXT {domain}"
_DMARC: Final = "dig +short TXT _dmarc.{domain}"
_ALL_THREE: Final = "mxproof check {domain} --only spf --only dmarc --only dkim"
_KEY: Final = "dig +short TXT {key}"
_PTR: Final = "dig +short -x {address}"

CAUSES: Final = (
    Cause(
        id="spf_fail",
        kind=_KIND,
        suspects=(suspects.RECORDS,),
        title="SPF says that this address may not send for the domain",
        words="The receiver compared the sending address with the SPF record of the envelope sender's domain, and the "
        "record does not allow it. A new server or service that is missing in the record, or forwarding, is the usual "
        "reason.",
        check="The SPF record of the domain in MAIL FROM against the address that connected.",
        next=_SPF,
    ),
    Cause(
        id="spf_temperror",
        kind=_KIND,
        suspects=(suspects.RECORD_SERVERS, suspects.LOOK_UPS),
        title="the receiver could not look the SPF record up",
        words="A DNS lookup for the SPF record, or for a record it includes, gave the receiver no answer. The domain's own "
        "name servers come first: one that is silent over TCP or IPv6, or an answer too large for UDP. Only when each of "
        "them answers is the receiver's side the likely place.",
        check="Each name server of every domain in the SPF record: UDP and TCP, IPv4 and IPv6, size and delay of the "
        "answer.",
        next=_SPF,
        failing=Failing.LOOK_UP,
    ),
    Cause(
        id="spf_permerror",
        kind=_KIND,
        suspects=(suspects.RECORDS,),
        title="the SPF record cannot be evaluated",
        words="The SPF record breaks a rule, so it protects nobody and may count as a failure: an error in its syntax, two "
        "records, more than ten DNS lookups or more than two that find nothing (RFC 7208 section 4.6.4).",
        check="Syntax, number of records and number of lookups of the SPF record.",
        next=_SPF,
    ),
    Cause(
        id="spf_suspicious",
        kind=_KIND,
        suspects=(suspects.RECORDS,),
        title="the SPF record allows too much of the internet",
        words="The receiver distrusts an SPF record that allows nearly every address, such as +all or a very wide range.",
        check="The mechanisms of the SPF record.",
        next=_SPF,
    ),
    Cause(
        id="spf_or_block",
        kind=_KIND,
        suspects=(suspects.RECORDS, suspects.FILTER),
        title="an SPF failure or a block at the receiver's filter",
        words="The filter refuses the message by SPF or by its own list and does not say which.",
        check="The SPF record of the domain in MAIL FROM; the filter's own log, if the recipient can look.",
        next=_SPF,
    ),
    Cause(
        id="dkim_key_dns",
        kind=_KIND,
        suspects=(suspects.RECORD_SERVERS, suspects.LOOK_UPS),
        title="the receiver could not look the DKIM key up",
        words="The message is signed, and the DNS lookup of its public key gave the receiver no answer. The domain's own "
        "name servers come first; only when each of them answers is the receiver's side the likely place.",
        check="The selector's TXT record at each name server: UDP and TCP, IPv4 and IPv6, size and delay; aligned SPF as "
        "a second leg.",
        next=_KEY,
        failing=Failing.LOOK_UP,
    ),
    Cause(
        id="dkim_body_hash",
        kind=_KIND,
        suspects=(suspects.FORWARDER, suspects.RECORDS),
        title="the body changed after it was signed (DKIM)",
        words="The signature is there and its key is known, but the body is not the one that was signed. A mailing list "
        "footer, a filter or a gateway that rewrites text does this.",
        check="What stands between the signing server and the receiver.",
    ),
    Cause(
        id="dkim_signature",
        kind=_KIND,
        suspects=(suspects.RECORDS, suspects.FORWARDER),
        title="the DKIM signature does not verify",
        words="The signature does not fit the message or the published key: the wrong key for the selector, or a signed "
        "header that was changed on the way.",
        check="The published key of the selector against the signing server's key; headers rewritten after signing.",
        next=_KEY,
    ),
    Cause(
        id="dkim_fail",
        kind=_KIND,
        suspects=(suspects.RECORDS,),
        title="DKIM did not pass",
        words="The receiver demands a valid DKIM signature and found none that verifies.",
        check="Whether the message is signed, and whether the key of its selector is published.",
        next=_KEY,
    ),
    Cause(
        id="dkim_none",
        kind=_KIND,
        suspects=(suspects.RECORDS,),
        title="no DKIM signature passed",
        words="The status code says that no passing DKIM signature was found (RFC 7372 section 3.1).",
        check="Whether the message is signed, and whether the key of its selector is published.",
    ),
    Cause(
        id="dkim_unacceptable",
        kind=_KIND,
        suspects=(suspects.RECORDS,),
        title="no acceptable DKIM signature was found",
        words="The status code says that there are passing DKIM signatures and none is acceptable to the receiver "
        "(RFC 7372 section 3.1), for example because the key is too short.",
        check="Key length, algorithm and signed headers of the signature.",
    ),
    Cause(
        id="dkim_not_author",
        kind=_KIND,
        suspects=(suspects.RECORDS,),
        title="no DKIM signature matches the author",
        words="The status code says that a DKIM signature passed and none is by the domain in the From header (RFC 7372 "
        "section 3.1).",
        check="The d= of the signature against the domain in From.",
    ),
    Cause(
        id="dmarc_fail",
        kind=_KIND,
        suspects=(suspects.RECORDS,),
        title="the message fails DMARC, and the domain's policy has it refused",
        words="Neither SPF nor DKIM passed for the domain in the From header, and that domain's own DMARC policy asks "
        "receivers to refuse such mail. A service that sends in the domain's name without its signature, or forwarding, "
        "is the usual reason.",
        check="The domains of SPF (MAIL FROM) and DKIM (d=) against the domain in From.",
        next=_DMARC,
    ),
    Cause(
        id="dmarc_alignment",
        kind=_KIND,
        suspects=(suspects.RECORDS,),
        title="neither SPF nor DKIM is aligned with the From header",
        words="DMARC counts only what passes for the domain in the From header. SPF or DKIM may pass, but for another "
        "domain, as with a service that sends and signs in its own name; a policy of none lets such mail through.",
        check="The domains of SPF (MAIL FROM) and DKIM (d=) against the domain in From.",
        next=_DMARC,
    ),
    Cause(
        id="dmarc_dns_temp",
        kind=_KIND,
        suspects=(suspects.RECORD_SERVERS, suspects.LOOK_UPS),
        title="DMARC could not be evaluated because DNS gave no answer",
        words="The receiver needed SPF, DKIM or DMARC records and a lookup failed for the moment. The domain's own name "
        "servers come first.",
        check="Each name server of the domain: UDP and TCP, IPv4 and IPv6, size and delay of the answers.",
        next=_DMARC,
        failing=Failing.LOOK_UP,
    ),
    Cause(
        id="dmarc_permerror",
        kind=_KIND,
        suspects=(suspects.RECORDS,),
        title="the DMARC or SPF record cannot be evaluated",
        words="The record breaks a rule of its syntax, and the receiver refuses mail that depends on it.",
        check="The syntax of the DMARC record and of the SPF record.",
        next=_DMARC,
    ),
    Cause(
        id="auth_none",
        kind=_KIND,
        suspects=(suspects.RECORDS,),
        title="neither SPF nor DKIM passed",
        words="The receiver takes mail only if SPF or DKIM passes, and neither did.",
        check="The SPF record against the sending address; whether the message is signed and the key published.",
        next=_SPF,
    ),
    Cause(
        id="auth_multiple",
        kind=_KIND,
        suspects=(suspects.RECORDS,),
        title="several authentication checks failed",
        words="More than one of SPF, DKIM and DMARC failed (RFC 7372 section 3.3), and the receiver refuses the message.",
        check="SPF, DKIM and DMARC of the domain, with the Authentication-Results header of a message that was delivered.",
        next=_DMARC,
    ),
    Cause(
        id="auth_or_dmarc",
        kind=_KIND,
        suspects=(suspects.RECORDS,),
        title="authentication or DMARC, the receiver does not say which",
        words="The receiver refuses the message for reasons of policy. This text is seen when SPF, DKIM or DMARC fail, "
        "and the receiver does not say more.",
        check="SPF, DKIM and DMARC of the domain; the receiver's page for the code.",
        next=_DMARC,
    ),
    Cause(
        id="auth_required_bulk",
        kind=_KIND,
        suspects=(suspects.RECORDS,),
        title="the receiver wants SPF, DKIM and DMARC to pass, all three",
        words="The receiver holds senders of much mail to a stricter rule: SPF, DKIM and DMARC must all be there and pass "
        "for the domain in the From header.",
        check="All three for the domain in From.",
        next=_ALL_THREE,
    ),
    Cause(
        id="auth_ipv6",
        kind=_KIND,
        suspects=(suspects.RECORDS,),
        title="mail over IPv6 must pass SPF or DKIM",
        words="The receiver takes unauthenticated mail over IPv4 only. This message came over IPv6 and passed neither SPF "
        "nor DKIM.",
        check="Whether the SPF record allows the IPv6 address; whether the message is signed.",
        next=_SPF,
    ),
    Cause(
        id="compauth",
        kind=_KIND,
        suspects=(suspects.RECORDS,),
        title="Microsoft's composite authentication failed",
        words="Microsoft combines SPF, DKIM, DMARC and what it knows of the sender into one result, and it is negative. "
        "Reason 000 means that DMARC failed with a policy to refuse, 001 that the domain could not be authenticated.",
        check="The spf, dkim and dmarc results in the same header.",
        next=_DMARC,
    ),
    Cause(
        id="ptr_missing",
        kind=_KIND,
        suspects=(suspects.SENDING_NAME,),
        title="the sending address has no valid reverse name",
        words="The receiver looked up the name of the sending address and found none, or one that does not lead back to "
        "the address. It takes no mail from such hosts.",
        check="The PTR record of the sending address, and the A or AAAA record of the name it gives.",
        next=_PTR,
        failing=Failing.SENDING_ADDRESS,
    ),
    Cause(
        id="ptr_missing_ipv6",
        kind=_KIND,
        suspects=(suspects.SENDING_NAME,),
        title="the sending IPv6 address has no valid reverse name",
        words="The message came over IPv6 from an address without a PTR record that leads back to it. The receiver is "
        "stricter over IPv6 than over IPv4.",
        check="The PTR record of the IPv6 address, and the AAAA record of the name it gives.",
        next=_PTR,
        failing=Failing.SENDING_ADDRESS,
    ),
    Cause(
        id="ptr_mismatch",
        kind=_KIND,
        suspects=(suspects.SENDING_NAME,),
        title="the names of the sending server do not agree",
        words="The address has a reverse name, and it does not agree with the name in HELO or does not lead back to the "
        "address.",
        check="PTR record, forward record and HELO name of the sending server.",
        next=_PTR,
        failing=Failing.SENDING_ADDRESS,
    ),
    Cause(
        id="ptr_generic",
        kind=_KIND,
        suspects=(suspects.SENDING_NAME,),
        title="the reverse name looks like a home connection",
        words="The address has a reverse name of the kind that providers give to dial-in customers, and the receiver takes "
        "no mail from those.",
        check="The PTR record of the sending address; the provider can usually set another.",
        next=_PTR,
        failing=Failing.SENDING_ADDRESS,
    ),
    Cause(
        id="helo_bad",
        kind=_KIND,
        suspects=(suspects.SENDING_NAME,),
        title="the sending server introduced itself with a bad name",
        words="The name in HELO or EHLO is not acceptable to the receiver: no full host name, one that does not resolve, "
        "or one that is not the sender's.",
        check="The HELO name that the sending server uses, and its A or AAAA record.",
        next="dig +short {host}",
        failing=Failing.SENDING_ADDRESS,
    ),
)
