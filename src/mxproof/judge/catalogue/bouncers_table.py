"""Who bounces in the bad world of each; made by `python tools/findings.py`, not by hand."""

from typing import Final

BOUNCERS: Final = r"""
sts-absent | lab | plain
sts-absent | lab | txt-wildcard
sts-ok | lab | ns-stale-mx
sts-ok | lab | direct
sts-ok | lab | ns-stale-id
sts-record-missing | lab | record-missing
sts-record-misplaced | lab | record-misplaced
sts-record-dangling | lab | record-dangling
sts-wildcard | lab | txt-wildcard
sts-record-multiple | lab | record-two-chasquid
sts-record-multiple | lab | two-records
sts-record-invalid | lab | bad-record
sts-record-ambiguous | lab | bad-id
sts-record-unanswered | unknown | mox
sts-record-unanswered | lab | txt-servfail
sts-record-unanswered | lab | txt-timeout
sts-policy-host-missing | lab | policy-host-missing
sts-policy-host-unanswered | unknown | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof mox stalwart kumomta chasquid courier
sts-policy-host-unanswered | lab | policy-host-timeout
sts-policy-address-not-public | lab | policy-host-private
sts-policy-ipv6-missing | lab | one-address
sts-policy-ipv4-missing | lab | policy-host-ipv6-only
sts-policy-unconnected | lab | policy-host-refused
sts-policy-unconnected | lab | policy-host-reset
sts-policy-timeout | unknown | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof mox stalwart kumomta chasquid courier
sts-policy-timeout | lab | policy-slow
sts-policy-slow | lab | policy-host-slow
sts-policy-tls-failed | lab | policy-not-tls
sts-policy-tls-old | lab | policy-tls10
sts-policy-cert-invalid | lab | policy-host-cert-expired
sts-policy-cert-invalid | lab | policy-host-cert-wrong
sts-policy-cert-weak | lab | policy-weak-key
sts-policy-status | lab | policy-404
sts-policy-redirect | lab | policy-redirect
sts-policy-incomplete | lab | policy-cut-short
sts-policy-incomplete | lab | policy-http-9
sts-policy-incomplete | lab | policy-not-http
sts-policy-incomplete | lab | policy-two-media-types
sts-policy-oversize | unknown | chasquid
sts-policy-oversize | lab | policy-gzip-bomb
sts-policy-oversize | lab | policy-huge
sts-policy-encoded | lab | policy-encoded
sts-policy-media-type | lab | policy-html
sts-policy-invalid | lab | policy-invalid
sts-policy-invalid | lab | policy-mx-address
sts-policy-ambiguous | lab | policy-field-twice
sts-policy-ambiguous | lab | policy-lenient
sts-policy-differs | at_risk | rfc8461 google stalwart chasquid courier
sts-policy-differs | at_risk | microsoft microsoft-ptr | 451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation
sts-policy-differs | at_risk | postfix-sts | 4.7.5 Server certificate not verified
sts-policy-differs | at_risk | postfix-mxproof | 4.3.0 server unavailable or unable to receive mail
sts-policy-differs | at_risk | mox | mx host mx2.example.com does not match enforced mta-sts policy
sts-policy-differs | at_risk | kumomta | 451 4.4.4 MTA-STS enforce policy for example.com permits none of its MX hosts
sts-policy-differs | lab | mixed-policy-hosts
sts-mode-testing | lab | testing-long
sts-mode-testing | lab | testing-mismatch
sts-mode-none | lab | mode-none
sts-enforce-breaks | lab | testing-mismatch
sts-max-age-short | lab | max-age-short
sts-max-age-long | lab | policy-remarks
sts-testing-long | lab | testing-long
sts-id-unchanged | at_risk | rfc8461 google stalwart courier
sts-id-unchanged | at_risk | microsoft microsoft-ptr | 451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation
sts-id-unchanged | at_risk | postfix-sts | 4.7.5 Server certificate not verified
sts-id-unchanged | at_risk | postfix-mxproof | 4.3.0 server unavailable or unable to receive mail
sts-id-unchanged | at_risk | mox | mx host mx2.example.com does not match enforced mta-sts policy
sts-id-unchanged | at_risk | kumomta | 451 4.4.4 MTA-STS enforce policy for example.com permits none of its MX hosts
sts-id-unchanged | lab | policy-changed-same-id
sts-policy-unchanged | lab | id-changed-same-policy
sts-field-unknown | lab | policy-remarks
sts-mx-repeated | lab | policy-remarks
sts-mx-unlisted | refused | rfc8461 google stalwart chasquid courier
sts-mx-unlisted | refused | microsoft microsoft-ptr | 451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation
sts-mx-unlisted | refused | postfix-sts | 4.7.5 Server certificate not verified
sts-mx-unlisted | refused | postfix-mxproof | 4.3.0 server unavailable or unable to receive mail
sts-mx-unlisted | refused | mox | mx host mx2.example.com does not match enforced mta-sts policy
sts-mx-unlisted | refused | kumomta | 451 4.4.4 MTA-STS enforce policy for example.com permits none of its MX hosts
sts-mx-unlisted | lab | policy-mismatch
sts-mx-unlisted | lab | wildcard-depth
sts-mx-unlisted | lab | testing-mismatch
sts-mx-unused | lab | policy-lists-more
sts-memory-outlives | at_risk | microsoft microsoft-ptr | 451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation
sts-memory-outlives | at_risk | google courier
sts-memory-outlives | lab | old-policy-cached
sts-memory-outlives | lab | policy-changed-same-id
resolver-unanswered | unknown | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta chasquid courier opportunistic
domain-missing | refused | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta chasquid courier opportunistic
domain-missing | lab | no-such-domain
mx-unanswered | unknown | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta chasquid courier opportunistic
mx-unanswered | lab | mx-servfail
mx-null | refused | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta chasquid courier opportunistic
mx-null | lab | null-mx
mx-null-mixed | at_risk | rfc8461 microsoft microsoft-ptr google opportunistic
mx-null-mixed | refused | postfix-sts postfix-mxproof postfix-dane mox stalwart kumomta courier
mx-null-mixed | lab | null-mx-mixed
mx-implicit | lab | no-mx
mx-no-address | refused | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta chasquid courier opportunistic
mx-no-address | lab | no-mx-no-address
mx-name-invalid | refused | rfc8461 microsoft google postfix-sts postfix-mxproof postfix-dane exim-dane mox stalwart kumomta chasquid courier
mx-name-invalid | at_risk | microsoft-ptr opportunistic
mx-name-invalid | lab | mx-name-malformed
mx-name-invalid | lab | mx-name-malformed-beside
mx-name-underscore | lab | mx-name-underscore
mx-address-literal | refused | rfc8461 microsoft google exim-dane mox stalwart kumomta chasquid courier
mx-address-literal | at_risk | microsoft-ptr opportunistic
mx-address-literal | refused | postfix-mxproof | 4.3.0 server unavailable or unable to receive mail
mx-address-literal | lab | address-instead-of-cname
mx-localhost | refused | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta chasquid courier opportunistic
mx-localhost | lab | mx-localhost
mx-address-not-public | refused | rfc8461 microsoft google postfix-sts postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta chasquid courier opportunistic
mx-address-not-public | refused | microsoft-ptr | 451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation
mx-address-not-public | lab | mx-address-mapped
mx-address-not-public | lab | mx-address-private
mx-ipv4-missing | lab | ipv6-only
mx-dangling | refused | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta chasquid courier opportunistic
mx-dangling | lab | mx-dangling
mx-host-unanswered | unknown | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta chasquid courier opportunistic
mx-host-unanswered | lab | dns-wrong-id
mx-host-unanswered | lab | mx-alias-loop
mx-alias | refused | microsoft | 451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation
mx-alias | lab | half-fixed
mx-alias | lab | half-fixed-cert
mx-alias | lab | incident
mx-alias | lab | fixed
mx-many | lab | many-mx
mx-one-address | lab | one-address
mx-one-network | lab | one-network
mx-ipv6-missing | lab | one-address
mx-ipv6-broken | lab | ipv6-broken
mx-backup-refused | at_risk | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof mox stalwart kumomta chasquid courier
mx-backup-refused | lab | backup-self-signed
mx-backup-plain | at_risk | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof mox stalwart kumomta chasquid courier
mx-backup-plain | lab | backup-plain
mx-ok | lab | direct
port-25-blocked | unknown | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta chasquid courier opportunistic
port-25-blocked | lab | port-25-blocked
smtp-unreachable | lab | one-mx-down
smtp-unreachable | lab | ipv6-broken
smtp-unreachable | lab | ipv6-dead
smtp-unanswered | lab | hostile-drip
smtp-turned-away | unknown | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta chasquid courier opportunistic
smtp-turned-away | lab | rate-limited
smtp-turned-away | lab | reset
smtp-turned-away | lab | turned-away
smtp-broken | refused | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta chasquid courier opportunistic
smtp-broken | lab | hostile-banner
smtp-ehlo-rejected | refused | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof postfix-dane sendmail-dane mox stalwart kumomta courier opportunistic
smtp-ehlo-rejected | refused | chasquid | invalid security level (PLAIN) for STS policy
smtp-ehlo-rejected | lab | ehlo-rejected
smtp-rate-limited | unknown | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta chasquid courier opportunistic
smtp-rate-limited | lab | rate-limited
smtp-tarpit | unknown | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta chasquid courier opportunistic
smtp-tarpit | lab | hostile-drip
smtp-greeting-slow | lab | greeting-slow
smtp-name-other | lab | smtp-name-other
smtp-extensions-differ | lab | extensions-differ
smtp-ok | lab | extensions-differ
starttls-missing | refused | rfc8461 google mox stalwart kumomta courier
starttls-missing | refused | microsoft microsoft-ptr | 450 4.4.317 Cannot connect to remote server [Message=451 5.7.3 STARTTLS is required to send mail]
starttls-missing | refused | postfix-sts postfix-mxproof | 4.7.4 TLS is required, but was not offered by host mx2.example.com[192.0.2.2]
starttls-missing | refused | chasquid | invalid security level (PLAIN) for STS policy
starttls-missing | lab | no-starttls
starttls-missing | lab | backup-plain
starttls-rejected | refused | rfc8461 google mox stalwart kumomta courier
starttls-rejected | refused | microsoft microsoft-ptr | 450 4.4.317 Cannot connect to remote server [Message=451 5.7.3 STARTTLS is required to send mail]
starttls-rejected | refused | postfix-sts postfix-mxproof | 4.7.0 TLS is required, but host mx2.example.com[192.0.2.2] refused to start TLS: 454 4.7.0 TLS not available
starttls-rejected | refused | chasquid | invalid security level (PLAIN) for STS policy
starttls-rejected | lab | starttls-454
starttls-early-data | at_risk | microsoft microsoft-ptr google opportunistic
starttls-early-data | refused | mox kumomta
starttls-early-data | lab | early-data
starttls-repeated | lab | starttls-repeated
tls-handshake-failed | refused | rfc8461 google sendmail-dane mox stalwart kumomta courier
tls-handshake-failed | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate failed MTA-STS validation
tls-handshake-failed | refused | postfix-sts postfix-mxproof | 4.7.5 Cannot start TLS: handshake failure
tls-handshake-failed | refused | chasquid | invalid security level (PLAIN) for STS policy
tls-handshake-failed | lab | handshake-abort
tls-version-old | refused | rfc8461 sendmail-dane mox stalwart kumomta
tls-version-old | at_risk | microsoft microsoft-ptr google courier
tls-version-old | refused | postfix-sts postfix-mxproof | 4.7.5 Cannot start TLS: handshake failure
tls-version-old | refused | chasquid | invalid security level (PLAIN) for STS policy
tls-version-old | lab | tls10-only
tls-level-fell | refused | rfc8461 google mox stalwart kumomta courier
tls-level-fell | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate failed MTA-STS validation
tls-level-fell | refused | postfix-sts postfix-mxproof | 4.7.5 Server certificate not verified
tls-level-fell | refused | chasquid | invalid security level (TLS_INSECURE) for STS policy
cert-name-mismatch | refused | rfc8461 google mox stalwart kumomta courier
cert-name-mismatch | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate MUST have a subject alternative name matching the hostname (MTA-STS)
cert-name-mismatch | refused | postfix-sts postfix-mxproof | 4.7.5 Server certificate not verified
cert-name-mismatch | refused | chasquid | invalid security level (TLS_INSECURE) for STS policy
cert-name-mismatch | lab | cert-cn-only
cert-name-mismatch | lab | cert-wrong-name
cert-expired | refused | rfc8461 google mox stalwart kumomta courier
cert-expired | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate failed MTA-STS validation
cert-expired | refused | postfix-sts postfix-mxproof | 4.7.5 Server certificate not verified
cert-expired | refused | chasquid | invalid security level (TLS_INSECURE) for STS policy
cert-expired | lab | cert-expired
cert-expired | lab | one-bad-mx-of-two
cert-expired | lab | policy-field-twice
cert-expired | lab | tlsa-expired
cert-not-yet-valid | refused | rfc8461 google mox stalwart kumomta courier
cert-not-yet-valid | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate failed MTA-STS validation
cert-not-yet-valid | refused | postfix-sts postfix-mxproof | 4.7.5 Server certificate not verified
cert-not-yet-valid | refused | chasquid | invalid security level (TLS_INSECURE) for STS policy
cert-not-yet-valid | lab | cert-not-yet-valid
cert-self-signed | refused | rfc8461 google mox stalwart kumomta courier
cert-self-signed | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate failed MTA-STS validation
cert-self-signed | refused | postfix-sts postfix-mxproof | 4.7.5 Server certificate not verified
cert-self-signed | refused | chasquid | invalid security level (TLS_INSECURE) for STS policy
cert-self-signed | lab | backup-self-signed
cert-self-signed | lab | cert-self-signed
cert-self-signed | lab | one-bad-address-of-four
cert-self-signed | lab | cert-unchecked
cert-chain-incomplete | refused | rfc8461 google mox stalwart kumomta courier
cert-chain-incomplete | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate failed MTA-STS validation
cert-chain-incomplete | refused | postfix-sts postfix-mxproof | 4.7.5 Server certificate not verified
cert-chain-incomplete | refused | chasquid | invalid security level (TLS_INSECURE) for STS policy
cert-chain-incomplete | lab | cert-missing-intermediate
cert-issuer-no-authority | refused | rfc8461 google mox stalwart kumomta courier
cert-issuer-no-authority | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate failed MTA-STS validation
cert-issuer-no-authority | refused | postfix-sts postfix-mxproof | 4.7.5 Server certificate not verified
cert-issuer-no-authority | refused | chasquid | invalid security level (TLS_INSECURE) for STS policy
cert-issuer-no-authority | lab | cert-issuer-no-authority
cert-purpose-wrong | refused | rfc8461 google mox stalwart kumomta courier
cert-purpose-wrong | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate failed MTA-STS validation
cert-purpose-wrong | refused | postfix-sts postfix-mxproof | 4.7.5 Server certificate not verified
cert-purpose-wrong | refused | chasquid | invalid security level (TLS_INSECURE) for STS policy
cert-purpose-wrong | lab | cert-client-purpose
cert-name-limited | refused | rfc8461 google mox stalwart kumomta courier
cert-name-limited | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate failed MTA-STS validation
cert-name-limited | refused | postfix-sts postfix-mxproof | 4.7.5 Server certificate not verified
cert-name-limited | refused | chasquid | invalid security level (TLS_INSECURE) for STS policy
cert-name-limited | lab | cert-name-limited
cert-signature-weak | refused | rfc8461 google mox stalwart kumomta courier
cert-signature-weak | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate failed MTA-STS validation
cert-signature-weak | refused | postfix-sts postfix-mxproof | 4.7.5 Server certificate not verified
cert-signature-weak | refused | chasquid | invalid security level (TLS_INSECURE) for STS policy
cert-signature-weak | lab | cert-weak-signature
cert-untrusted | refused | rfc8461 google mox stalwart kumomta courier
cert-untrusted | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate failed MTA-STS validation
cert-untrusted | refused | postfix-sts postfix-mxproof | 4.7.5 Server certificate not verified
cert-untrusted | refused | chasquid | invalid security level (TLS_INSECURE) for STS policy
cert-untrusted | lab | cert-untrusted-ca
cert-unreadable | refused | rfc8461 google mox stalwart kumomta courier
cert-unreadable | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate failed MTA-STS validation
cert-unreadable | refused | postfix-sts postfix-mxproof | 4.7.5 Server certificate not verified
cert-unreadable | refused | chasquid | invalid security level (TLS_INSECURE) for STS policy
cert-key-weak | refused | stalwart kumomta
cert-key-weak | lab | cert-weak-key
cert-expires-soon | lab | cert-expires-soon
cert-renewal-due | lab | cert-renewal-due
cert-chain-disordered | lab | cert-disordered
cert-differs | lab | cert-differs
cert-validity-endless | lab | cert-endless
cert-unchecked | lab | cert-unchecked
cert-ok | lab | direct
cert-ok | lab | fixed
dnssec-bogus | unknown | rfc8461 microsoft-ptr google postfix-sts chasquid courier opportunistic
dnssec-bogus | refused | microsoft postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta
dnssec-bogus | lab | dnssec-bogus
dane-ok | lab | ns-stale-tlsa
dane-ok | lab | tlsa-expired
dane-ok | lab | tlsa-other-host
dane-ok | lab | tlsa-right
dane-ok | lab | tlsa-rollover
dane-ok | lab | tlsa-ta
dane-mismatch | refused | microsoft | 450 4.7.323 tlsa-invalid: The domain failed DANE validation
dane-mismatch | refused | postfix-mxproof postfix-dane | 4.7.5 Server certificate not verified
dane-mismatch | refused | exim-dane | DANE attempt failed; TLS connection to mx2.example.com
dane-mismatch | refused | sendmail-dane mox stalwart kumomta
dane-mismatch | lab | tlsa-wrong
dane-cert-renewed | refused | microsoft | 450 4.7.323 tlsa-invalid: The domain failed DANE validation
dane-cert-renewed | refused | postfix-mxproof postfix-dane | 4.7.5 Server certificate not verified
dane-cert-renewed | refused | exim-dane | DANE attempt failed; TLS connection to mx2.example.com
dane-cert-renewed | refused | sendmail-dane mox stalwart kumomta
dane-cert-renewed | lab | tlsa-renewed
dane-authority-unsent | refused | microsoft | 450 4.7.323 tlsa-invalid: The domain failed DANE validation
dane-authority-unsent | refused | postfix-mxproof postfix-dane | 4.7.5 Server certificate not verified
dane-authority-unsent | refused | exim-dane | DANE attempt failed; TLS connection to mx2.example.com
dane-authority-unsent | refused | sendmail-dane mox stalwart kumomta
dane-authority-unsent | lab | tlsa-root-unsent
dane-authority-other | refused | microsoft | 450 4.7.323 tlsa-invalid: The domain failed DANE validation
dane-authority-other | refused | postfix-mxproof postfix-dane | 4.7.5 Server certificate not verified
dane-authority-other | refused | exim-dane | DANE attempt failed; TLS connection to mx2.example.com
dane-authority-other | refused | sendmail-dane mox stalwart kumomta
dane-authority-other | lab | tlsa-authority-changed
dane-usage-wrong | refused | microsoft | 450 4.7.323 tlsa-invalid: The domain failed DANE validation
dane-usage-wrong | refused | postfix-mxproof postfix-dane | 4.7.5 Server certificate not verified
dane-usage-wrong | refused | exim-dane | DANE attempt failed; TLS connection to mx2.example.com
dane-usage-wrong | refused | sendmail-dane mox stalwart kumomta
dane-usage-wrong | lab | tlsa-usage-wrong
dane-empty-digest | refused | microsoft | 450 4.7.323 tlsa-invalid: The domain failed DANE validation
dane-empty-digest | refused | postfix-mxproof postfix-dane | 4.7.5 Server certificate not verified
dane-empty-digest | refused | exim-dane | DANE attempt failed; TLS connection to mx2.example.com
dane-empty-digest | refused | sendmail-dane mox stalwart kumomta
dane-empty-digest | lab | tlsa-of-nothing
dane-digest-stale | at_risk | microsoft postfix-mxproof postfix-dane sendmail-dane kumomta
dane-digest-stale | lab | tlsa-digest-stale
dane-other-name | at_risk | microsoft postfix-mxproof postfix-dane exim-dane mox stalwart kumomta
dane-other-name | lab | tlsa-other-name
dane-other-host | at_risk | microsoft postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta
dane-other-host | lab | tlsa-other-host
dane-other-port | lab | tlsa-other-port
dane-zone-unsigned | refused | microsoft-ptr | 451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation
dane-zone-unsigned | lab | mx-zone-unsigned
dane-leftover | lab | tlsa-rollover
dane-cert-name | refused | microsoft | 450 4.7.325 certificate-host-mismatch: Remote certificate MUST have a common name or subject alternative name matching the hostname (DANE)
dane-cert-name | at_risk | postfix-sts | 4.7.5 Server certificate not verified
dane-cert-name | refused | postfix-mxproof postfix-dane | 4.7.5 Server certificate not verified
dane-cert-name | refused | sendmail-dane mox stalwart kumomta
dane-cert-name | lab | tlsa-ta-wrong-name
dane-unusable | lab | tlsa-unusable
dane-insecure | lab | tlsa-unsigned
dane-lookup-failed | refused | microsoft | 450 4.7.324 dnssec-invalid: Destination domain returned invalid DNSSEC records
dane-lookup-failed | refused | postfix-mxproof | 4.7.5 client TLS configuration problem
dane-lookup-failed | refused | postfix-dane | 4.7.5 TLSA lookup error for mx2.example.com:25
dane-lookup-failed | refused | exim-dane sendmail-dane mox stalwart kumomta
dane-lookup-failed | lab | tlsa-servfail
dane-unanswered | unknown | microsoft postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta
dane-unanswered | lab | tlsa-timeout
dane-partial | lab | tlsa-partial
tlsrpt-ok | lab | direct
tlsrpt-missing | lab | tlsrpt-missing
tlsrpt-multiple | lab | tlsrpt-two-records
tlsrpt-invalid | lab | tlsrpt-bad
tlsrpt-undeliverable | lab | tlsrpt-undeliverable
tlsrpt-unanswered | lab | tlsrpt-timeout
ptr-missing | at_risk | microsoft-ptr
ptr-missing | lab | ptr-missing
ptr-unconfirmed | lab | ptr-unconfirmed
ptr-other-name | refused | microsoft-ptr | 451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation
ptr-other-name | lab | ptr-mismatch
ns-lookup-failed | lab | ns-lookup-failed
ns-answer-cut | lab | ns-tcp-refused
ns-udp-silent | lab | ns-silent
ns-udp-silent | lab | spf-server-silent
ns-lame | lab | ns-lame
ns-record-missing | lab | ns-key-missing
ns-records-differ | lab | ns-differs
ns-mail-differs | lab | ns-stale-address
ns-mail-differs | lab | ns-stale-mx
ns-mail-differs | lab | ns-stale-tlsa
ns-mail-differs | lab | ns-stale-id
ns-addresses-differ | at_risk | microsoft-ptr
ns-addresses-differ | lab | ns-addresses-differ
ns-unanswered | lab | ns-unanswered
ns-key-absent | lab | ns-key-absent
ns-no-address | lab | ns-no-address
ns-tcp-failed | lab | ns-tcp-refused
ns-answer-large | lab | ns-tcp-refused
ns-slow | lab | ns-slow
ns-one-network | lab | ns-one-network
sender-ok | lab | sender-clean
sender-unknown | lab | sender-unknown
sender-ptr-missing | lab | sender-without-ptr
sender-ptr-unconfirmed | lab | sender-ptr-unconfirmed
sender-helo-other | lab | sender-helo-other
sender-spf-failed | lab | sender-not-in-spf
sender-helo-rejected | lab | sender-not-in-spf
spf-ok | lab | sending-clean
spf-missing | lab | spf-missing
spf-multiple | lab | spf-two-records
spf-invalid | lab | spf-term-misspelt
spf-include-missing | lab | spf-include-gone
spf-lookups-many | lab | spf-lookups-many
spf-voids-many | lab | spf-void
spf-hosts-many | lab | spf-hosts-many
spf-lookup-failed | lab | spf-server-silent
spf-open | lab | spf-open
spf-neutral | lab | spf-answer-large
spf-ptr | lab | spf-open
spf-answer-large | lab | spf-answer-large
spf-mx-uncovered | lab | spf-answer-large
spf-helo-failed | lab | spf-open
dmarc-ok | lab | sending-clean
dmarc-ok | lab | spf-server-silent
dmarc-missing | lab | spf-void
dmarc-multiple | lab | spf-two-records
dmarc-invalid | lab | spf-term-misspelt
dmarc-unanswered | lab | spf-missing
dmarc-policy-none | lab | spf-lookups-many
dmarc-partial | lab | spf-include-gone
dmarc-subdomain-open | lab | spf-include-gone
dmarc-reports-missing | lab | spf-lookups-many
dmarc-report-unauthorized | lab | spf-include-gone
dmarc-report-undeliverable | lab | spf-include-gone
dkim-ok | lab | sending-clean
dkim-not-found | lab | spf-hosts-many
dkim-key-missing | lab | spf-open
dkim-key-multiple | lab | spf-void
dkim-key-invalid | lab | spf-term-misspelt
dkim-key-revoked | lab | spf-two-records
dkim-key-short | lab | spf-lookups-many
dkim-key-testing | lab | spf-include-gone
dkim-key-large | lab | spf-answer-large
dkim-unanswered | lab | spf-missing
"""[1:]
