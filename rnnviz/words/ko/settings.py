"""Settings in one line, and why some cannot be shown."""

WORDS = {
    "{task}, T = {T}, H = {H}, seed {seed}, {init} initialisation, gain {scale:g}":
        "{task}, T = {T}, H = {H}, 시드 {seed}, {init} 초기화, 이득 {scale:g}",
    "{task}, T = {T}, H = {H}, seed {seed}, {init} initialisation, ρ(W_h) {scale:g}":
        "{task}, T = {T}, H = {H}, 시드 {seed}, {init} 초기화, ρ(W_h) {scale:g}",
    "Choose 1 to {most} cells, not {count}.":
        "셀은 1개에서 {most}개까지 고를 수 있습니다(현재 {count}개).",
    "T × H² = {T} × {H}² = {work:,} is above the limit of {limit:,}: lower T to {lower_T} or H to "
    "{lower_H}.":
        "T × H² = {T} × {H}² = {work:,} 값이 한도 {limit:,}보다 큽니다. T를 {lower_T} 이하로 "
        "낮추거나 H를 {lower_H} 이하로 낮추세요.",
    "The text must have at least one character.": "글은 한 글자 이상이어야 합니다.",
    "T must be from {low} to {high}, got {got}.":
        "T는 {low} 이상 {high} 이하여야 합니다(현재 {got}).",
    "T must be from {low} to {high} ({why}), got {got}.":
        "T는 {low} 이상 {high} 이하여야 합니다(현재 {got}). 이유: {why}.",
    "The steps of the loss must be numbers or ranges within 1 … {T}, such as “10, 20-25”, not "
    "“{got}”.":
        "손실의 시점은 1 … {T} 안의 번호나 구간이어야 합니다. “10, 20-25”처럼 적으세요. "
        "“{got}”은(는) 읽을 수 없습니다.",
    "Name the steps at which the loss sits, within 1 … {T}, such as “10, 20-25”.":
        "손실이 있을 시점을 1 … {T} 안에서 “10, 20-25”처럼 적으세요.",
    "{settings}, held: {gates}": "{settings}, 고정: {gates}",
    "The gate {gate} of the cell {cell} cannot be held at {value:g}: it must be one of {gates}, "
    "and the value from 0 to 1.":
        "{cell} 셀의 게이트 {gate:을를} {value:g}에 고정할 수 없습니다. 게이트는 {gates} 가운데 "
        "하나, 값은 0 이상 1 이하여야 합니다.",
    "{cells}: there is no W_h to set.": "{cells}: 정할 W_h가 없습니다.",
    "Hold gates": "게이트 고정",
    "free": "고정 안 함",
    "Held at a value, a gate sees nothing and its weights count for nothing: the ablation that "
    "shows what it is for. Gradients are those of the cell without that gate.":
        "값에 고정된 게이트는 아무것도 보지 않으며 그 가중치는 쓰이지 않습니다. 게이트의 역할을 "
        "보여 주는 절제 실험이며, 기울기는 그 게이트가 없는 셀의 것입니다.",
    "{signal} is held at {value:g}": "{signal} 값을 {value:g}에 고정함",
    # What would take too long
    "Estimated from {probes} probes at every t, half of them random: standard error {typical:.2g} "
    "% over all pairs (root mean square), {most:.2g} % at most. Exact up to T = {steps} or H = "
    "{hidden}.":
        "모든 t에서 탐침 벡터 {probes}개(절반은 무작위)로 추정한 값입니다. 표준 오차는 모든 쌍의 "
        "제곱평균제곱근으로 {typical:.2g} %, 최대 {most:.2g} %입니다. T = {steps} 또는 H = "
        "{hidden}까지는 정확한 값을 계산합니다.",
    "The exact map is left out, for it would take too long: it is there up to T = {steps} or H = "
    "{hidden}.":
        "정확한 지도는 시간이 너무 오래 걸려 생략합니다. T = {steps} 또는 H = {hidden}까지는 "
        "표시합니다.",
    "Followed: the {count} directions that all steps together stretch most, each kept orthogonal "
    "to those before it (QR at every step). All {n} singular values are there up to T = {steps} or "
    "H = {hidden}.":
        "모든 시점을 합쳐 가장 많이 늘어나는 방향 {count}개를, 앞선 방향들과 직교하도록 시점마다 "
        "QR 분해하며 따라갑니다. 특잇값 {n}개는 T = {steps} 또는 H = {hidden}까지 모두 "
        "표시합니다.",
    "Singular values and exponents are left out, for they would take too long: they are there up "
    "to T = {steps} or H = {hidden}.":
        "특잇값과 지수는 시간이 너무 오래 걸려 생략합니다. T = {steps} 또는 H = {hidden}까지는 "
        "표시합니다.",
}  # fmt: skip
