"""The configuration of certificates: those that mail servers read from a file that is swapped whole."""

from typing import Annotated

import msgspec

from mxproof.serve.daemon.config import told, within

KEPT_S_USUAL = 3600
"""Longer than a process of Postfix lives that read the old file: 100 clients, and 100 s without one (max_use, max_idle)."""


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
