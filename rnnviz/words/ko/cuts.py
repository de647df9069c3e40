"""The cuts page."""

WORDS = {
    "What is cut off on purpose": "일부러 잘라 내는 것",
    "Truncated backpropagation through time": "시간에 따른 절단 역전파",
    "k, steps between cuts": "k, 절단 사이의 시점 수",
    "At t = {t}: ‖∂L/∂h‖ is {0:log} in full and {1:log} with the cuts; share removed {2}.":
        "t = {t}에서 ‖∂L/∂h‖는 전체로는 {0:log}, 절단하면 {1:log}입니다. 제거된 몫은 {2}입니다.",
    "Gradient norm; shaded, what is missing": "기울기 노름(음영은 빠진 부분)",
    "Share of ∂L/∂h<sub>t</sub> that the cuts remove": "절단이 제거하는 ∂L/∂h<sub>t</sub>의 몫",
    "cut": "절단",
    "removed": "제거된 몫",
    "‖full − cut‖ / ‖full‖": "‖전체 − 절단‖ / ‖전체‖",
    "Windows of k steps from the start: states are handed on, gradients are not. What a step "
    "before a cut would have received from later losses is gone.":
        "처음부터 k시점씩 창을 나눕니다. 상태는 다음 창으로 넘어가지만 기울기는 넘어가지 "
        "않습니다. 절단 앞의 시점이 뒤의 손실에서 받았을 기울기는 사라집니다.",
    "The cuts change {shares} (by norm of the difference).":
        "절단으로 달라지는 몫(차의 노름 기준)은 {shares}입니다.",
    "{share:.3g} % of ∂L/∂{name}": "∂L/∂{name}의 {share:.3g} %",
    "nothing of ∂L/∂{name}": "∂L/∂{name}의 0 %",
    "∂L/∂{name}, which no float can hold, by an unknown share":
        "부동소수점으로 담을 수 없는 ∂L/∂{name}의 알 수 없는 몫",
    "Clipping": "기울기 클리핑",
    "Clip": "클리핑 대상",
    "the norm of all": "전체의 노름",
    "each number": "각각의 수",
    "norm before": "클리핑 전 노름",
    "norm after": "클리핑 후 노름",
    "cosine": "코사인",
    "Norm clipping multiplies all gradients by min(1, θ/‖all‖) and keeps their direction (cosine "
    "1); value clipping cuts each number at ±θ and bends it.":
        "노름 클리핑은 모든 기울기에 min(1, θ/‖전체‖)를 곱하므로 방향이 그대로입니다(코사인 1). "
        "값 클리핑은 각각의 수를 ±θ에서 자르므로 방향이 휩니다.",
    "There is no gradient to clip: it is exactly 0.":
        "기울기가 정확히 0이라 클리핑할 것이 없습니다.",
    "At θ = {limit} nothing is clipped: the norm of all is {norm}.":
        "θ = {limit}에서는 잘리는 것이 없습니다. 전체의 노름은 {norm}입니다.",
    "Some gradients are beyond what a float can hold: clipping leaves nothing to go by.":
        "부동소수점으로 담을 수 없는 기울기가 있어, 클리핑하면 쓸 수 있는 값이 남지 않습니다.",
    "The gradient of all parameters, {before} long, is shortened to {after}; the cosine between "
    "the two is {cosine}.":
        "모든 매개변수의 기울기는 길이가 {before}에서 {after:으로} 줄었고, 둘 사이의 코사인은 "
        "{cosine}입니다.",
    "The gradient of all parameters, {before} long, is cut number by number to {after}; the cosine "
    "between the two is {cosine}.":
        "모든 매개변수의 기울기는 수마다 잘려 길이가 {before}에서 {after:으로} 줄었고, 둘 사이의 "
        "코사인은 {cosine}입니다.",
    "Why clip: the cliff of a one-unit network": "왜 클리핑하는가: 유닛 하나짜리 망의 절벽",
    "T of the one-unit net": "유닛 하나짜리 망의 T",
    "x_t = w σ(x_{t−1}) + b, x₀ = 0; loss (x_T − 0.5)². The arrows are one step of gradient "
    "descent with rate 1, unclipped and clipped to norm 0.5, cut at the edge.":
        "x_t = w σ(x_{t−1}) + b, x₀ = 0이고 손실은 (x_T − 0.5)²입니다. 화살표는 학습률 1인 경사 "
        "하강 한 걸음으로, 클리핑하지 않은 것과 노름 0.5로 클리핑한 것이며 가장자리에서 "
        "잘랐습니다.",
    "At w = {w:g}, b = {b:g} the gradient's norm is {norm}. On the line b = −w/2 the state stays 0 "
    "and ∂x_T/∂b = ((w/4)^T − 1)/(w/4 − 1) = {closed}; computed: {computed}.":
        "w = {w:g}, b = {b:g}에서 기울기의 노름은 {norm}입니다. 직선 b = −w/2 위에서는 상태가 0에 "
        "머물고 ∂x_T/∂b = ((w/4)^T − 1)/(w/4 − 1) = {closed}이며, 계산한 값은 {computed}입니다.",
    "One step of rate 1 is {raw} long unclipped, {clipped} clipped. On the line b = −w/2 = {b} the "
    "slope ∂x_T/∂b is **{slope}**.":
        "학습률 1인 한 걸음의 길이는 클리핑하지 않으면 {raw}, 클리핑하면 {clipped}입니다. 직선 "
        "b = −w/2 = {b} 위에서 ∂x_T/∂b의 값은 **{slope}**입니다.",
    "unclipped": "클리핑 안 함",
    "clipped": "클리핑함",
}  # fmt: skip
