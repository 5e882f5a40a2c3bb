"""Words about the policy host and what keeps a sender from getting a policy there."""

from mxproof.judge.catalogue.finding_words import FindingWords
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Severity

_FETCH = "RFC 8461 section 3.3"
_GET = ("curl -sSi https://mta-sts.example.com/.well-known/mta-sts.txt",)
_ADDRESSES = ("dig +short A mta-sts.example.com", "dig +short AAAA mta-sts.example.com")
_NO_POLICY = (
    "A sender that gets no policy delivers as if there were none, and one that still holds an older policy keeps to "
    "that until its max_age is over. Nobody tells you but TLS reports."
)

ENTRIES = (
    FindingWords(
        code=Code.STS_POLICY_HOST_MISSING,
        severity=Severity.ERROR,
        title="The policy host has no address",
        summary="The policy host {subject} leads nowhere: {seen}",
        detail="The record announces a policy, and the only place where senders look for it cannot be reached.",
        why=_NO_POLICY,
        fix=(
            (
                "Give {subject} A and AAAA records, or a CNAME, that lead to a web server which serves the policy, with a "
                "certificate for {subject}, at\n    https://{subject}/.well-known/mta-sts.txt"
            ),
        ),
        otherwise=(
            (
                "Or, if MTA-STS was given up, remove the record at _mta-sts.{domain}. Senders that hold the policy of before keep "
                "to it until its max_age is over."
            ),
        ),
        rfc=("RFC 8461 section 3.2", _FETCH),
        verify=_ADDRESSES,
    ),
    FindingWords(
        code=Code.STS_POLICY_HOST_UNANSWERED,
        severity=Severity.WARNING,
        title="The addresses of the policy host could not be looked up",
        summary="The look-up of the policy host {subject} was not answered: {seen}",
        detail="Whether a policy is served could therefore not be found out from here.",
        why=_NO_POLICY,
        fix=(
            (
                "Ask again, and ask each name server by itself:\n    dig A {subject} @SERVER\nIf one is silent or fails, mend "
                "that server or take it out of the NS records."
            ),
        ),
        ways={
            "bogus": (
                "Mend the signatures of {subject}, as dnssec-bogus says. Its addresses may be in order.",
            )
        },
        rfc=(_FETCH,),
        verify=_ADDRESSES,
    ),
    FindingWords(
        code=Code.STS_POLICY_IPV4_MISSING,
        severity=Severity.WARNING,
        title="The policy host has no IPv4 address",
        summary="The policy host {subject} has no IPv4 address: {addresses:few}",
        detail="A sender that fetches policies over IPv4 gets none.",
        why=_NO_POLICY,
        fix=("Publish an A record for {subject}, of a web server that serves the same policy.",),
        rfc=(_FETCH,),
        verify=_ADDRESSES,
    ),
    FindingWords(
        code=Code.STS_POLICY_ADDRESS_NOT_PUBLIC,
        severity=Severity.ERROR,
        title="The policy host has an address that is not public",
        summary="The policy host {subject} has an address that cannot be reached from everywhere: {addresses}",
        detail="{seen:by_range}. The registry of such addresses calls them not globally reachable, and mxproof connects to none "
        "of them without --allow-private (the policy daemon: allow_private).",
        why=_NO_POLICY,
        fix=(
            "Give {subject} the public address of the web server in the A and AAAA records that the world sees, in place of {addresses}.",
        ),
        ways={
            "withdraw": (
                "Leave only public addresses in the A and AAAA records of {subject} that the world sees, without {addresses}.",
            )
        },
        rfc=(_FETCH, "RFC 6890 section 2"),
        verify=_GET,
    ),
    FindingWords(
        code=Code.STS_POLICY_UNCONNECTED,
        severity=Severity.ERROR,
        title="The policy host refuses connections",
        summary="No HTTPS connection to {subject} at {addresses}",
        detail="The connection to port 443 ended before any response: {seen}.",
        why=_NO_POLICY,
        fix=(
            (
                "Let a web server listen on port 443 of {addresses} and open the firewall for it, or remove the address "
                "records of {subject} that are not in use."
            ),
        ),
        rfc=(_FETCH,),
        verify=_GET,
    ),
    FindingWords(
        code=Code.STS_POLICY_TIMEOUT,
        severity=Severity.WARNING,
        title="The policy host does not answer in time",
        summary="No answer from the policy host {subject} at {addresses}: {seen}",
        detail="What it would serve is not known from here. Senders give up as well; the RFC suggests after a minute.",
        why=_NO_POLICY,
        fix=(
            (
                "See whether {addresses} can be reached on port 443 from elsewhere, over IPv4 and IPv6 alike:"
                "\n    curl -4sSi https://{subject}/.well-known/mta-sts.txt"
                "\n    curl -6sSi https://{subject}/.well-known/mta-sts.txt\nA plain file should be there in well under a second."
            ),
        ),
        rfc=(_FETCH,),
        verify=(
            "curl -4sSi https://mta-sts.example.com/.well-known/mta-sts.txt",
            "curl -6sSi https://mta-sts.example.com/.well-known/mta-sts.txt",
        ),
    ),
    FindingWords(
        code=Code.STS_POLICY_TLS_FAILED,
        severity=Severity.ERROR,
        title="The TLS handshake with the policy host fails",
        summary="The TLS handshake with {subject} at {addresses} fails",
        detail="Seen: {seen}. Nothing can be fetched without TLS.",
        why=_NO_POLICY,
        fix=(
            (
                "Set up a virtual host for {subject} with TLS 1.2 or later on the web server at {addresses}. That it "
                "answers for other names there is not enough."
            ),
        ),
        rfc=(_FETCH, "RFC 8461 section 7.1"),
        verify=(
            "openssl s_client -connect mta-sts.example.com:443 -servername mta-sts.example.com </dev/null",
        ),
    ),
    FindingWords(
        code=Code.STS_POLICY_TLS_OLD,
        severity=Severity.ERROR,
        title="The policy host speaks old TLS only",
        summary="The policy host {subject} at {addresses} agrees on no better than {seen}{next:foretold}",
        detail="Everything before TLS 1.2 is withdrawn, and senders do not fetch a policy over it.",
        why=_NO_POLICY,
        fix=(
            "Enable TLS 1.2 and 1.3 on the web server at {addresses}, in nginx:\n    ssl_protocols TLSv1.2 TLSv1.3;\nIf it cannot, its TLS library is too old.",
        ),
        rfc=(
            _FETCH,
            "RFC 8461 section 7.2",
            "RFC 8996 section 4",
        ),
        verify=(
            "openssl s_client -connect mta-sts.example.com:443 -servername mta-sts.example.com </dev/null",
        ),
    ),
    FindingWords(
        code=Code.STS_POLICY_CERT_INVALID,
        severity=Severity.ERROR,
        title="The certificate of the policy host is not valid",
        summary="The certificate of the policy host {subject} at {addresses} is not valid{next:foretold}",
        detail="Seen: {seen}. It must name {subject} as a DNS name, chain to a public root and be in force; a sender "
        "must not use what it gets otherwise.",
        why=_NO_POLICY,
        fix=(
            (
                "Get a certificate for {subject} from a public authority, install it with its intermediate at {addresses}, "
                "and see that it is renewed by itself. A CNAME to a provider does not change the name it must hold."
            ),
        ),
        ways={
            "delegated": (
                (
                    "Have the provider behind {provider} hold a certificate for {subject} and serve the policy under that name: "
                    "the alias (CNAME) does not change the name that senders ask for."
                ),
            )
        },
        rfc=(_FETCH, "RFC 8461 section 8.2"),
        verify=(
            "openssl s_client -connect mta-sts.example.com:443 -verify_hostname mta-sts.example.com </dev/null",
        ),
    ),
    FindingWords(
        code=Code.STS_POLICY_CERT_WEAK,
        severity=Severity.WARNING,
        title="Not every sender takes the certificate of the policy host",
        summary="The certificate of the policy host {subject} at {addresses} is not good enough for every sender",
        detail="Seen: {seen:each}. RSA takes 2048 bits and elliptic curves 224 to be out of reach, and TLS libraries differ in what else they take; a sender that refuses the certificate gets no policy.",
        why=_NO_POLICY,
        fix=(
            "Make a new key, get a certificate for {subject} with it, and install both, with the chain that the authority gives today, at {addresses}:\n    certbot certonly --key-type ecdsa -d {subject}",
        ),
        rfc=(
            _FETCH,
            "RFC 5280 section 8",
        ),
        verify=(
            "openssl s_client -connect mta-sts.example.com:443 -servername mta-sts.example.com </dev/null",
        ),
    ),
    FindingWords(
        code=Code.STS_POLICY_CERT_ENDS,
        severity=Severity.WARNING,
        title="The certificate of the policy host ends soon",
        summary="The certificate of the policy host {subject} at {addresses} expires on {seen:each}",
        detail="By now it should have been renewed, or the web server should have loaded the renewed one.",
        why="From that moment on no sender gets the policy. Those that hold it keep to it until its max_age is over; all others, "
        "and in the end all, deliver without it. No browser goes there, so nobody sees it.",
        fix=(
            (
                "See why it was not renewed, and that the web server loads the new one after every renewal:"
                "\n    certbot certificates\n    systemctl list-timers\n    systemctl reload nginx"
            ),
        ),
        rfc=(_FETCH, "RFC 5280 section 4.1.2.5"),
        verify=(
            "openssl s_client -connect mta-sts.example.com:443 -servername mta-sts.example.com </dev/null",
        ),
    ),
    FindingWords(
        code=Code.STS_POLICY_STATUS,
        severity=Severity.ERROR,
        title="The policy host answers with another status than 200",
        summary="{subject} answers the request for the policy with {seen}",
        detail="Only a response with status 200 is a policy (seen at {addresses}).",
        why=_NO_POLICY,
        fix=(
            (
                "Put the policy where a plain GET of this gets it with status 200: no log-in, no block on unknown clients, no "
                "other path.\n    https://{subject}/.well-known/mta-sts.txt"
            ),
        ),
        rfc=(_FETCH,),
        verify=_GET,
    ),
    FindingWords(
        code=Code.STS_POLICY_REDIRECT,
        severity=Severity.ERROR,
        title="The policy host redirects",
        summary="{subject} redirects the request for the policy ({seen})",
        detail="Senders must not follow redirects, so they get no policy (seen at {addresses}). A browser does follow "
        "them, which is why it looks right there.",
        why=_NO_POLICY,
        fix=(
            (
                "Serve the policy itself at the address below. If a rule sends all requests to another name, make an exception "
                "for this path.\n    https://{subject}/.well-known/mta-sts.txt"
            ),
        ),
        rfc=(_FETCH,),
        verify=_GET,
    ),
    FindingWords(
        code=Code.STS_POLICY_INCOMPLETE,
        severity=Severity.ERROR,
        title="The response is no whole one",
        summary="The response of {subject} at {addresses} is cut short or not valid HTTP",
        detail="Seen: {seen}. Half a policy is no policy: the missing lines might be MX hosts. One that can be read in two ways is none either.",
        why=_NO_POLICY,
        fix=(
            (
                "See that the web server sends as many bytes as its Content-Length says, and each header field once, and that "
                "no proxy in front of it breaks off or adds any."
            ),
        ),
        rfc=(_FETCH, "RFC 9112 section 8"),
        verify=_GET,
    ),
    FindingWords(
        code=Code.STS_POLICY_OVERSIZE,
        severity=Severity.ERROR,
        title="The policy is too large",
        summary="The response of {subject} at {addresses} is larger than senders read",
        detail="Senders need not read more than 64 kilobytes; what is longer is most likely a web page and not a "
        "policy.",
        why=_NO_POLICY,
        fix=(
            "Serve the policy alone. It is a few lines of plain text; a pattern such as *.{domain} covers many hosts.",
        ),
        rfc=(_FETCH,),
        verify=_GET,
    ),
    FindingWords(
        code=Code.STS_POLICY_ENCODED,
        severity=Severity.ERROR,
        title="The policy is served compressed",
        summary="{subject} at {addresses} compresses the policy although it was not asked to",
        detail="The request allowed no content encoding, and the response has one. A sender that does not unpack it "
        "sees bytes that are no policy.",
        why=_NO_POLICY,
        fix=(
            "Switch compression off for /.well-known/mta-sts.txt, or let the server honour Accept-Encoding.",
        ),
        rfc=(_FETCH, "RFC 9110 section 12.5.3"),
        verify=(
            "curl -sSi -H 'Accept-Encoding: identity' https://mta-sts.example.com/.well-known/mta-sts.txt",
        ),
    ),
)
