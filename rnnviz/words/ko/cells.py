"""What the cells say of themselves: signals, what 0 and 1 mean, and their options."""

WORDS = {
    "Peephole LSTM": "핍홀 LSTM",
    "Coupled LSTM": "결합 LSTM",
    "LSTM of 1997": "1997년의 LSTM",
    "minGRU": "minGRU",
    "minLSTM": "minLSTM",
    "kept share": "유지 비율",
    "c runs straight through: f is the valve on its road, and 1 − f lets the candidate in.":
        "c는 곧게 지나갑니다. f는 그 길의 밸브이고, 1 − f가 후보를 들여보냅니다.",
    "h runs straight through: f is the valve on its road, 1 − f lets the candidate in.":
        "h는 곧게 지나갑니다. f는 그 길의 밸브이고, 1 − f가 후보를 들여보냅니다.",
    "c runs straight through with no valve on its road: what i ⊙ g adds stays for good.":
        "c는 밸브 없는 길을 곧게 지나갑니다. i ⊙ g가 더한 것은 영원히 남습니다.",
    "h meets no weight: z is the valve on its only road, and z sees the input alone.":
        "h는 가중치를 만나지 않습니다. z는 하나뿐인 길의 밸브이며 입력만 봅니다.",
    "h meets no weight: k = f / (f + i) is the valve on its only road, and it sees x alone.":
        "h는 가중치를 만나지 않습니다. k = f / (f + i)는 하나뿐인 길의 밸브이며 x만 봅니다.",
    "forget gate": "망각 게이트",
    "input gate": "입력 게이트",
    "output gate": "출력 게이트",
    "update gate": "갱신 게이트",
    "reset gate": "재설정 게이트",
    "candidate": "후보",
    "hidden state": "은닉 상태",
    "cell state": "셀 상태",
    "1 remembers, 0 erases": "1이면 기억, 0이면 삭제",
    "remembers": "기억",
    "erases": "삭제",
    "1 writes, 0 blocks": "1이면 기록, 0이면 차단",
    "writes": "기록",
    "blocks": "차단",
    "1 shows, 0 hides": "1이면 노출, 0이면 은폐",
    "shows": "노출",
    "hides": "은폐",
    "1 keeps, 0 replaces": "1이면 유지, 0이면 교체",
    "keeps": "유지",
    "replaces": "교체",
    "1 uses it, 0 ignores the past": "1이면 과거를 사용, 0이면 무시",
    "uses it": "과거를 사용",
    "ignores the past": "과거를 무시",
    "tanh": "tanh",
    "relu": "ReLU",
    "sigmoid": "시그모이드",
    "identity": "항등 함수",
    "full": "전체",
    "diagonal": "대각",
}  # fmt: skip
