"""The details of findings in the bad world of each; made by `python tools/findings.py`, not by hand."""

from typing import Final

DETAILS: Final = r"""
sts-absent | detail | There is no MTA-STS record at _mta-sts.example.com. Mail arrives all the same: a sender without DANE encrypts it if it can, and checks no certificate.
sts-ok | detail | The record has the id 20260601, and every address of mta-sts.example.com that was tried serves the same valid policy.
sts-record-missing | detail | A sender looks at the record first and asks for the policy only where there is one, so this policy protects nobody new. Senders that fetched it earlier keep to it until its max_age is over.
sts-record-misplaced | detail | A sender that finds no record at _mta-sts.example.com acts as if the domain had no policy.
sts-record-dangling | detail | What the resolver says of gone.example.net: the name does not exist. Senders act as if the domain had no policy.
sts-wildcard | detail | Another name below example.com is answered with the same. Senders pass over a text that does not begin with v=STSv1, and act as if there were none.
sts-record-multiple | detail | Found: `v=STSv1; id=1;`, `v=STSv1; id=2;`. A sender that finds any number but one must act as if the domain had no policy.
sts-record-invalid | detail | Found: `v=STSv1; version=20260601;`. What is wrong with it: no id field (byte 26, RFC 8461 section 3.1).
sts-record-ambiguous | detail | Found: `v=STSv1 ; id=20260601;`. What strict senders object to: space between "v=STSv1" and ";": the grammar allows it, the text has the record dropped (byte 7, RFC 8461 section 3.1).
sts-record-unanswered | detail | So it is not known from here whether a policy is announced. Where senders get no answer either, those that remember a policy keep to it and others deliver without one; some wait until they get an answer.
sts-policy-host-missing | detail | The record announces a policy, and the only place where senders look for it cannot be reached.
sts-policy-host-unanswered | detail | Whether a policy is served could therefore not be found out from here.
sts-policy-address-not-public | detail | 192.168.1.80 is in 192.168.0.0/16 (private use, RFC 1918). The registry of such addresses calls them not globally reachable, and mxproof connects to none of them without --allow-private (the policy daemon: allow_private).
sts-policy-ipv6-missing | detail | Its addresses are 192.0.2.80.
sts-policy-ipv4-missing | detail | A sender that fetches policies over IPv4 gets none.
sts-policy-unconnected | detail | The connection to port 443 ended before any response: refused (the test world says refused).
sts-policy-timeout | detail | What it would serve is not known from here. Senders give up as well; the RFC suggests after a minute.
sts-policy-slow | detail | Seen at 192.0.2.80, from the connection to the last byte.
sts-policy-tls-failed | detail | Seen: the TLS handshake failed (the test world says tls-failed). Nothing can be fetched without TLS.
sts-policy-tls-old | detail | Everything before TLS 1.2 is withdrawn, and senders do not fetch a policy over it.
sts-policy-cert-invalid | detail | Seen: it names www.example.com. It must name mta-sts.example.com as a DNS name, chain to a public root and be in force; a sender must not use what it gets otherwise.
sts-policy-cert-weak | detail | Seen: the key of the certificate is RSA 1024. RSA takes 2048 bits and elliptic curves 224 to be out of reach, and TLS libraries differ in what else they take; a sender that refuses the certificate gets no policy.
sts-policy-cert-ends | detail | By now it should have been renewed, or the web server should have loaded the renewed one.
sts-policy-status | detail | Only a response with status 200 is a policy (seen at 192.0.2.80).
sts-policy-redirect | detail | Senders must not follow redirects, so they get no policy (seen at 192.0.2.80). A browser does follow them, which is why it looks right there.
sts-policy-incomplete | detail | Seen: the connection was closed. Half a policy is no policy: the missing lines might be MX hosts. One that can be read in two ways is none either.
sts-policy-oversize | detail | Senders need not read more than 64 kilobytes; what is longer is most likely a web page and not a policy.
sts-policy-encoded | detail | The request allowed no content encoding, and the response has one. A sender that does not unpack it sees bytes that are no policy.
sts-policy-media-type | detail | Seen at 192.0.2.80. Senders should check the media type, to be safe from servers where strangers may put files; some do. Read all the same by mox, Stalwart and Courier.
sts-policy-charset | detail | The policy reads well as ASCII, and that is what most senders take it for.
sts-policy-invalid | detail | Seen at 192.0.2.80: the mode is enforce, testing or none, in lower case (byte 21, RFC 8461 section 3.2). Read all the same by Stalwart and Courier.
sts-policy-ambiguous | detail | Seen at 192.0.2.80. It is not clear in places: blank line (byte 86, RFC 8461 section 3.2); line without ":" (byte 87, RFC 8461 section 3.2).
sts-policy-differs | detail | Seen: 192.0.2.80: mode enforce, max_age 1209600, mx mx1.example.com, mx2.example.com; 192.0.2.81: mode enforce, max_age 1209600, mx old.example.com.
sts-mode-testing | detail | Whatever is wrong with hosts and certificates refuses no mail through this policy, and it protects none either. In mode enforce all 14 modelled senders would deliver as they do now.
sts-mode-none | detail | This is the right way to leave MTA-STS, or to give up an older policy. In mode enforce all 14 modelled senders would deliver as they do now.
sts-enforce-breaks | detail | They deliver now, since the policy is in testing. Then would refuse: A sender by RFC 8461, Microsoft, Google, Postfix with a classic MTA-STS policy daemon, Postfix from 3.10.5 on with mxproof policyd, mox, Stalwart, KumoMTA, chasquid and Courier in words that are not known.
sts-max-age-short | detail | A sender that hears nothing new for longer than that forgets the policy, and can then be kept from finding it again.
sts-max-age-long | detail | A sender that does not hear of a new id keeps to the policy for that long, whatever becomes of the MX hosts.
sts-testing-long | detail | The id of its record is 20260101T000000; where an id is made of a date, that is the day of the last change.
sts-id-unchanged | detail | Then it said mode enforce, max_age 1209600, mx old.example.com. Now it says mode enforce, max_age 1209600, mx mx1.example.com, mx2.example.com.
sts-policy-unchanged | detail | It says mode enforce, max_age 1209600, mx mx1.example.com, mx2.example.com.
sts-field-unknown | detail | The fields of a policy are version, mode, max_age and mx, in lower case. Senders pass over any other.
sts-mx-repeated | detail | A line that stands twice counts once.
sts-mx-unlisted | detail | The policy lists mail.example.com, *.mx.example.com. A sender that enforces the policy does not deliver to mx1.example.com.
sts-mx-unused | detail | This does no harm by itself. It may be left over, or prepared for a host to come.
sts-memory-outlives | detail | It lists old.example.com. A sender that holds it judges by it, whatever is published now, until it fetches the new policy or the time is over.
resolver-unanswered | detail | It answers nothing about the top-level domain either, so nothing is known of the domain, and nothing is said of it.
domain-missing | detail | The look-up of its MX records was answered with NXDOMAIN. No mail can be sent to it.
mx-unanswered | detail | So it is not known from here where mail goes. Senders that get no answer keep the mail and try again.
mx-null | detail | The one MX record is `0 .`, which tells senders to return mail at once.
mx-null-mixed | detail | A null MX must stand alone. Postfix, mox, Stalwart and KumoMTA take the domain at its word and return the mail; Exim and chasquid pass over the null MX, for no host is called `.`.
mx-null-policy | detail | The policy says which hosts may take the mail of example.com, and by its MX record there are none. No sender gets as far as the policy.
mx-null-sender | detail | These terms let a host pass: mx, include:_spf.example.net. Neither an answer nor a bounce can come back to such mail.
mx-implicit | detail | Without MX records a sender takes the domain itself for its mail server: 192.0.2.1. RFC 8461 does not mention this case; a policy should then list example.com itself.
mx-no-address | detail | There is no host to send mail to.
mx-name-invalid | detail | An MX record must hold a name of letters, digits and hyphens which has A or AAAA records. No policy can list another. Postfix calls it a malformed domain name and keeps the mail, Exim looks for no such host.
mx-name-underscore | detail | The MX record is `10 mail_1.example.com`. Postfix, Exim, mox and chasquid look such a name up all the same.
mx-address-literal | detail | Postfix connects to the address all the same; Exim and senders that keep to RFC 5321 look for a host of that name, which does not exist; chasquid returns the mail, unless it was built with Go 1.25 or later. No policy can list an address, and no certificate is compared with it.
mx-localhost | detail | localhost is the name of the machine that says it, so that each sender is told to deliver to itself.
mx-address-not-public | detail | 10.1.2.3 is in 10.0.0.0/8 (private use, RFC 1918). The registry of such addresses calls them not globally reachable, and mxproof connects to none of them without --allow-private.
mx-ipv4-missing | detail | The MX hosts are mx1.example.com, all of them with IPv6 addresses alone.
mx-dangling | detail | The MX record `10 gone.example.com` names a host that has neither an A nor an AAAA record.
mx-host-unanswered | detail | So this host could not be tested.
mx-alias | detail | MX names must not be aliases. RFC 8461 compares the name in the MX record and leaves open what holds for an alias; Microsoft judges the target, others the name itself.
mx-many | detail | Not tested: mx21.example.com, mx22.example.com.
mx-one-address | detail | The MX hosts are mx1.example.com. There is no second address of the same family behind them.
mx-one-network | detail | The MX hosts are mx1.example.com, mx2.example.com, with the addresses 192.0.2.1, 2001:db8::1, 192.0.2.2.
mx-ipv6-missing | detail | The MX hosts are mx1.example.com, mx2.example.com, with the addresses 192.0.2.1, 192.0.2.2.
mx-ipv6-broken | detail | What came of it: refused. IPv6 works from here.
mx-backup-refused | detail | They deliver to mx1.example.com. To mx2.example.com alone would not deliver: Microsoft with 451 4.7.5 Remote certificate failed MTA-STS validation; Postfix with a classic MTA-STS policy daemon and Postfix from 3.10.5 on with mxproof policyd with 4.7.5 Server certificate not verified; chasquid with invalid security level (TLS_INSECURE) for STS policy; A sender by RFC 8461, Google, mox, Stalwart, KumoMTA and Courier in words that are not known.
mx-backup-plain | detail | Who keeps a sender from reaching mx1.example.com gets the mail to read, which then goes to mx2.example.com.
mx-ok | detail | Every MX host exists, is no alias and has an address.
port-25-blocked | detail | Many networks let no one out to port 25. Nothing can be said of STARTTLS and certificates from this place.
smtp-unreachable | detail | Seen: refused. Other connections from here came through.
smtp-unanswered | detail | So nothing is known of STARTTLS and the certificate there. It may be the server, a firewall, or the way from here.
smtp-turned-away | detail | Seen: 554 5.7.1 no service here. No session was possible, so nothing is known of STARTTLS and the certificate. The server may only dislike the place where this check ran.
smtp-broken | detail | Seen: the connection was closed.
smtp-ehlo-rejected | detail | Seen: 502 5.5.1 Command not implemented. After the handshake a client begins anew with EHLO, and a server that takes it in the clear has to take it there.
smtp-rate-limited | detail | Seen at 192.0.2.1, 2001:db8::1. Its words are about a limit, and not about a fault of the server.
smtp-tarpit | detail | Seen at 192.0.2.1, 2001:db8::1: something listens and speaks, so the line is not what is wrong.
smtp-greeting-slow | detail | Seen at 192.0.2.1, from the connection to the end of the greeting.
smtp-name-other | detail | Seen at 192.0.2.1. That is neither the MX name nor a reverse name of the address, and the certificate does not have it; or it is no full host name.
smtp-extensions-differ | detail | What not all of them offer: none at 192.0.2.1, 2001:db8::1; SIZE 1000000 at 192.0.2.2.
smtp-ok | detail | Seen at 192.0.2.1, 2001:db8::1. It offers PIPELINING.
starttls-masked | detail | Seen at 192.0.2.1, 2001:db8::1. No server calls an extension so: a firewall that inspects mail writes it over what it does not know or does not let pass.
starttls-missing | detail | The answer to EHLO does not list STARTTLS, so mail can reach this host in the clear only.
starttls-rejected | detail | The answer to STARTTLS is: 454 4.7.0 TLS not available.
starttls-early-data | detail | Whatever follows the 220 before the handshake must not be trusted: someone on the way can put commands or answers there. It was thrown away.
starttls-repeated | detail | A server must not offer what is done already. A client that goes by the list may try, and fail.
tls-handshake-failed | detail | Seen: the TLS handshake failed.
tls-version-old | detail | Everything before TLS 1.2 is withdrawn, and senders that honour MTA-STS need not speak it.
tls-suites-old | detail | Whoever offers everything gets ECDHE-ECDSA-AES256-SHA. Offered alone, ECDHE with AES-GCM or ChaCha20-Poly1305 was refused.
tls-newest-missing | detail | TLS 1.3 was on offer and would have been chosen by a server that has it.
tls-newest-only | detail | Refused were ECDHE with an AEAD, ECDHE with AES-CBC, and RSA key transport.
tls-retired-taken | detail | That is what it agreed to where nothing newer was on offer.
tls-cipher-weak | detail | It agreed to TLSv1.2 TLS_RSA_WITH_NULL_MD5. On offer were suites without encryption, with keys of 40 and 56 bits, with RC4 and with 3DES.
tls-cipher-anonymous | detail | It agreed to TLSv1.2 TLS_ECDH_anon_WITH_NULL_SHA, where nothing else was on offer. Postfix does so as it comes, for senders that look at no certificate anyway.
tls-key-transport | detail | It agreed to TLSv1.2 TLS_RSA_WITH_AES_128_CBC_SHA, where nothing else was on offer.
tls-ok | detail | Refused were TLS 1.0 and 1.1, RSA key transport, anonymous sessions, and suites that are broken.
tls-level-fell | detail | Seen at 192.0.2.1, 2001:db8::1: the certificate is its own issuer: CN=mx1.example.com. A sender that once had a session with example.com over TLS with a valid certificate, and remembers it, takes no lesser one from then on, also without a policy.
cert-name-mismatch | detail | It names mail.example.com. What counts is the subject alternative name, where * stands for one label; the common name never does.
cert-expired | detail | Seen: the certificate expired on 2026-05-31 12:00 UTC.
cert-not-yet-valid | detail | Seen: the certificate is not valid before 2026-06-02 12:00 UTC.
cert-self-signed | detail | Seen: the certificate is its own issuer: CN=mx1.example.com. No sender has a reason to trust it, unless a DANE record vouches for it.
cert-chain-incomplete | detail | Seen: no certificate was sent for its issuer, CN=Test Intermediate. Browsers fetch or remember what is missing; mail servers do not.
cert-issuer-no-authority | detail | Seen: the certificate CN=mx1.example.com is signed by that of CN=other.example.net, which is no authority. A certificate for a server cannot vouch for another one.
cert-purpose-wrong | detail | Seen: the certificate CN=mx1.example.com is not meant for servers (extended key usage without serverAuth). What its key usage and its extended key usage allow is not what a server does in TLS; the libraries that senders use differ in which of it they heed.
cert-name-limited | detail | Seen: CN=Limited may not issue for mx1.example.com (name constraints). Name constraints in the certificate of an authority bind all that is below it.
cert-signature-weak | detail | Seen: the certificate CN=mx1.example.com is signed with ecdsa-with-sha1. Signatures over MD5 and SHA-1, and those by keys that are too short, can be forged; TLS libraries reject them.
cert-untrusted | detail | Seen: the chain ends at a root that is not trusted here: CN=Strange Root.
cert-unreadable | detail | Seen: certificate: element longer than what holds it at byte 0 (RFC 5280 section 4.1).
cert-key-weak | detail | Seen: the key of the certificate is RSA 1024. RSA takes 2048 bits and elliptic curves 224 to be out of reach; P-256 is the usual choice.
cert-expires-soon | detail | By now it should have been renewed, or the renewed one should have been loaded.
cert-last-days | detail | Less than three days are left, or less than a thirtieth of its life. Whatever should renew it does not.
cert-renewal-due | detail | Seen at 192.0.2.1, 2001:db8::1. Less than a quarter of its life is left, and less than 30 days.
cert-chain-disordered | detail | Seen at 192.0.2.1, 2001:db8::1. Behind each certificate that of its issuer should come, without gaps and without others.
cert-differs | detail | Seen: at 192.0.2.1 one for mx1.example.com, issued by CN=Test Intermediate, until 2026-07-31; at 2001:db8::1 one for mx1.example.com, smol.example.com, issued by CN=Test Intermediate, until 2026-07-31.
cert-name-dependent | detail | Seen: to one that gives no name, at 192.0.2.2 one for www.example.com, issued by CN=Test Intermediate, until 2026-07-31.
cert-validity-endless | detail | It is in force for more than ten years. No public authority issues such a certificate, and nothing but this date would ever have a lost key replaced.
cert-unchecked | detail | There is neither a policy in force nor DANE, so that a sender encrypts with whatever certificate it is shown (cert-self-signed).
cert-ok | detail | At 192.0.2.1, 2001:db8::1 they are trusted, in force and for mx1.example.com.
caa-ok | detail | The next renewal will not fail for this.
caa-missing | detail | None was found at these names or above them.
caa-nobody-allowed | detail | The certificate in use was issued by Let's Encrypt. Critical tags that no authority knows: none. What is written wrongly names nobody.
caa-issuer-forbidden | detail | Before it issues, an authority looks for CAA records at the name and at each name above it, and takes the first that it finds: here those at example.com.
caa-issuer-unknown | detail | Authorities choose the names that they go by in CAA records, and those of this one are not known to mxproof.
caa-invalid | detail | A value that is no domain name with parameters names nobody, and a tag that is not registered is passed over.
caa-unanswered | detail | There may be records, or none.
dnsbl-ok | detail | These lists were seen to tell their test entries apart.
dnsbl-listed | detail | The list says: `seen sending spam: https://list.example.org/192.0.2.1`.
dnsbl-refused | detail | Its answer for IPv4 is a refusal, and no entry: nothing else was asked of it.
dnsbl-unanswered | detail | A list has an entry for 127.0.0.2 and none for 127.0.0.1, so that it can be seen to work; one of IPv6 addresses has the same two as ::ffff:127.0.0.2 and ::ffff:127.0.0.1.
dnssec-bogus | detail | The resolver found these answers bogus: MX example.com (it says: 6 dnssec bogus). A sender behind a validating resolver sees none of them; one behind another resolver may still deliver.
dnssec-ok | detail | Verified here: MX example.com, A mx1.example.com, AAAA mx1.example.com, TLSA _25._tcp.mx1.example.com, A mx2.example.com, AAAA mx2.example.com, TLSA _25._tcp.mx2.example.com. The first of their signatures ends on 2026-06-15 12:00 UTC.
dnssec-ds-unmatched | detail | Seen: the DS records of example.com name key 61824, and example.com serves key 28699. Bogus for that: MX example.com, A mx1.example.com, AAAA mx1.example.com, TLSA _25._tcp.mx1.example.com, A mx2.example.com, AAAA mx2.example.com, TLSA _25._tcp.mx2.example.com.
dnssec-signature-expired | detail | Seen: the signature over MX example.com ended on 2026-05-30 12:00 UTC. Bogus for that: MX example.com.
dnssec-signature-early | detail | Seen: the signature over MX example.com begins on 2026-06-03 12:00 UTC. Bogus for that: MX example.com.
dnssec-signature-wrong | detail | Seen: the signature over MX example.com does not verify with key 28699. Bogus for that: MX example.com.
dnssec-signature-missing | detail | Seen: there is no signature over TLSA _25._tcp.mx1.example.com; there is no signature over TLSA _25._tcp.mx2.example.com. Bogus for that: TLSA _25._tcp.mx1.example.com, TLSA _25._tcp.mx2.example.com.
dnssec-key-missing | detail | Seen: the signature over MX example.com is made with key 61824, and the zone serves key 28699. Bogus for that: MX example.com.
dnssec-denial-unproven | detail | A sender that asks for such a record gets an error and not that there is none. Seen: nothing proves that there is no TLSA _25._tcp.mx1.example.com; nothing proves that there is no AAAA mx2.example.com; nothing proves that there is no TLSA _25._tcp.mx2.example.com. Bogus for that: TLSA _25._tcp.mx1.example.com, AAAA mx2.example.com, TLSA _25._tcp.mx2.example.com.
dnssec-server-differs | detail | Seen there: the signature over DNSKEY example.com ended on 2026-05-30 12:00 UTC; the signature over MX example.com ended on 2026-05-30 12:00 UTC; the signature over A mx1.example.com ended on 2026-05-30 12:00 UTC; the signature over AAAA mx1.example.com ended on 2026-05-30 12:00 UTC; the signature over TLSA _25._tcp.mx1.example.com ended on 2026-05-30 12:00 UTC; the signature over A mx2.example.com ended on 2026-05-30 12:00 UTC; the signature over AAAA mx2.example.com ended on 2026-05-30 12:00 UTC; the signature over TLSA _25._tcp.mx2.example.com ended on 2026-05-30 12:00 UTC. The resolver here met other signatures, which hold or fail in other ways.
dnssec-signature-ending | detail | These are about to end: DNSKEY example.com, MX example.com, A mx1.example.com, AAAA mx1.example.com, TLSA _25._tcp.mx1.example.com, A mx2.example.com, AAAA mx2.example.com, TLSA _25._tcp.mx2.example.com. A signer that works renews them earlier.
dnssec-algorithm-old | detail | What is not verified any more counts as unsigned, and with it all that hangs on it, such as DANE.
dnssec-digest-old | detail | It is the only kind that the zone above has.
dnssec-key-short | detail | Keys of 2048 bits, or of ECDSA, are what is recommended.
dnssec-iterations | detail | Validators take that still. No additional iterations are what is recommended.
dnssec-iterations-many | detail | Validators with a limit below that take the proofs for insecure, or answer with a failure.
dnssec-island | detail | Not secure for that: MX example.com, A mx1.example.com, AAAA mx1.example.com, TLSA _25._tcp.mx1.example.com, A mx2.example.com, AAAA mx2.example.com, TLSA _25._tcp.mx2.example.com.
dnssec-unsigned | detail | Not secure for that: MX example.com, A mx1.example.com, AAAA mx1.example.com, TLSA _25._tcp.mx1.example.com, A mx2.example.com, AAAA mx2.example.com, TLSA _25._tcp.mx2.example.com.
dnssec-unanswered | detail | So it is not known from here whether these are signed, unsigned or bogus.
dane-ok | detail | At 192.0.2.1, 2001:db8::1 the certificate matches this record at _25._tcp.mx1.example.com: `3 1 1 08a3f06bccee86d4...`.
dane-absent | detail | The records that its certificates call for stand at _25._tcp.mx1.example.com.
dane-lines | detail | What it shows now has these records:
dane-lines | detail |     _25._tcp.mx1.example.com. TLSA 3 1 1 08a3f06bccee86d4e800f5f01c8e93c95ee6c802f49df4817288e13ae64b25d0
dane-lines | detail | Those of the authority, where it is sent:
dane-lines | detail |     _25._tcp.mx1.example.com. TLSA 2 1 1 44e28c214b94377ef505ee48342bbdb7243161a34e28b10f0f6d3f0ac2f45aeb
dane-lines | detail | Match now: `3 1 1 08a3f06bccee86d4...`. For the next key, or left from the last: none.
dane-lines | detail | 300 seconds (the time to live) after a record was added, its key may be shown; an old record may go once no address shows its key. What caches hold now is forgotten by 2026-06-15 12:00 UTC at the latest, when its signature ends.
dane-mismatch | detail | _25._tcp.mx1.example.com holds `3 1 1 0000000000000000...`, and the server shows another key.
dane-cert-renewed | detail | _25._tcp.mx1.example.com holds `3 0 1 0000000000000000...`. Selector 0 stands for the whole certificate, dates and all, so such a record is of no use after the next renewal, even where the key stays the same.
dane-authority-unsent | detail | _25._tcp.mx1.example.com holds `2 1 1 9126810efe180537...`, of the trust anchor above the chain. The record is right, but under DANE a sender goes by the certificates that it is sent, and the root is usually left out.
dane-authority-other | detail | _25._tcp.mx1.example.com holds `2 1 1 0000000000000000...`. Sent above the certificate: CN=Test Intermediate. Authorities change their intermediates without notice, and a root that is not sent counts for nothing here.
dane-usage-wrong | detail | _25._tcp.mx1.example.com holds `3 1 1 44e28c214b94377e...`. Usage 3 stands for the server's own certificate, and usage 2 for one of an authority above it; each matches nothing else.
dane-empty-digest | detail | _25._tcp.mx1.example.com holds `3 1 1 e3b0c44298fc1c14...`. That is what a digest is of an empty input: the command that made it could not read the certificate.
dane-digest-stale | detail | _25._tcp.mx1.example.com holds `3 1 1 08a3f06bccee86d4...`, `3 1 2 0000000000000000...`. Where one usage and selector has records over SHA-512 and over SHA-256, a sender that knows both may pass over the weaker ones (digest agility); all that verify with OpenSSL do.
dane-other-name | detail | mx1.example.com is an alias, and both names have records. A sender takes those at smol.example.com and then looks no further; `3 1 1 0000000000000000...` matches nothing there.
dane-other-host | detail | _25._tcp.mx2.example.com holds `3 1 1 08a3f06bccee86d4...`. Every host has its own key, and so its own record, unless all of them show the same certificate.
dane-other-port | detail | There are records at _465._tcp.mx1.example.com. Mail from other servers comes to port 25, and a sender looks at _25._tcp.mx1.example.com only.
dane-zone-unsigned | detail | DANE hangs on the zone of the MX host: its addresses and its TLSA records must be signed.
dane-leftover | detail | `3 1 1 08a3f06bccee86d4...` matches, and one is enough for every sender. A record that matches nothing is right for as long as it is that of the next key, and a leftover otherwise.
dane-next-missing | detail | At 192.0.2.1, 2001:db8::1 these records match it and nothing else: `3 1 1 4bf7dcb9695724f0...`. With a new key, none would.
dane-cert-name | detail | Where a record names an authority (usage 2), the server's certificate must name mx1.example.com or example.com.
dane-unusable | detail | _25._tcp.mx1.example.com holds `1 1 1 0000000000000000...`: certificate usage 1 is not for SMTP; 3 (DANE-EE) or 2 (DANE-TA) is (RFC 7672 section 3.1.3). A sender then demands TLS and authenticates nobody.
dane-insecure | detail | DANE counts only where every answer on the way is secure: the MX records, the addresses of the host and the TLSA records. Postfix makes one exception: where only the MX records are not signed, it uses the records of the host.
dane-lookup-failed | detail | The addresses of the host are secure, and _25._tcp.mx1.example.com is answered with a failure. A sender that uses DANE must then not deliver to this host, for someone might be hiding the records.
dane-unanswered | detail | So it is not known from here whether _25._tcp.mx1.example.com has records. A sender that uses DANE and gets no answer either does not deliver to this host.
dane-partial | detail | Whoever can make the first unreachable leads mail to the others.
dane-unjudged | detail | Found at mx1.example.com, mx2.example.com. Without DNSSEC one cannot tell whether senders use them, so what they would do is said for both cases.
tlsrpt-ok | detail | The record at _smtp._tls.example.com is valid.
tlsrpt-missing | detail | There is no TLSRPT record at _smtp._tls.example.com.
tlsrpt-multiple | detail | A sender that finds any number but one must act as if there were none.
tlsrpt-invalid | detail | What is wrong with it: rua names no mailto: or https: destination (byte 16, RFC 8460 section 3); not a URI such as mailto:tlsrpt@example.com (byte 16, RFC 8460 section 3). Senders may send no reports, or send them to some of the addresses.
tlsrpt-undeliverable | detail | It has no MX record and no address, or says that it takes none. The record that names it is at _smtp._tls.example.com.
tlsrpt-refused | detail | To example.net do not deliver: Microsoft with 451 4.4.8 MX hosts of 'example.net' failed MTA-STS validation; Postfix with a classic MTA-STS policy daemon with 4.7.5 Server certificate not verified; Postfix from 3.10.5 on with mxproof policyd with 4.3.0 server unavailable or unable to receive mail; mox with mx host new.example.net does not match enforced mta-sts policy; Stalwart with MX new.example.net not authorized by policy.; KumoMTA with 451 4.4.4 MTA-STS enforce policy for example.net permits none of its MX hosts; Courier with Did not find a suitable MX for a connection; A sender by RFC 8461, Google and chasquid in words that are not known. The record that names it is at _smtp._tls.example.com.
tlsrpt-base-invalid | detail | What is wrong with it: rua names no mailto: or https: destination (byte 16, RFC 8460 section 3); not a URI such as mailto:tlsrpt@example.com (byte 16, RFC 8460 section 3). Most senders look at example.com alone for where reports go.
tlsrpt-host-missing | detail | Neither an A nor an AAAA record stands there. The record that names it is at _smtp._tls.example.com.
tlsrpt-unanswered | detail | So it is not known from here whether TLS reports are asked for. Mail is not touched by this.
ptr-missing | detail | There is no PTR record. Mail is received all the same; mail sent from there may be refused.
ptr-unconfirmed | detail | None of these names has the address. Mail is received all the same; mail sent from there may be refused.
ptr-other-name | detail | RFC 8461 does not look at reverse names. That some large sender does is a guess from one incident; this finding is for those who search for a refusal that nothing else explains.
ns-edns-silent | detail | Every resolver of today asks with EDNS, and since 2019 many do not try without it after silence.
ns-edns-rejected | detail | Resolvers have to ask every question twice there, the second time without EDNS.
ns-edns-version | detail | There is no version 1 yet, and no resolver asks with it.
ns-answer-lost | detail | A query with EDNS that takes 1232 bytes stays without an answer, and the same over TCP has one. Most likely a firewall before the server drops datagrams of more than 512 bytes, or fragments.
ns-size-ignored | detail | A datagram may hold no more than the query says; what is left goes over TCP.
ns-delegation-differs | detail | A resolver comes to the zone by way of the servers that the zone above names, and afterwards asks those that the zone itself names.
ns-glue-differs | detail | The addresses in the zone above, the glue, are how a resolver gets to the zone for the first time.
ns-alias-clash | detail | A name with a CNAME record may have no other (but for those of DNSSEC). Such a zone is not loaded by most name servers; some that keep their records in a database serve both.
ns-serials-differ | detail | In the records of mail they agree. That is as it should be for some minutes after a change, and not for longer.
ns-lookup-failed | detail | The resolver here answers for the top-level domain, so the error is with these names. A receiver's resolver gets the same error or a like one.
ns-answer-cut | detail | The server says that the rest is to be had over TCP, and there it cannot be had. So nobody gets example.com, _dmarc.example.com, s1._domainkey.example.com from it.
ns-udp-silent | detail | UDP is how every resolver asks first. Each one that comes to ns2.example.com (198.51.100.53, 2001:db8:2::53) waits until its patience is over before it tries another server.
ns-lame | detail | The delegation is lame at ns2.example.com (198.51.100.53, 2001:db8:2::53): the NS records lead there, and the server does not answer from a zone of its own.
ns-record-missing | detail | A receiver whose resolver asks ns2.example.com (198.51.100.53, 2001:db8:2::53) finds nothing at s1._domainkey.example.com.
ns-records-differ | detail | What a receiver finds at example.com depends on the server that its resolver asks.
ns-mail-differs | detail | ns1.example.com:
ns-mail-differs | detail |     example.com. MX 10 mx1.example.com.
ns-mail-differs | detail |     example.com. MX 20 mx2.example.com.
ns-mail-differs | detail | ns2.example.com:
ns-mail-differs | detail |     example.com. MX 10 mx2.example.com.
ns-mail-differs | detail | Which of them a sender meets is a matter of which server is asked.
ns-addresses-differ | detail | ns1.example.com:
ns-addresses-differ | detail |     mx2.example.com. A 192.0.2.2
ns-addresses-differ | detail | ns2.example.com:
ns-addresses-differ | detail |     mx2.example.com. A 192.0.2.9
ns-addresses-differ | detail | That is meant where each client is led to what is near to it, and a fault where one server is behind the others.
ns-unanswered | detail | What is said of example.com rests on the answers of the resolver, which come from whichever server it asked. Many networks let no client but their own resolver speak to port 53 outside.
ns-key-absent | detail | A signature that names this key cannot be verified by anybody.
ns-no-address | detail | The NS record leads nowhere, so that there is one server less than there seem to be.
ns-tcp-failed | detail | What was asked for fits into UDP today. The first answer that does not fit will be lost at ns2.example.com (198.51.100.53, 2001:db8:2::53).
ns-answer-large | detail | Such an answer needs TCP, or fragments, and firewalls drop fragments.
ns-slow | detail | Receivers wait a few seconds for one server, and SPF may need ten answers one after another.
ns-one-network | detail | These are ns1.example.com (192.0.2.53, 2001:db8::53), ns2.example.com (192.0.2.54, 2001:db8::54).
sender-ok | detail | Its reverse names lead back: mail.example.com.
sender-unknown | detail | It has networks and other people's records alone, or there is none. So no sending host could be looked at.
sender-ptr-missing | detail | There is no PTR record.
sender-ptr-unconfirmed | detail | None of these names has the address.
sender-helo-other | detail | The name has no address record with 192.0.2.25.
sender-spf-failed | detail | That is what a receiver comes to that takes a mail from there.
sender-helo-rejected | detail | Receivers check that name where a mail has no sender, as bounces have, and some check it always.
spf-ok | detail | Mail from an address that it does not name ends as fail.
spf-missing | detail | So receivers cannot tell who may send mail in its name.
spf-multiple | detail | A receiver that checks example.com ends with permerror as soon as it comes to example.com.
spf-invalid | detail | What is wrong with it: no mechanism is called 'ipv4' (byte 10, RFC 7208 section 4.6.1). It is part of the evaluation of example.com.
spf-include-missing | detail | An include or redirect of a name without a record is an error, and not merely no match.
spf-lookups-many | detail | Each of these looks something up, those of included records among them: a:h0.example.com, a:h1.example.com, a:h2.example.com, a:h3.example.com, a:h4.example.com, a:h5.example.com, a:h6.example.com, a:h7.example.com, a:h8.example.com, a:h9.example.com, a:h10.example.com.
spf-voids-many | detail | What is not there: A x.example.com, A y.example.com, A z.example.com. Receivers may end with permerror at the third. For a client of IPv6 an a or mx asks for AAAA records, and a host without them counts.
spf-hosts-many | detail | A receiver of mail from example.com must end with permerror there.
spf-lookup-failed | detail | At fault: ns.example.net (203.0.113.53), no answer in time. A receiver to which this happens ends with temperror.
spf-open | detail | An address that no term names passes all the same, by an all without a qualifier, by a network of every address, or by a record that is included.
spf-neutral | detail | It ends without an all, or with ?all, so that mail from any other address is neutral.
spf-ptr | detail | The mechanism ptr looks up the reverse names of whoever connects. It must not be published any more.
spf-answer-large | detail | TXT records there: 1. The SPF record shares the answer with all other texts at the name.
spf-mx-uncovered | detail | Of mx1.example.com (192.0.2.1), mx1.example.com (2001:db8::1), mx2.example.com (192.0.2.2) it ends as fail. That is right where these hosts only receive.
spf-helo-failed | detail | From 192.0.2.2 the name mx2.example.com ends as fail. A bounce has no sender address, so receivers check the name with which the host greets.
dmarc-ok | detail | The record that counts stands at _dmarc.example.com.
dmarc-missing | detail | There is none at _dmarc.example.com, and none at the domains above it.
dmarc-multiple | detail | Found: `v=DMARC1; p=none`, `v=DMARC1; p=reject`.
dmarc-invalid | detail | Found: `v=DMARC1; p=rejct; rua=mailto:dmarc@example.com`. What is wrong with it: p= is none, quarantine or reject (byte 9, RFC 9989 section 4.7).
dmarc-unanswered | detail | So it is not known from here which policy counts. A receiver to which this happens puts mail off, or takes it without DMARC.
dmarc-policy-none | detail | The record that counts stands at _dmarc.example.com.
dmarc-partial | detail | A test mode (t=y) and a percentage (pct) make receivers do less than the policy says. pct is no longer part of DMARC, so that some receivers go by it and others do not.
dmarc-subdomain-open | detail | The record at _dmarc.example.com says so with sp.
dmarc-reports-missing | detail | It has no rua with an address.
dmarc-report-unauthorized | detail | The record at _dmarc.example.com sends them there. There is no record with v=DMARC1 at example.com._report._dmarc.reports.example.org, so receivers send nothing to it.
dmarc-report-undeliverable | detail | It has no MX record and no address, or says that it takes none. The record that names it is at _dmarc.example.com.
dkim-ok | detail | It stands at s1._domainkey.example.com.
dkim-not-found | detail | Looked for: default, dkim, mail, email, smtp, mta, key1, k1, k2, s1, s2, s2048, selector1, selector2, google, fm1, protonmail, sig1, zmail, mandrill. A domain does not say which selectors it has, so it may have keys all the same: they are named by s= in the DKIM-Signature of any mail that it sent.
dkim-key-missing | detail | The resolver says of s1._domainkey.example.com: the name does not exist.
dkim-key-multiple | detail | Which of them a receiver takes is not defined.
dkim-key-invalid | detail | Found: `v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG`. What is wrong with it: p= holds no RSA key (byte 0, RFC 6376 section 3.6.1).
dkim-key-revoked | detail | The record at s1._domainkey.example.com has an empty p.
dkim-key-short | detail | Signers should use 2048 bits at least.
dkim-key-testing | detail | The record at s1._domainkey.example.com has the flag t=y, which asks receivers to treat signed mail as if it were not signed.
dkim-key-large | detail | The answer for s1._domainkey.example.com does not fit into a datagram.
dkim-unanswered | detail | A receiver to which this happens ends with temperror.
"""[1:]
