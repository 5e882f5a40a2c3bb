"""How to mend findings in the bad world of each; made by `python tools/findings.py`, not by hand."""

from typing import Final

FIXES: Final = r"""
sts-absent | step | At https://mta-sts.example.com/.well-known/mta-sts.txt serve these lines:¶    version: STSv1¶    mode: testing¶    mx: mx1.example.com¶    mx: mx2.example.com¶    max_age: 604800
sts-absent | step | Publish:¶    _mta-sts.example.com. TXT "v=STSv1; id=20260601T120000;"
sts-absent | step | Publish a TLSRPT record too. When the reports stay clean, set `mode: enforce` and a new id.
sts-record-missing | step | To use MTA-STS, publish:¶    _mta-sts.example.com. TXT "v=STSv1; id=20260601T120000;"
sts-record-missing | otherwise | To give it up: first publish the record again and serve `mode: none` with a new id, and remove both only when the max_age of every older policy is over (RFC 8461 section 8.3).
sts-record-misplaced | step | Publish this, and remove the record at example.com:¶    _mta-sts.example.com. TXT "v=STSv1; id=20260601T120000;"
sts-record-dangling | step | Have the provider of gone.example.net publish the record, or remove the alias. Without a provider, publish in its place:¶    _mta-sts.example.com. TXT "v=STSv1; id=20260601T120000;"
sts-wildcard | step | Nothing has to be done. For MTA-STS publish a record of its own at _mta-sts.example.com.
sts-record-multiple | step | Remove all but the record that is meant. What should remain looks like this:¶    _mta-sts.example.com. TXT "v=STSv1; id=20260601T120000;"
sts-record-invalid | step | Publish this instead:¶    _mta-sts.example.com. TXT "v=STSv1; id=20260601T120000;"
sts-record-ambiguous | step | Publish this instead, and nothing else beside it that begins alike:¶    _mta-sts.example.com. TXT "v=STSv1; id=20260601T120000;"
sts-record-unanswered | step | Ask again, and ask each name server of example.com by itself:¶    dig TXT _mta-sts.example.com @SERVER¶If one is silent or fails, mend that server or take it out of the NS records.
sts-policy-host-missing | step | Give mta-sts.example.com A and AAAA records, or a CNAME, that lead to a web server which serves the policy, with a certificate for mta-sts.example.com, at¶    https://mta-sts.example.com/.well-known/mta-sts.txt
sts-policy-host-missing | otherwise | Or, if MTA-STS was given up, remove the record at _mta-sts.example.com. Senders that hold the policy of before keep to it until its max_age is over.
sts-policy-host-unanswered | step | Ask again, and ask each name server by itself:¶    dig A mta-sts.example.com @SERVER¶If one is silent or fails, mend that server or take it out of the NS records.
sts-policy-address-not-public | step | Give mta-sts.example.com the public address of the web server in the A and AAAA records that the world sees, in place of 192.168.1.80.
sts-policy-ipv6-missing | step | Publish an AAAA record for mta-sts.example.com once the web server answers there with the same certificate.
sts-policy-ipv4-missing | step | Publish an A record for mta-sts.example.com, of a web server that serves the same policy.
sts-policy-unconnected | step | Let a web server listen on port 443 of 192.0.2.80 and open the firewall for it, or remove the address records of mta-sts.example.com that are not in use.
sts-policy-timeout | step | See whether 192.0.2.80 can be reached on port 443 from elsewhere, over IPv4 and IPv6 alike:¶    curl -4sSi https://mta-sts.example.com/.well-known/mta-sts.txt¶    curl -6sSi https://mta-sts.example.com/.well-known/mta-sts.txt¶A plain file should be there in well under a second.
sts-policy-slow | step | Serve the policy as a plain file, without a program behind it, from a machine that is not asleep or full.
sts-policy-tls-failed | step | Set up a virtual host for mta-sts.example.com with TLS 1.2 or later on the web server at 192.0.2.80. That it answers for other names there is not enough.
sts-policy-tls-old | step | Enable TLS 1.2 and 1.3 on the web server at 192.0.2.80, in nginx:¶    ssl_protocols TLSv1.2 TLSv1.3;¶If it cannot, its TLS library is too old.
sts-policy-cert-invalid | step | Get a certificate for mta-sts.example.com from a public authority, install it with its intermediate at 192.0.2.80, and see that it is renewed by itself. A CNAME to a provider does not change the name it must hold.
sts-policy-cert-weak | step | Make a new key, get a certificate for mta-sts.example.com with it, and install both, with the chain that the authority gives today, at 192.0.2.80:¶    certbot certonly --key-type ecdsa -d mta-sts.example.com
sts-policy-cert-ends | step | See why it was not renewed, and that the web server loads the new one after every renewal:¶    certbot certificates¶    systemctl list-timers¶    systemctl reload nginx
sts-policy-status | step | Put the policy where a plain GET of this gets it with status 200: no log-in, no block on unknown clients, no other path.¶    https://mta-sts.example.com/.well-known/mta-sts.txt
sts-policy-redirect | step | Serve the policy itself at the address below. If a rule sends all requests to another name, make an exception for this path.¶    https://mta-sts.example.com/.well-known/mta-sts.txt
sts-policy-incomplete | step | See that the web server sends as many bytes as its Content-Length says, and each header field once, and that no proxy in front of it breaks off or adds any.
sts-policy-oversize | step | Serve the policy alone. It is a few lines of plain text; a pattern such as *.example.com covers many hosts.
sts-policy-encoded | step | Switch compression off for /.well-known/mta-sts.txt, or let the server honour Accept-Encoding.
sts-policy-media-type | step | Let the web server send Content-Type: text/plain for /.well-known/mta-sts.txt.
sts-policy-charset | step | Have the web server say `Content-Type: text/plain` for the policy, with `charset=utf-8` or without a charset.
sts-policy-invalid | step | Serve this policy in its place:¶    version: STSv1¶    mode: testing¶    mx: mx1.example.com¶    mx: mx2.example.com¶    max_age: 604800
sts-policy-invalid | step | Then set a new id in the record at _mta-sts.example.com.
sts-policy-ambiguous | step | Serve this policy in its place, which all read alike and which fits the MX hosts:¶    version: STSv1¶    mode: enforce¶    mx: mx1.example.com¶    mx: mx2.example.com¶    max_age: 1209600¶If another `mode` is meant, look first at what it would do.
sts-policy-ambiguous | step | Then set a new id in the record at _mta-sts.example.com.
sts-policy-differs | step | Serve this policy on every server behind mta-sts.example.com, or remove the address records of those that are not meant to serve one:¶    version: STSv1¶    mode: enforce¶    mx: mx1.example.com¶    mx: mx2.example.com¶    max_age: 1209600
sts-policy-differs | step | Then set a new id in the record at _mta-sts.example.com.
sts-mode-testing | step | When your TLS reports show no failure either, serve¶    mode: enforce¶and then set a new id in the record.
sts-mode-none | step | To leave MTA-STS: keep record and policy until the max_age of every policy served earlier is over, then remove both.
sts-mode-none | otherwise | To use it again, set a new id and serve first:¶    mode: testing
sts-enforce-breaks | step | Do not enforce the policy yet. First mend what those senders would refuse for: sts-mx-unlisted
sts-max-age-short | step | When no change is planned, set this or more, and a new id:¶    max_age: 604800
sts-max-age-long | step | A month protects as well. Set this, and a new id:¶    max_age: 2592000
sts-testing-long | step | Read what the TLS reports of the last weeks say. Where they show no failure, serve this, and set a new id:¶    mode: enforce
sts-testing-long | step | Where nobody reads them, say so honestly: withdraw record and policy.
sts-id-unchanged | step | Publish the record with a new id:¶    _mta-sts.example.com. TXT "v=STSv1; id=20260601T120000;"¶Do so whenever the policy changes, and after it.
sts-policy-unchanged | step | If a new policy was meant, serve it now and set one more new id after that.
sts-field-unknown | step | Remove these fields, or spell them as they are meant: mxs.
sts-field-unknown | step | Then set a new id in the record at _mta-sts.example.com.
sts-mx-repeated | step | Put the host that is missing in its place, or remove one of the lines.
sts-mx-repeated | step | Then set a new id in the record at _mta-sts.example.com.
sts-mx-unlisted | step | Add to the policy:¶    mx: mx1.example.com
sts-mx-unlisted | step | Then set a new id in the record at _mta-sts.example.com.
sts-mx-unlisted | step | Senders that hold the old policy may keep to it until its max_age is over: 1209600 seconds (14 days).
sts-mx-unlisted | otherwise | Or: if this policy was not made for these MX hosts, no longer announce it. Remove:¶    _mta-sts.example.com. TXT "v=STSv1; id=20260601;"¶Remove mta-sts.example.com when its max_age is over, 1209600 seconds (14 days): senders that hold the policy keep to it until then. A policy of your own at mta-sts.example.com, with a new id, ends that sooner for those that look.
sts-mx-unused | step | If the hosts are gone for good, remove their `mx:` lines from the policy and set a new id in the record at _mta-sts.example.com.
sts-memory-outlives | step | See that the record at _mta-sts.example.com has a new id and that the new policy is served.
sts-memory-outlives | step | Until 2026-06-14 12:00 UTC keep the MX hosts such that the old policy accepts them too: their names in its mx lines, and certificates for these names.
resolver-unanswered | step | Look whether the first command works and what the second says, and run the check again, through another resolver or on another machine:¶    dig NS .¶    cat /etc/resolv.conf¶    mxproof check example.com --resolver ADDRESS
domain-missing | step | See that the name is spelt as you mean it, that its registration has not run out, and that its parent zone delegates it:¶    dig +trace NS example.com
mx-unanswered | step | Ask again, and ask each name server of example.com by itself:¶    dig MX example.com @SERVER¶If one is silent or fails, mend that server or take it out of the NS records.
mx-null | step | If the domain should receive mail, replace the null MX by records that name its mail servers.
mx-null-mixed | step | If example.com takes mail, remove this record; if it takes none, remove the others.¶    example.com. MX 0 .
mx-null-policy | step | If example.com takes no mail, remove the record at _mta-sts.example.com, and mta-sts.example.com with it. If it does, put its mail servers into the MX records in place of this one:¶    example.com. MX 0 .
mx-null-sender | step | If example.com sends mail, give it an MX host that takes the bounces in place of the null MX. If it does not, say so in the SPF record too:¶    example.com. TXT "v=spf1 -all"
mx-implicit | step | Publish an MX record with the name of the mail server, or this one if the domain takes no mail:¶    example.com. MX 0 .
mx-no-address | step | Publish an MX record with the name of the mail server, or this one if the domain takes no mail:¶    example.com. MX 0 .
mx-name-invalid | step | Give the mail server a name with A and AAAA records, and put that name into the MX record of example.com.
mx-name-underscore | step | Give the mail server a name without underscore, and put that name into the MX record of example.com.
mx-address-literal | step | Give the mail server a name with A and AAAA records, and put that name into the MX record of example.com.
mx-localhost | step | Put the public name of the mail server into the MX record, or publish this one if example.com takes no mail:¶    example.com. MX 0 .
mx-address-not-public | step | Give mx1.example.com the public address of the mail server in the A and AAAA records that the world sees, in place of 10.1.2.3.
mx-address-not-public | otherwise | If all senders stand in this network, check with --allow-private, and publish no MX record for others.
mx-ipv4-missing | step | Give one MX host of example.com an IPv4 address, its own or that of a server which hands mail on to it.
mx-dangling | step | Give gone.example.com A and AAAA records, or put the name of a mail server that has them into the MX record. No other MX host takes mail, so without this record there would be none.
mx-host-unanswered | step | Ask again, and ask each name server by itself:¶    dig A mx1.example.com @SERVER¶If one is silent or fails, mend that server or take it out of the NS records.
mx-alias | step | Best, no alias. Publish addresses in place of the CNAMEs:¶    mx1.example.com. A 192.0.2.1¶    mx1.example.com. AAAA 2001:db8::1¶    mx2.example.com. A 192.0.2.2¶Policy and certificates then need the MX names only.
mx-alias | otherwise | Or: point the MX records at the targets, in this order: into the policy¶    mx: smol.example.com¶    mx: tol.example.com¶their names into the certificates, a new id, wait until the old policy is over (max_age, 1209600 seconds), then¶    example.com. MX 10 smol.example.com.¶    example.com. MX 20 tol.example.com.
mx-alias | otherwise | Or: if the aliases have to stay, put into the policy what it lacks¶    mx: smol.example.com¶    mx: tol.example.com¶and into the certificates what they lack (smol.example.com, tol.example.com), then set a new id. One of the two alone only moves the bounce.
mx-many | step | Name fewer hosts. One name with several addresses, or an address that many servers share, does as well.
mx-one-address | step | If mail may not be late, give example.com a second MX host in another network, with the same STARTTLS, a certificate for its name and the same check of recipients. If it may, nothing has to be done: one host that is looked after is better than a second one that is not.
mx-one-network | step | If mail may not be late, have one of the MX hosts in another network, at another place.
mx-ipv6-missing | step | Have the mail server listen on IPv6, give its address a reverse name, and only then publish the AAAA record: many senders try IPv6 first, and one that does not answer delays them.
mx-ipv6-broken | step | Let port 25 be reached at 2001:db8::1: see what the mail server listens on, and what a firewall lets through over IPv6.
mx-ipv6-broken | otherwise | Or: remove the AAAA records of mx1.example.com until it answers there: 2001:db8::1.
mx-backup-refused | step | Mend at mx2.example.com what those senders refuse for: cert-self-signed.
mx-backup-refused | otherwise | Or remove the MX records of mx2.example.com: without them mail waits at its senders for the days of an outage, which loses less than a backup that refuses.
mx-backup-plain | step | Give mx2.example.com STARTTLS and a certificate for its name, or remove its MX record.
port-25-blocked | step | Run the check where port 25 is open, for instance on a mail server, and read the result here:¶    ssh SERVER mxproof collect example.com | mxproof replay -
smtp-unreachable | step | Let the mail server listen on port 25 of 192.0.2.1 and open the firewall for everyone.
smtp-unreachable | otherwise | Or: if no mail server is meant to be there, remove these address records of mx1.example.com:¶    mx1.example.com. A 192.0.2.1
smtp-unanswered | step | See from another network whether port 25 of 192.0.2.1 answers, and whether the greeting comes within a few seconds. Remove address records that are not in use.
smtp-turned-away | step | If the server should take mail from everyone, look into its log for this moment: a block list, a limit of connections, a demand on the name in EHLO. If only this place is turned away, run the check elsewhere.
smtp-broken | step | Look into the log of the mail server for this moment. A device between the networks that inspects or rewrites SMTP does this too; switch that off for port 25.
smtp-ehlo-rejected | step | Look into the log of the mail server for this moment: a limit, a filter or a proxy that applies to sessions with TLS only.
smtp-rate-limited | step | Wait some minutes and check again. If senders in your log meet the limit as well, raise it, or leave those out of it that send much.
smtp-tarpit | step | See why this client is held up: a tarpit for addresses on a list, or a server that is out of processes.
smtp-greeting-slow | step | Where the pause is not meant, see which look-up the server waits for: on the server, ask for the reverse name of a client and time it.
smtp-name-other | step | Set the name of the mail server to mx1.example.com, in Postfix:¶    postconf -e myhostname=mx1.example.com
smtp-extensions-differ | step | Set the limits and extensions of all servers alike; a backup should take whatever the others take.
starttls-masked | step | Turn the inspection of SMTP off at the firewall before the host, or let TLS pass; on a Cisco ASA:¶    policy-map global_policy¶     class inspection_default¶      no inspect esmtp
starttls-missing | step | Give the mail server a certificate and switch TLS on; in Postfix:¶    postconf -e smtpd_tls_security_level=may smtpd_tls_chain_files=/etc/ssl/mx1.example.com.pem¶    postfix reload¶If it is on already, a firewall in front may be hiding the line.
starttls-rejected | step | Look into the log of the mail server: most often it cannot read its key or certificate, or has run out of memory or TLS processes.
starttls-early-data | step | Bring the mail server up to date, and see whether a proxy or load balancer in front of it adds the bytes.
starttls-repeated | step | Let the mail server do TLS itself, or tell it that the proxy does, so that EHLO no longer lists STARTTLS then.
tls-handshake-failed | step | See that the server offers TLS 1.2 or 1.3 with common ciphers, that key and certificate belong together, and that it answers for an unknown or missing server name too. Its log names the cause.
tls-version-old | step | Enable TLS 1.2 and 1.3; in Postfix:¶    postconf -e 'smtpd_tls_protocols = >=TLSv1.2'¶    postfix reload¶If the server cannot, its TLS library is too old.
tls-suites-old | step | Bring the mail server and its TLS library up to date, and let it take the suites that are theirs by default; in Postfix:¶    postconf -e 'smtpd_tls_protocols = >=TLSv1.2' 'smtpd_tls_ciphers = medium'¶    postfix reload
tls-newest-missing | step | When the mail server is next brought up to date, see that its TLS library has TLS 1.3.
tls-newest-only | step | Let the server take TLS 1.2 beside 1.3; in Postfix:¶    postconf -e 'smtpd_tls_protocols = >=TLSv1.2'¶    postfix reload
tls-retired-taken | step | If no sender of yours is that old, which the log of the mail server shows, switch them off; in Postfix:¶    postconf -e 'smtpd_tls_protocols = >=TLSv1.2'¶    postfix reload
tls-cipher-weak | step | Leave the suites to the TLS library of today, and name none yourself; in Postfix:¶    postconf -X smtpd_tls_exclude_ciphers¶    postconf -e 'smtpd_tls_ciphers = medium'¶    postfix reload
tls-cipher-anonymous | step | Nothing has to be done. To be rid of them; in Postfix:¶    postconf -e 'smtpd_tls_exclude_ciphers = aNULL'¶    postfix reload
tls-key-transport | step | Nothing has to be done. To be rid of them; in Postfix:¶    postconf -e 'smtpd_tls_exclude_ciphers = kRSA'¶    postfix reload
tls-level-fell | step | Offer STARTTLS at every address of mx1.example.com, with a certificate that is valid, trusted and names mx1.example.com.
cert-name-mismatch | step | Get a certificate that has mx1.example.com among its subject alternative names, beside those that it needs otherwise, and install it at 192.0.2.1, 2001:db8::1:¶    certbot certonly -d mx1.example.com¶If the server has several, let it show this one when asked for mx1.example.com.
cert-expired | step | Renew it, install it at 192.0.2.1, 2001:db8::1 and make the mail server load it:¶    certbot renew¶    postfix reload¶A renewed file that the running server never read is a common cause. If a certificate above it has expired, install the chain that your authority sends today.
cert-not-yet-valid | step | Install the certificate that is in force until then, or see whether the clock of the machine that made this one is wrong.
cert-self-signed | step | Get a certificate from a public authority and install it with its intermediate at 192.0.2.1, 2001:db8::1:¶    certbot certonly -d mx1.example.com
cert-chain-incomplete | step | Let the server send the whole chain, its own certificate first: of the files that certbot writes fullchain.pem, not cert.pem. In Postfix:¶    postconf -e 'smtpd_tls_chain_files = /etc/letsencrypt/live/mx1.example.com/privkey.pem, /etc/letsencrypt/live/mx1.example.com/fullchain.pem'¶    postfix reload
cert-issuer-no-authority | step | Get a certificate from a public authority and install it with the intermediates of that authority at 192.0.2.1, 2001:db8::1: ¶    certbot certonly -d mx1.example.com¶Of two files that were joined by mistake, leave out the one for another server.
cert-purpose-wrong | step | Get a certificate with serverAuth among its extended key usages and digitalSignature in its key usage, which is what public authorities issue for servers, and install it at 192.0.2.1, 2001:db8::1:¶    certbot certonly -d mx1.example.com
cert-name-limited | step | Get a certificate for mx1.example.com from an authority without such a limit, or one without the other names, and install it at 192.0.2.1, 2001:db8::1:¶    certbot certonly -d mx1.example.com
cert-signature-weak | step | Get a new certificate, which every public authority signs with SHA-256 or better, and install it with the intermediates of today at 192.0.2.1, 2001:db8::1:¶    certbot certonly -d mx1.example.com
cert-untrusted | step | Get a certificate from an authority that senders trust and install it with its intermediates at 192.0.2.1, 2001:db8::1:¶    certbot certonly -d mx1.example.com¶If it is from one, install the chain that the authority gives today.
cert-unreadable | step | Install a certificate and chain as the authority gave them. Look at each one of the file:¶    openssl crl2pkcs7 -nocrl -certfile chain.pem | openssl pkcs7 -print_certs -noout
cert-key-weak | step | Make a new key and get a certificate for it, and install both at 192.0.2.1, 2001:db8::1:¶    certbot certonly --key-type ecdsa -d mx1.example.com¶Where TLSA records name the key, publish the new one first and wait for their time to live.
cert-expires-soon | step | See why it was not renewed, and that the mail server loads the new one after every renewal:¶    certbot certificates¶    systemctl list-timers¶    postfix reload
cert-last-days | step | Renew it by hand today, see that the mail server loads it, and then why it was not renewed:¶    certbot renew --force-renewal¶    postfix reload¶    systemctl list-timers
cert-renewal-due | step | See that it is renewed and that the mail server loads it:¶    certbot certificates¶    systemctl list-timers¶    postfix reload
cert-chain-disordered | step | Install the chain as the authority gives it: most call the file fullchain.pem. Nothing is to be pasted to it.
cert-differs | step | See that each of the machines renews its certificate by itself, and loads it.
cert-name-dependent | step | Have the certificate with the name mx2.example.com shown to clients that give no name: in Postfix it stands in smtpd_tls_chain_files, and that of tls_server_sni_maps is for the names beside it.
cert-validity-endless | step | Use certificates of a year or less that renew themselves. Where TLSA records name the key, keep it:¶    certbot renew --reuse-key
cert-unchecked | step | Mend it before you serve a policy in mode enforce.
caa-missing | step | Publish a CAA record that names your authority, for instance `example.com. CAA 0 issue "letsencrypt.org"`.
caa-nobody-allowed | step | Name the authority that issues your certificates in the issue record at example.com.
caa-issuer-forbidden | step | Add the authority that you use, beside those that are there:¶    example.com. CAA 0 issue "letsencrypt.org"
caa-issuer-forbidden | otherwise | Get the next certificate from pki.goog.
caa-issuer-unknown | step | Look up in the documents of your authority which name it goes by, and compare.
caa-invalid | step | Write it as `0 issue "letsencrypt.org"`, with `issue`, `issuewild` or `iodef` for the tag, or take it out.
caa-unanswered | step | Ask each name server for the CAA record; one that knows no such type has to say that there is none.
dnsbl-listed | step | Find out why: read the page that the list names, look for mail that you did not send, and for infected machines behind the address.
dnsbl-listed | step | When that is mended, ask the list to take the address out, on its own page.
dnsbl-refused | step | Check again from a machine whose resolver asks by itself, or name another list with `--dnsbl-zone`.
dnsbl-unanswered | step | Look at the page of the list: whether it is still kept, for which families, and who may ask.
dnssec-bogus | step | See which signature or key does not fit:¶    delv example.com
dnssec-bogus | step | Sign the zone again if its signatures have expired, and see that the signer runs.
dnssec-bogus | step | Compare the DS record at the parent with the keys of the zone, and remove a DS record that no key matches.
dnssec-ds-unmatched | step | Compare the DS record that your registrar has published with the keys of the zone, and have it replaced by that of the key that signs. Where the zone moved to another provider, its DS record had to move with it.
dnssec-ds-unmatched | otherwise | Where nobody can sign the zone any more, have the DS record removed: the zone is then unsigned, and not bogus.
dnssec-signature-expired | step | Sign the zone again, and see why its signer did not: a job that no longer runs, a key that it cannot read, a secondary that gets no transfers.
dnssec-signature-early | step | Set the clock of the machine that signs, and sign the zone again; signers let signatures begin an hour before.
dnssec-signature-wrong | step | Sign the zone again. Where it was edited by hand behind the signer, edit the unsigned one and let the signer do the rest.
dnssec-signature-missing | step | Sign the zone that has these records: a DS record says that it is signed. Where it was moved to servers that do not sign, have the DS record removed first, and wait for its time to live.
dnssec-key-missing | step | Publish the key that signs, or sign with a key that is published. In a roll-over the new key has to be in every cache before it signs, and the old one stays until its last signature is forgotten.
dnssec-denial-unproven | step | Have the zone signed whole, with its NSEC or NSEC3 records, and let every name server of it answer with these.
dnssec-server-differs | step | See that ns2.example.com gets the transfers of the zone, and serves it as the other servers do.
dnssec-signature-ending | step | Sign the zone again, and see why its signer did not: a job that no longer runs, a key that it cannot read, a secondary that gets no transfers.
dnssec-algorithm-old | step | Roll over to algorithm 13 (ECDSAP256SHA256): with the new signatures first, then its DS record, then without the old.
dnssec-digest-old | step | Have your registrar publish a DS record with a digest of SHA-256 (type 2), and then remove that of SHA-1.
dnssec-key-short | step | Roll over to a key of algorithm 13 (ECDSAP256SHA256), whose signatures are smaller besides.
dnssec-iterations | step | Sign the zone with NSEC, or with NSEC3 of 0 iterations and no salt.
dnssec-iterations-many | step | Sign the zone with NSEC, or with NSEC3 of 0 iterations and no salt.
dnssec-island | step | Have your registrar publish the DS record in the zone above:¶    example.com. DS 28699 13 2 9e206739d65d1d037472cbefc31995e7be4674b20211db171bcee5bd4fbd7db0
dnssec-unsigned | step | Have the zone signed by whoever runs its name servers, and its DS record published in the zone above.
dnssec-unanswered | step | Ask by way of a resolver that passes on DNSSEC records:¶    mxproof check example.com --only dnssec --resolver 127.0.0.1
dane-absent | step | Everything on the way is signed. Publish the record of each key that the host shows:¶    _25._tcp.mx1.example.com. TLSA 3 1 1 08a3f06bccee86d4e800f5f01c8e93c95ee6c802f49df4817288e13ae64b25d0¶From then on, the record of a new key has to be published before the host shows it.
dane-absent | otherwise | Or: publish the record of the authority, which matches what it issues to this name while it sends its own certificate along:¶    _25._tcp.mx1.example.com. TLSA 2 1 1 44e28c214b94377ef505ee48342bbdb7243161a34e28b10f0f6d3f0ac2f45aeb
dane-mismatch | step | Publish the record for what is served now:¶    _25._tcp.mx1.example.com. TLSA 3 1 1 08a3f06bccee86d4e800f5f01c8e93c95ee6c802f49df4817288e13ae64b25d0
dane-mismatch | step | 300 seconds (the time to live) after the new record is at every name server, and not before, remove what matches nothing:¶    _25._tcp.mx1.example.com. TLSA 3 1 1 0000000000000000000000000000000000000000000000000000000000000000
dane-mismatch | step | Keep the key when the certificate is renewed, or publish the next one's record a time to live before it is used:¶    certbot renew --reuse-key
dane-cert-renewed | step | Publish the record for the key that is served now, which need not change with a renewal:¶    _25._tcp.mx1.example.com. TLSA 3 1 1 08a3f06bccee86d4e800f5f01c8e93c95ee6c802f49df4817288e13ae64b25d0
dane-cert-renewed | step | 300 seconds (the time to live) after the new record is at every name server, and not before, remove what matches nothing:¶    _25._tcp.mx1.example.com. TLSA 3 0 1 0000000000000000000000000000000000000000000000000000000000000000
dane-cert-renewed | step | Keep the key when the certificate is renewed, or publish the next one's record a time to live before it is used:¶    certbot renew --reuse-key
dane-authority-unsent | step | Publish the record of the key in use, which needs no authority:¶    _25._tcp.mx1.example.com. TLSA 3 1 1 08a3f06bccee86d4e800f5f01c8e93c95ee6c802f49df4817288e13ae64b25d0
dane-authority-unsent | step | 300 seconds (the time to live) after the new record is at every name server, and not before, remove what matches nothing:¶    _25._tcp.mx1.example.com. TLSA 2 1 1 9126810efe180537c3e4ad4a88412f7aa19791e22eb415c57194234c485248a5
dane-authority-unsent | step | Keep the key when the certificate is renewed, or publish the next one's record a time to live before it is used:¶    certbot renew --reuse-key
dane-authority-unsent | otherwise | Or have the server send the authority too: append its certificate to the chain file, behind the intermediates. The certificate must then also name mx1.example.com.
dane-authority-other | step | Publish the record for the key that is served now, which does not hang on the authority:¶    _25._tcp.mx1.example.com. TLSA 3 1 1 08a3f06bccee86d4e800f5f01c8e93c95ee6c802f49df4817288e13ae64b25d0
dane-authority-other | step | 300 seconds (the time to live) after the new record is at every name server, and not before, remove what matches nothing:¶    _25._tcp.mx1.example.com. TLSA 2 1 1 0000000000000000000000000000000000000000000000000000000000000000
dane-authority-other | step | Keep the key when the certificate is renewed, or publish the next one's record a time to live before it is used:¶    certbot renew --reuse-key
dane-usage-wrong | step | Publish the record for what is served now:¶    _25._tcp.mx1.example.com. TLSA 3 1 1 08a3f06bccee86d4e800f5f01c8e93c95ee6c802f49df4817288e13ae64b25d0
dane-usage-wrong | step | 300 seconds (the time to live) after the new record is at every name server, and not before, remove what matches nothing:¶    _25._tcp.mx1.example.com. TLSA 3 1 1 44e28c214b94377ef505ee48342bbdb7243161a34e28b10f0f6d3f0ac2f45aeb
dane-usage-wrong | step | Keep the key when the certificate is renewed, or publish the next one's record a time to live before it is used:¶    certbot renew --reuse-key
dane-empty-digest | step | Publish the record for what is served now:¶    _25._tcp.mx1.example.com. TLSA 3 1 1 08a3f06bccee86d4e800f5f01c8e93c95ee6c802f49df4817288e13ae64b25d0
dane-empty-digest | step | 300 seconds (the time to live) after the new record is at every name server, and not before, remove what matches nothing:¶    _25._tcp.mx1.example.com. TLSA 3 1 1 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
dane-empty-digest | step | Repair the script that made it: it must end with an error where there is no certificate to read, for instance with:¶    set -o pipefail
dane-digest-stale | step | Remove what matches nothing:¶    _25._tcp.mx1.example.com. TLSA 3 1 2 00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
dane-digest-stale | step | Publish each key with every digest that the others have, or all of them over SHA-256 alone:¶    _25._tcp.mx1.example.com. TLSA 3 1 1 08a3f06bccee86d4e800f5f01c8e93c95ee6c802f49df4817288e13ae64b25d0
dane-other-name | step | Publish at both names the record for what is served now:¶    _25._tcp.smol.example.com. TLSA 3 1 1 8023f5471953a695c13e4e602ef3f9d9a379f972da6f6737211f5c4584382afc
dane-other-name | step | 300 seconds (the time to live) after the new record is at every name server, and not before, remove what matches nothing:¶    _25._tcp.smol.example.com. TLSA 3 1 1 0000000000000000000000000000000000000000000000000000000000000000
dane-other-name | step | Let the MX record name smol.example.com itself, so that one set of records is enough.
dane-other-host | step | Publish the record for what is served now:¶    _25._tcp.mx2.example.com. TLSA 3 1 1 8e2c9690fc196efd19ecb892ae0e14245075bbc27f8565bec7b59ff3289c2790
dane-other-host | step | 300 seconds (the time to live) after the new record is at every name server, and not before, remove what matches nothing:¶    _25._tcp.mx2.example.com. TLSA 3 1 1 08a3f06bccee86d4e800f5f01c8e93c95ee6c802f49df4817288e13ae64b25d0
dane-other-host | step | Look whether the records of mx1.example.com were exchanged with these.
dane-other-port | step | If DANE is meant for incoming mail, publish the record for what port 25 shows:¶    _25._tcp.mx1.example.com. TLSA 3 1 1 08a3f06bccee86d4e800f5f01c8e93c95ee6c802f49df4817288e13ae64b25d0
dane-zone-unsigned | step | Whoever runs mx.example.net would have to sign its zone and publish TLSA records. MTA-STS needs neither.
dane-leftover | step | Where it is not the record of a key to come, remove it; there is nothing to wait for:¶    _25._tcp.mx1.example.com. TLSA 3 1 1 0000000000000000000000000000000000000000000000000000000000000000
dane-next-missing | step | Renew the certificate for the same key, which a record of selector 1 goes on matching:¶    certbot renew --reuse-key
dane-next-missing | otherwise | Or, for a new key: publish its record beside the old one first. 300 seconds (the time to live) after that, the server may show it, and then the old record may go. The digest for the record `3 1 1` comes from:¶    openssl pkey -in next.key -pubout -outform DER | sha256sum
dane-next-missing | otherwise | Or: publish a record of the authority beside, which goes on matching while it issues the certificates and its own is sent with them:¶    _25._tcp.mx1.example.com. TLSA 2 1 1 44e28c214b94377ef505ee48342bbdb7243161a34e28b10f0f6d3f0ac2f45aeb
dane-cert-name | step | Get a certificate with mx1.example.com among its subject alternative names, or publish a record for the key itself (usage 3), which asks for no name:¶    _25._tcp.mx1.example.com. TLSA 3 1 1 0ee90d7238316474fcfd2d27e098b85ec5bd828dc606a05d0813c47fe90d606c
dane-unusable | step | Publish records of usage 3, selector 1, matching type 1 for the key in use. The digest comes from:¶    openssl x509 -in cert.pem -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum
dane-insecure | step | Sign the zone that holds example.com, mx1.example.com and publish its DS record in the zone above it: for a domain of its own with the registrar, for a part of another domain in that domain's zone. If the host is not yours, ask its operator.
dane-lookup-failed | step | Let the name servers of mx1.example.com answer for the type TLSA, if only with no such record. Old servers and firewalls that drop unknown types do this, as do expired signatures. What a validator says of them:¶    delv TLSA _25._tcp.mx1.example.com
dane-unanswered | step | Ask again, and ask each name server by itself:¶    dig TLSA _25._tcp.mx1.example.com @SERVER¶If one is silent, mend that server or take it out of the NS records.
dane-partial | step | Publish TLSA records for mx2.example.com too.
dane-partial | otherwise | Or: take mx2.example.com out of the MX records, if the others are enough.
dane-unjudged | step | Check by way of a resolver that validates, for instance unbound on this machine:¶    mxproof check example.com --resolver 127.0.0.1
dane-unjudged | otherwise | Or, where a resolver validates and nobody can change its answers on the way, say that it is trusted, here or by the line `options trust-ad` in /etc/resolv.conf:¶    mxproof check example.com --trust-ad
tlsrpt-missing | step | Publish this, with an address that exists:¶    _smtp._tls.example.com. TXT "v=TLSRPTv1; rua=mailto:tlsrpt@example.com"
tlsrpt-multiple | step | Keep one record. Several addresses go into it, with commas between:¶    _smtp._tls.example.com. TXT "v=TLSRPTv1; rua=mailto:a@example.com,mailto:b@example.com"
tlsrpt-invalid | step | Publish this instead, with an address that exists:¶    _smtp._tls.example.com. TXT "v=TLSRPTv1; rua=mailto:tlsrpt@example.com"
tlsrpt-undeliverable | step | Name an address in the record that exists.
tlsrpt-refused | step | Mend at example.net what those senders refuse for: sts-mx-unlisted.
tlsrpt-refused | otherwise | Or have the reports sent elsewhere: to an address in a domain whose mail arrives, or to a host that takes them over HTTPS.
tlsrpt-base-invalid | step | Remove what stands at _smtp._tls.mx1.example.com, or publish one record there:¶    _smtp._tls.mx1.example.com. TXT "v=TLSRPTv1; rua=mailto:tlsrpt@example.com"
tlsrpt-host-missing | step | Name a host in the record that takes reports, or a mail address, or give gone.example.net its address again.
tlsrpt-unanswered | step | Ask again, and ask each name server of example.com by itself:¶    dig TXT _smtp._tls.example.com @SERVER¶If one is silent or fails, mend that server or take it out of the NS records.
ptr-missing | step | Have whoever gave you the address set its PTR record to mx2.example.com; hosting providers have a page for it.
ptr-unconfirmed | step | Have the PTR record changed to a name that has the address, as mx2.example.com has, or give mx1.example.com an address record with 192.0.2.2.
ptr-other-name | step | Nothing has to be done. To be safe in this case too, have the PTR record of 192.0.2.1, 2001:db8::1 say mx1.example.com.
ns-edns-silent | step | Bring the software of that server up to date, and have firewalls before it let queries with an OPT record pass.
ns-edns-rejected | step | Bring the software of that server up to date.
ns-edns-version | step | Bring the software of that server up to date when you come to it.
ns-answer-lost | step | Have firewalls before that server let DNS answers of up to 1232 bytes pass, or have the server truncate above 512 bytes, so that resolvers go to TCP at once.
ns-size-ignored | step | Bring the software of that server up to date, and take out whatever rewrites DNS messages before it.
ns-delegation-differs | step | Tell the registrar the same servers that stand in the zone, and no others.
ns-glue-differs | step | Tell the registrar the addresses of that name server as they stand in the zone.
ns-alias-clash | step | Decide for one of the two, and remove the other:¶    _mta-sts.example.com. CNAME sts.example.net.
ns-serials-differ | step | Where it stays so: look in the log of that server why it does not transfer the zone, and whether the primary notifies it.
ns-lookup-failed | step | Ask a validating resolver with and without checking:¶    dig TXT example.com¶    dig +cd TXT example.com¶If only the latter answers, repair the signatures or the DS record; if neither does, the servers or their delegation.
ns-answer-cut | step | Open port 53 for TCP at that server, in its configuration and in every firewall before it (RFC 7766 section 5); then make the records shorter, so that they fit into 1232 bytes.
ns-udp-silent | step | Repair the server or the way to it, or take it out of the NS records at the registrar and in the zone until it answers.
ns-lame | step | Have the server load the zone, or take it out of the NS records at the registrar and in the zone.
ns-record-missing | step | Publish the record at that server too: raise the serial number, check that the transfer from the primary works, or publish it again at the second provider.
ns-records-differ | step | Bring the servers to one version of the zone: raise the serial number and check the transfer from the primary, or publish the same record at each provider.
ns-mail-differs | step | Bring ns2.example.com (198.51.100.53) to the version of the others: see that it gets the zone from the primary (its log, NOTIFY, TSIG keys), and raise the serial number.
ns-mail-differs | step | Until it is repaired, take it out of the NS records of example.com, at the registrar too.
ns-addresses-differ | step | If it is not meant, see that the transfer from the primary to ns1.example.com (192.0.2.53), ns2.example.com (198.51.100.53) works, and raise the serial number.
ns-unanswered | step | Check from a machine that may speak to port 53 anywhere, or look at each server:¶    dig +nssearch example.com
ns-unanswered | otherwise | Or leave them out, and this notice with them:¶    mxproof check example.com --no-name-servers
ns-key-absent | step | Publish the key of the selector that the signing server uses, or have it sign with a selector that is published; keep an old key until the last mail signed with it has arrived.
ns-no-address | step | Give the name server's name its A and AAAA records, or take it out of the NS records.
ns-tcp-failed | step | Open port 53 for TCP at that server (RFC 7766 section 5). The records asked for now fit into UDP; the next one may not.
ns-answer-large | step | Make the TXT records at that name shorter: take out what is verified and done, and give long lists of addresses names of their own to include.
ns-slow | step | Look at the load of the server and at losses on the way to it; have a server nearer to the receivers.
ns-one-network | step | Have another server for the zone in another network, at another place.
sender-unknown | step | Name the addresses that send mail of example.com:¶    mxproof check example.com --as-sender --address 192.0.2.25=mail.example.com
sender-ptr-missing | step | Have whoever gave you 192.0.2.25 set its PTR record to the name that the mail server gives in EHLO.
sender-ptr-unconfirmed | step | Give one of other.example.net an address record with 192.0.2.25, or have the PTR record changed to a name that has one.
sender-helo-other | step | Have the mail server give the name that its address has, or give mx1.example.com an address record with 192.0.2.25.
sender-spf-failed | step | If 192.0.2.25 sends mail of example.com, let the SPF record say so: a term with its address, before the all.
sender-helo-rejected | step | At mail.example.com publish a TXT record that lets its own addresses pass:¶    v=spf1 a -all
spf-missing | step | Publish a TXT record at example.com that names whoever sends its mail. If only its MX hosts do:¶    v=spf1 mx -all¶If nobody does:¶    v=spf1 -all
spf-multiple | step | Put all terms into one record, with its all at the end, and remove the others.
spf-invalid | step | Correct the term, or take it out. Where example.com is another's, tell whoever runs it.
spf-include-missing | step | Take the term out, or correct the name in it. Ask the provider that it is meant for which name is right.
spf-lookups-many | step | Take out what no longer sends for the domain, put ip4 and ip6 in place of a and mx where the addresses are your own, and give a provider that needs many look-ups a subdomain of its own to send from.
spf-voids-many | step | Take out the terms that name what is no longer there.
spf-hosts-many | step | Name the addresses with ip4 and ip6 in place of mx.
spf-lookup-failed | step | Ask each name server of that zone by itself:¶    dig TXT _spf.example.net @SERVER¶If one is silent or fails, mend that server or take it out of the NS records, or tell whoever runs it.
spf-open | step | End the record with:¶    -all
spf-neutral | step | When all that sends for the domain is in the record, end it with:¶    -all
spf-ptr | step | Name the addresses or hosts with ip4, ip6 or a in place of ptr.
spf-answer-large | step | Remove texts at example.com that have served their purpose, such as those that once proved to somebody who owns the domain, and give long lists of addresses names of their own to include.
spf-mx-uncovered | step | If these hosts send mail of the domain, add before the all:¶    mx
spf-helo-failed | step | At mx2.example.com publish a TXT record that lets its own addresses pass:¶    v=spf1 a -all
dmarc-missing | step | Publish a TXT record at _dmarc.example.com, with an address that exists, and when the reports are clean, go on to p=quarantine and p=reject:¶    v=DMARC1; p=none; rua=mailto:dmarc@example.com
dmarc-multiple | step | Keep one record. Several addresses go into its rua, with commas between.
dmarc-invalid | step | Publish a record that begins like this, with an address that exists:¶    v=DMARC1; p=none; rua=mailto:dmarc@example.com
dmarc-unanswered | step | Ask each name server of example.com by itself:¶    dig TXT _dmarc.example.com @SERVER¶If one is silent or fails, mend that server or take it out of the NS records.
dmarc-policy-none | step | When the reports show that all of your own mail passes, put into the record:¶    p=quarantine¶and then¶    p=reject
dmarc-partial | step | When the reports are clean, take the tag out of the record at _dmarc.example.com.
dmarc-subdomain-open | step | Where no subdomain sends mail, take sp out of the record, so that p counts for all.
dmarc-reports-missing | step | Add to the record, with an address that exists:¶    rua=mailto:dmarc@example.com
dmarc-report-unauthorized | step | Whoever runs reports.example.org publishes a TXT record at example.com._report._dmarc.reports.example.org:¶    v=DMARC1
dmarc-report-unauthorized | step | Or name an address of the domain itself in the record.
dmarc-report-undeliverable | step | Name an address in the record that exists.
dkim-not-found | step | Ask again for the selector that your mail is signed with:¶    mxproof check example.com --selector SELECTOR
dkim-key-missing | step | Publish the key at s1._domainkey.example.com, or have mail signed with a selector that has one.
dkim-key-multiple | step | Keep the record whose key signs now, and give another key a selector of its own.
dkim-key-invalid | step | Publish the record again as the signer gives it. A common slip is a key cut or broken where a text of more than 255 characters was split.
dkim-key-revoked | step | If mail is still signed with s1, publish its key, or have the signer use another selector.
dkim-key-short | step | Make a key of 2048 bits under a new selector, have mail signed with it, and remove the old one a week later.
dkim-key-testing | step | When signing works, take y out of t in the record.
dkim-key-large | step | Use a key of 2048 bits, which fits, or one of Ed25519 beside it.
dkim-unanswered | step | Ask each name server of the zone by itself:¶    dig TXT s1._domainkey.example.com @SERVER¶If one is silent or fails, mend that server or take it out of the NS records.
"""[1:]
