"""The words of findings in the bad world of each; made by `python tools/findings.py`, not by hand."""

from typing import Final

EXAMPLES: Final = r"""
sts-absent | summary | example.com does not use MTA-STS
sts-absent | detail | There is no MTA-STS record at _mta-sts.example.com. Mail arrives all the same: a sender without DANE encrypts it if it can, and checks no certificate.
sts-ok | summary | MTA-STS record and policy are valid: mode enforce, max_age 1209600, mx mx1.example.com, mx2.example.com
sts-ok | detail | The record has the id 20260601, and every address of mta-sts.example.com that was tried serves the same valid policy.
sts-record-missing | summary | mta-sts.example.com serves a policy, and no record at _mta-sts.example.com announces it
sts-record-missing | detail | A sender looks at the record first and asks for the policy only where there is one, so this policy protects nobody new. Senders that fetched it earlier keep to it until its max_age is over.
sts-record-misplaced | summary | An MTA-STS record stands at example.com, and senders look for it at _mta-sts.example.com alone
sts-record-misplaced | detail | A sender that finds no record at _mta-sts.example.com acts as if the domain had no policy.
sts-record-dangling | summary | _mta-sts.example.com is an alias (CNAME) of gone.example.net, which has no MTA-STS record
sts-record-dangling | detail | What the resolver says of gone.example.net: the name does not exist. Senders act as if the domain had no policy.
sts-wildcard | summary | What _mta-sts.example.com answers with comes from a wildcard and is no MTA-STS record: `v=spf1 -all`
sts-wildcard | detail | Another name below example.com is answered with the same. Senders pass over a text that does not begin with v=STSv1, and act as if there were none.
sts-record-multiple | summary | _mta-sts.example.com has more than one MTA-STS record; only KumoMTA and chasquid take one of them
sts-record-multiple | detail | Found: `v=STSv1; id=1;`, `v=STSv1; id=2;`. A sender that finds any number but one must act as if the domain had no policy.
sts-record-invalid | summary | The MTA-STS record at _mta-sts.example.com is not valid; only chasquid use the policy
sts-record-invalid | detail | Found: `v=STSv1; version=20260601;`. What is wrong with it: no id field (byte 26, RFC 8461 section 3.1).
sts-record-ambiguous | summary | Some senders accept the MTA-STS record at _mta-sts.example.com, others do not
sts-record-ambiguous | detail | Found: `v=STSv1 ; id=20260601;`. What strict senders object to: space between "v=STSv1" and ";": the grammar allows it, the text has the record dropped (byte 7, RFC 8461 section 3.1).
sts-record-unanswered | summary | The look-up of _mta-sts.example.com was not answered: no answer in time (the test world says timeout)
sts-record-unanswered | detail | So it is not known from here whether a policy is announced. Where senders get no answer either, those that remember a policy keep to it and others deliver without one; some wait until they get an answer.
sts-policy-host-missing | summary | The policy host mta-sts.example.com leads nowhere: the name does not exist
sts-policy-host-missing | detail | The record announces a policy, and the only place where senders look for it cannot be reached.
sts-policy-host-unanswered | summary | The look-up of the policy host mta-sts.example.com was not answered: no answer in time (the test world says timeout)
sts-policy-host-unanswered | detail | Whether a policy is served could therefore not be found out from here.
sts-policy-address-not-public | summary | The policy host mta-sts.example.com has an address that cannot be reached from everywhere: 192.168.1.80
sts-policy-address-not-public | detail | 192.168.1.80 is in 192.168.0.0/16 (private use, RFC 1918). The registry of such addresses calls them not globally reachable, and mxproof connects to none of them without --allow-private (the policy daemon: allow_private).
sts-policy-ipv6-missing | summary | The policy host mta-sts.example.com has no IPv6 address
sts-policy-ipv6-missing | detail | Its addresses are 192.0.2.80.
sts-policy-ipv4-missing | summary | The policy host mta-sts.example.com has no IPv4 address: 2001:db8::80
sts-policy-ipv4-missing | detail | A sender that fetches policies over IPv4 gets none.
sts-policy-unconnected | summary | No HTTPS connection to mta-sts.example.com at 192.0.2.80
sts-policy-unconnected | detail | The connection to port 443 ended before any response: refused (the test world says refused).
sts-policy-timeout | summary | No answer from the policy host mta-sts.example.com at 192.0.2.80: no answer in time (the test world says timeout)
sts-policy-timeout | detail | What it would serve is not known from here. Senders give up as well; the RFC suggests after a minute.
sts-policy-slow | summary | mta-sts.example.com takes 2000 ms to serve the policy
sts-policy-slow | detail | Seen at 192.0.2.80, from the connection to the last byte.
sts-policy-tls-failed | summary | The TLS handshake with mta-sts.example.com at 192.0.2.80 fails
sts-policy-tls-failed | detail | Seen: the TLS handshake failed (the test world says tls-failed). Nothing can be fetched without TLS.
sts-policy-tls-old | summary | The policy host mta-sts.example.com at 192.0.2.80 agrees on no better than TLSv1.1
sts-policy-tls-old | detail | Everything before TLS 1.2 is withdrawn, and senders do not fetch a policy over it.
sts-policy-cert-invalid | summary | The certificate of the policy host mta-sts.example.com at 192.0.2.80 is not valid
sts-policy-cert-invalid | detail | Seen: it names www.example.com. It must name mta-sts.example.com as a DNS name, chain to a public root and be in force; a sender must not use what it gets otherwise.
sts-policy-cert-weak | summary | The certificate of the policy host mta-sts.example.com at 192.0.2.80 is not good enough for every sender
sts-policy-cert-weak | detail | Seen: the key of the certificate is RSA 1024. RSA takes 2048 bits and elliptic curves 224 to be out of reach, and TLS libraries differ in what else they take; a sender that refuses the certificate gets no policy.
sts-policy-status | summary | mta-sts.example.com answers the request for the policy with status 404
sts-policy-status | detail | Only a response with status 200 is a policy (seen at 192.0.2.80).
sts-policy-redirect | summary | mta-sts.example.com redirects the request for the policy (status 301 to https://www.example.com/)
sts-policy-redirect | detail | Senders must not follow redirects, so they get no policy (seen at 192.0.2.80). A browser does follow them, which is why it looks right there.
sts-policy-incomplete | summary | The response of mta-sts.example.com at 192.0.2.80 is cut short or not valid HTTP
sts-policy-incomplete | detail | Seen: the connection was closed. Half a policy is no policy: the missing lines might be MX hosts. One that can be read in two ways is none either.
sts-policy-oversize | summary | The response of mta-sts.example.com at 192.0.2.80 is larger than senders read
sts-policy-oversize | detail | Senders need not read more than 64 kilobytes; what is longer is most likely a web page and not a policy.
sts-policy-encoded | summary | mta-sts.example.com at 192.0.2.80 compresses the policy although it was not asked to
sts-policy-encoded | detail | The request allowed no content encoding, and the response has one. A sender that does not unpack it sees bytes that are no policy.
sts-policy-media-type | summary | The policy is served as text/html and not as text/plain
sts-policy-media-type | detail | Seen at 192.0.2.80. Senders should check the media type, to be safe from servers where strangers may put files; some do. Read all the same by mox, Stalwart and Courier.
sts-policy-invalid | summary | The policy that mta-sts.example.com serves is not valid
sts-policy-invalid | detail | Seen at 192.0.2.80: the mode is enforce, testing or none, in lower case (byte 21, RFC 8461 section 3.2). Read all the same by Stalwart and Courier.
sts-policy-ambiguous | summary | Senders read the policy that mta-sts.example.com serves differently
sts-policy-ambiguous | detail | Seen at 192.0.2.80. It is not clear in places: blank line (byte 86, RFC 8461 section 3.2); line without ":" (byte 87, RFC 8461 section 3.2).
sts-policy-differs | summary | What mta-sts.example.com serves depends on the address that a sender asks
sts-policy-differs | detail | Seen: 192.0.2.80: mode enforce, max_age 1209600, mx mx1.example.com, mx2.example.com; 192.0.2.81: mode enforce, max_age 1209600, mx old.example.com.
sts-mode-testing | summary | The policy is in mode testing: failures are reported and mail is delivered all the same
sts-mode-testing | detail | Whatever is wrong with hosts and certificates refuses no mail through this policy, and it protects none either. In mode enforce all 14 modelled senders would deliver as they do now.
sts-mode-none | summary | The policy is in mode none: senders act as if there were no policy
sts-mode-none | detail | This is the right way to leave MTA-STS, or to give up an older policy. In mode enforce all 14 modelled senders would deliver as they do now.
sts-enforce-breaks | summary | In mode enforce 10 of 14 modelled senders would refuse mail for example.com
sts-enforce-breaks | detail | They deliver now, since the policy is in testing. Then would refuse: A sender by RFC 8461, Microsoft, Google, Postfix with a classic MTA-STS policy daemon, Postfix from 3.10.5 on with mxproof policyd, mox, Stalwart, KumoMTA, chasquid and Courier in words that are not known.
sts-max-age-short | summary | max_age is 3600 seconds, less than a week
sts-max-age-short | detail | A sender that hears nothing new for longer than that forgets the policy, and can then be kept from finding it again.
sts-max-age-long | summary | max_age is 31536000 seconds, more than half a year
sts-max-age-long | detail | A sender that does not hear of a new id keeps to the policy for that long, whatever becomes of the MX hosts.
sts-testing-long | summary | The policy has been in testing since 2026-01-01 at least
sts-testing-long | detail | The id of its record is 20260101T000000; where an id is made of a date, that is the day of the last change.
sts-id-unchanged | summary | The policy was changed after 2026-05-31 12:00 UTC, and the id is still 20260601
sts-id-unchanged | detail | Then it said mode enforce, max_age 1209600, mx old.example.com. Now it says mode enforce, max_age 1209600, mx mx1.example.com, mx2.example.com.
sts-policy-unchanged | summary | The id is a new one, 20260601, and the policy is what it was at 2026-05-31 12:00 UTC
sts-policy-unchanged | detail | It says mode enforce, max_age 1209600, mx mx1.example.com, mx2.example.com.
sts-field-unknown | summary | The policy has fields that senders do not know: mxs
sts-field-unknown | detail | The fields of a policy are version, mode, max_age and mx, in lower case. Senders pass over any other.
sts-mx-repeated | summary | The policy lists more than once: mx2.example.com
sts-mx-repeated | detail | A line that stands twice counts once.
sts-mx-unlisted | summary | MX host mx1.example.com matches no mx line of the policy
sts-mx-unlisted | detail | The policy lists mail.example.com, *.mx.example.com. A sender that enforces the policy does not deliver to mx1.example.com.
sts-mx-unused | summary | The policy lists what no MX host needs: mx3.example.com
sts-mx-unused | detail | This does no harm by itself. It may be left over, or prepared for a host to come.
sts-memory-outlives | summary | A policy fetched on 2026-05-31 12:00 UTC stays in force until 2026-06-14 12:00 UTC for senders that hold it
sts-memory-outlives | detail | It lists old.example.com. A sender that holds it judges by it, whatever is published now, until it fetches the new policy or the time is over.
resolver-unanswered | summary | Nothing is known of example.com: the resolver of this machine does not answer (the test world says timeout)
resolver-unanswered | detail | It answers nothing about the top-level domain either, so nothing is known of the domain, and nothing is said of it.
domain-missing | summary | example.com does not exist in DNS
domain-missing | detail | The look-up of its MX records was answered with NXDOMAIN. No mail can be sent to it.
mx-unanswered | summary | The look-up of the MX records of example.com was not answered: no answer in time (the test world says timeout)
mx-unanswered | detail | So it is not known from here where mail goes. Senders that get no answer keep the mail and try again.
mx-null | summary | example.com has a null MX: it takes no mail
mx-null | detail | The one MX record is `0 .`, which tells senders to return mail at once.
mx-null-mixed | summary | example.com says by a null MX that it takes no mail, and names MX hosts all the same: mx1.example.com
mx-null-mixed | detail | A null MX must stand alone. Postfix, mox, Stalwart and KumoMTA take the domain at its word and return the mail; Exim and chasquid pass over the null MX, for no host is called `.`.
mx-implicit | summary | example.com has no MX record, so mail goes to its own address
mx-implicit | detail | Without MX records a sender takes the domain itself for its mail server: 192.0.2.1. RFC 8461 does not mention this case; a policy should then list example.com itself.
mx-no-address | summary | example.com has neither an MX record nor an address, so it can take no mail
mx-no-address | detail | There is no host to send mail to.
mx-name-invalid | summary | The MX record `10 mail\032server.example.com` does not hold a host name
mx-name-invalid | detail | An MX record must hold a name of letters, digits and hyphens which has A or AAAA records. No policy can list another. Postfix calls it a malformed domain name and keeps the mail, Exim looks for no such host.
mx-name-underscore | summary | MX host mail_1.example.com has an underscore in its name, which no host name has
mx-name-underscore | detail | The MX record is `10 mail_1.example.com`. Postfix, Exim, mox and chasquid look such a name up all the same.
mx-address-literal | summary | The MX record `10 192.0.2.1` holds an IP address where a host name belongs
mx-address-literal | detail | Postfix connects to the address all the same; Exim and senders that keep to RFC 5321 look for a host of that name, which does not exist; chasquid returns the mail, unless it was built with Go 1.25 or later. No policy can list an address, and no certificate is compared with it.
mx-localhost | summary | The MX record `10 localhost` names whoever sends the mail
mx-localhost | detail | localhost is the name of the machine that says it, so that each sender is told to deliver to itself.
mx-address-not-public | summary | MX host mx1.example.com has an address that cannot be reached from everywhere: 10.1.2.3
mx-address-not-public | detail | 10.1.2.3 is in 10.0.0.0/8 (private use, RFC 1918). The registry of such addresses calls them not globally reachable, and mxproof connects to none of them without --allow-private.
mx-ipv4-missing | summary | No MX host of example.com has an IPv4 address: 2001:db8::1
mx-ipv4-missing | detail | The MX hosts are mx1.example.com, all of them with IPv6 addresses alone.
mx-dangling | summary | MX host gone.example.com leads nowhere: the name does not exist
mx-dangling | detail | The MX record `10 gone.example.com` names a host that has neither an A nor an AAAA record.
mx-host-unanswered | summary | The look-up of the addresses of MX host mx1.example.com was not answered: no answer in time (the test world says timeout)
mx-host-unanswered | detail | So this host could not be tested.
mx-alias | summary | MX names are aliases (CNAME): mx1.example.com -> smol.example.com, mx2.example.com -> tol.example.com; the policy does not list smol.example.com, tol.example.com and the certificates do not name smol.example.com, tol.example.com
mx-alias | detail | MX names must not be aliases. RFC 8461 compares the name in the MX record and leaves open what holds for an alias; Microsoft judges the target, others the name itself.
mx-many | summary | example.com has more MX hosts than are tested: 20 were, the rest is only listed
mx-many | detail | Not tested: mx21.example.com, mx22.example.com.
mx-one-address | summary | All mail for example.com goes to one address: 192.0.2.1, 2001:db8::1
mx-one-address | detail | The MX hosts are mx1.example.com. There is no second address of the same family behind them.
mx-one-network | summary | All addresses of the MX hosts of example.com are in one network: 192.0.2.0/24, 2001:db8::/48
mx-one-network | detail | The MX hosts are mx1.example.com, mx2.example.com, with the addresses 192.0.2.1, 2001:db8::1, 192.0.2.2.
mx-ipv6-missing | summary | No MX host of example.com has an IPv6 address
mx-ipv6-missing | detail | The MX hosts are mx1.example.com, mx2.example.com, with the addresses 192.0.2.1, 192.0.2.2.
mx-ipv6-broken | summary | MX host mx1.example.com answers over IPv4 and not over IPv6: 2001:db8::1
mx-ipv6-broken | detail | What came of it: refused. IPv6 works from here.
mx-backup-refused | summary | While mx1.example.com cannot be reached, 10 of 14 modelled senders would not deliver to mx2.example.com
mx-backup-refused | detail | They deliver to mx1.example.com. To mx2.example.com alone would not deliver: Microsoft with 451 4.7.5 Remote certificate failed MTA-STS validation; Postfix with a classic MTA-STS policy daemon and Postfix from 3.10.5 on with mxproof policyd with 4.7.5 Server certificate not verified; chasquid with invalid security level (TLS_INSECURE) for STS policy; A sender by RFC 8461, Google, mox, Stalwart, KumoMTA and Courier in words that are not known.
mx-backup-plain | summary | mx1.example.com takes mail over TLS, and mx2.example.com behind it in clear text alone
mx-backup-plain | detail | Who keeps a sender from reaching mx1.example.com gets the mail to read, which then goes to mx2.example.com.
mx-ok | summary | The MX records lead to 3 addresses: mx1.example.com, mx2.example.com
mx-ok | detail | Every MX host exists, is no alias and has an address.
port-25-blocked | summary | None of 3 addresses could be reached on port 25, so it is most likely blocked from here
port-25-blocked | detail | Many networks let no one out to port 25. Nothing can be said of STARTTLS and certificates from this place.
smtp-unreachable | summary | MX host mx1.example.com refuses connections to port 25 at 192.0.2.1
smtp-unreachable | detail | Seen: refused. Other connections from here came through.
smtp-unanswered | summary | MX host mx1.example.com does not answer on port 25 at 192.0.2.1: no answer in time (timeout)
smtp-unanswered | detail | So nothing is known of STARTTLS and the certificate there. It may be the server, a firewall, or the way from here.
smtp-turned-away | summary | MX host mx1.example.com turns the client away at 192.0.2.1, 2001:db8::1
smtp-turned-away | detail | Seen: 554 5.7.1 no service here. No session was possible, so nothing is known of STARTTLS and the certificate. The server may only dislike the place where this check ran.
smtp-broken | summary | The SMTP dialogue with MX host mx1.example.com breaks off at 192.0.2.1, 2001:db8::1
smtp-broken | detail | Seen: the connection was closed.
smtp-ehlo-rejected | summary | MX host mx1.example.com answers EHLO inside TLS with an error at 192.0.2.1, 2001:db8::1
smtp-ehlo-rejected | detail | Seen: 502 5.5.1 Command not implemented. After the handshake a client begins anew with EHLO, and a server that takes it in the clear has to take it there.
smtp-rate-limited | summary | MX host mx1.example.com turned this client away for its number of connections: 421 4.7.0 too many connections from your address
smtp-rate-limited | detail | Seen at 192.0.2.1, 2001:db8::1. Its words are about a limit, and not about a fault of the server.
smtp-tarpit | summary | MX host mx1.example.com has begun to greet, and its greeting did not end in time
smtp-tarpit | detail | Seen at 192.0.2.1, 2001:db8::1: something listens and speaks, so the line is not what is wrong.
smtp-greeting-slow | summary | MX host mx1.example.com takes 2000 ms to greet
smtp-greeting-slow | detail | Seen at 192.0.2.1, from the connection to the end of the greeting.
smtp-name-other | summary | MX host mx1.example.com calls itself localhost.localdomain
smtp-name-other | detail | Seen at 192.0.2.1. That is neither the MX name nor a reverse name of the address, and the certificate does not have it; or it is no full host name.
smtp-extensions-differ | summary | The mail servers of example.com differ in what mail they take
smtp-extensions-differ | detail | What not all of them offer: none at 192.0.2.1, 2001:db8::1; SIZE 1000000 at 192.0.2.2.
smtp-ok | summary | MX host mx1.example.com takes mail over TLSv1.3
smtp-ok | detail | Seen at 192.0.2.1, 2001:db8::1. It offers PIPELINING.
starttls-missing | summary | MX host mx1.example.com does not offer STARTTLS at 192.0.2.1, 2001:db8::1
starttls-missing | detail | The answer to EHLO does not list STARTTLS, so mail can reach this host in the clear only.
starttls-rejected | summary | MX host mx1.example.com offers STARTTLS at 192.0.2.1, 2001:db8::1 and then refuses it
starttls-rejected | detail | The answer to STARTTLS is: 454 4.7.0 TLS not available.
starttls-early-data | summary | MX host mx1.example.com sends bytes in the clear behind its answer to STARTTLS at 192.0.2.1, 2001:db8::1
starttls-early-data | detail | Whatever follows the 220 before the handshake must not be trusted: someone on the way can put commands or answers there. It was thrown away.
starttls-repeated | summary | MX host mx1.example.com offers STARTTLS inside TLS again at 192.0.2.1, 2001:db8::1
starttls-repeated | detail | A server must not offer what is done already. A client that goes by the list may try, and fail.
tls-handshake-failed | summary | The TLS handshake with MX host mx1.example.com fails at 192.0.2.1, 2001:db8::1
tls-handshake-failed | detail | Seen: the TLS handshake failed.
tls-version-old | summary | MX host mx1.example.com agrees on no better than TLSv1.1 at 192.0.2.1, 2001:db8::1
tls-version-old | detail | Everything before TLS 1.2 is withdrawn, and senders that honour MTA-STS need not speak it.
tls-level-fell | summary | Sessions with MX host mx1.example.com are less secure than a sender remembers them from the domain
tls-level-fell | detail | Seen at 192.0.2.1, 2001:db8::1: the certificate is its own issuer: CN=mx1.example.com. A sender that once had a session with example.com over TLS with a valid certificate, and remembers it, takes no lesser one from then on, also without a policy.
cert-name-mismatch | summary | The certificate of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 does not name mx1.example.com
cert-name-mismatch | detail | It names mail.example.com. What counts is the subject alternative name, where * stands for one label; the common name never does.
cert-expired | summary | The certificate of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 has expired
cert-expired | detail | Seen: the certificate expired on 2026-05-31 12:00 UTC.
cert-not-yet-valid | summary | The certificate of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 is not valid yet
cert-not-yet-valid | detail | Seen: the certificate is not valid before 2026-06-02 12:00 UTC.
cert-self-signed | summary | The certificate of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 is self-signed
cert-self-signed | detail | Seen: the certificate is its own issuer: CN=mx1.example.com. No sender has a reason to trust it, unless a DANE record vouches for it.
cert-chain-incomplete | summary | MX host mx1.example.com at 192.0.2.1, 2001:db8::1 does not send the certificate of its issuer
cert-chain-incomplete | detail | Seen: no certificate was sent for its issuer, CN=Test Intermediate. Browsers fetch or remember what is missing; mail servers do not.
cert-issuer-no-authority | summary | The certificate of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 is signed by one that is no authority
cert-issuer-no-authority | detail | Seen: the certificate CN=mx1.example.com is signed by that of CN=other.example.net, which is no authority. A certificate for a server cannot vouch for another one.
cert-purpose-wrong | summary | The certificate of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 is not meant for servers
cert-purpose-wrong | detail | Seen: the certificate CN=mx1.example.com is not meant for servers (extended key usage without serverAuth). What its key usage and its extended key usage allow is not what a server does in TLS; the libraries that senders use differ in which of it they heed.
cert-name-limited | summary | The certificate of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 has a name that its authority may not issue for
cert-name-limited | detail | Seen: CN=Limited may not issue for mx1.example.com (name constraints). Name constraints in the certificate of an authority bind all that is below it.
cert-signature-weak | summary | The certificate of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 rests on a signature that is too weak
cert-signature-weak | detail | Seen: the certificate CN=mx1.example.com is signed with ecdsa-with-sha1. Signatures over MD5 and SHA-1, and those by keys that are too short, can be forged; TLS libraries reject them.
cert-untrusted | summary | The certificate of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 is not trusted
cert-untrusted | detail | Seen: the chain ends at a root that is not trusted here: CN=Strange Root.
cert-unreadable | summary | The certificate of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 cannot be read
cert-unreadable | detail | Seen: certificate: element longer than what holds it at byte 0 (RFC 5280 section 4.1).
cert-key-weak | summary | The certificate of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 has a key that is too short
cert-key-weak | detail | Seen: the key of the certificate is RSA 1024. RSA takes 2048 bits and elliptic curves 224 to be out of reach; P-256 is the usual choice.
cert-expires-soon | summary | The certificate of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 expires on 2026-06-06 12:00 UTC
cert-expires-soon | detail | By now it should have been renewed, or the renewed one should have been loaded.
cert-renewal-due | summary | The certificate of MX host mx1.example.com ends on 2026-06-21 12:00 UTC and has not been renewed
cert-renewal-due | detail | Seen at 192.0.2.1, 2001:db8::1. Less than a quarter of its life is left, and less than 30 days.
cert-chain-disordered | summary | MX host mx1.example.com sends its certificates out of order
cert-chain-disordered | detail | Seen at 192.0.2.1, 2001:db8::1. Behind each certificate that of its issuer should come, without gaps and without others.
cert-differs | summary | The addresses of MX host mx1.example.com show different certificates
cert-differs | detail | Seen: at 192.0.2.1 one for mx1.example.com, issued by CN=Test Intermediate, until 2026-07-31; at 2001:db8::1 one for mx1.example.com, smol.example.com, issued by CN=Test Intermediate, until 2026-07-31.
cert-validity-endless | summary | The certificate of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 is valid until 2126-05-08 12:00 UTC
cert-validity-endless | detail | It is in force for more than ten years. No public authority issues such a certificate, and nothing but this date would ever have a lost key replaced.
cert-unchecked | summary | No mail is lost by what is wrong with the certificate of MX host mx1.example.com, for no sender looks at it
cert-unchecked | detail | There is neither a policy in force nor DANE, so that a sender encrypts with whatever certificate it is shown (cert-self-signed).
cert-ok | summary | The certificates of MX host mx1.example.com are valid until 2026-07-31
cert-ok | detail | At 192.0.2.1, 2001:db8::1 they are trusted, in force and for mx1.example.com.
dnssec-bogus | summary | The DNSSEC signatures of example.com do not verify
dnssec-bogus | detail | The resolver found these answers bogus: MX example.com. A sender behind a validating resolver sees none of them; one behind another resolver may still deliver.
dane-ok | summary | The TLSA records of MX host mx1.example.com match its certificates
dane-ok | detail | At 192.0.2.1, 2001:db8::1 the certificate matches this record at _25._tcp.mx1.example.com: 3 1 1 08a3f06bccee86d4e800f5f01c8e93c9....
dane-mismatch | summary | No TLSA record of MX host mx1.example.com matches its certificate at 192.0.2.1, 2001:db8::1
dane-mismatch | detail | _25._tcp.mx1.example.com holds 3 1 1 00000000000000000000000000000000..., and the server shows another key.
dane-cert-renewed | summary | The certificate of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 was renewed, and its TLSA records are of an earlier one
dane-cert-renewed | detail | _25._tcp.mx1.example.com holds 3 0 1 00000000000000000000000000000000.... Selector 0 stands for the whole certificate, dates and all, so such a record is of no use after the next renewal, even where the key stays the same.
dane-authority-unsent | summary | The TLSA records of MX host mx1.example.com name an authority that it does not send at 192.0.2.1, 2001:db8::1: CN=Test Root
dane-authority-unsent | detail | _25._tcp.mx1.example.com holds 2 1 1 9126810efe180537c3e4ad4a88412f7a..., of the trust anchor above the chain. The record is right, but under DANE a sender goes by the certificates that it is sent, and the root is usually left out.
dane-authority-other | summary | The TLSA records of MX host mx1.example.com name an authority that is not in its chain at 192.0.2.1, 2001:db8::1
dane-authority-other | detail | _25._tcp.mx1.example.com holds 2 1 1 00000000000000000000000000000000.... Sent above the certificate: CN=Test Intermediate. Authorities change their intermediates without notice, and a root that is not sent counts for nothing here.
dane-usage-wrong | summary | A TLSA record of MX host mx1.example.com is of a certificate that it shows at 192.0.2.1, 2001:db8::1, but has the wrong usage
dane-usage-wrong | detail | _25._tcp.mx1.example.com holds 3 1 1 44e28c214b94377ef505ee48342bbdb7.... Usage 3 stands for the server's own certificate, and usage 2 for one of an authority above it; each matches nothing else.
dane-empty-digest | summary | The TLSA record of MX host mx1.example.com is the digest of no bytes at all
dane-empty-digest | detail | _25._tcp.mx1.example.com holds 3 1 1 e3b0c44298fc1c149afbf4c8996fb924.... That is what a digest is of an empty input: the command that made it could not read the certificate.
dane-digest-stale | summary | Of the TLSA records of MX host mx1.example.com only those of a weaker digest match its certificate at 192.0.2.1, 2001:db8::1
dane-digest-stale | detail | _25._tcp.mx1.example.com holds 3 1 1 08a3f06bccee86d4e800f5f01c8e93c9..., 3 1 2 00000000000000000000000000000000.... Where one usage and selector has records over SHA-512 and over SHA-256, a sender that knows both may pass over the weaker ones (digest agility); all that verify with OpenSSL do.
dane-other-name | summary | The TLSA records at _25._tcp.smol.example.com do not match MX host mx1.example.com at 192.0.2.1, 2001:db8::1, those at _25._tcp.mx1.example.com do
dane-other-name | detail | mx1.example.com is an alias, and both names have records. A sender takes those at smol.example.com and then looks no further; 3 1 1 00000000000000000000000000000000... matches nothing there.
dane-other-host | summary | The TLSA records of MX host mx2.example.com are of the certificate that mx1.example.com shows
dane-other-host | detail | _25._tcp.mx2.example.com holds 3 1 1 08a3f06bccee86d4e800f5f01c8e93c9.... Every host has its own key, and so its own record, unless all of them show the same certificate.
dane-other-port | summary | MX host mx1.example.com has TLSA records for other ports, and none for port 25
dane-other-port | detail | There are records at _465._tcp.mx1.example.com. Mail from other servers comes to port 25, and a sender looks at _25._tcp.mx1.example.com only.
dane-zone-unsigned | summary | example.com is signed with DNSSEC, and DANE is not in use, for these MX hosts are in unsigned zones: mx.example.net
dane-zone-unsigned | detail | DANE hangs on the zone of the MX host: its addresses and its TLSA records must be signed.
dane-leftover | summary | MX host mx1.example.com has TLSA records that match nothing it shows, beside one that matches: 3 1 1 00000000000000000000000000000000...
dane-leftover | detail | 3 1 1 08a3f06bccee86d4e800f5f01c8e93c9... matches, and one is enough for every sender. A record that matches nothing is right for as long as it is that of the next key, and a leftover otherwise.
dane-cert-name | summary | The certificate of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 has none of the names that DANE-TA asks for
dane-cert-name | detail | Where a record names an authority (usage 2), the server's certificate must name mx1.example.com or example.com.
dane-unusable | summary | The TLSA records of MX host mx1.example.com are of no use to senders
dane-unusable | detail | _25._tcp.mx1.example.com holds 1 1 1 00000000000000000000000000000000...: certificate usage 1 is not for SMTP; 3 (DANE-EE) or 2 (DANE-TA) is (RFC 7672 section 3.1.3). A sender then demands TLS and authenticates nobody.
dane-insecure | summary | MX host mx1.example.com has TLSA records, but the MX answer of example.com is not signed with DNSSEC
dane-insecure | detail | DANE counts only where every answer on the way is secure: the MX records, the addresses of the host and the TLSA records. Postfix makes one exception: where only the MX records are not signed, it uses the records of the host.
dane-lookup-failed | summary | The look-up of the TLSA records of MX host mx1.example.com fails: the resolver answered with an error (the test world says servfail)
dane-lookup-failed | detail | The addresses of the host are secure, and _25._tcp.mx1.example.com is answered with a failure. A sender that uses DANE must then not deliver to this host, for someone might be hiding the records.
dane-unanswered | summary | The look-up of the TLSA records of MX host mx1.example.com was not answered: no answer in time (the test world says timeout)
dane-unanswered | detail | So it is not known from here whether _25._tcp.mx1.example.com has records. A sender that uses DANE and gets no answer either does not deliver to this host.
dane-partial | summary | Of the MX hosts, mx1.example.com has DANE and mx2.example.com has not
dane-partial | detail | Whoever can make the first unreachable leads mail to the others.
dane-unjudged | summary | There are TLSA records, and the resolver 192.0.2.53 is not known to validate DNSSEC
dane-unjudged | detail | Found at mx1.example.com, mx2.example.com. Without DNSSEC one cannot tell whether senders use them, so what they would do is said for both cases.
tlsrpt-ok | summary | TLS reports are asked for at mailto:tls@example.com
tlsrpt-ok | detail | The record at _smtp._tls.example.com is valid.
tlsrpt-missing | summary | example.com asks for no TLS reports
tlsrpt-missing | detail | There is no TLSRPT record at _smtp._tls.example.com.
tlsrpt-multiple | summary | _smtp._tls.example.com has 2 TLSRPT records, so none counts
tlsrpt-multiple | detail | A sender that finds any number but one must act as if there were none.
tlsrpt-invalid | summary | The TLSRPT record at _smtp._tls.example.com is not valid
tlsrpt-invalid | detail | What is wrong with it: rua names no mailto: or https: destination (byte 16, RFC 8460 section 3); not a URI such as mailto:tlsrpt@example.com (byte 16, RFC 8460 section 3). Senders may send no reports, or send them to some of the addresses.
tlsrpt-undeliverable | summary | gone.example.net, to which TLS reports on example.com go, takes no mail
tlsrpt-undeliverable | detail | It has no MX record and no address, or says that it takes none. The record that names it is at _smtp._tls.example.com.
tlsrpt-unanswered | summary | The look-up of _smtp._tls.example.com was not answered: the resolver answered with an error (the test world says servfail)
tlsrpt-unanswered | detail | So it is not known from here whether TLS reports are asked for. Mail is not touched by this.
ptr-missing | summary | The address of MX host mx2.example.com has no reverse name: 192.0.2.2
ptr-missing | detail | There is no PTR record. Mail is received all the same; mail sent from there may be refused.
ptr-unconfirmed | summary | The reverse name of MX host mx2.example.com at 192.0.2.2 does not lead back: mx1.example.com
ptr-unconfirmed | detail | None of these names has the address. Mail is received all the same; mail sent from there may be refused.
ptr-other-name | summary | The reverse name of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 is not in policy and certificate both: host.example.net
ptr-other-name | detail | RFC 8461 does not look at reverse names. That some large sender does is a guess from one incident; this finding is for those who search for a refusal that nothing else explains.
ns-lookup-failed | summary | example.com: the DNSSEC signatures do not verify
ns-lookup-failed | detail | The resolver here answers for the top-level domain, so the error is with these names. A receiver's resolver gets the same error or a like one.
ns-answer-cut | summary | ns2.example.com (198.51.100.53, 2001:db8:2::53): the answer does not fit into a datagram, and TCP fails (refused)
ns-answer-cut | detail | The server says that the rest is to be had over TCP, and there it cannot be had. So nobody gets example.com, _dmarc.example.com, s1._domainkey.example.com from it.
ns-udp-silent | summary | ns2.example.com (198.51.100.53, 2001:db8:2::53): no answer over UDP (no answer in time) or TCP (no answer in time)
ns-udp-silent | detail | UDP is how every resolver asks first. Each one that comes to ns2.example.com (198.51.100.53, 2001:db8:2::53) waits until its patience is over before it tries another server.
ns-lame | summary | ns2.example.com (198.51.100.53, 2001:db8:2::53): it answers REFUSED
ns-lame | detail | The delegation is lame at ns2.example.com (198.51.100.53, 2001:db8:2::53): the NS records lead there, and the server does not answer from a zone of its own.
ns-record-missing | summary | ns2.example.com (198.51.100.53, 2001:db8:2::53), asked for s1._domainkey.example.com: it has no such record, and others have (serial 6, others have 7)
ns-record-missing | detail | A receiver whose resolver asks ns2.example.com (198.51.100.53, 2001:db8:2::53) finds nothing at s1._domainkey.example.com.
ns-records-differ | summary | ns2.example.com (198.51.100.53), asked for example.com: the record is not that of the others
ns-records-differ | detail | What a receiver finds at example.com depends on the server that its resolver asks.
ns-mail-differs | summary | The name servers of example.com hold different records; look at ns2.example.com (198.51.100.53) (serial 6, others have 7)
ns-mail-differs | detail | ns1.example.com:
ns-mail-differs | detail |     example.com. MX 10 mx1.example.com.
ns-mail-differs | detail |     example.com. MX 20 mx2.example.com.
ns-mail-differs | detail | ns2.example.com:
ns-mail-differs | detail |     example.com. MX 10 mx2.example.com.
ns-mail-differs | detail | Which of them a sender meets depends on the server that its resolver asks.
ns-addresses-differ | summary | The name servers of example.com give different addresses; look at ns1.example.com (192.0.2.53), ns2.example.com (198.51.100.53)
ns-addresses-differ | detail | ns1.example.com:
ns-addresses-differ | detail |     mx2.example.com. A 192.0.2.2
ns-addresses-differ | detail | ns2.example.com:
ns-addresses-differ | detail |     mx2.example.com. A 192.0.2.9
ns-addresses-differ | detail | That is meant where each client is led to what is near to it, and a fault where one server is behind the others.
ns-unanswered | summary | The name servers themselves could not be asked, so it is not known whether all of them serve the same records (no answer in time)
ns-unanswered | detail | What is said of example.com rests on the answers of the resolver, which come from whichever server it asked. Many networks let no client but their own resolver speak to port 53 outside.
ns-key-absent | summary | s1._domainkey.example.com: no server has this DKIM key
ns-key-absent | detail | A signature that names this key cannot be verified by anybody.
ns-no-address | summary | example.com: its name server ns3.example.com has no address
ns-no-address | detail | The NS record leads nowhere, so that there is one server less than there seem to be.
ns-tcp-failed | summary | ns2.example.com (198.51.100.53, 2001:db8:2::53): TCP fails (refused)
ns-tcp-failed | detail | What was asked for fits into UDP today. The first answer that does not fit will be lost at ns2.example.com (198.51.100.53, 2001:db8:2::53).
ns-answer-large | summary | ns2.example.com (198.51.100.53, 2001:db8:2::53): the answer has 2041 bytes, more than the 1232 that a datagram carries safely
ns-answer-large | detail | Such an answer needs TCP, or fragments, and firewalls drop fragments.
ns-slow | summary | ns2.example.com (198.51.100.53, 2001:db8:2::53): an answer takes more than 2 s, or queries are lost
ns-slow | detail | Receivers wait a few seconds for one server, and SPF may need ten answers one after another.
ns-one-network | summary | All name servers of example.com that are asked are in one network: 192.0.2.0/24, 2001:db8::/48
ns-one-network | detail | These are ns1.example.com (192.0.2.53, 2001:db8::53), ns2.example.com (192.0.2.54, 2001:db8::54).
sender-ok | summary | 192.0.2.25 may send mail of example.com, with the name mail.example.com
sender-ok | detail | Its reverse names lead back: mail.example.com.
sender-unknown | summary | The SPF record of example.com names no single address from which mail is sent
sender-unknown | detail | It has networks and other people's records alone, or there is none. So no sending host could be looked at.
sender-ptr-missing | summary | 192.0.2.25, which sends mail of example.com, has no reverse name
sender-ptr-missing | detail | There is no PTR record.
sender-ptr-unconfirmed | summary | The reverse name of 192.0.2.25, which sends mail of example.com, does not lead back: other.example.net
sender-ptr-unconfirmed | detail | None of these names has the address.
sender-helo-other | summary | 192.0.2.25 gives the name mx1.example.com in EHLO, which does not lead to it
sender-helo-other | detail | The name has no address record with 192.0.2.25.
sender-spf-failed | summary | Mail of example.com from 192.0.2.25 does not pass SPF: fail
sender-spf-failed | detail | That is what a receiver comes to that takes a mail from there.
sender-helo-rejected | summary | The SPF record of mail.example.com does not let its own host 192.0.2.25 pass: fail
sender-helo-rejected | detail | Receivers check that name where a mail has no sender, as bounces have, and some check it always.
spf-ok | summary | The SPF record of example.com is sound, with 2 of 10 look-ups
spf-ok | detail | Mail from an address that it does not name ends as fail.
spf-missing | summary | example.com has no SPF record
spf-missing | detail | So receivers cannot tell who may send mail in its name.
spf-multiple | summary | example.com has more than one SPF record, so none counts
spf-multiple | detail | A receiver that checks example.com ends with permerror as soon as it comes to example.com.
spf-invalid | summary | The SPF record of example.com is not valid: ipv4:192.0.2.7
spf-invalid | detail | What is wrong with it: no mechanism is called 'ipv4' (byte 10, RFC 7208 section 4.6.1). It is part of the evaluation of example.com.
spf-include-missing | summary | The SPF record of example.com leads by include:gone.example.net to a domain that has no SPF record
spf-include-missing | detail | An include or redirect of a name without a record is an error, and not merely no match.
spf-lookups-many | summary | The SPF record of example.com needs more than 10 look-ups; the limit is passed at a:h10.example.com of example.com
spf-lookups-many | detail | Each of these looks something up, those of included records among them: a:h0.example.com, a:h1.example.com, a:h2.example.com, a:h3.example.com, a:h4.example.com, a:h5.example.com, a:h6.example.com, a:h7.example.com, a:h8.example.com, a:h9.example.com, a:h10.example.com.
spf-voids-many | summary | More than 2 look-ups of the SPF record of example.com find nothing
spf-voids-many | detail | What is not there: A x.example.com, A y.example.com, A z.example.com. Receivers may end with permerror at the third. For a client of IPv6 an a or mx asks for AAAA records, and a host without them counts.
spf-hosts-many | summary | mx:many.example.com in the SPF record of example.com leads to more than 10 MX hosts
spf-hosts-many | detail | A receiver of mail from example.com must end with permerror there.
spf-lookup-failed | summary | The look-up of _spf.example.net, which SPF needs, was not answered: no answer in time (the test world says timeout)
spf-lookup-failed | detail | At fault: ns.example.net (203.0.113.53), no answer in time. A receiver to which this happens ends with temperror.
spf-open | summary | The SPF record of example.com lets everybody pass
spf-open | detail | An address that no term names passes all the same, by an all without a qualifier, by a network of every address, or by a record that is included.
spf-neutral | summary | The SPF record of example.com says nothing of those that it does not name
spf-neutral | detail | It ends without an all, or with ?all, so that mail from any other address is neutral.
spf-ptr | summary | The SPF record of example.com uses ptr
spf-ptr | detail | The mechanism ptr looks up the reverse names of whoever connects. It must not be published any more.
spf-answer-large | summary | The TXT answer of example.com, which SPF needs, comes over TCP only
spf-answer-large | detail | TXT records there: 1. The SPF record shares the answer with all other texts at the name.
spf-mx-uncovered | summary | Mail of example.com from its own MX hosts does not pass SPF
spf-mx-uncovered | detail | Of mx1.example.com (192.0.2.1), mx1.example.com (2001:db8::1), mx2.example.com (192.0.2.2) it ends as fail. That is right where these hosts only receive.
spf-helo-failed | summary | Bounces of mx2.example.com do not pass the SPF record of its own name
spf-helo-failed | detail | From 192.0.2.2 the name mx2.example.com ends as fail. A bounce has no sender address, so receivers check the name with which the host greets.
dmarc-ok | summary | example.com asks receivers to reject mail that fails DMARC
dmarc-ok | detail | The record that counts stands at _dmarc.example.com.
dmarc-missing | summary | example.com has no DMARC record
dmarc-missing | detail | There is none at _dmarc.example.com, and none at the domains above it.
dmarc-multiple | summary | _dmarc.example.com has more than one DMARC record, so none counts
dmarc-multiple | detail | Found: `v=DMARC1; p=none`, `v=DMARC1; p=reject`.
dmarc-invalid | summary | The DMARC record at _dmarc.example.com is not valid
dmarc-invalid | detail | Found: `v=DMARC1; p=rejct; rua=mailto:dmarc@example.com`. What is wrong with it: p= is none, quarantine or reject (byte 9, RFC 9989 section 4.7).
dmarc-unanswered | summary | The look-up of _dmarc.example.com was not answered: no answer in time (the test world says timeout)
dmarc-unanswered | detail | So it is not known from here which policy counts. A receiver to which this happens puts mail off, or takes it without DMARC.
dmarc-policy-none | summary | example.com asks receivers to do nothing about mail that fails DMARC
dmarc-policy-none | detail | The record that counts stands at _dmarc.example.com.
dmarc-partial | summary | The DMARC policy of example.com, reject, is not fully in force: pct=20
dmarc-partial | detail | A test mode (t=y) and a percentage (pct) make receivers do less than the policy says. pct is no longer part of DMARC, so that some receivers go by it and others do not.
dmarc-subdomain-open | summary | Subdomains of example.com have the weaker DMARC policy none, and example.com itself reject
dmarc-subdomain-open | detail | The record at _dmarc.example.com says so with sp.
dmarc-reports-missing | summary | The DMARC record at _dmarc.example.com asks for no reports
dmarc-reports-missing | detail | It has no rua with an address.
dmarc-report-unauthorized | summary | reports.example.org does not say that it takes DMARC reports on example.com
dmarc-report-unauthorized | detail | The record at _dmarc.example.com sends them there. There is no record with v=DMARC1 at example.com._report._dmarc.reports.example.org, so receivers send nothing to it.
dmarc-report-undeliverable | summary | gone.example.org, to which DMARC reports on example.com go, takes no mail
dmarc-report-undeliverable | detail | It has no MX record and no address, or says that it takes none. The record that names it is at _dmarc.example.com.
dkim-ok | summary | The DKIM key s1 of example.com is sound (RSA, 2048 bits)
dkim-ok | detail | It stands at s1._domainkey.example.com.
dkim-not-found | summary | example.com has no DKIM key under a name in common use
dkim-not-found | detail | Looked for: default, dkim, mail, email, smtp, mta, key1, k1, k2, s1, s2, s2048, selector1, selector2, google, fm1, protonmail, sig1, zmail, mandrill. A domain does not say which selectors it has, so it may have keys all the same: they are named by s= in the DKIM-Signature of any mail that it sent.
dkim-key-missing | summary | There is no DKIM key s1 of example.com
dkim-key-missing | detail | The resolver says of s1._domainkey.example.com: the name does not exist.
dkim-key-multiple | summary | s1._domainkey.example.com has 2 TXT records; a DKIM key stands alone
dkim-key-multiple | detail | Which of them a receiver takes is not defined.
dkim-key-invalid | summary | The DKIM key s1 of example.com cannot be used
dkim-key-invalid | detail | Found: `v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG`. What is wrong with it: p= holds no RSA key (byte 0, RFC 6376 section 3.6.1).
dkim-key-revoked | summary | The DKIM key s1 of example.com is revoked
dkim-key-revoked | detail | The record at s1._domainkey.example.com has an empty p.
dkim-key-short | summary | The DKIM key s1 of example.com has 1024 bits
dkim-key-short | detail | Signers should use 2048 bits at least.
dkim-key-testing | summary | The DKIM key s1 of example.com is marked as a test
dkim-key-testing | detail | The record at s1._domainkey.example.com has the flag t=y, which asks receivers to treat signed mail as if it were not signed.
dkim-key-large | summary | The DKIM key s1 of example.com comes over TCP only
dkim-key-large | detail | The answer for s1._domainkey.example.com does not fit into a datagram.
dkim-unanswered | summary | The look-up of s1._domainkey.example.com was not answered: the resolver answered with an error (the test world says servfail)
dkim-unanswered | detail | A receiver to which this happens ends with temperror.
"""[1:]
