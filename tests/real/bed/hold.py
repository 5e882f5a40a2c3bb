"""Hold a world up until standard input ends or Ctrl-C: `python -m real.bed.hold WORLD`, as root, with tests/ on the path.

The first line printed is the tag that all its namespaces and its folder are named after; then
`ip netns exec TAG-observer COMMAND` runs a command there.
"""

import sys

from real.bed.bed import built, interrupted_by_termination
from real.bed.worlds import WORLDS


def hold(name: str) -> None:
    """Build the world called `name` and wait."""
    world = next((world for world in WORLDS if world.name == name), None)
    if world is None:
        sys.exit(f"no world is called {name!r}; there are {', '.join(world.name for world in WORLDS)}")
    with interrupted_by_termination(), built(world) as bed:
        print(bed.network.tag, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    try:
        hold(*sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
