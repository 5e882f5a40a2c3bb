"""How far name servers lag behind one another: the option."""

import click

from mxproof.remedy.judgement import SECONDARY_LAG_S

LAG_S_MAX = 7 * 86_400

lag_option = click.option(
    "--name-server-lag",
    "lag_s",
    type=click.IntRange(min=0, max=LAG_S_MAX),
    default=SECONDARY_LAG_S,
    show_default=True,
    metavar="SECONDS",
    help="How long after the first name server the last one of a zone has a change.",
)
