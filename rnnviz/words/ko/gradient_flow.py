"""The gradient flow page."""

WORDS = {
    "How the gradient flows back": "기울기는 어떻게 거슬러 흐르는가",
    "‖∂L/∂ ·‖ at t = {t}:": "t = {t}에서 ‖∂L/∂ ·‖:",
    "Gradient norm of every signal, over its units": "신호별 기울기 노름(전체 유닛)",
    "What each timestep adds to the weights' gradients": "각 시점이 가중치의 기울기에 더하는 양",
    "‖∂L/∂W at t‖<sub>F</sub>": "‖t에서의 ∂L/∂W‖<sub>F</sub>",
    "Gates: mean and middle 80 % of units": "게이트: 유닛의 평균과 가운데 80 %",
    "|h|: mean and middle 80 % of units": "|h|: 유닛의 평균과 가운데 80 %",
    "‖∂L/∂signal_t‖₂ over the units; ‖∂L/∂W restricted to step t‖ (Frobenius), which add up, as "
    "matrices, to the weight's gradient; how far the gates were open. Grey, what theory says of a "
    "loss on the last step that has one, S: {theory}.":
        "위에서부터 유닛 전체의 ‖∂L/∂신호_t‖₂, 행렬로 더하면 가중치의 기울기가 되는 ‖시점 t로 "
        "제한한 ∂L/∂W‖(프로베니우스), 그리고 게이트가 열린 정도입니다. 회색 선은 손실이 있는 "
        "마지막 시점 S의 손실에 대한 이론값입니다: {theory}.",
    "‖∂L/∂h_t‖ runs from {last} at the last step to {first} at step 1.":
        "‖∂L/∂h_t‖는 마지막 시점의 {last}에서 시점 1의 {first}까지 변합니다.",
    "{line} lies {apart:.2g} powers of ten above it there.":
        "그 시점에서 이론선 {line:은는} 10의 {apart:.2g}제곱 배만큼 위에 있습니다.",
    "{line} lies {apart:.2g} powers of ten below it there.":
        "그 시점에서 이론선 {line:은는} 10의 {apart:.2g}제곱 배만큼 아래에 있습니다.",
    "From every step back to every earlier one": "모든 시점에서 그 이전의 모든 시점으로",
    "Of": "대상",
    "all of the state": "상태 전체",
    "h alone": "h만",
    "c alone": "c만",
    "from step t": "출발 시점 t",
    "back to step k": "도착 시점 k",
    "‖∂{symbol}_t/∂{symbol}_k‖ (Frobenius): how much step k still matters at step t, whatever the "
    "loss. It is the norm of the product of all step Jacobians between.":
        "‖∂{symbol}_t/∂{symbol}_k‖(프로베니우스)는 손실과 무관하게 시점 k가 시점 t에 아직 얼마나 "
        "영향을 주는지를 나타냅니다. 두 시점 사이의 모든 야코비 행렬을 곱한 것의 노름입니다.",
    "{cell}: from the last step back to the initial state {far}, one step back at the end {near}.":
        "{cell}: 마지막 시점에서 초기 상태까지는 {far}, 마지막 한 시점만 거슬러 가면 {near}입니다.",
    "The future does not reach the past.": "미래는 과거에 영향을 주지 않습니다.",
    "the product of the step Jacobians ∂s_j/∂s_(j−1) for j = {k1} … {t}.":
        "j = {k1} … {t}에 걸친 시점별 야코비 행렬 ∂s_j/∂s_(j−1)의 곱입니다.",
    "The step that shrank it most, or grew it least, is step {j}: by a factor of {loss}.":
        "이 값을 가장 많이 줄였거나 가장 적게 키운 시점은 {j}이며, 그 배율은 {loss}입니다.",
}  # fmt: skip
