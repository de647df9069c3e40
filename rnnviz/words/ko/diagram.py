"""The cell, drawn; its arithmetic; weights set by hand."""

WORDS = {
    "The cell": "셀",
    "Values →": "값 →",
    "← Gradients": "← 기울기",
    "What runs on the wires": "선에 흐르는 것",
    "Unit": "유닛",
    "The same cell, timestep after timestep": "시점마다 되풀이되는 같은 셀",
    "Each column is the cell above at one timestep, for unit {unit}. The ribbon is the norm of the "
    "gradient over all units, on one absolute scale of powers of ten.": "각 열은 위의 셀을 한 "
    "시점에서, 유닛 {unit}에 대해 그린 것입니다. 띠는 모든 유닛에 걸친 기울기의 노름이며, 10의 "
    "거듭제곱으로 된 하나의 절대 눈금을 씁니다.",
    "All of it in numbers": "전부 숫자로",
    "signal": "신호",
    "equation, with the numbers put in": "숫자를 넣은 식",
    "gradient": "기울기",
    "Unit {unit} of the {cell}. x·W and h·W are the sums over all inputs and all hidden units. The "
    "gradient is that of the loss, with all that arrives from later steps.": "{cell}의 유닛 "
    "{unit}. x·W와 h·W는 모든 입력과 모든 은닉 유닛에 대한 합입니다. 기울기는 손실의 기울기이며, "
    "이후 시점에서 도착하는 것을 모두 포함합니다.",
    "The unit's gates, its states and candidate, and |∂L/∂ ·| of each, in total.": "이 유닛의 "
    "게이트, 상태와 후보값, 그리고 각각에 도착하는 |∂L/∂ ·|의 총합입니다.",
    "Unit {unit}: gates, states and their gradients against time.": "유닛 {unit}: 시점에 따른 "
    "게이트와 상태, 그 기울기.",
    "The equations, and where they come from": "식과 그 출처",
    "Gates: 0 closed, 1 open": "게이트: 0 닫힘, 1 열림",
    "gate value": "게이트 값",
    "States and candidate": "상태와 후보값",
    "Gradient arriving at each, |∂L/∂ ·|": "각각에 도착하는 기울기, |∂L/∂ ·|",
    "1 {at_1}, 0 {at_0}": "1이면 {at_1}, 0이면 {at_0}",
    "input": "입력",
    "{state} as it leaves this step": "이 시점을 떠나는 {state}",
    "the rest, 1 − gate": "나머지, 1 − 게이트",
    "product": "곱",
    "sum": "합",
    "squashed": "활성화 함수를 지난 값",
    "weighted sum": "가중합",
    # The roads
    "No road leads past the mill: every step goes through W_h and φ.": "곧은 길이 없습니다. "
    "시점마다 W_h와 φ를 거쳐야 합니다.",
    "c runs straight through: f is the valve on its road, i ⊙ g joins it, o lets h out.": "c는 "
    "곧게 지나갑니다. f는 그 길 위의 밸브이고, i ⊙ g가 합류하며, o가 h를 내보냅니다.",
    "h runs straight through: z is the valve on its road, 1 − z lets the candidate in.": "h는 곧게 "
    "지나갑니다. z는 그 길 위의 밸브이고, 1 − z가 후보값을 들여보냅니다.",
    "c runs straight through, as in the LSTM; its gates look at c as well.": "LSTM처럼 c는 곧게 "
    "지나가며, 게이트가 c도 들여다봅니다.",
    # On the map
    "value {value}": "값 {value}",
    "gradient {value}": "기울기 {value}",
    "The cell as a map, values from left to right": "셀 지도, 값은 왼쪽에서 오른쪽으로",
    "The cell as a map, gradients from right to left": "셀 지도, 기울기는 오른쪽에서 왼쪽으로",
    "Click a node, or press Enter on it, for its arithmetic; ↑ and ↓ go from part to part, ← and → "
    "through time.": "노드를 누르거나 Enter를 치면 계산 과정이 열립니다. ↑ ↓는 부분 사이를, ← →는 "
    "시점 사이를 옮겨 다닙니다.",
    "Show {cell} large": "{cell} 크게 보기",
    "width: size, a decade a step": "굵기: 크기 (로그 눈금)",
    "negative": "음수",
    "positive": "양수",
    "dotted: below {value}": "점선: {value} 미만",
    "Close": "닫기",
    "the other {n} terms": "나머지 {n}개 항",
    "Show all {n} terms": "{n}개 항 모두 보기",
    "Show the largest terms": "가장 큰 항만 보기",
    "bias": "편향",
    "term": "항",
    "weight": "가중치",
    "Set {weight}": "{weight} 값 바꾸기",
    "edited": "바꿈",
    "How the gradient that arrives is split": "도착한 기울기가 나뉘는 방식",
    "What meets here": "여기서 만나는 것",
    "back by {road}": "되돌아오는 길: {road}",
    "back by {road}, at t + 1": "t + 1에서 되돌아오는 길: {road}",
    "from the loss at step t": "시점 t의 손실에서",
    "in total": "모두 합해",
    "times φ′ = {slope}": "× φ′ = {slope}",
    "Nothing arrives here at this step.": "이 시점에는 여기에 도착하는 것이 없습니다.",
    "h_t of every unit": "모든 유닛의 h_t",
    "Show unit {k}": "유닛 {k} 보기",
    "the loss at step t itself": "시점 t 자체의 손실",
    "{state}, on to the next step": "{state}, 다음 시점으로",
    "{source} into {target}": "{source} → {target}",
    "{source} · {weight}, summed, into {target}": "{source} · {weight}의 합 → {target}",
    # Unrolled
    "Timesteps {first} to {last} side by side": "나란히 놓은 시점 {first}–{last}",
    "the same weights at every timestep": "모든 시점에서 같은 가중치",
    "‖∂L/∂{state}_t‖, from right to left": "‖∂L/∂{state}_t‖, 오른쪽에서 왼쪽으로",
    "‖∂L/∂{state}‖ at {t}: {value}": "시점 {t}의 ‖∂L/∂{state}‖: {value}",
    "start": "시작",
    "end": "끝",
    # Edits
    "{n} weight edited": "가중치 {n}개를 바꿈",
    "{n} weights edited": "가중치 {n}개를 바꿈",
    "{settings}, {n} weight edited": "{settings}, 가중치 {n}개를 바꿈",
    "{settings}, {n} weights edited": "{settings}, 가중치 {n}개를 바꿈",
    "Reset edits": "바꾼 값 되돌리기",
    "At most {most} weights can be edited at once, not {count}.": "한 번에 바꿀 수 있는 가중치는 "
    "{most}개까지입니다. 지금은 {count}개입니다.",
    "The cell {cell} has no parameter {parameter} to edit: it has {known}.": "{cell} 셀에는 바꿀 "
    "매개변수 {parameter:이가} 없습니다. 있는 것은 {known}입니다.",
    "The edited weight {name} of the cell {cell} does not exist: {parameter} has the shape "
    "{shape}.": "{cell} 셀에는 바꾸려는 가중치 {name:이가} 없습니다. "
    "{parameter}의 모양은 {shape}입니다.",
    "The edited weight {name} must be within ±{most:g}, got {got:g}.": "바꾸려는 가중치 "
    "{name:은는} ±{most:g} 안이어야 합니다. 받은 값은 {got:g}입니다.",
}
