"""A worker of a scan takes as many open files as it may have; what it does with tasks is told by the tests of its engine."""

import resource

import pytest

from mxproof.scan.local_worker import OPEN_FILES_MAX, raise_file_limit

SOFT = 1024


@pytest.mark.parametrize(
    ("soft", "hard", "raised"),
    [
        (SOFT, OPEN_FILES_MAX - 1, OPEN_FILES_MAX - 1),
        (SOFT, OPEN_FILES_MAX + 1, OPEN_FILES_MAX),
        (SOFT, resource.RLIM_INFINITY, OPEN_FILES_MAX),
        (SOFT, SOFT, None),
        (OPEN_FILES_MAX, OPEN_FILES_MAX + 1, None),
        (OPEN_FILES_MAX + 1, resource.RLIM_INFINITY, None),
    ],
)
def test_it_takes_as_many_open_files_as_the_system_allows_up_to_its_bound_and_gives_none_back(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, raised: int | None
) -> None:
    taken: list[tuple[int, int]] = []
    monkeypatch.setattr("resource.getrlimit", lambda _: (soft, hard))
    monkeypatch.setattr("resource.setrlimit", lambda _, limits: taken.append(limits))
    raise_file_limit()
    assert taken == ([] if raised is None else [(raised, hard)])
