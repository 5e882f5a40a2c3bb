"""What is wrong with policies and certificates that the policy host is to serve, before it does."""

from datetime import UTC, datetime

from mxproof.formats.text import safe
from mxproof.serve.publish.certificates import looked_at
from mxproof.serve.publish.policies import policy_host
from mxproof.serve.publish.settings import PublishSettings


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
