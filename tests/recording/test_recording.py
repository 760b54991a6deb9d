"""What users see is what was recorded: standard output, standard error, exit status and files of every command.

After a wanted change, `tests/recording/record` records it anew; read the difference before it is committed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.recording import recording, writing
from tests.recording.cases import cases
from tests.recording.running import runner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.recording.running import Runner

CASES = cases()
_OLDER = recording.older()

# Libraries word their messages otherwise from version to version; a stage with the lowest ones proves that perezkg
# works with them, not that they say the same.
pytestmark = pytest.mark.skipif(bool(_OLDER), reason=f"recorded with newer libraries than {', '.join(_OLDER)}")


@pytest.fixture(scope="module")
def where() -> Iterator[Runner]:
    with runner() as found:
        yield found


@pytest.fixture(scope="module")
def expected() -> dict[str, str]:
    return recording.recorded()


@pytest.mark.parametrize("name", CASES)
def test_users_see_what_was_recorded(name: str, where: Runner, expected: dict[str, str]) -> None:
    case = CASES[name]
    assert writing.block(case, recording.run(case, where)) == expected[writing.shown(name)]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.apart])
def test_a_process_of_its_own_says_the_same(name: str, where: Runner, expected: dict[str, str]) -> None:
    case = CASES[name]
    assert writing.block(case, where.run_apart(case)) == expected[writing.shown(name)]


def test_every_case_is_recorded_and_nothing_else(expected: dict[str, str]) -> None:
    assert set(expected) == {writing.shown(name) for name in CASES}
