"""Sending systems that write from hosts of many names, by the names that their hosts have in DNS.

A host belongs to the system whose suffix its name ends in. Each is from the pages on which its operator says where its mail comes
from, or from the SPF records that these lead to.
"""

from typing import Final

SYSTEMS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    # Exchange Online and the consumer service send from mail-*.outbound.protection.outlook.com and *.hotmail.com:
    # https://learn.microsoft.com/en-us/microsoft-365/enterprise/urls-and-ip-address-ranges
    ("Microsoft", ("outlook.com", "hotmail.com", "microsoft.com", "outlook.de", "office365.us")),
    # https://support.google.com/a/answer/60764 and _spf.google.com; hosts are mail-*.google.com
    ("Google", ("google.com", "googlemail.com", "gmail.com")),
    # https://senders.yahooinc.com/outbound-mail-servers/
    ("Yahoo", ("yahoo.com", "yahoodns.net", "aol.com", "yahoo.net", "bullet.mail.yahoo.com")),
    # https://support.apple.com/en-us/102322: *.icloud.com and *.me.com
    ("Apple", ("icloud.com", "me.com", "apple.com", "mac.com")),
    # https://docs.aws.amazon.com/ses/latest/dg/: *.smtp-out.amazonses.com and of each region
    ("Amazon SES", ("amazonses.com", "amazonaws.com")),
    # https://www.twilio.com/docs/sendgrid: *.outbound-mail.sendgrid.net
    ("SendGrid", ("sendgrid.net",)),
    # https://documentation.mailgun.com: *.mailgun.net, *.mailgun.org
    ("Mailgun", ("mailgun.net", "mailgun.org")),
    # https://mailchimp.com/help/: *.mcsv.net, *.mcdlv.net, *.rsgsv.net, *.mandrillapp.com
    ("Mailchimp", ("mcsv.net", "mcdlv.net", "rsgsv.net", "mandrillapp.com", "mailchimpapp.net")),
    # https://developer.postmarkapp.com: *.mtasv.net
    ("Postmark", ("mtasv.net", "postmarkapp.com")),
    # https://help.brevo.com: *.sender-sib.com, *.sendinblue.com, *.mailin.fr
    ("Brevo", ("sender-sib.com", "sendinblue.com", "brevosend.com", "mailin.fr")),
    # https://help.proofpoint.com: *.pphosted.com, *.ppe-hosted.com
    ("Proofpoint", ("pphosted.com", "ppe-hosted.com")),
    # https://community.mimecast.com: *.mimecast.com and of each region
    ("Mimecast", ("mimecast.com", "mimecast.co.za")),
    # https://proton.me/support: *.protonmail.ch, *.proton.me
    ("Proton", ("protonmail.ch", "proton.me", "protonmail.com")),
    # https://www.fastmail.help: *.messagingengine.com
    ("Fastmail", ("messagingengine.com",)),
    # https://postmaster.gmx.net and https://postmaster.web.de: mout.gmx.net, mout.web.de
    ("GMX and web.de", ("gmx.net", "gmx.com", "web.de")),
    # https://www.ionos.de/hilfe: mout.kundenserver.de, mout.perfora.net
    ("IONOS", ("kundenserver.de", "perfora.net", "1and1.com")),
    # https://postmaster.t-online.de: mailout*.t-online.de
    ("Telekom", ("t-online.de", "telekom.de")),
    # https://www.zoho.com/mail/help/: *.zoho.com, *.zoho.eu
    ("Zoho", ("zoho.com", "zoho.eu", "zohomail.com", "zohomail.eu")),
    # https://www.facebook.com/help: *.mail-mail.facebook.com
    ("Facebook", ("facebook.com", "facebookmail.com")),
)
