"""The page of variants: peepholes, the two conventions of the GRU, held gates, all cells."""

WORDS = {
    "Variants": "변형",
    "What do the variants change?": "변형은 무엇을 바꾸는가?",
    # controls
    "Peephole": "핍홀",
    "Full, a matrix per gate": "전체, 게이트마다 행렬 하나",
    "Diagonal, a vector per gate": "대각, 게이트마다 벡터 하나",
    "Gate": "게이트",
    "Bias b_h inside the product": "곱 안에 있는 편향 b_h",
    # findings
    "The peephole LSTM's values leave the range of floats: lower the gain.":
    "핍홀 LSTM의 값이 부동소수점 범위를 벗어납니다. 이득을 낮추세요.",
    "In the **peephole LSTM** the cell state puts up to {seen} into a_{gate} and moves {gate} by "
    "up to {moved} from the plain LSTM with the same weights.":
    "**핍홀 LSTM**에서 셀 상태는 a_{gate}에 최대 {seen:을를} 더합니다. 그래서 {gate}는 가중치가 "
    "같은 보통 LSTM의 값에서 최대 {moved}만큼 벗어납니다.",
    "No gradient comes back through the peepholes: put the loss on another step.":
    "핍홀로 돌아오는 기울기가 없습니다. 손실을 다른 시점에 두세요.",
    "In the median step {share} of ‖∂L/∂c_t‖ is what came back through the peepholes.":
    "핍홀로 돌아온 몫은 ‖∂L/∂c_t‖의 {share}배입니다(시점들의 중앙값).",
    "Choose {one} or {other} to see another gate, or the other form.":
    "{one}나 {other:을를} 골라 다른 게이트를 보거나, 다른 형태로 바꿔 보세요.",
    "The GRU's values leave the range of floats: lower the gain.":
    "GRU의 값이 부동소수점 범위를 벗어납니다. 이득을 낮추세요.",
    "The two **GRU** conventions differ by up to {one} at H = 1 and by {many} at H = {H}: at H = 1 "
    "only the bias b_h = {b} inside the product is left to tell them apart. Set it to 0.":
    "두 **GRU** 방식의 차이는 H = 1에서 최대 {one}, H = {H}에서 {many}입니다. H = 1에서 둘을 "
    "가르는 것은 곱 안의 편향 b_h = {b}뿐이니 0으로 바꿔 보세요.",
    "The two **GRU** conventions agree at H = 1: the largest difference is {one}, which is "
    "rounding. Raise H to 2, or set b_h, to see them part.":
    "두 **GRU** 방식은 H = 1에서 같습니다. 가장 큰 차이는 {one}이며 반올림 오차입니다. H를 2로 "
    "늘리거나 b_h를 바꾸어 둘이 갈라지는 것을 보세요.",
    "The two **GRU** conventions agree at H = 1, where the largest difference is {one}, and differ "
    "by up to {many} at H = {H}. Set b_h to see them part at H = 1 too.":
    "두 **GRU** 방식은 H = 1에서 같고(가장 큰 차이 {one}), H = {H}에서는 최대 {many}만큼 "
    "다릅니다. b_h를 바꾸면 H = 1에서도 갈라지니 확인해 보세요.",
    "The two **GRU** conventions agree at H = 1 and at H = {H}, to within {many}: all of r are "
    "equal, or no unit feeds another. Let r go free, or draw W_h by another law.":
    "두 **GRU** 방식은 H = 1에서도 H = {H}에서도 {many} 이내로 같습니다. r이 모두 같거나, 어느 "
    "유닛도 다른 유닛에 이어지지 않기 때문입니다. r의 고정을 풀거나 W_h를 다른 분포에서 뽑아 "
    "보세요.",
    # the peephole
    "What the peephole adds": "핍홀이 더하는 것",
    "a_{gate} = (x_t W_x + b) + h_(t−1) W_h + what is seen of {state}; σ makes the gate of it. "
    "Below, the same gate in a plain LSTM with the same W_x, W_h and b, run by itself.":
    "a_{gate} = (x_t W_x + b) + h_(t−1) W_h + 핍홀로 본 {state}의 몫이며, 여기에 σ를 씌우면 "
    "게이트가 됩니다. 아래 그림은 W_x, W_h, b가 같은 보통 LSTM을 따로 실행했을 때의 같은 "
    "게이트입니다.",
    "Gate {gate}, unit {unit}: what it sees of c lies between {low} and {high}; the gate is at "
    "most {apart} away from the plain LSTM's.":
    "게이트 {gate}, 유닛 {unit}: 핍홀로 본 c의 몫은 {low:과와} {high} 사이이며, 게이트는 보통 "
    "LSTM과 최대 {apart}만큼 다릅니다.",
    "seen of c by gate {gate}": "게이트 {gate}가 본 c의 몫",
    "What every unit's gate {gate} sees of c, from −{bound} to {bound}: units downwards, timesteps "
    "to the right.":
    "유닛마다 게이트 {gate}가 핍홀로 본 c의 몫으로, 눈금은 −{bound}부터 {bound}까지입니다. 세로는 "
    "유닛, 가로는 시점입니다.",
    "Gate {gate}: a heatmap of what it sees of c, units against timesteps; the largest magnitude "
    "is {most}.":
    "게이트 {gate}: 핍홀로 본 c의 몫을 나타낸 히트맵으로, 세로는 유닛, 가로는 시점입니다. 크기의 "
    "최댓값은 {most}입니다.",
    "with": "있음",
    "plain": "없음",
    "Pre-activation of {gate}, unit {unit}, in parts": "{gate}의 활성화 전 값, 유닛 {unit}, 부분별",
    "added to a": "a에 더해지는 값",
    "{gate} with the peephole, and in the plain LSTM": "핍홀이 있을 때와 보통 LSTM의 {gate}",
    "At t = {t}, unit {unit}: {0} + {1} + {2} = {3}, so {gate} = {4}; without peepholes {gate} = "
    "{5}.":
    "t = {t}, 유닛 {unit}: {0} + {1} + {2} = {3}, 따라서 {gate} = {4}. 핍홀이 없으면 {gate} = {5}.",
    "Gradient of c, by way": "c의 기울기, 길별",
    "along f": "f를 따라",
    "through h": "h를 거쳐",
    "plain LSTM": "보통 LSTM",
    "Of it, through the peepholes": "그중 핍홀을 거친 몫",
    "of o, at t": "t에서 o",
    "of i and f, at t + 1": "t + 1에서 i, f",
    "norm of the part": "몫의 노름",
    "∂L/∂c_t = through h_t + along f_(t+1) + through o's peephole at t + through those of i and f "
    "at t + 1, as vectors. A plain LSTM has the first two alone.":
    "벡터로서 ∂L/∂c_t = h_t를 거친 몫 + f_(t+1)을 따라온 몫 + t에서 o의 핍홀을 거친 몫 + t + "
    "1에서 i와 f의 핍홀을 거친 몫입니다. 보통 LSTM에는 앞의 둘만 있습니다.",
    "At step 1 ‖∂L/∂c‖ is {total}, of which {peep} came through peepholes there; in the plain LSTM "
    "with the same weights it is {plain}.":
    "시점 1에서 ‖∂L/∂c‖는 {total}이고, 그중 핍홀을 거친 몫은 {peep}입니다. 가중치가 같은 보통 "
    "LSTM에서는 {plain}입니다.",
    # the GRU
    "The GRU, reset before the product and after it": "GRU: 곱하기 전 리셋과 곱한 뒤 리셋",
    "before": "전",
    "after": "후",
    "h, unit {unit}": "h, 유닛 {unit}",
    "r, unit {unit}": "r, 유닛 {unit}",
    "How far apart the two states are": "두 상태의 차이",
    "Gradient of both, H = {H}": "두 방식의 기울기, H = {H}",
    "{signal}, largest difference": "{signal}의 최대 차이",
    "‖∂L/∂h₁‖ after / before": "‖∂L/∂h₁‖ 후 / 전",
    "At t = {t}, unit {unit}: h = {0} with reset before, {1} with reset after; ‖Δh‖ = {2:log}.":
    "t = {t}, 유닛 {unit}: 곱하기 전 리셋이면 h = {0}, 곱한 뒤 리셋이면 {1}, ‖Δh‖ = {2:log}.",
    "Before: g = tanh(x W_x + (r ⊙ h) W_h + b_g + b_h), as the GRU was published first. After: g = "
    "tanh(x W_x + b_g + r ⊙ (h W_h + b_h)), as PyTorch, cuDNN and Keras compute it. Same weights, "
    "same input, same gradient from the loss into h.":
    "전: g = tanh(x W_x + (r ⊙ h) W_h + b_g + b_h)로, GRU가 처음 발표된 형태입니다. 후: g = "
    "tanh(x W_x + b_g + r ⊙ (h W_h + b_h))로, PyTorch, cuDNN, Keras가 계산하는 형태입니다. "
    "가중치와 입력이 같고, 손실에서 h로 들어오는 기울기도 같습니다.",
    "The states of both conventions are at most {one} apart at H = 1 and {many} at H = {H}; "
    "‖∂L/∂h‖ at step 1 is {before} and {after}.":
    "두 방식의 상태 차이는 H = 1에서 최대 {one}, H = {H}에서 최대 {many}입니다. 시점 1의 "
    "‖∂L/∂h‖는 {before:과와} {after}입니다.",
    "From the same h_(t−1) and r, the candidates' pre-activations differ in unit j by Σ_k (r_j − "
    "r_k) h_k W_kj − (1 − r_j) b_h: exactly 0 where b_h = 0 and there is one unit, where W_h is "
    "diagonal, or where all of r are equal.":
    "h_(t−1)과 r이 같을 때, 유닛 j에서 후보의 활성화 전 값은 Σ_k (r_j − r_k) h_k W_kj − (1 − r_j) "
    "b_h만큼 다릅니다. b_h = 0이고 유닛이 하나이거나 W_h가 대각행렬이거나 r이 모두 같으면 정확히 "
    "0입니다.",
    # a gate held
    "A gate held: what is it for?": "게이트를 고정하면: 무엇을 위한 게이트인가?",
    "f = 1": "f = 1",
    "f free": "그대로",
    "Gradient of {state}": "{state}의 기울기",
    "The LSTM of these settings, and the same with f held at 1: its forget gate's weights then "
    "count for nothing.":
    "지금 설정의 LSTM과 f를 1로 고정한 LSTM입니다. 고정하면 망각 게이트의 가중치는 아무 역할도 "
    "하지 "
    "않습니다.",
    "With f held at 1, the **LSTM**'s ‖∂L/∂c‖ comes to step 1 as {held_c} of what it was at the "
    "last step with a gradient, and ‖∂L/∂h‖ as {held_h}; with f free it is {free_c} and {free_h}. "
    "Hold any gate of any cell yourself: in the sidebar, under “Cell options”, and see it on every "
    "page.":
    "f를 1로 고정한 **LSTM**에서는 기울기가 닿는 마지막 시점에 비해 시점 1의 ‖∂L/∂c‖가 {held_c}배, "
    "‖∂L/∂h‖가 {held_h}배입니다. f를 그대로 두면 {free_c}배와 {free_h}배입니다. 사이드바의 ‘셀 "
    "옵션’에서 어느 셀의 어느 게이트든 직접 고정하고 모든 쪽에서 확인해 보세요.",
    # the table
    "All cells": "모든 셀",
    "states": "상태",
    "keeps by": "유지하는 것",
    "source": "출처",
    "Keeps by: what multiplies the kept state from one step to the next; 1 is nothing at all, – no "
    "such road. Parameters of one layer with D inputs and H units, biases included.":
    "유지하는 것은 한 시점에서 다음 시점으로 넘어가는 상태에 곱해지는 값입니다. 1은 아무것도 "
    "곱하지 않음을, –는 그런 길이 없음을 뜻합니다. 매개변수는 입력 D개, 유닛 H개인 층 하나의 "
    "것이며 "
    "편향을 포함합니다.",
    # checks
    "GRU, reset before": "GRU, 곱하기 전 리셋",
    "GRU, reset after": "GRU, 곱한 뒤 리셋",
    "{model}: the closest of its checks, {check}":
    "{model}: 검증 가운데 한계에 가장 가까운 것, {check}",
    "σ of the sum of the parts is the recorded gate i, f and o":
    "부분의 합에 σ를 씌우면 기록된 게이트 i, f, o가 됨",
    "the four ways add up to ∂L/∂c_t of every step": "네 길의 합이 모든 시점의 ∂L/∂c_t가 됨",
    "at H = 1 and b_h = 0 both conventions of the GRU give the same signals":
    "H = 1, b_h = 0이면 GRU의 두 방식이 같은 신호를 냄",
    "the candidates of both conventions are as far apart as the closed form says":
    "두 방식의 후보 차이가 닫힌 형태의 식과 같음",
}  # fmt: skip
