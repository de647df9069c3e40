"""What is seen on the screen is found in the code."""

import re

from tests.words.said import keys
from tests.words.where import found


def test_a_sentence_is_found_with_its_numbers_and_in_korean() -> None:
    seen = "T × H² = 500 × 128² = 8,192,000 값이 한도 2,000,000보다 큽니다. T를 122 이하로 낮추거나"
    assert found(seen)[0][0].startswith("rnnviz/experiments/settings_checks.py:")


def test_the_first_answer_is_the_sentence_itself() -> None:
    long = [one for one in keys() if len(one.text) > 30][::150]
    assert len(long) > 5
    for one in long:
        assert found(re.sub(r"\{[^}]*\}", "7", one.text))[0][1] == one.text
