"""The configuration of the policy host, as it stands in its file; every value has a default and its words."""

from typing import Annotated, Literal

import msgspec

from mxproof.formats.mtasts import MAX_AGE_S_MAX, Mode
from mxproof.serve.daemon.config import AdminOptions, LogLevel, UnixOptions, told, within
from mxproof.serve.publish.config_certificates import AcmeOptions, DeployOptions

MAX_AGE_S_USUAL = 604_800
"""A week: RFC 8461 section 3.2 wants weeks or more, and whoever begins wants less."""


class PolicyGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Domains that have one policy, written here."""

    names: Annotated[tuple[str, ...], told("The domains that this policy is for.")]
    mode: Annotated[Mode, told("`enforce`, `testing` or `none`.")]
    mx: Annotated[tuple[str, ...], told("The MX patterns, as `mx1.example.com` or `*.example.net`.")] = ()
    max_age: Annotated[int, within(1, MAX_AGE_S_MAX, "For how many seconds senders hold the policy.")] = (
        MAX_AGE_S_USUAL
    )


class CertificateOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where the certificate of each policy host is; `{host}` stands for `mta-sts.DOMAIN`, `{domain}` for DOMAIN."""

    chain: Annotated[
        str,
        told("The file in PEM with the certificate and those above it; `{host}` and `{domain}` are put in."),
    ] = "/etc/letsencrypt/live/{host}/fullchain.pem"
    key: Annotated[str, told("The file in PEM with its private key; it may be the same file.")] = (
        "/etc/letsencrypt/live/{host}/privkey.pem"
    )
    look_s: Annotated[
        float, within(1, 86_400, "How often it is looked whether files of certificates changed, in seconds.")
    ] = 30.0
    default_domain: Annotated[
        str,
        told(
            "The domain whose certificate is shown to who names none or one that is not here, before a 421; "
            "empty to refuse TLS."
        ),
    ] = ""


class LimitOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What strangers may use up. Where it is full, the address that has most connections gives up the one that waited longest."""

    connections: Annotated[int, within(1, 4000, "Connections in all.")] = 2000
    connections_per_address: Annotated[
        int, within(1, 4000, "Connections of one IPv4 address, or of one /64 of IPv6.")
    ] = 100
    handshake_s: Annotated[float, within(0.5, 60, "How long a TLS handshake may take, in seconds.")] = 10.0
    request_s: Annotated[
        float,
        within(0.5, 60, "How long the whole head of a request may be waited for, from the answer before it."),
    ] = 10.0


class RecordOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How `mxproof publish apply` alters records; the daemon alters none."""

    kind: Annotated[
        Literal["lines", "powerdns", "rfc2136", "octodns"],
        told(
            "Who keeps the zones: `powerdns` by its HTTP API, `rfc2136` by DNS UPDATE with TSIG, `octodns` by files that it "
            "reads, `lines` by whoever reads what is printed."
        ),
    ] = "lines"
    url: Annotated[str, told("The API of PowerDNS, `http://HOST:PORT`.")] = "http://127.0.0.1:8081"
    server_id: Annotated[str, told("How the API calls the server.")] = "localhost"
    primary: Annotated[
        str, told("The primary of the zones, `ADDR` or `ADDR:PORT`, that takes DNS UPDATE.")
    ] = "127.0.0.1"
    key_file: Annotated[
        str,
        told("A file with the key of the API, or with the TSIG key as tsig-keygen and keymgr write it."),
    ] = ""
    folder: Annotated[
        str, told("The folder that octoDNS reads as a source of its own; a file `ZONE.yaml` for each zone.")
    ] = ""
    ttl_s: Annotated[int, within(1, 604_800, "The time to live of records that are written.")] = 300
    reports: Annotated[
        tuple[str, ...],
        told(
            "Where TLS reports are to go, `mailto:...` or `https://...` of each, for `_smtp._tls`; none leaves that record alone."
        ),
    ] = ()
    policy_host: Annotated[
        str,
        told("The host that `mta-sts.DOMAIN` is to be an alias (CNAME) of; empty leaves that name alone."),
    ] = ""
    caa: Annotated[
        tuple[str, ...],
        told(
            """The CAA records of policy host and MX hosts for `mxproof publish records`, as `0 issue "letsencrypt.org"`; none leaves theirs alone."""
        ),
    ] = ()
    spf: Annotated[
        str, told("The SPF record for domains that have none, as `v=spf1 mx -all`; empty for none.")
    ] = ""
    dmarc: Annotated[
        str, told("The DMARC record for domains that have none, as `v=DMARC1; p=reject`; empty for none.")
    ] = ""
    dkim: Annotated[
        tuple[str, ...],
        told("The DKIM keys for selectors that have none, each `SELECTOR RECORD`, as `mail v=DKIM1; p=...`."),
    ] = ()


class PublicationOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How `mxproof publish apply` goes about it; the daemon knows nothing of it."""

    store: Annotated[
        str,
        told(
            "The journal of what is published: `sqlite:/PATH` or `postgresql://...`; empty for that of this user."
        ),
    ] = ""
    wanted: Annotated[
        str,
        told(
            "A folder with the policy that each domain is to have in `DOMAIN.txt`, for `apply` without `--policy`; empty for none."
        ),
    ] = ""
    static_folder: Annotated[
        str,
        told(
            "The folder of another web server, as `publish static` fills it, in place of `folder`; empty for `folder`."
        ),
    ] = ""
    reload: Annotated[
        tuple[str, ...],
        told(
            "The program, with its arguments, that has policies read again once a file is written; none for no program."
        ),
    ] = ()
    through_store: Annotated[
        bool,
        told(
            "Whether policies go through the store, from where `mxproof publish follow` on each server writes them to its folder."
        ),
    ] = False
    switch_s: Annotated[
        float,
        within(2, 300, "How many seconds after a policy was put into the store every server switches to it."),
    ] = 4.0
    wait_s: Annotated[
        float, within(0, 86_400, "How long every server is waited for to show a step, in seconds.")
    ] = 120.0


class RolloutOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When `mxproof publish rollout` makes its steps; the daemon knows nothing of it."""

    days: Annotated[
        int,
        within(1, 365, "For how many days a step has to be without failures before the next one is made."),
    ] = 14
    silent_days: Annotated[
        int, within(1, 365, "After how many days without any TLS report it stops and says so.")
    ] = 14
    reports: Annotated[
        str,
        told(
            "The store with TLS reports and silences, `sqlite:/PATH` or `postgresql://...`; empty for that of publications."
        ),
    ] = ""


class CustomerOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The domains of customers, for `mxproof publish customers`; the daemon serves their policies as all others."""

    list: Annotated[str, told("A file with a domain of a customer a line; empty for none.")] = ""
    records: Annotated[
        str,
        told(
            "The name in a zone of yours below which each customer has one, `CUSTOMER.RECORDS`, that `_mta-sts.CUSTOMER` is an alias of."
        ),
    ] = ""
    mode: Annotated[Mode, told("The mode of a first policy; a roll-out leads on from there.")] = Mode.TESTING
    max_age: Annotated[int, within(1, MAX_AGE_S_MAX, "For how many seconds senders hold a first policy.")] = (
        86_400
    )
    mx: Annotated[
        tuple[str, ...],
        told(
            "The MX hosts that are yours, as patterns: a first policy is published where all mail goes to these; none for any."
        ),
    ] = ()


class PublishConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole file."""

    listen: Annotated[
        tuple[str, ...],
        told("Where HTTPS is served: `inet:ADDR:PORT` of each; a socket of systemd takes their place."),
    ] = ("inet:0.0.0.0:443", "inet:[::]:443")
    folder: Annotated[
        str, told("A folder with the policy of each domain in `DOMAIN.txt`; empty for none.")
    ] = ""
    access_log: Annotated[bool, told("Whether a line is written of each request, with who asked.")] = True
    certificate: CertificateOptions = CertificateOptions()
    limits: LimitOptions = LimitOptions()
    records: RecordOptions = RecordOptions()
    publication: PublicationOptions = PublicationOptions()
    acme: AcmeOptions = AcmeOptions()
    deploy: tuple[DeployOptions, ...] = ()
    rollout: RolloutOptions = RolloutOptions()
    customers: CustomerOptions = CustomerOptions()
    admin: AdminOptions = AdminOptions()
    unix: UnixOptions = UnixOptions()
    log: Annotated[LogLevel, told("The least that is logged.")] = "info"
    policy: tuple[PolicyGroup, ...] = ()
