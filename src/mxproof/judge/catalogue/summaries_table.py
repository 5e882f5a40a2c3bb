"""The findings in a line in the bad world of each; made by `python tools/findings.py`, not by hand."""

from typing import Final

SUMMARIES: Final = r"""
sts-absent | summary | example.com does not use MTA-STS
sts-ok | summary | MTA-STS record and policy are valid: mode enforce, max_age 1209600, mx mx1.example.com, mx2.example.com
sts-record-missing | summary | mta-sts.example.com serves a policy, and no record at _mta-sts.example.com announces it
sts-record-misplaced | summary | An MTA-STS record stands at example.com, and senders look for it at _mta-sts.example.com alone
sts-record-dangling | summary | _mta-sts.example.com is an alias (CNAME) of gone.example.net, which has no MTA-STS record
sts-wildcard | summary | What _mta-sts.example.com answers with comes from a wildcard and is no MTA-STS record: `v=spf1 -all`
sts-record-multiple | summary | _mta-sts.example.com has more than one MTA-STS record; only KumoMTA and chasquid take one of them
sts-record-invalid | summary | The MTA-STS record at _mta-sts.example.com is not valid; only chasquid use the policy
sts-record-ambiguous | summary | Some senders accept the MTA-STS record at _mta-sts.example.com, others do not
sts-record-unanswered | summary | The look-up of _mta-sts.example.com was not answered: no answer in time (the test world says timeout)
sts-policy-host-missing | summary | The policy host mta-sts.example.com leads nowhere: the name does not exist
sts-policy-host-unanswered | summary | The look-up of the policy host mta-sts.example.com was not answered: no answer in time (the test world says timeout)
sts-policy-address-not-public | summary | The policy host mta-sts.example.com has an address that cannot be reached from everywhere: 192.168.1.80
sts-policy-ipv6-missing | summary | The policy host mta-sts.example.com has no IPv6 address
sts-policy-ipv4-missing | summary | The policy host mta-sts.example.com has no IPv4 address: 2001:db8::80
sts-policy-unconnected | summary | No HTTPS connection to mta-sts.example.com at 192.0.2.80
sts-policy-timeout | summary | No answer from the policy host mta-sts.example.com at 192.0.2.80: no answer in time (the test world says timeout)
sts-policy-slow | summary | mta-sts.example.com takes 2000 ms to serve the policy
sts-policy-tls-failed | summary | The TLS handshake with mta-sts.example.com at 192.0.2.80 fails
sts-policy-tls-old | summary | The policy host mta-sts.example.com at 192.0.2.80 agrees on no better than TLSv1.1
sts-policy-cert-invalid | summary | The certificate of the policy host mta-sts.example.com at 192.0.2.80 is not valid
sts-policy-cert-weak | summary | The certificate of the policy host mta-sts.example.com at 192.0.2.80 is not good enough for every sender
sts-policy-cert-ends | summary | The certificate of the policy host mta-sts.example.com at 192.0.2.80 expires on 2026-06-06 12:00 UTC
sts-policy-status | summary | mta-sts.example.com answers the request for the policy with status 404
sts-policy-redirect | summary | mta-sts.example.com redirects the request for the policy (status 301 to https://www.example.com/)
sts-policy-incomplete | summary | The response of mta-sts.example.com at 192.0.2.80 is cut short or not valid HTTP
sts-policy-oversize | summary | The response of mta-sts.example.com at 192.0.2.80 is larger than senders read
sts-policy-encoded | summary | mta-sts.example.com at 192.0.2.80 compresses the policy although it was not asked to
sts-policy-media-type | summary | The policy is served as text/html and not as text/plain
sts-policy-charset | summary | The policy at mta-sts.example.com is said to be in utf-16, where ASCII reads as something else
sts-policy-invalid | summary | The policy that mta-sts.example.com serves is not valid
sts-policy-ambiguous | summary | Senders read the policy that mta-sts.example.com serves differently
sts-policy-differs | summary | What mta-sts.example.com serves depends on the address that a sender asks
sts-mode-testing | summary | The policy is in mode testing: failures are reported and mail is delivered all the same
sts-mode-none | summary | The policy is in mode none: senders act as if there were no policy
sts-enforce-breaks | summary | In mode enforce 10 of 14 modelled senders would refuse mail for example.com
sts-max-age-short | summary | max_age is 3600 seconds, less than a week
sts-max-age-long | summary | max_age is 31536000 seconds, more than half a year
sts-testing-long | summary | The policy has been in testing since 2026-01-01 at least
sts-id-unchanged | summary | The policy was changed after 2026-05-31 12:00 UTC, and the id is still 20260601
sts-policy-unchanged | summary | The id is a new one, 20260601, and the policy is what it was at 2026-05-31 12:00 UTC
sts-field-unknown | summary | The policy has fields that senders do not know: mxs
sts-mx-repeated | summary | The policy lists more than once: mx2.example.com
sts-mx-unlisted | summary | MX host mx1.example.com matches no mx line of the policy
sts-mx-unused | summary | The policy lists what no MX host needs: mx3.example.com
sts-memory-outlives | summary | A policy fetched on 2026-05-31 12:00 UTC stays in force until 2026-06-14 12:00 UTC for senders that hold it
resolver-unanswered | summary | Nothing is known of example.com: the resolver of this machine does not answer (the test world says timeout)
domain-missing | summary | example.com does not exist in DNS
mx-unanswered | summary | The look-up of the MX records of example.com was not answered: no answer in time (the test world says timeout)
mx-null | summary | example.com has a null MX: it takes no mail
mx-null-mixed | summary | example.com says by a null MX that it takes no mail, and names MX hosts all the same: mx1.example.com
mx-null-policy | summary | example.com says by a null MX that it takes no mail, and has an MTA-STS policy
mx-null-sender | summary | example.com says by a null MX that it takes no mail, and its SPF record lets hosts send in its name
mx-implicit | summary | example.com has no MX record, so mail goes to its own address
mx-no-address | summary | example.com has neither an MX record nor an address, so it can take no mail
mx-name-invalid | summary | The MX record `10 mail\032server.example.com` does not hold a host name
mx-name-underscore | summary | MX host mail_1.example.com has an underscore in its name, which no host name has
mx-address-literal | summary | The MX record `10 192.0.2.1` holds an IP address where a host name belongs
mx-localhost | summary | The MX record `10 localhost` names whoever sends the mail
mx-address-not-public | summary | MX host mx1.example.com has an address that cannot be reached from everywhere: 10.1.2.3
mx-ipv4-missing | summary | No MX host of example.com has an IPv4 address: 2001:db8::1
mx-dangling | summary | MX host gone.example.com leads nowhere: the name does not exist
mx-host-unanswered | summary | The look-up of the addresses of MX host mx1.example.com was not answered: no answer in time (the test world says timeout)
mx-alias | summary | MX names are aliases (CNAME): mx1.example.com -> smol.example.com, mx2.example.com -> tol.example.com; the policy does not list smol.example.com, tol.example.com and the certificates do not name smol.example.com, tol.example.com
mx-many | summary | example.com has more MX hosts than are tested: 20 were, the rest is only listed
mx-one-address | summary | All mail for example.com goes to one address: 192.0.2.1, 2001:db8::1
mx-one-network | summary | All addresses of the MX hosts of example.com are in one network: 192.0.2.0/24, 2001:db8::/48
mx-ipv6-missing | summary | No MX host of example.com has an IPv6 address
mx-ipv6-broken | summary | MX host mx1.example.com answers over IPv4 and not over IPv6: 2001:db8::1
mx-backup-refused | summary | While mx1.example.com cannot be reached, 10 of 14 modelled senders would not deliver to mx2.example.com
mx-backup-plain | summary | mx1.example.com takes mail over TLS, and mx2.example.com behind it in clear text alone
mx-ok | summary | The MX records lead to 3 addresses: mx1.example.com, mx2.example.com
port-25-blocked | summary | None of 3 addresses could be reached on port 25, so it is most likely blocked from here
smtp-unreachable | summary | MX host mx1.example.com refuses connections to port 25 at 192.0.2.1
smtp-unanswered | summary | MX host mx1.example.com does not answer on port 25 at 192.0.2.1: no answer in time (timeout)
smtp-turned-away | summary | MX host mx1.example.com turns the client away at 192.0.2.1, 2001:db8::1
smtp-broken | summary | The SMTP dialogue with MX host mx1.example.com breaks off at 192.0.2.1, 2001:db8::1
smtp-ehlo-rejected | summary | MX host mx1.example.com answers EHLO inside TLS with an error at 192.0.2.1, 2001:db8::1
smtp-rate-limited | summary | MX host mx1.example.com turned this client away for its number of connections: 421 4.7.0 too many connections from your address
smtp-tarpit | summary | MX host mx1.example.com has begun to greet, and its greeting did not end in time
smtp-greeting-slow | summary | MX host mx1.example.com takes 2000 ms to greet
smtp-name-other | summary | MX host mx1.example.com calls itself localhost.localdomain
smtp-extensions-differ | summary | The mail servers of example.com differ in what mail they take
smtp-ok | summary | MX host mx1.example.com takes mail over TLSv1.3
starttls-masked | summary | MX host mx1.example.com offers XXXXXXXA in place of extensions, and no STARTTLS
starttls-missing | summary | MX host mx1.example.com does not offer STARTTLS at 192.0.2.1, 2001:db8::1
starttls-rejected | summary | MX host mx1.example.com offers STARTTLS at 192.0.2.1, 2001:db8::1 and then refuses it
starttls-early-data | summary | MX host mx1.example.com sends bytes in the clear behind its answer to STARTTLS at 192.0.2.1, 2001:db8::1
starttls-repeated | summary | MX host mx1.example.com offers STARTTLS inside TLS again at 192.0.2.1, 2001:db8::1
tls-handshake-failed | summary | The TLS handshake with MX host mx1.example.com fails at 192.0.2.1, 2001:db8::1
tls-version-old | summary | MX host mx1.example.com agrees on no better than TLSv1.1 at 192.0.2.1, 2001:db8::1
tls-suites-old | summary | MX host mx1.example.com refuses the cipher suites recommended for TLS 1.2, and has no TLS 1.3, at 192.0.2.1, 2001:db8::1
tls-newest-missing | summary | MX host mx1.example.com agrees on TLSv1.2 and has no TLS 1.3 at 192.0.2.1, 2001:db8::1
tls-newest-only | summary | MX host mx1.example.com agrees on TLSv1.3 and on nothing that was offered of TLS 1.2 at 192.0.2.1, 2001:db8::1
tls-retired-taken | summary | MX host mx1.example.com still takes TLSv1.1 TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA at 192.0.2.1, 2001:db8::1
tls-cipher-weak | summary | MX host mx1.example.com takes a cipher suite that protects little or nothing at 192.0.2.1, 2001:db8::1
tls-cipher-anonymous | summary | MX host mx1.example.com makes sessions without a certificate for who asks for them at 192.0.2.1, 2001:db8::1
tls-key-transport | summary | MX host mx1.example.com takes cipher suites without forward secrecy at 192.0.2.1, 2001:db8::1
tls-ok | summary | MX host mx1.example.com takes TLSv1.3, TLSv1.2 with suites of today, and no others, at 192.0.2.1, 2001:db8::1
tls-level-fell | summary | Sessions with MX host mx1.example.com are less secure than a sender remembers them from the domain
cert-name-mismatch | summary | The certificate of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 does not name mx1.example.com
cert-expired | summary | The certificate of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 has expired
cert-not-yet-valid | summary | The certificate of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 is not valid yet
cert-self-signed | summary | The certificate of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 is self-signed
cert-chain-incomplete | summary | MX host mx1.example.com at 192.0.2.1, 2001:db8::1 does not send the certificate of its issuer
cert-issuer-no-authority | summary | The certificate of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 is signed by one that is no authority
cert-purpose-wrong | summary | The certificate of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 is not meant for servers
cert-name-limited | summary | The certificate of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 has a name that its authority may not issue for
cert-signature-weak | summary | The certificate of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 rests on a signature that is too weak
cert-untrusted | summary | The certificate of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 is not trusted
cert-unreadable | summary | The certificate of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 cannot be read
cert-key-weak | summary | The certificate of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 has a key that is too short
cert-expires-soon | summary | The certificate of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 expires on 2026-06-06 12:00 UTC
cert-last-days | summary | The certificate of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 expires on 2026-06-03 12:00 UTC, within days
cert-renewal-due | summary | The certificate of MX host mx1.example.com ends on 2026-06-21 12:00 UTC and has not been renewed
cert-chain-disordered | summary | MX host mx1.example.com sends its certificates out of order
cert-differs | summary | The addresses of MX host mx1.example.com show different certificates
cert-name-dependent | summary | MX host mx2.example.com shows another certificate to a client that gives another name in TLS, or none
cert-validity-endless | summary | The certificate of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 is valid until 2126-05-08 12:00 UTC
cert-unchecked | summary | No mail is lost by what is wrong with the certificate of MX host mx1.example.com, for no sender looks at it
cert-ok | summary | The certificates of MX host mx1.example.com are valid until 2026-07-31
caa-ok | summary | example.com: CAA lets letsencrypt.org issue for mx1.example.com, mx2.example.com, mta-sts.example.com, whose certificate is from Let's Encrypt
caa-missing | summary | mx1.example.com: no CAA record, so every authority may issue a certificate
caa-nobody-allowed | summary | example.com: its CAA records let no authority issue for mx1.example.com, mx2.example.com, mta-sts.example.com
caa-issuer-forbidden | summary | example.com: CAA lets pki.goog issue for mx1.example.com, mx2.example.com, mta-sts.example.com, and the certificate is from Let's Encrypt
caa-issuer-unknown | summary | example.com: CAA lets letsencrypt.org issue for mx1.example.com, mx2.example.com, mta-sts.example.com; whether that is CN=Test Intermediate is not known here
caa-invalid | summary | example.com: CAA records that no authority understands: `issued`
caa-unanswered | summary | example.com: its CAA records could not be looked up, so it is not known who may issue for mx1.example.com, mx2.example.com, mta-sts.example.com
dnsbl-ok | summary | 192.0.2.1, 2001:db8::1, 192.0.2.2: not listed by list.example.org
dnsbl-listed | summary | 192.0.2.1 is listed by list.example.org (127.0.0.4)
dnsbl-refused | summary | list.example.org refuses the resolver here (127.255.255.254), so it is not known whom it lists
dnsbl-unanswered | summary | list.example.org does not answer as a list does (IPv4), so it is not known whom it lists
dnssec-bogus | summary | The DNSSEC signatures of example.com do not verify
dnssec-ok | summary | example.com: keys and signatures lead from com, example.com to every record that mail is found by
dnssec-ds-unmatched | summary | example.com is bogus: the DS records of example.com name key 61824, and example.com serves key 28699
dnssec-signature-expired | summary | example.com is bogus: the signature over MX example.com ended on 2026-05-30 12:00 UTC
dnssec-signature-early | summary | example.com is bogus: the signature over MX example.com begins on 2026-06-03 12:00 UTC
dnssec-signature-wrong | summary | example.com is bogus: the signature over MX example.com does not verify with key 28699
dnssec-signature-missing | summary | example.com is bogus: there is no signature over TLSA _25._tcp.mx1.example.com, and 1 more
dnssec-key-missing | summary | example.com is bogus: the signature over MX example.com is made with key 61824, and the zone serves key 28699
dnssec-denial-unproven | summary | example.com is bogus: nothing proves that there is no TLSA _25._tcp.mx1.example.com, and 2 more
dnssec-server-differs | summary | ns2.example.com, a name server of example.com, serves what is bogus at 198.51.100.53: the signature over DNSKEY example.com ended on 2026-05-30 12:00 UTC, and 7 more
dnssec-signature-ending | summary | example.com: signatures that were made for 7 days end on 2026-06-02 00:00 UTC
dnssec-algorithm-old | summary | example.com is signed with RSASHA1-NSEC3-SHA1
dnssec-digest-old | summary | example.com: the DS record of key 28699 has a digest of SHA-1
dnssec-key-short | summary | example.com has keys of RSA with 1024 bits
dnssec-iterations | summary | example.com hashes the names in its proofs of absence 10 times more than once
dnssec-iterations-many | summary | example.com hashes the names in its proofs of absence 100 times more than once
dnssec-island | summary | example.com is signed, and counts as unsigned: example.com has no DS record
dnssec-unsigned | summary | example.com is not signed with DNSSEC
dnssec-unanswered | summary | example.com: keys or signatures on the way to MX example.com, A mx1.example.com, AAAA mx1.example.com, TLSA _25._tcp.mx1.example.com and 3 more were not answered
dane-ok | summary | The TLSA records of MX host mx1.example.com match its certificates
dane-absent | summary | MX host mx1.example.com has no TLSA records, so that no sender uses DANE with it
dane-lines | summary | MX host mx1.example.com: 1 of its TLSA records match what it shows, and 0 match nothing yet or no longer
dane-mismatch | summary | No TLSA record of MX host mx1.example.com matches its certificate at 192.0.2.1, 2001:db8::1
dane-cert-renewed | summary | The certificate of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 was renewed, and its TLSA records are of an earlier one
dane-authority-unsent | summary | The TLSA records of MX host mx1.example.com name an authority that it does not send at 192.0.2.1, 2001:db8::1: CN=Test Root
dane-authority-other | summary | The TLSA records of MX host mx1.example.com name an authority that is not in its chain at 192.0.2.1, 2001:db8::1
dane-usage-wrong | summary | A TLSA record of MX host mx1.example.com is of a certificate that it shows at 192.0.2.1, 2001:db8::1, but has the wrong usage
dane-empty-digest | summary | The TLSA record of MX host mx1.example.com is the digest of no bytes at all
dane-digest-stale | summary | Of the TLSA records of MX host mx1.example.com only those of a weaker digest match its certificate at 192.0.2.1, 2001:db8::1
dane-other-name | summary | The TLSA records at _25._tcp.smol.example.com do not match MX host mx1.example.com at 192.0.2.1, 2001:db8::1, those at _25._tcp.mx1.example.com do
dane-other-host | summary | The TLSA records of MX host mx2.example.com are of the certificate that mx1.example.com shows
dane-other-port | summary | MX host mx1.example.com has TLSA records for other ports, and none for port 25
dane-zone-unsigned | summary | example.com is signed with DNSSEC, and DANE is not in use, for these MX hosts are in unsigned zones: mx.example.net
dane-leftover | summary | MX host mx1.example.com has TLSA records that match nothing it shows, beside one that matches: `3 1 1 0000000000000000...`
dane-next-missing | summary | The certificate of MX host mx1.example.com ends on 2026-06-21 12:00 UTC, and its TLSA records know no other key
dane-cert-name | summary | The certificate of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 has none of the names that DANE-TA asks for
dane-unusable | summary | The TLSA records of MX host mx1.example.com are of no use to senders
dane-insecure | summary | MX host mx1.example.com has TLSA records, but the MX answer of example.com is not signed with DNSSEC
dane-lookup-failed | summary | The look-up of the TLSA records of MX host mx1.example.com fails: the resolver answered with an error (the test world says servfail)
dane-unanswered | summary | The look-up of the TLSA records of MX host mx1.example.com was not answered: no answer in time (the test world says timeout)
dane-partial | summary | Of the MX hosts, mx1.example.com has DANE and mx2.example.com has not
dane-unjudged | summary | There are TLSA records, and the resolver 192.0.2.53 is not known to validate DNSSEC
tlsrpt-ok | summary | TLS reports are asked for at mailto:tls@example.com
tlsrpt-missing | summary | example.com asks for no TLS reports
tlsrpt-multiple | summary | _smtp._tls.example.com has 2 TLSRPT records, so none counts
tlsrpt-invalid | summary | The TLSRPT record at _smtp._tls.example.com is not valid
tlsrpt-undeliverable | summary | gone.example.net, to which TLS reports on example.com go, takes no mail
tlsrpt-refused | summary | 10 of 14 modelled senders do not deliver to example.net, to which TLS reports on example.com go
tlsrpt-base-invalid | summary | The TLSRPT record at _smtp._tls.mx1.example.com, beside the TLSA records of mx1.example.com, does not count
tlsrpt-host-missing | summary | gone.example.net, to which TLS reports on example.com are posted, has no address
tlsrpt-unanswered | summary | The look-up of _smtp._tls.example.com was not answered: the resolver answered with an error (the test world says servfail)
ptr-missing | summary | The address of MX host mx2.example.com has no reverse name: 192.0.2.2
ptr-unconfirmed | summary | The reverse name of MX host mx2.example.com at 192.0.2.2 does not lead back: mx1.example.com
ptr-other-name | summary | The reverse name of MX host mx1.example.com at 192.0.2.1, 2001:db8::1 is not in policy and certificate both: host.example.net
ns-edns-silent | summary | ns2.example.com (198.51.100.53, 2001:db8:2::53): a query with EDNS gets no answer (no answer in time), one without does
ns-edns-rejected | summary | ns2.example.com (198.51.100.53, 2001:db8:2::53): to a query with EDNS it answers FORMERR, and answers one without
ns-edns-version | summary | ns2.example.com (198.51.100.53, 2001:db8:2::53): to a query with EDNS version 1 it answers NOERROR, where BADVERS is due
ns-answer-lost | summary | ns2.example.com (198.51.100.53, 2001:db8:2::53), asked for example.com, _mta-sts.example.com: an answer of 900 bytes does not arrive over UDP, small ones do
ns-size-ignored | summary | ns2.example.com (198.51.100.53, 2001:db8:2::53), asked for example.com, _mta-sts.example.com: it answers with 900 bytes to a query that takes 512
ns-delegation-differs | summary | example.com: only the zone above names ns3.example.com, only the zone itself names ns2.example.com
ns-glue-differs | summary | ns2.example.com, a name server of example.com: only the zone above has 192.0.2.153, only the zone itself has 198.51.100.53
ns-alias-clash | summary | _mta-sts.example.com has TXT records and is an alias of sts.example.net as well
ns-serials-differ | summary | ns2.example.com (198.51.100.53, 2001:db8:2::53): behind with the zone (serial 6, others have 7)
ns-lookup-failed | summary | example.com: the DNSSEC signatures do not verify
ns-answer-cut | summary | ns2.example.com (198.51.100.53, 2001:db8:2::53): the answer does not fit into a datagram, and TCP fails (refused)
ns-udp-silent | summary | ns2.example.com (198.51.100.53, 2001:db8:2::53): no answer over UDP (no answer in time) or TCP (no answer in time)
ns-lame | summary | ns2.example.com (198.51.100.53, 2001:db8:2::53): it answers REFUSED
ns-record-missing | summary | ns2.example.com (198.51.100.53, 2001:db8:2::53), asked for s1._domainkey.example.com: it has no such record, and others have (serial 6, others have 7)
ns-records-differ | summary | ns2.example.com (198.51.100.53), asked for example.com: the record is not that of the others
ns-mail-differs | summary | The name servers of example.com hold different records; look at ns2.example.com (198.51.100.53) (serial 6, others have 7)
ns-addresses-differ | summary | The name servers of example.com give different addresses; look at ns1.example.com (192.0.2.53), ns2.example.com (198.51.100.53)
ns-unanswered | summary | The name servers themselves could not be asked, so it is not known whether all of them serve the same records (no answer in time)
ns-key-absent | summary | s1._domainkey.example.com: no server has this DKIM key
ns-no-address | summary | example.com: its name server ns3.example.com has no address
ns-tcp-failed | summary | ns2.example.com (198.51.100.53, 2001:db8:2::53): TCP fails (refused)
ns-answer-large | summary | ns2.example.com (198.51.100.53, 2001:db8:2::53): the answer has 2041 bytes, more than the 1232 that a datagram carries safely
ns-slow | summary | ns2.example.com (198.51.100.53, 2001:db8:2::53): an answer takes more than 2 s, or queries are lost
ns-one-network | summary | All name servers of example.com that are asked are in one network: 192.0.2.0/24, 2001:db8::/48
sender-ok | summary | 192.0.2.25 may send mail of example.com, with the name mail.example.com
sender-unknown | summary | The SPF record of example.com names no single address from which mail is sent
sender-ptr-missing | summary | 192.0.2.25, which sends mail of example.com, has no reverse name
sender-ptr-unconfirmed | summary | The reverse name of 192.0.2.25, which sends mail of example.com, does not lead back: other.example.net
sender-helo-other | summary | 192.0.2.25 gives the name mx1.example.com in EHLO, which does not lead to it
sender-spf-failed | summary | Mail of example.com from 192.0.2.25 does not pass SPF: fail
sender-helo-rejected | summary | The SPF record of mail.example.com does not let its own host 192.0.2.25 pass: fail
spf-ok | summary | The SPF record of example.com is sound, with 2 of 10 look-ups
spf-missing | summary | example.com has no SPF record
spf-multiple | summary | example.com has more than one SPF record, so none counts
spf-invalid | summary | The SPF record of example.com is not valid: ipv4:192.0.2.7
spf-include-missing | summary | The SPF record of example.com leads by include:gone.example.net to a domain that has no SPF record
spf-lookups-many | summary | The SPF record of example.com needs more than 10 look-ups; the limit is passed at a:h10.example.com of example.com
spf-voids-many | summary | More than 2 look-ups of the SPF record of example.com find nothing
spf-hosts-many | summary | mx:many.example.com in the SPF record of example.com leads to more than 10 MX hosts
spf-lookup-failed | summary | The look-up of _spf.example.net, which SPF needs, was not answered: no answer in time (the test world says timeout)
spf-open | summary | The SPF record of example.com lets everybody pass
spf-neutral | summary | The SPF record of example.com says nothing of those that it does not name
spf-ptr | summary | The SPF record of example.com uses ptr
spf-answer-large | summary | The TXT answer of example.com, which SPF needs, comes over TCP only
spf-mx-uncovered | summary | Mail of example.com from its own MX hosts does not pass SPF
spf-helo-failed | summary | Bounces of mx2.example.com do not pass the SPF record of its own name
dmarc-ok | summary | example.com asks receivers to reject mail that fails DMARC
dmarc-missing | summary | example.com has no DMARC record
dmarc-multiple | summary | _dmarc.example.com has more than one DMARC record, so none counts
dmarc-invalid | summary | The DMARC record at _dmarc.example.com is not valid
dmarc-unanswered | summary | The look-up of _dmarc.example.com was not answered: no answer in time (the test world says timeout)
dmarc-policy-none | summary | example.com asks receivers to do nothing about mail that fails DMARC
dmarc-partial | summary | The DMARC policy of example.com, reject, is not fully in force: pct=20
dmarc-subdomain-open | summary | Subdomains of example.com have the weaker DMARC policy none, and example.com itself reject
dmarc-reports-missing | summary | The DMARC record at _dmarc.example.com asks for no reports
dmarc-report-unauthorized | summary | reports.example.org does not say that it takes DMARC reports on example.com
dmarc-report-undeliverable | summary | gone.example.org, to which DMARC reports on example.com go, takes no mail
dkim-ok | summary | The DKIM key s1 of example.com is sound (RSA, 2048 bits)
dkim-not-found | summary | example.com has no DKIM key under a name in common use
dkim-key-missing | summary | There is no DKIM key s1 of example.com
dkim-key-multiple | summary | s1._domainkey.example.com has 2 TXT records; a DKIM key stands alone
dkim-key-invalid | summary | The DKIM key s1 of example.com cannot be used
dkim-key-revoked | summary | The DKIM key s1 of example.com is revoked
dkim-key-short | summary | The DKIM key s1 of example.com has 1024 bits
dkim-key-testing | summary | The DKIM key s1 of example.com is marked as a test
dkim-key-large | summary | The DKIM key s1 of example.com comes over TCP only
dkim-unanswered | summary | The look-up of s1._domainkey.example.com was not answered: the resolver answered with an error (the test world says servfail)
"""[1:]
