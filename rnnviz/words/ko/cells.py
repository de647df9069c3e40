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
    "Make the inputs smaller, or raise the bias further: they alone set the {cell}'s {gate}, "
    "which is at {mean} on average.":
        "입력을 줄이거나 편향을 더 올리세요. {cell}의 {gate:은는} 이 둘만으로 "
        "정해지며, 지금 평균 {mean}입니다.",
    "Look at {state}, on the page {page}: there the {cell} still has {left} of its gradient, "
    "and only the way from h into {state} is narrow.":
        "‘{page}’ 쪽에서 {state:을를} 보세요. {cell}의 기울기는 그곳에 아직"
        " {left}배만큼 남아 있고, h에서 {state:으로} 가는 길만 좁습니다.",
    "Let the {cell}'s {gate} go free: it is held at {value:g}.":
        "{cell}의 {gate:을를} 풀어 주세요. 지금 {value:g}에 고정되어 "
        "있습니다.",
    "Draw the weights by the law chrono, which sets b_i = −b_f: with its {gate} at {mean} on "
    "average the {cell} forgets, and b_f alone lifts it only to f / (f + i) with f = 1.":
        "b_i = −b_f로 두는 chrono로 가중치를 추출하세요. {gate:이가} 평균 "
        "{mean}이어서 {cell:은는} 잊어버리고, b_f만으로는 f = 1일 때의 f /"
        " (f + i)까지만 올릴 수 있습니다.",
    "Nothing shuts the {cell}'s road along {state}; to see h forget, look at how the output "
    "gate hides what it shows.":
        "{cell}에서 {state:을를} 따라가는 길을 막는 것은 없습니다. h가 잊는 "
        "모습을 보려면 출력 게이트가 h를 어떻게 가리는지 보세요.",
    "To see the {cell} forget, let its {gate} go free: it is held at {value:g}.":
        "{cell:이가} 잊는 모습을 보려면 {gate:을를} 풀어 주세요. 지금 "
        "{value:g}에 고정되어 있습니다.",
    "Make the inputs smaller: the {cell}'s values leave the range of floats.":
        "입력을 줄이세요. {cell}의 값이 부동소수점 범위를 벗어납니다.",
    "the first one's share of the two":
        "둘 가운데 첫째의 비율",
    "{gate}, held at {value:g}":
        "{gate}, {value:g}에 고정",
    "Choose the LSTM as well, whose forget gate is a valve on that road.":
        "그 길에 망각 게이트라는 밸브가 있는 LSTM도 함께 골라 보세요.",
    "At the first step of the **{cell}**, {share} of the gradient of {state} (by norm) came "
    "along {state} alone, times 1 at every step; the rest went through the weights at least "
    "once.":
        "**{cell}**의 첫 시점에서 {state} 기울기의 {share:이가}(노름 "
        "기준) 시점마다 1을 곱하며 {state}만 따라왔고, 나머지는 가중치를 적어도 한 번"
        " 거쳤습니다.",
    "It neither dies nor explodes: a step multiplies by a gate, which is at most 1.":
        "사라지지도 폭발하지도 않습니다. 한 시점은 1을 넘지 않는 게이트를 곱할 뿐입니다.",
    "The **{cell}** forgets everything: at some step no gate lets anything through.":
        "**{cell:은는}** 모두 잊습니다. 어떤 시점에서는 게이트가 아무것도 통과시키지 "
        "않습니다.",
}  # fmt: skip
