"""How much guests may ask for: a value of the configuration, which is read where no database is installed, too."""

from datetime import timedelta

import msgspec


class GuestBounds(msgspec.Struct, frozen=True):
    """How many checks of guests may wait, how many all guests may ask for in an hour, and for how long a result is kept."""

    waiting_max: int
    an_hour_max: int
    kept: timedelta
