"""What is wrong with policies and certificates that the policy host is to serve, before it does."""

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

from mxproof.formats.text import safe
from mxproof.serve.publish.certificates import looked_at
from mxproof.serve.publish.policies import policy_host
from mxproof.serve.publish.settings import PublishSettings

_ROOT_USER = 0


def hosting_faults(settings: PublishSettings) -> list[str]:
    """Return a line for each file that is at fault."""
    found = [f"policy of {domain}: {safe(fault)}" for domain, fault in settings.policies.faults.items()]
    certificates = looked_at(settings.policies.bodies, settings.files, {}, datetime.now(UTC))
    found += [
        f"certificate of {policy_host(domain)}: {safe(one.fault)}"
        for domain, one in certificates.items()
        if one.fault
    ]
    return found


def hosting_cautions(settings: PublishSettings) -> list[str]:
    """Return a line for each file that root, who looks, may read and the daemon perhaps not."""
    return keys_of_one_user(settings, _ROOT_USER) if os.geteuid() == _ROOT_USER else []


def keys_of_one_user(settings: PublishSettings, user: int) -> list[str]:
    """Return a line for each key file that its owner alone may read, where that is `user`: no daemon of another user can."""
    found = []
    for domain in settings.policies.bodies:
        _, key = settings.files.of(domain)
        try:
            told = Path(key).stat()
        except OSError:
            continue  # which is a fault, told by hosting_faults
        if told.st_uid == user and not told.st_mode & (stat.S_IRGRP | stat.S_IROTH):
            found.append(
                f"key of {policy_host(domain)}: {key}: its owner alone may read it; "
                "a daemon of another user will not find it"
            )
    return found
