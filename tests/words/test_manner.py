"""How things are said: plain words in English, one Korean term for each."""

import re

from rnnviz.words._catalogues import catalogues
from tests.words.said import keys

RIDDLES = re.compile(
    r"\b(roads?|mills?|dear(er|est)?|pays?|paid|whoever|nobody|laws? of the|laws? \w+,|each law|"
    r"every law|figures? of merit|count here|handed on|the very (step|weights|numbers|losses))\b",
    re.I,
)
"""What no textbook on recurrent nets says."""
SLOPE = re.compile(r"\bslopes?\b", re.I)
CURVES = {"rnnviz/ui/pages/systems/findings.py"}
"""Where the slope of a drawn curve is meant; elsewhere it is a gradient or a derivative."""
ONE_TERM = {
    r"(?<![가-힣])쪽(에서|의|에|입니다|$)": "페이지",
    r"(?<![가-힣])창(은|이|을|의|에|마다|으로|과)?(?![가-힣])": "구간",
    "리셋": "재설정",
    "은폐": "숨김",
    "수열": "시퀀스",
    "특이값": "특잇값",
    "중심 차분": "중앙 차분",
    "볼 곳": "관련 페이지",
    "무엇을 늘리|늘림": "늘이다: to stretch",
    r"[}\dkdT]시점(?!별)|시점 만에|시점당": "스텝: how many; 시점 says which",
    "경사(?! 하강)": "기울기: the gradient",
    "검증됨": "검증 통과",
    "스펙트럼 반지름": "스펙트럼 반경",
    "짐작|찍": "추측",
    "십시오": "…세요, in all that asks the reader to do something",
    "도달": "닿다",
    "1 % 지평": "1 % 미만이 되는 거리",
    "닫힌 식": "닫힌 형태",
    "(?<!셀 )(?<![가-힣])지도": "히트맵",
    "순방향(?! 신경망)": "정방향: a direction; 순전파: a pass",
}
"""What is not said in Korean → what is."""


def test_english_is_plain():
    wrong = []
    for one in keys():
        text = re.sub(r"\{.*?\}", "", one.text)
        sloping = one.file not in CURVES and SLOPE.search(text)
        if sloping or RIDDLES.search(text):
            wrong.append((one.file, one.text))
    assert not wrong, wrong


def test_quotation_marks_are_curly_in_both_languages():
    texts = [text for one in keys() for text in (one.text, catalogues()["ko"].get(one.text, ""))]
    assert not [text for text in texts if re.search("[«»]", text)]


def test_korean_has_one_term_for_each():
    wrong = [(korean, better) for korean in catalogues()["ko"].values()
             for banned, better in ONE_TERM.items() if re.search(banned, korean)]  # fmt: skip
    assert not wrong, wrong


def test_the_questions_of_pages_have_one_form_in_korean():
    cards = re.compile(r"rnnviz/ui/pages/\w+/__init__\.py")
    asked = [one.text for one in keys() if cards.fullmatch(one.file) and one.text.endswith("?")]
    korean = [catalogues()["ko"][text] for text in asked]
    assert len(asked) > 10
    assert not [text for text in korean if re.search(r"(까|요|니)\?$", text)]
