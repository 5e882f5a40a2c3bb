"""Who bounces in the bad world of each; made by `python tools/findings.py`, not by hand."""

from typing import Final

BOUNCERS: Final = r"""
sts-record-unanswered | unknown | mox
sts-policy-host-unanswered | unknown | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof mox stalwart kumomta chasquid courier
sts-policy-timeout | unknown | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof mox stalwart kumomta chasquid courier
sts-policy-oversize | unknown | chasquid
sts-policy-differs | at_risk | rfc8461 google stalwart chasquid courier
sts-policy-differs | at_risk | microsoft microsoft-ptr | 451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation
sts-policy-differs | at_risk | postfix-sts | 4.7.5 Server certificate not verified
sts-policy-differs | at_risk | postfix-mxproof | 4.3.0 server unavailable or unable to receive mail
sts-policy-differs | at_risk | mox | mx host mx2.example.com does not match enforced mta-sts policy
sts-policy-differs | at_risk | kumomta | 451 4.4.4 MTA-STS enforce policy for example.com permits none of its MX hosts
sts-id-unchanged | at_risk | rfc8461 google stalwart courier
sts-id-unchanged | at_risk | microsoft microsoft-ptr | 451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation
sts-id-unchanged | at_risk | postfix-sts | 4.7.5 Server certificate not verified
sts-id-unchanged | at_risk | postfix-mxproof | 4.3.0 server unavailable or unable to receive mail
sts-id-unchanged | at_risk | mox | mx host mx2.example.com does not match enforced mta-sts policy
sts-id-unchanged | at_risk | kumomta | 451 4.4.4 MTA-STS enforce policy for example.com permits none of its MX hosts
sts-mx-unlisted | refused | rfc8461 google stalwart chasquid courier
sts-mx-unlisted | refused | microsoft microsoft-ptr | 451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation
sts-mx-unlisted | refused | postfix-sts | 4.7.5 Server certificate not verified
sts-mx-unlisted | refused | postfix-mxproof | 4.3.0 server unavailable or unable to receive mail
sts-mx-unlisted | refused | mox | mx host mx2.example.com does not match enforced mta-sts policy
sts-mx-unlisted | refused | kumomta | 451 4.4.4 MTA-STS enforce policy for example.com permits none of its MX hosts
sts-memory-outlives | at_risk | microsoft microsoft-ptr | 451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation
sts-memory-outlives | at_risk | google courier
resolver-unanswered | unknown | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta chasquid courier opportunistic
domain-missing | refused | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta chasquid courier opportunistic
mx-unanswered | unknown | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta chasquid courier opportunistic
mx-null | refused | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta chasquid courier opportunistic
mx-null-mixed | at_risk | rfc8461 microsoft microsoft-ptr google opportunistic
mx-null-mixed | refused | postfix-sts postfix-mxproof postfix-dane mox stalwart kumomta courier
mx-null-policy | refused | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta chasquid courier opportunistic
mx-null-sender | refused | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta chasquid courier opportunistic
mx-no-address | refused | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta chasquid courier opportunistic
mx-name-invalid | refused | rfc8461 microsoft google postfix-sts postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta chasquid courier
mx-name-invalid | at_risk | microsoft-ptr opportunistic
mx-address-literal | refused | rfc8461 microsoft google exim-dane mox stalwart kumomta chasquid courier
mx-address-literal | at_risk | microsoft-ptr opportunistic
mx-address-literal | refused | postfix-mxproof | 4.3.0 server unavailable or unable to receive mail
mx-localhost | refused | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta chasquid courier opportunistic
mx-address-not-public | refused | rfc8461 microsoft google postfix-sts postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta chasquid courier opportunistic
mx-address-not-public | refused | microsoft-ptr | 451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation
mx-dangling | refused | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta chasquid courier opportunistic
mx-host-unanswered | unknown | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta chasquid courier opportunistic
mx-alias | refused | microsoft | 451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation
mx-backup-refused | at_risk | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof mox stalwart kumomta chasquid courier
mx-backup-plain | at_risk | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof mox stalwart kumomta chasquid courier
port-25-blocked | unknown | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta chasquid courier opportunistic
smtp-turned-away | unknown | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta chasquid courier opportunistic
smtp-broken | refused | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta chasquid courier opportunistic
smtp-ehlo-rejected | refused | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof postfix-dane sendmail-dane mox stalwart kumomta courier opportunistic
smtp-ehlo-rejected | refused | chasquid | invalid security level (PLAIN) for STS policy
smtp-rate-limited | unknown | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta chasquid courier opportunistic
smtp-tarpit | unknown | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta chasquid courier opportunistic
starttls-masked | refused | rfc8461 google mox stalwart kumomta courier
starttls-masked | refused | microsoft microsoft-ptr | 450 4.4.317 Cannot connect to remote server [Message=451 5.7.3 STARTTLS is required to send mail]
starttls-masked | refused | postfix-sts postfix-mxproof | 4.7.4 TLS is required, but was not offered by host mx2.example.com[192.0.2.2]
starttls-masked | refused | chasquid | invalid security level (PLAIN) for STS policy
starttls-missing | refused | rfc8461 google mox stalwart kumomta courier
starttls-missing | refused | microsoft microsoft-ptr | 450 4.4.317 Cannot connect to remote server [Message=451 5.7.3 STARTTLS is required to send mail]
starttls-missing | refused | postfix-sts postfix-mxproof | 4.7.4 TLS is required, but was not offered by host mx2.example.com[192.0.2.2]
starttls-missing | refused | chasquid | invalid security level (PLAIN) for STS policy
starttls-rejected | refused | rfc8461 google mox stalwart kumomta courier
starttls-rejected | refused | microsoft microsoft-ptr | 450 4.4.317 Cannot connect to remote server [Message=451 5.7.3 STARTTLS is required to send mail]
starttls-rejected | refused | postfix-sts postfix-mxproof | 4.7.0 TLS is required, but host mx2.example.com[192.0.2.2] refused to start TLS: 454 4.7.0 TLS not available
starttls-rejected | refused | chasquid | invalid security level (PLAIN) for STS policy
starttls-early-data | at_risk | microsoft microsoft-ptr google opportunistic
starttls-early-data | refused | mox kumomta
tls-handshake-failed | refused | rfc8461 google sendmail-dane mox stalwart kumomta courier
tls-handshake-failed | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate failed MTA-STS validation
tls-handshake-failed | refused | postfix-sts postfix-mxproof | 4.7.5 Cannot start TLS: handshake failure
tls-handshake-failed | refused | chasquid | invalid security level (PLAIN) for STS policy
tls-version-old | refused | rfc8461 sendmail-dane mox stalwart kumomta
tls-version-old | at_risk | microsoft microsoft-ptr google courier
tls-version-old | refused | postfix-sts postfix-mxproof | 4.7.5 Cannot start TLS: handshake failure
tls-version-old | refused | chasquid | invalid security level (PLAIN) for STS policy
tls-suites-old | refused | stalwart kumomta
tls-level-fell | refused | rfc8461 google mox stalwart kumomta courier
tls-level-fell | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate failed MTA-STS validation
tls-level-fell | refused | postfix-sts postfix-mxproof | 4.7.5 Server certificate not verified
tls-level-fell | refused | chasquid | invalid security level (TLS_INSECURE) for STS policy
cert-name-mismatch | refused | rfc8461 google mox stalwart kumomta courier
cert-name-mismatch | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate MUST have a subject alternative name matching the hostname (MTA-STS)
cert-name-mismatch | refused | postfix-sts postfix-mxproof | 4.7.5 Server certificate not verified
cert-name-mismatch | refused | chasquid | invalid security level (TLS_INSECURE) for STS policy
cert-expired | refused | rfc8461 google mox stalwart kumomta courier
cert-expired | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate failed MTA-STS validation
cert-expired | refused | postfix-sts postfix-mxproof | 4.7.5 Server certificate not verified
cert-expired | refused | chasquid | invalid security level (TLS_INSECURE) for STS policy
cert-not-yet-valid | refused | rfc8461 google mox stalwart kumomta courier
cert-not-yet-valid | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate failed MTA-STS validation
cert-not-yet-valid | refused | postfix-sts postfix-mxproof | 4.7.5 Server certificate not verified
cert-not-yet-valid | refused | chasquid | invalid security level (TLS_INSECURE) for STS policy
cert-self-signed | refused | rfc8461 google mox stalwart kumomta courier
cert-self-signed | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate failed MTA-STS validation
cert-self-signed | refused | postfix-sts postfix-mxproof | 4.7.5 Server certificate not verified
cert-self-signed | refused | chasquid | invalid security level (TLS_INSECURE) for STS policy
cert-chain-incomplete | refused | rfc8461 google mox stalwart kumomta courier
cert-chain-incomplete | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate failed MTA-STS validation
cert-chain-incomplete | refused | postfix-sts postfix-mxproof | 4.7.5 Server certificate not verified
cert-chain-incomplete | refused | chasquid | invalid security level (TLS_INSECURE) for STS policy
cert-issuer-no-authority | refused | rfc8461 google mox stalwart kumomta courier
cert-issuer-no-authority | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate failed MTA-STS validation
cert-issuer-no-authority | refused | postfix-sts postfix-mxproof | 4.7.5 Server certificate not verified
cert-issuer-no-authority | refused | chasquid | invalid security level (TLS_INSECURE) for STS policy
cert-purpose-wrong | refused | rfc8461 google mox stalwart kumomta courier
cert-purpose-wrong | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate failed MTA-STS validation
cert-purpose-wrong | refused | postfix-sts postfix-mxproof | 4.7.5 Server certificate not verified
cert-purpose-wrong | refused | chasquid | invalid security level (TLS_INSECURE) for STS policy
cert-name-limited | refused | rfc8461 google mox stalwart kumomta courier
cert-name-limited | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate failed MTA-STS validation
cert-name-limited | refused | postfix-sts postfix-mxproof | 4.7.5 Server certificate not verified
cert-name-limited | refused | chasquid | invalid security level (TLS_INSECURE) for STS policy
cert-signature-weak | refused | rfc8461 google mox stalwart kumomta courier
cert-signature-weak | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate failed MTA-STS validation
cert-signature-weak | refused | postfix-sts postfix-mxproof | 4.7.5 Server certificate not verified
cert-signature-weak | refused | chasquid | invalid security level (TLS_INSECURE) for STS policy
cert-untrusted | refused | rfc8461 google mox stalwart kumomta courier
cert-untrusted | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate failed MTA-STS validation
cert-untrusted | refused | postfix-sts postfix-mxproof | 4.7.5 Server certificate not verified
cert-untrusted | refused | chasquid | invalid security level (TLS_INSECURE) for STS policy
cert-unreadable | refused | rfc8461 google mox stalwart kumomta courier
cert-unreadable | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate failed MTA-STS validation
cert-unreadable | refused | postfix-sts postfix-mxproof | 4.7.5 Server certificate not verified
cert-unreadable | refused | chasquid | invalid security level (TLS_INSECURE) for STS policy
cert-key-weak | refused | stalwart kumomta
dnssec-bogus | unknown | rfc8461 microsoft-ptr google postfix-sts chasquid courier opportunistic
dnssec-bogus | refused | microsoft postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta
dane-mismatch | refused | microsoft | 450 4.7.323 tlsa-invalid: The domain failed DANE validation
dane-mismatch | refused | postfix-mxproof postfix-dane | 4.7.5 Server certificate not verified
dane-mismatch | refused | exim-dane | DANE attempt failed; TLS connection to mx2.example.com
dane-mismatch | refused | sendmail-dane mox stalwart kumomta
dane-cert-renewed | refused | microsoft | 450 4.7.323 tlsa-invalid: The domain failed DANE validation
dane-cert-renewed | refused | postfix-mxproof postfix-dane | 4.7.5 Server certificate not verified
dane-cert-renewed | refused | exim-dane | DANE attempt failed; TLS connection to mx2.example.com
dane-cert-renewed | refused | sendmail-dane mox stalwart kumomta
dane-authority-unsent | refused | microsoft | 450 4.7.323 tlsa-invalid: The domain failed DANE validation
dane-authority-unsent | refused | postfix-mxproof postfix-dane | 4.7.5 Server certificate not verified
dane-authority-unsent | refused | exim-dane | DANE attempt failed; TLS connection to mx2.example.com
dane-authority-unsent | refused | sendmail-dane mox stalwart kumomta
dane-authority-other | refused | microsoft | 450 4.7.323 tlsa-invalid: The domain failed DANE validation
dane-authority-other | refused | postfix-mxproof postfix-dane | 4.7.5 Server certificate not verified
dane-authority-other | refused | exim-dane | DANE attempt failed; TLS connection to mx2.example.com
dane-authority-other | refused | sendmail-dane mox stalwart kumomta
dane-usage-wrong | refused | microsoft | 450 4.7.323 tlsa-invalid: The domain failed DANE validation
dane-usage-wrong | refused | postfix-mxproof postfix-dane | 4.7.5 Server certificate not verified
dane-usage-wrong | refused | exim-dane | DANE attempt failed; TLS connection to mx2.example.com
dane-usage-wrong | refused | sendmail-dane mox stalwart kumomta
dane-empty-digest | refused | microsoft | 450 4.7.323 tlsa-invalid: The domain failed DANE validation
dane-empty-digest | refused | postfix-mxproof postfix-dane | 4.7.5 Server certificate not verified
dane-empty-digest | refused | exim-dane | DANE attempt failed; TLS connection to mx2.example.com
dane-empty-digest | refused | sendmail-dane mox stalwart kumomta
dane-digest-stale | at_risk | microsoft postfix-mxproof postfix-dane sendmail-dane kumomta
dane-other-name | at_risk | microsoft postfix-mxproof postfix-dane exim-dane mox stalwart kumomta
dane-other-host | at_risk | microsoft postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta
dane-zone-unsigned | refused | microsoft-ptr | 451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation
dane-cert-name | refused | microsoft | 450 4.7.325 certificate-host-mismatch: Remote certificate MUST have a common name or subject alternative name matching the hostname (DANE)
dane-cert-name | at_risk | postfix-sts | 4.7.5 Server certificate not verified
dane-cert-name | refused | postfix-mxproof postfix-dane | 4.7.5 Server certificate not verified
dane-cert-name | refused | sendmail-dane mox stalwart kumomta
dane-lookup-failed | refused | microsoft | 450 4.7.324 dnssec-invalid: Destination domain returned invalid DNSSEC records
dane-lookup-failed | refused | postfix-mxproof | 4.7.5 client TLS configuration problem
dane-lookup-failed | refused | postfix-dane | 4.7.5 TLSA lookup error for mx2.example.com:25
dane-lookup-failed | refused | exim-dane sendmail-dane mox stalwart kumomta
dane-unanswered | unknown | microsoft postfix-mxproof postfix-dane exim-dane sendmail-dane mox stalwart kumomta
ptr-missing | at_risk | microsoft-ptr
ptr-other-name | refused | microsoft-ptr | 451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation
ns-addresses-differ | at_risk | microsoft-ptr
"""[1:]
