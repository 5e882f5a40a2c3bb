"""What the configuration of the policy host says, read once, its policies included."""

import string
from pathlib import Path

import msgspec

from mxproof.formats import ConfigError
from mxproof.formats.names import folded
from mxproof.serve.daemon.config import (
    Listener,
    LogLevel,
    UnixOptions,
    UnixPath,
    about,
    control_listener,
    listener,
    page_listener,
    read_config,
)
from mxproof.serve.publish.certificates import CertificateFiles
from mxproof.serve.publish.config import CertificateOptions, LimitOptions, PublishConfig
from mxproof.serve.publish.config_certificates import AcmeOptions
from mxproof.serve.publish.policies import HostedPolicies, hosted_policies

_PUT_IN = frozenset({"host", "domain"})


class AcmeSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How certificates are ordered: proofs are shown from the folder `proofs` at `listen`, nowhere where it is empty."""

    listen: tuple[Listener, ...]
    proofs: Path
    every_s: float


class PublishSettings(msgspec.Struct, frozen=True, kw_only=True):
    """All that goes by; `default_domain` is empty where TLS is refused to who names no host that is here."""

    listen: tuple[Listener, ...]
    policies: HostedPolicies
    files: CertificateFiles
    look_s: float = 30.0
    default_domain: str = ""
    limits: LimitOptions = LimitOptions()
    access_log: bool = True
    unix: UnixOptions = UnixOptions()
    http: Listener | None = None
    control: UnixPath | None = None
    log: LogLevel = "info"
    acme: AcmeSettings | None = None


def publish_settings(config: PublishConfig) -> PublishSettings:
    """Return what `config` says, with the policies of its folder; raises ConfigError where a value is not what it has to be."""
    with about("listen"):
        listen = tuple(map(listener, config.listen))
    if not config.folder and not config.policy:
        raise ConfigError(
            "folder: empty, and there is no policy; name a folder of policies, or write [[policy]]"
        )
    policies = hosted_policies(config.folder, config.policy)
    return PublishSettings(
        listen=listen,
        policies=policies,
        files=_files(certificate_options(config)),
        acme=acme_settings(config.acme),
        look_s=config.certificate.look_s,
        default_domain=_default(config.certificate.default_domain, policies),
        limits=config.limits,
        access_log=config.access_log,
        unix=config.unix,
        http=page_listener(config.admin),
        control=control_listener(config.admin),
        log=config.log,
    )


def read_publish_settings(path: Path | None) -> tuple[PublishConfig, PublishSettings]:
    """Return what stands in the file, as written and as read; raises ConfigError that names the file and the key."""
    config = read_config(path, PublishConfig)
    if path is None:
        return config, publish_settings(config)
    with about(str(path)):
        return config, publish_settings(config)


def _default(name: str, policies: HostedPolicies) -> str:
    domain = folded(name)
    if domain and domain not in policies.bodies and domain not in policies.faults:
        raise ConfigError(
            f"certificate.default_domain: {name!r} has no policy here; one that has was expected"
        )
    return domain


def certificate_options(config: PublishConfig) -> CertificateOptions:
    """Return where certificates are: where they are kept that an authority issues, unless something else is said."""
    options, usual = config.certificate, CertificateOptions()
    if not config.acme.directory or (options.chain, options.key) != (usual.chain, usual.key):
        return options
    path = str(certificates_folder(config.acme) / "{host}.pem")
    return msgspec.structs.replace(options, chain=path, key=path)


def certificates_folder(options: AcmeOptions) -> Path:
    """Return where certificates are kept that an authority issued."""
    return Path(options.folder) / "certificates"


def proofs_folder(options: AcmeOptions) -> Path:
    """Return where files are that prove to an authority that a name is ours."""
    return Path(options.folder) / "proofs"


def acme_settings(options: AcmeOptions) -> AcmeSettings | None:
    """Return how certificates are ordered, None where they are not; raises ConfigError where that is wrong."""
    if not options.directory:
        return None
    if not options.directory.startswith("https://"):
        raise ConfigError(f"acme.directory: {options.directory!r}; a URL of https was expected")
    if not options.terms_agreed:
        raise ConfigError(
            "acme.terms_agreed: false; the authority issues nothing to who does not agree to its terms"
        )
    with about("acme.listen"):
        listen = tuple(map(listener, options.listen)) if options.challenge == "http-01" else ()
    return AcmeSettings(listen=listen, proofs=proofs_folder(options), every_s=options.every_s)


def _files(options: CertificateOptions) -> CertificateFiles:
    for key, text in (("chain", options.chain), ("key", options.key)):
        with about(f"certificate.{key}"):
            try:
                put_in = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
            except ValueError:
                put_in = {text}
            if not put_in <= _PUT_IN:
                raise ConfigError(f"{text!r}: {{host}} or {{domain}} in the path of a file was expected")
    return CertificateFiles(options.chain, options.key)
