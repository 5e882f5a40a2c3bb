"""From the configuration and what is known of the resolvers to how answers are found."""

from pathlib import Path

import msgspec

from mxproof.net.asking import Asking
from mxproof.net.roots import roots_from, system_roots
from mxproof.serve.policyd.answers import Terms
from mxproof.serve.policyd.config import Config, detours, resolvers
from mxproof.serve.policyd.trust import Belief, believed


def terms_of(config: Config, belief: Belief) -> Terms:
    """Return how answers are found; raises ConfigError where the root certificates cannot be had."""
    https = config.https
    roots = roots_from(Path(https.ca_file)) if https.ca_file else system_roots()
    return Terms(
        asking=msgspec.structs.replace(asking_of(config), trust_ad=belief.trust_ad),
        roots=roots,
        rules=config.rules(),
        grace_s=config.answers.grace_s,
        patience_s=config.answers.patience_s,
        private_allowed=config.answers.allow_private,
    )


async def examined_terms(config: Config) -> tuple[Terms, str]:
    """Return how answers are found after a look at the resolvers, and what is said of DANE."""
    belief, because = await believed(config, asking_of(config))
    return terms_of(config, belief), f"dane={belief}: {because}"


def asking_of(config: Config) -> Asking:
    """Return how questions are asked, the resolvers not yet looked at."""
    return Asking(
        resolvers=resolvers(config),
        connect_to=detours(config),
        families=config.https.families,
        timeout_s=max(config.dns.timeout_s, config.https.timeout_s),
        domain_timeout_s=config.https.domain_timeout_s,
        roots=config.https.ca_file,
    )
