"""What an explanation sends its reader to exists: each `mxproof` command that its words name is one."""

import re

import pytest

from mxproof.cli.program import COMMANDS
from mxproof.explain.causes import CATALOGUE
from mxproof.explain.knowledge import CHAPTERS, other_kinds

POINTER = re.compile(r"mxproof ([a-z-]+)")
RULES = [rule for chapter in CHAPTERS for rule in chapter.rules]
CAUSES = list(CATALOGUE.values())
KINDS = [kind for kind in vars(other_kinds).values() if isinstance(kind, other_kinds.OtherKind)]
WORDS = [
    *(words for cause in CAUSES for words in (cause.words, cause.check, cause.next)),
    *(suspect.next for cause in CAUSES for suspect in cause.suspects),
    *(suspect.next for rule in RULES for suspect in rule.suspects),
    *(rule.check for rule in RULES),
    *(kind.words for kind in (*KINDS, *other_kinds.OTHER_KINDS)),
]


def test_there_are_pointers() -> None:
    assert {name for words in WORDS for name in POINTER.findall(words)} >= {"check"}


@pytest.mark.parametrize("name", sorted({name for words in WORDS for name in POINTER.findall(words)}))
def test_a_command_that_is_pointed_to_exists(name: str) -> None:
    assert name in COMMANDS
