"""Each law holds of its seeds, of every input that once broke it, and of a few hundred that are drawn alike each time.

The long run is `make fuzz`: see README.md.
"""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from fuzz.table import CRASHERS, TARGETS, kept
from fuzz.target import Target
from support_long import examples, some

KEPT = [(target, path) for target in TARGETS for path in kept(target)]


@pytest.mark.law
@pytest.mark.parametrize("target", some(TARGETS, 2), ids=lambda target: target.name)
def test_the_law_holds_of_inputs_drawn_from_the_seeds(target: Target) -> None:
    for one in target.seeds:
        target.law(one)
    quick = settings(max_examples=examples(target.examples), suppress_health_check=list(HealthCheck))
    quick(given(target.inputs())(target.law))()


@pytest.mark.parametrize(
    ("target", "path"), KEPT, ids=[f"{target.name}-{path.name}" for target, path in KEPT]
)
def test_the_law_holds_of_what_once_broke_it(target: Target, path: Path) -> None:
    target.law(path.read_bytes())


def test_every_target_has_a_name_of_its_own_and_every_folder_of_crashers_a_target() -> None:
    names = [target.name for target in TARGETS]
    assert len({*names}) == len(names) >= 20
    assert {path.name for path in CRASHERS.iterdir() if path.is_dir()} <= {*names}
