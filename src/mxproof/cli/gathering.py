"""From a domain and options to evidence: ask the real world, or one simulated in this process."""

import click

from mxproof.cli.exit import UNKNOWN, RunError
from mxproof.cli.gathered import Gathered, observed
from mxproof.cli.options.asking import AskingOptions, Roots
from mxproof.formats.errors import ConfigError
from mxproof.formats.names import Domain
from mxproof.net.asking import ENDPOINT_TIMEOUT_S, Asking, system_resolvers
from mxproof.net.loop import run
from mxproof.net.roots import system_roots
from mxproof.survey import inbound
from mxproof.survey.together import Wanted

SYSTEM_ROOTS = "those of the machine"


def gather(domain: Domain, options: AskingOptions, wanted: Wanted = inbound.wanted) -> Gathered:
    """Ask all that is wanted to know about the mail of `domain`, by default how it arrives there.

    Raises RunError where this machine is not set up to ask or the lab cannot be run.
    """
    if options.lab is None:
        return _gather_real(domain, options, wanted)
    if options.resolver or options.connect_to or options.ca_file is not None or options.trust_ad is not None:
        raise click.UsageError(
            "--lab brings its own resolver, ways and roots; leave out the options that set them"
        )
    from mxproof.cli.simulated import gather_simulated  # noqa: PLC0415 - the real world is asked without a lab

    return gather_simulated(domain, options, options.lab, wanted)


def _gather_real(domain: Domain, options: AskingOptions, wanted: Wanted) -> Gathered:
    try:
        roots = options.ca_file or Roots(SYSTEM_ROOTS, system_roots())
        asking = _asking(options, roots)
    except ConfigError as error:
        raise RunError(str(error), UNKNOWN) from None
    return Gathered(run(observed(domain, asking, roots.certificates, wanted)))


def _asking(options: AskingOptions, roots: Roots) -> Asking:
    return Asking(
        resolvers=options.resolver or system_resolvers(),
        connect_to=dict(options.connect_to),
        families=options.families(),
        timeout_s=options.timeout or ENDPOINT_TIMEOUT_S,
        trust_ad=options.trust_ad,
        roots=roots.name,
    )
