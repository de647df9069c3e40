"""The initialisation page and its closed forms."""

WORDS = {
    # the page
    "What did the first numbers decide?": "첫 수치가 무엇을 정했는가",
    "Initialisations": "초기화 방법",
    "PyTorch": "PyTorch",
    "Keras": "Keras",
    "Glorot": "Glorot",
    "orthogonal": "직교",
    "identity, ReLU": "항등, ReLU",
    "identity W_h": "항등 W_h",
    "‖∂L/∂h‖ at t = {t}, median (10 % to 90 %):": "t = {t}에서 ‖∂L/∂h‖, 중앙값(10 %에서 90 %):",
    "chrono": "chrono",
    "sidebar": "사이드바",
    "{n} seeds of each …": "각각 시드 {n}개를 계산하는 중 …",
    "Lines: the median of {n} seeds; bands: 10 % to 90 % of them (each the value of one seed). t = "
    "0 is the initial state.":
        "선은 시드 {n}개의 중앙값, 띠는 그중 10 %에서 90 %까지입니다(각각 한 시드의 값). t = 0은 "
        "초기 상태입니다.",
    "One step back: closed form and measurement": "한 시점 거슬러 갈 때: 닫힌 식과 측정값",
    "Factor per step: (‖∂L/∂{state}_1‖ / ‖∂L/∂{state}_S‖)^(1/(S − 1)), S the last step with a "
    "gradient. Bars: 10 % to 90 % of the seeds.":
        "시점당 배율: (‖∂L/∂{state}_1‖ / ‖∂L/∂{state}_S‖)^(1/(S − 1)). S는 기울기가 있는 마지막 "
        "시점입니다. 막대는 시드의 10 %에서 90 %까지입니다.",
    "The bias from {low} to {high}": "편향 {low}에서 {high}까지",
    "{gate} alone": "{gate} 단독",
    "No bias of the {cell} opens a gate that keeps its state. Choose an LSTM or a GRU to see one "
    "that does.":
        "{cell}에는 상태를 유지하는 게이트를 여는 편향이 없습니다. 그런 편향을 보려면 LSTM이나 "
        "GRU를 고르세요.",
    "Measured: the law of the sidebar with b_{gate} set, {n} seeds at each mark. Dashed: "
    "{shown}, the road along {state} alone; it holds where x and h add nothing to the gate and "
    "nothing returns through the weights.":
        "측정값은 사이드바의 초기화에서 b_{gate}만 바꾸고 표시된 값마다 시드 {n}개로 잰 것입니다. "
        "파선은 "
        "{state}만 따라가는 경로의 {shown}이며, x와 h가 게이트에 아무것도 더하지 않고 가중치를 "
        "거쳐 "
        "돌아오는 기울기가 없을 때 성립합니다.",
    "From the end to the start: every law, every seed": "끝에서 처음까지: 모든 초기화, 모든 시드",
    "least": "최소",
    "most": "최대",
    "below / above float64": "float64 범위 아래 / 위",
    "below / above float32": "float32 범위 아래 / 위",
    "‖∂L/∂h₁‖ / ‖∂L/∂h_S‖ over {n} seeds. Below, above: the share of seeds whose norm leaves the "
    "range of normal floats on the way; the core itself computes in float64 with a carried power "
    "of two.":
        "시드 {n}개에 대한 ‖∂L/∂h₁‖ / ‖∂L/∂h_S‖입니다. 아래와 위는 도중에 노름이 정규 부동소수점 "
        "범위를 벗어나는 시드의 비율입니다. 계산 자체는 2의 거듭제곱을 따로 둔 float64로 합니다.",
    "{settings}. {n} seeds, {first} to {last}: weights anew, and the sequence where it is drawn. "
    "Single edited weights do not count here.":
        "{settings}. 시드 {n}개({first}–{last}): 가중치를 새로 뽑고, 무작위 시퀀스도 새로 "
        "뽑습니다. "
        "하나씩 고친 가중치는 여기에 들어가지 않습니다.",
    # figures
    "measured, median": "측정값, 중앙값",
    "closed form": "닫힌 식",
    "{line}: 10 % to 90 % of the seeds": "{line}: 시드의 10 %에서 90 %까지",
    "10 % to 90 % of the seeds": "시드의 10 %에서 90 %까지",
    "factor per step": "시점당 배율",
    # findings
    "No gradient reaches any step of the **{cell}**. Put the loss on another step, or take another "
    "seed.":
        "**{cell}**의 어느 시점에도 기울기가 닿지 않습니다. 손실을 다른 시점에 두거나 다른 시드를 "
        "쓰세요.",
    "The **{cell}** under «{best}» brings {most} of the gradient back to step 1 (median of {n} "
    "seeds).":
        "«{best}» 초기화의 **{cell:은는}** 첫 시점까지 기울기의 {most}배를 되돌려 보냅니다(시드 "
        "{n}개의 중앙값).",
    "The same **{cell}** brings {most} of the gradient back to step 1 under «{best}» and {least} "
    "under «{worst}» (medians of {n} seeds).":
        "같은 **{cell}**인데도 첫 시점까지 되돌아오는 기울기는 «{best}»에서 {most}배, "
        "«{worst}»에서 "
        "{least}배입니다(시드 {n}개의 중앙값).",
    "Every loss adds its own here: put the loss on the last step to see how far a single one "
    "travels.":
        "지금은 손실마다 기울기가 더해집니다. 한 손실의 기울기가 얼마나 멀리 가는지 보려면 손실을 "
        "마지막 시점에 두세요.",
    "Lower the gain, or set W_h by its spectral radius, to 1: even the best of them explodes.":
        "가장 나은 초기화에서도 폭발합니다. 이득을 낮추거나 W_h의 스펙트럼 반경을 1로 정하세요.",
    "Raise the gain to see it explode.": "이득을 높이면 폭발하는 것을 볼 수 있습니다.",
    "Choose «{best}» in the sidebar, then raise the gain to see it explode.":
        "사이드바에서 «{best}» 초기화를 고른 뒤 이득을 높이면 폭발하는 것을 볼 수 있습니다.",
    "No b_{gate} up to 6 brings 1 % back: lower T, or raise the gain.":
        "b_{gate:을를} 6까지 높여도 1 %가 돌아오지 않습니다. T를 줄이거나 이득을 높이세요.",
    "From b_{gate} = {bias:g} on more than 1 % comes back: lower the sidebar's b_{gate} from "
    "{now:g} below that to lose it.":
        "b_{gate} = {bias:g}부터 1 % 넘게 돌아옵니다. 사이드바의 b_{gate:을를} {now:g}에서 그 "
        "아래로 "
        "낮추면 사라지는 것을 볼 수 있습니다.",
    "Raise the sidebar's b_{gate} from {now:g} to {bias:g}: from there on more than 1 % comes "
    "back.":
        "사이드바의 b_{gate:을를} {now:g}에서 {bias:g}까지 높이세요. 거기서부터 1 % 넘게 "
        "돌아옵니다.",
    "{law}: closed form {closed}, measured {middle} ({low} to {high}).":
        "{law}: 닫힌 식 {closed}, 측정값 {middle}({low}–{high})입니다.",
    "{law}: measured {middle} ({low} to {high}).": "{law}: 측정값 {middle}({low}–{high})입니다.",
    "The {cell}: the road alone never comes within 5 % of what is measured; at b_{gate} = {low} "
    "it says {closed}, and {measured} is measured: the rest comes through the weights. Lower the "
    "gain to narrow that way.":
        "{cell}: 유지 경로만으로는 어느 편향에서도 측정값의 5 % 안에 들지 못합니다. b_{gate} = "
        "{low}에서 식은 {closed}, 측정값은 {measured}이며, 나머지는 가중치를 거쳐 옵니다. 이득을 "
        "낮추면 그 길이 좁아집니다.",
    "The {cell}: the road alone is within 5 % of what is measured at b_{gate} = {where}. At "
    "b_{gate} = {low} it says {closed}, and {measured} is measured.":
        "{cell}: 유지 경로만의 식은 b_{gate} = {where}에서 측정값의 5 % 안에 듭니다. b_{gate} = "
        "{low}에서 식은 {closed}, 측정값은 {measured}입니다.",
    # closed forms
    "The road along {state} alone: what x and h add to the gate, and the way back through the "
    "weights, are left out. Where units differ, the root mean square of {gate}^{steps} over them "
    "counts, which the most open decide.":
        "{state}만 따라가는 경로입니다. x와 h가 게이트에 더하는 몫과 가중치를 거쳐 돌아오는 길은 "
        "뺐습니다. 유닛마다 다를 때는 {gate}^{steps}의 제곱평균제곱근이 기준이며, 가장 많이 열린 "
        "유닛이 이를 좌우합니다.",
    "H → ∞: W_h independent of the gradient it meets, pre-activations Gaussian (mean field). "
    "√(H Var) is the radius of the eigenvalues too, where the entries are independent (circular "
    "law).":
        "H → ∞일 때의 식으로, W_h가 만나는 기울기와 독립이고 활성화 전 값이 가우스 분포라고 "
        "둡니다(평균장). 성분들이 독립이면 √(H·분산)은 고윳값의 반지름이기도 합니다(원형 법칙).",
    "σ(b), b from U(±1/√H) twice": "σ(b), b는 U(±1/√H) 두 개의 합",
    "W_h orthogonal, exactly {own:.3g}": "W_h 직교, 정확히 {own:.3g}",
    "{gate} as its biases alone set it": "편향만으로 정해지는 {gate}",
    "{gain:g} times φ′ at its steepest, {steepest:g}": "{gain:g} × 가장 가파른 φ′ {steepest:g}",
    "W_h = I without ReLU: pre-activations stay near 0; else it is less.":
        "ReLU 없이 W_h = I: 활성화 전 값이 0 가까이에 머물 때이며, 벗어나면 더 작습니다.",
    "ρ(W_h) = {own:.3g}, for large H √(H Var)": "ρ(W_h) = {own:.3g}, H가 크면 √(H·분산)",
    "{form}; times √E[φ′²] = {phi:.3g}": "{form}; 여기에 √E[φ′²] = {phi:.3g}",
    "1: {state} goes on as it is": "1: {state:이가} 그대로 이어짐",
    "The road along {state} alone: the way back through the weights is left out.":
        "{state}만 따라가는 경로입니다. 가중치를 거쳐 돌아오는 길은 뺐습니다.",
    "no closed form": "닫힌 식 없음",
    "{gain:g} for a unit that is on, and 1/√2 of the norm once":
        "켜진 유닛은 {gain:g}, 노름은 한 번만 1/√2",
    "W_h = I with ReLU: half of the units are on at every step, the others off for good.":
        "ReLU에 W_h = I: 유닛의 절반은 모든 시점에서 켜져 있고 나머지는 계속 꺼져 있다고 둡니다.",
    "σ(b) = 1 − 1/(1 + U), U ~ U(1, T − 1)": "σ(b) = 1 − 1/(1 + U), U ~ U(1, T − 1)",
    "W_h ~ U(±1/√H), √(H Var) = 1/√3 · gain = {own:.3g}":
        "W_h ~ U(±1/√H), √(H·분산) = 1/√3 · 이득 = {own:.3g}",
    "Var W_h = 1/H, √(H Var) = {own:.3g}": "W_h의 분산 1/H, √(H·분산) = {own:.3g}",
}  # fmt: skip
