"""The 85 bad inputs: all are there, and sequences of the wrong kind end as they should."""

from tests.formats.cases import CASES, answered

OPEN = {59, 60, 61, 66, 67, 68, 73, 74, 76, 78, 79}
"""The inputs from 57 to 79 that are accepted."""


def test_every_case_is_there_and_sequences_are_read_or_refused() -> None:
    assert sorted(CASES) == list(range(1, 86))
    said = {number: answered(CASES[number][1]) for number in range(57, 80) if number != 70}
    assert not [one for one in said.values() if one.startswith("!!")]
    assert {number for number, one in said.items() if one.startswith("✓")} == OPEN
