"""Who bounces in the bad world of each; made by `python tools/findings.py`, not by hand."""

from typing import Final

BOUNCERS: Final = r"""
sts-policy-host-unanswered | unknown | rfc8461 microsoft microsoft-ptr google postfix-sts mox stalwart kumomta chasquid
sts-policy-timeout | unknown | rfc8461 microsoft microsoft-ptr google postfix-sts mox stalwart kumomta chasquid
sts-policy-differs | at_risk | rfc8461 google chasquid
sts-policy-differs | at_risk | microsoft microsoft-ptr | 451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation
sts-policy-differs | at_risk | postfix-sts | 4.7.5 Server certificate not verified
sts-policy-differs | at_risk | mox | mx host mx1.example.com does not match enforced mta-sts policy
sts-policy-differs | at_risk | stalwart | MX mx1.example.com not authorized by policy.
sts-policy-differs | at_risk | kumomta | 451 4.4.4 MTA-STS enforce policy for example.com permits none of its MX hosts
sts-mx-unlisted | refused | rfc8461 google chasquid
sts-mx-unlisted | refused | microsoft microsoft-ptr | 451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation
sts-mx-unlisted | refused | postfix-sts | 4.7.5 Server certificate not verified
sts-mx-unlisted | refused | mox | mx host mx1.example.com does not match enforced mta-sts policy
sts-mx-unlisted | refused | stalwart | MX mx1.example.com not authorized by policy.
sts-mx-unlisted | refused | kumomta | 451 4.4.4 MTA-STS enforce policy for example.com permits none of its MX hosts
sts-memory-outlives | at_risk | microsoft microsoft-ptr | 451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation
sts-memory-outlives | at_risk | google
domain-missing | refused | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-dane exim-dane mox stalwart kumomta chasquid opportunistic
mx-unanswered | unknown | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-dane exim-dane mox stalwart kumomta chasquid opportunistic
mx-null | refused | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-dane exim-dane mox stalwart kumomta chasquid opportunistic
mx-no-address | refused | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-dane exim-dane mox stalwart kumomta chasquid opportunistic
mx-name-invalid | refused | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-dane exim-dane mox stalwart kumomta chasquid opportunistic
mx-dangling | refused | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-dane exim-dane mox stalwart kumomta chasquid opportunistic
mx-host-unanswered | unknown | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-dane exim-dane mox stalwart kumomta chasquid opportunistic
mx-alias | refused | microsoft | 451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation
port-25-blocked | unknown | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-dane exim-dane mox stalwart kumomta chasquid opportunistic
smtp-unreachable | at_risk | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-dane exim-dane mox stalwart kumomta chasquid opportunistic
smtp-turned-away | refused | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-dane exim-dane mox stalwart kumomta chasquid opportunistic
smtp-broken | refused | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-dane exim-dane mox stalwart kumomta chasquid opportunistic
starttls-missing | refused | rfc8461 google mox stalwart kumomta
starttls-missing | refused | microsoft microsoft-ptr | 450 4.4.317 Cannot connect to remote server [Message=451 5.7.3 STARTTLS is required to send mail]
starttls-missing | refused | postfix-sts | 4.7.4 TLS is required, but was not offered by host mx1.example.com
starttls-missing | refused | chasquid | invalid security level for STS policy
starttls-rejected | refused | rfc8461 google mox stalwart kumomta
starttls-rejected | refused | microsoft microsoft-ptr | 450 4.4.317 Cannot connect to remote server [Message=451 5.7.3 STARTTLS is required to send mail]
starttls-rejected | refused | postfix-sts | 4.7.4 TLS is required, but was not offered by host mx1.example.com
starttls-rejected | refused | chasquid | invalid security level for STS policy
starttls-early-data | unknown | rfc8461 microsoft microsoft-ptr google postfix-sts postfix-dane exim-dane mox stalwart kumomta chasquid opportunistic
tls-handshake-failed | refused | rfc8461 google mox stalwart kumomta chasquid
tls-handshake-failed | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate failed MTA-STS validation
tls-handshake-failed | refused | postfix-sts | 4.7.5 Cannot start TLS: handshake failure
cert-name-mismatch | refused | rfc8461 google mox stalwart kumomta
cert-name-mismatch | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate MUST have a subject alternative name matching the hostname (MTA-STS)
cert-name-mismatch | refused | postfix-sts | 4.7.5 Server certificate not verified
cert-name-mismatch | refused | chasquid | invalid security level for STS policy
cert-expired | refused | rfc8461 google mox stalwart kumomta
cert-expired | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate failed MTA-STS validation
cert-expired | refused | postfix-sts | 4.7.5 Server certificate not verified
cert-expired | refused | chasquid | invalid security level for STS policy
cert-not-yet-valid | refused | rfc8461 google mox stalwart kumomta chasquid
cert-not-yet-valid | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate failed MTA-STS validation
cert-not-yet-valid | refused | postfix-sts | 4.7.5 Cannot start TLS: handshake failure
cert-self-signed | refused | rfc8461 google mox stalwart kumomta
cert-self-signed | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate failed MTA-STS validation
cert-self-signed | refused | postfix-sts | 4.7.5 Server certificate not verified
cert-self-signed | refused | chasquid | invalid security level for STS policy
cert-chain-incomplete | refused | rfc8461 google mox stalwart kumomta
cert-chain-incomplete | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate failed MTA-STS validation
cert-chain-incomplete | refused | postfix-sts | 4.7.5 Server certificate not verified
cert-chain-incomplete | refused | chasquid | invalid security level for STS policy
cert-untrusted | refused | rfc8461 google mox stalwart kumomta
cert-untrusted | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate failed MTA-STS validation
cert-untrusted | refused | postfix-sts | 4.7.5 Server certificate not verified
cert-untrusted | refused | chasquid | invalid security level for STS policy
cert-unreadable | refused | rfc8461 google mox stalwart kumomta chasquid
cert-unreadable | refused | microsoft microsoft-ptr | 451 4.7.5 Remote certificate failed MTA-STS validation
cert-unreadable | refused | postfix-sts | 4.7.5 Cannot start TLS: handshake failure
dane-mismatch | refused | microsoft | 450 4.7.323 tlsa-invalid: The domain failed DANE validation
dane-mismatch | refused | postfix-dane | 4.7.5 Server certificate not verified
dane-mismatch | refused | exim-dane | DANE attempt failed; TLS connection to mx1.example.com
dane-mismatch | refused | mox stalwart kumomta
dane-cert-name | refused | microsoft | 451 4.7.5 Remote certificate MUST have a subject alternative name matching the hostname (MTA-STS)
dane-cert-name | refused | postfix-dane | 4.7.5 Server certificate not verified
dane-cert-name | refused | exim-dane mox stalwart kumomta
dane-lookup-failed | refused | microsoft | 450 4.7.324 dnssec-invalid: Destination domain returned invalid DNSSEC records
dane-lookup-failed | refused | postfix-dane | 4.7.5 TLSA lookup error for mx1.example.com:25
dane-lookup-failed | refused | exim-dane mox stalwart kumomta
dane-unanswered | unknown | microsoft postfix-dane exim-dane mox stalwart kumomta
ptr-missing | at_risk | microsoft-ptr
ptr-other-name | refused | microsoft-ptr | 451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation
"""[1:]
