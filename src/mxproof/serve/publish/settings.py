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
from mxproof.serve.publish.policies import HostedPolicies, hosted_policies

_PUT_IN = frozenset({"host", "domain"})


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
        files=_files(config.certificate),
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
