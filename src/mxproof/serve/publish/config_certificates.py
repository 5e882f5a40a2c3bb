"""The configuration of certificates: those of mail servers, and those that are got from an authority."""

from typing import Annotated, Literal

import msgspec

from mxproof.serve.daemon.config import told, within

KEPT_S_USUAL = 3600
"""Longer than a process of Postfix lives that read the old file: 100 clients, and 100 s without one (max_use, max_idle)."""

ORDERS_PER_HOUR_USUAL = 90
"""Let's Encrypt takes 300 orders of an account within three hours (https://letsencrypt.org/docs/rate-limits/)."""


class DeployOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A mail server's certificate, brought by `mxproof publish deploy` to the file that the server reads; the daemon brings none."""

    names: Annotated[
        tuple[str, ...],
        told("The names by which MX records name the server, such as `mx1.example.com`."),
    ]
    domains: Annotated[
        tuple[str, ...],
        told(
            "The domains whose mail comes there: each certificate is judged for all of them before it is shown."
        ),
    ]
    lineage: Annotated[
        str, told("The folder where certbot keeps the certificate, with `fullchain.pem` and `privkey.pem`.")
    ]
    file: Annotated[
        str, told("The file that the server reads, key and chain in one: `smtpd_tls_chain_files` of Postfix.")
    ]
    authorities: Annotated[
        tuple[str, ...],
        told(
            "Files in PEM with the authorities that the certificate may come from, where TLSA records name authorities (`2 1 1`): "
            "each of them gets a record, and keeps it."
        ),
    ] = ()
    reload: Annotated[
        tuple[str, ...],
        told("The program, with its arguments, that is run once the file is swapped; none for no program."),
    ] = ()
    kept_s: Annotated[
        int,
        within(
            0,
            604_800,
            "How long TLSA records of the old certificate stay once the new one is shown, in seconds.",
        ),
    ] = KEPT_S_USUAL


class AcmeOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Certificates of policy hosts got from an authority by ACME (RFC 8555)."""

    directory: Annotated[
        str,
        told(
            "The directory of the authority, such as `https://acme-v02.api.letsencrypt.org/directory`; empty where certificates come "
            "from files."
        ),
    ] = ""
    terms_agreed: Annotated[
        bool, told("Whether you agree to the terms of the authority; it issues nothing otherwise.")
    ] = False
    contact: Annotated[str, told("An address of mail for the authority; empty for none.")] = ""
    folder: Annotated[
        str,
        told(
            "The folder of the key of the account, `account.pem`, of certificates, `certificates/HOST.pem`, and of proofs, `proofs/`."
        ),
    ] = "/var/lib/mxproof/acme"
    ca_file: Annotated[
        str,
        told(
            "A file in PEM with the roots that the authority itself is judged by; empty for those of this machine."
        ),
    ] = ""
    challenge: Annotated[
        Literal["http-01", "dns-01"],
        told(
            "How it is proved that a name is ours: by a file that `publish serve` shows, or by a record as `records` says."
        ),
    ] = "http-01"
    listen: Annotated[
        tuple[str, ...],
        told(
            "Where proofs by `http-01` are shown, and nothing else: `inet:ADDR:PORT` of each, port 80 for the authority."
        ),
    ] = ("inet:0.0.0.0:80", "inet:[::]:80")
    orders: Annotated[int, within(1, 1000, "How many certificates are ordered in one run at most.")] = 20
    orders_per_hour: Annotated[
        int,
        within(
            1,
            100_000,
            "How many certificates are ordered of the authority within an hour at most, by all who share the store.",
        ),
    ] = ORDERS_PER_HOUR_USUAL
    every_s: Annotated[
        float,
        within(
            10, 86_400, "How often `publish serve` looks whether certificates are to be ordered, in seconds."
        ),
    ] = 600.0
