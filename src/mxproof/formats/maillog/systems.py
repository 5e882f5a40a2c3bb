"""Sending systems that write from hosts of many names, by the names that their hosts have in DNS.

A host belongs to the system whose suffix its name ends in. `observed:` is a host name that a receiving server on the Internet put into
its Received field, as found in public archives of mailing lists between 2018 and 2025; the address had that name in DNS then.
`guess:` names of the same operator that were not found so.
"""

from typing import Final

SYSTEMS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    # observed: mail-db3eur04on2062.outbound.protection.outlook.com; guess: the others
    ("Microsoft", ("outlook.com", "hotmail.com", "microsoft.com", "outlook.de", "office365.us")),
    # guess, beside the mail-*.google.com that Google's own SPF records lead to
    ("Google", ("google.com", "googlemail.com", "gmail.com")),
    # observed: sonic-euwe1-0017.asd.mail.yahoo.com; guess: the others
    ("Yahoo", ("yahoo.com", "yahoodns.net", "aol.com", "yahoo.net")),
    # observed: pv50p00im-tydg10011801.me.com; guess: the others
    ("Apple", ("icloud.com", "me.com", "apple.com", "mac.com")),
    # observed: a9-46.smtp-out.amazonses.com; hosts in amazonaws.com are anybody's, and none of them
    ("Amazon SES", ("amazonses.com",)),
    # observed: wrqvtvsv.outbound-mail.sendgrid.net, of this name
    ("SendGrid", ("sendgrid.net",)),
    # observed: so254-9.mailgun.net, v5239.v57ae4e16.euw1.send.eu.mailgun.net; guess: mailgun.org
    ("Mailgun", ("mailgun.net", "mailgun.org")),
    # guess: servers.mcsv.net is what SPF records of its customers include
    ("Mailchimp", ("mcsv.net", "mcdlv.net", "rsgsv.net", "mandrillapp.com", "mailchimpapp.net")),
    # Seen in Received fields: mta200a-ord.mtasv.net; guess: postmarkapp.com
    ("Postmark", ("mtasv.net", "postmarkapp.com")),
    # observed: ha.d.sender-sib.com; guess: the others
    ("Brevo", ("sender-sib.com", "sendinblue.com", "brevosend.com", "mailin.fr")),
    # observed: mx0a-001b2d01.pphosted.com; guess: ppe-hosted.com
    ("Proofpoint", ("pphosted.com", "ppe-hosted.com")),
    # observed: us-smtp-delivery-124.mimecast.com; guess: mimecast.co.za
    ("Mimecast", ("mimecast.com", "mimecast.co.za")),
    # observed: mail-40133.protonmail.ch; guess: the others
    ("Proton", ("protonmail.ch", "proton.me", "protonmail.com")),
    # observed: fhigh-a3-smtp.messagingengine.com, of this name
    ("Fastmail", ("messagingengine.com",)),
    # observed: mout.gmx.net; guess: the others
    ("GMX and web.de", ("gmx.net", "gmx.com", "web.de")),
    # observed: mout.kundenserver.de; guess: the others
    ("IONOS", ("kundenserver.de", "perfora.net", "1and1.com")),
    # observed: mailout02.t-online.de. And a guess: telekom.de
    ("Telekom", ("t-online.de", "telekom.de")),
    # observed: sender4-op-o12.zoho.com; guess: the others
    ("Zoho", ("zoho.com", "zoho.eu", "zohomail.com", "zohomail.eu")),
    # observed: 66-220-144-178.mail-mxout.facebook.com; guess: facebookmail.com
    ("Facebook", ("facebook.com", "facebookmail.com")),
)
