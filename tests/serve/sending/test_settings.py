"""The section [send]: off without a contact, and refused with the key that is wrong."""

from pathlib import Path

import msgspec
import pytest

from mxproof.formats.errors import ConfigError
from mxproof.formats.tlsrpt.destination import report_destination
from mxproof.net.asking import Asking
from mxproof.net.submission import SubmissionServer
from mxproof.serve.daemon.config import UnixPath
from mxproof.serve.sending.config import SendOptions
from mxproof.serve.sending.settings import MailWay, SendList, SendSettings, send_settings
from support_dkim import private, rsa_key

SIGNED = SendOptions(contact="tls@sender.example", signed_elsewhere=True)


def settings(**fields: object) -> SendSettings:
    found = send_settings(msgspec.structs.replace(SIGNED, **fields), Asking(()))
    assert found is not None
    return found


def test_without_a_contact_nothing_is_sent() -> None:
    assert send_settings(SendOptions(), None, "no resolver") is None


def test_the_mail_server_of_this_machine_is_spoken_to_in_the_clear_and_no_other_is() -> None:
    assert settings().mail == MailWay(server=SubmissionServer("127.0.0.1", 25, clear=True))
    assert settings(through="smtp://192.0.2.1:25").mail == MailWay(
        server=SubmissionServer("192.0.2.1", 25, starttls=True)
    )
    assert settings(through="/usr/sbin/sendmail").mail == MailWay(sendmail="/usr/sbin/sendmail")
    assert settings(through="").mail is None


def test_the_submitter_is_the_domain_of_the_contact_and_signs(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_bytes(private(rsa_key()))
    found = settings(signed_elsewhere=False, contact="TLS@Sender.Example", dkim=(f"s1={key}",))
    assert (found.contact, found.submitter, found.organization) == (
        "TLS@sender.example",
        "sender.example",
        "sender.example",
    )
    assert [(one.by.domain, one.by.selector) for one in found.signers] == [("sender.example", "s1")]


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"contact": "sender.example"}, "send.contact"),
        ({"contact": "a b@sender.example"}, "send.contact"),
        ({"contact": "a@localhost"}, "send.contact"),
        ({"bounce_address": "sender.example"}, "send.bounce_address"),
        ({"bounces": "inet:127.0.0.1:1"}, "send.bounces"),
        ({"bounce_address": "b@sender.example", "bounces": "nowhere"}, "send.bounces"),
        ({"signed_elsewhere": False}, "send.dkim"),
        ({"dkim": ("/etc/key.pem",)}, "send.dkim"),
        ({"dkim": ("s1=key.pem",)}, "send.dkim"),
        ({"dkim": ("s1=/nowhere/key.pem",)}, "send.dkim"),
        ({"through": "http://192.0.2.1"}, "send.through"),
        ({"through": "smtps://me@mail.example"}, "send.through"),
        ({"password_file": "/etc/password"}, "send.through"),
        ({"through": "", "https": False}, "send"),
        ({"allow": ("not a domain",)}, "send.allow"),
        ({"deny": ("a@b c",)}, "send.deny"),
    ],
)
def test_what_is_wrong_is_named(fields: dict[str, object], key: str) -> None:
    with pytest.raises(ConfigError) as told:
        settings(**fields)
    assert str(told.value).startswith(key)


def test_bounces_go_to_the_contact_unless_they_have_an_address_of_their_own() -> None:
    assert (settings().sender, settings().bounces) == ("tls@sender.example", None)
    own = settings(bounce_address="back@Sender.Example", bounces="unix:/run/bounces")
    assert (own.sender, own.bounces) == ("back@sender.example", UnixPath("/run/bounces"))


def test_a_machine_without_a_resolver_cannot_send() -> None:
    with pytest.raises(ConfigError):
        send_settings(SIGNED, None, "no resolver")


def test_lists_hold_domains_those_below_addresses_and_hosts() -> None:
    listed = SendList(frozenset({"a.example", ".b.example", "tls@c.example"}))
    assert [listed.has_domain(one) for one in ("a.example", "x.a.example", "b.example", "x.b.example")] == [
        True,
        False,
        False,
        True,
    ]
    uris = ("mailto:TLS@c.example", "mailto:x@c.example", "mailto:x@a.example", "https://x.b.example/")
    assert [listed.has_destination(report_destination(one)) for one in uris] == [True, False, True, True]
