"""The page of training by truncated backpropagation: windows, losses, what the cuts take."""

WORDS = {
    "Training": "학습",
    "What can windows of k steps learn?": "k시점 구간으로 무엇을 배울 수 있을까?",
    # controls
    "d = 10, k = 5: never in one window": "d = 10, k = 5: 한 구간에 들지 못함",
    "k = d: still never": "k = d: 그래도 들지 못함",
    "k = 2d: every other loss": "k = 2d: 손실의 절반",
    "d = 4, k = 2, slow: learnt without a gradient": "d = 4, k = 2, 느리게: 기울기 없이 배움",
    "learning rate 0.3, no clipping": "학습률 0.3, 클리핑 없음",
    "d, the dependency: y_t = x_{t−d}": "의존 거리 d: y_t = x_{t−d}",
    "k, steps of a window": "구간의 시점 수 k",
    "Updates": "갱신 횟수",
    "Optimiser, learning rate, clipping": "최적화 방법, 학습률, 클리핑",
    "Optimiser": "최적화 방법",
    "Adam": "Adam",
    "plain gradient descent": "단순 경사 하강법",
    "Learning rate": "학습률",
    "Clip the norm of all gradients to (0: do not clip)":
        "전체 기울기의 노름을 이 값까지 클리핑 (0이면 하지 않음)",
    "{updates} updates with H = {H}, d = {d} and k = {k} would take too long: lower one of them, "
    "or show fewer cells.":
        "H = {H}, d = {d}, k = {k}에서 갱신 {updates}회는 너무 오래 걸립니다. 이 가운데 하나를 "
        "줄이거나 셀을 더 적게 고르세요.",
    "{n} updates, H = {H}": "갱신 {n}회, H = {H}",
    "Training the {cell}, {run} …": "{cell} 학습 중, {run} …",
    "uncut": "절단 없음",
    # windows over time
    "t = {t}: {label}": "t = {t}: {label}",
    "the cause of y_{t} lies before the stream began; no gradient gets there.":
        "y_{t}의 원인은 흐름이 시작되기 전에 있어 기울기가 닿지 않습니다.",
    "x_{cause} and y_{t} stand in one window: the gradient gets from the loss to its cause.":
        "x_{cause:과와} y_{t:이가} 한 구간에 있어 기울기가 손실에서 원인까지 갑니다.",
    "1 cut between x_{cause} and y_{t}: no gradient gets to the cause.":
        "x_{cause:과와} y_{t} 사이에 절단이 한 번 있어 기울기가 원인에 닿지 않습니다.",
    "{n} cuts between x_{cause} and y_{t}: no gradient gets to the cause.":
        "x_{cause:과와} y_{t} 사이에 절단이 {n}번 있어 기울기가 원인에 닿지 않습니다.",
    "cut: no gradient": "절단: 기울기 없음",
    "in reach": "닿음",
    "its cause lies before the stream": "원인이 흐름이 시작되기 전에 있음",
    "Above the inputs, below the answers, y_t = x_{t−d}; vertical lines: cuts, over which the "
    "state goes and the gradient does not. Solid: cause and loss in one window; dotted ends at ×: "
    "a cut in between. In the long run {part} % reach their cause, max(0, k − d) / k.":
        "위는 입력, 아래는 답 y_t = x_{t−d}입니다. 세로선은 절단으로, 상태는 넘어가고 기울기는 "
        "넘어가지 못합니다. 실선은 원인과 손실이 한 구간에 있는 것이고, ×로 끝나는 점선은 사이에 "
        "절단이 있는 것입니다. 길게 보면 손실의 {part} %가 원인에 닿습니다: max(0, k − d) / k.",
    "Windows of {k} steps, dependency of {d}: {n} of {T} losses reach their cause.":
        "구간 {k}시점, 의존 거리 {d}: 손실 {T}개 가운데 {n}개가 원인에 닿습니다.",
    "cause at": "원인의 시점",
    "window": "구간",
    "cuts in between": "사이의 절단 수",
    "reached": "닿음 여부",
    # findings
    "A window of k = {k} steps never holds both a cause and the answer d = {d} steps later: **no "
    "loss sends any gradient to its cause**.":
        "k = {k}시점의 구간에는 원인과 그보다 d = {d}시점 뒤의 답이 결코 함께 들지 못합니다. "
        "**어떤 손실도 자기 원인에 기울기를 보내지 못합니다**.",
    "Of the losses of a window of k = {k} steps, those of the last {n} send their gradient to "
    "their cause d = {d} steps earlier: **{part} % of all**.":
        "k = {k}시점 구간의 손실 가운데 마지막 {n}개만 d = {d}시점 앞의 원인에 기울기를 보냅니다. "
        "**전체의 {part} %입니다**.",
    "After {updates} updates the mean squared error is: {losses}; who knows nothing of the cause "
    "pays {floor}.":
        "{updates}회 갱신한 뒤의 평균 제곱 오차는 {losses}입니다. 원인을 전혀 모르면 "
        "{floor}입니다.",
    "The {cell} is no longer finite at update {n}: there its training ends.":
        "{cell:은는} {n}번째 갱신에서 유한하지 않게 되어 학습이 거기서 끝납니다.",
    "Below {floor} without any gradient to the cause: {losses}. The state that is handed on still "
    "holds a trace of it, and the weights learn to read what happens to be there; nothing teaches "
    "them to keep it.":
        "원인에 닿는 기울기가 없는데도 {floor}보다 낮습니다: {losses}. 넘겨받은 상태에 원인의 "
        "흔적이 남아 있어, 우연히 남은 것을 가중치가 읽는 법을 배우기 때문입니다. 그것을 간직하는 "
        "법은 배우지 못합니다.",
    "The same windows with the gradient not cut end at: {losses}.":
        "같은 구간에서 기울기를 자르지 않으면 {losses}에서 끝납니다.",
    "Lower the learning rate, or clip.": "학습률을 낮추거나 클리핑하세요.",
    "Raise d to {d}: the trace fades with every step, and then only a gradient can teach a net to "
    "keep it.":
        "d를 {d:으로} 늘려 보세요. 흔적은 시점마다 옅어지므로, 그때는 기울기만이 그것을 간직하는 "
        "법을 가르칠 수 있습니다.",
    "Take k = 2d = {k}, and watch the loss fall.":
        "k = 2d = {k:으로} 늘려 손실이 내려가는 것을 보세요.",
    "Lower k to d = {d}: not a single loss reaches its cause any more.":
        "k를 d = {d:으로} 줄여 보세요. 원인에 닿는 손실이 하나도 없게 됩니다.",
    "Take k = 2d = {k}: then every other loss reaches its cause.":
        "k = 2d = {k:으로} 늘리세요. 그러면 손실의 절반이 원인에 닿습니다.",
    "Whoever has not learnt it by now has not learnt it uncut either, or not yet: give it more "
    "updates, or shorten d.":
        "여기서 배우지 못한 셀 가운데에는 자르지 않아도 아직 배우지 못한 셀이 있습니다. 갱신 "
        "횟수를 늘리거나 d를 줄이세요.",
    "Give it more updates: the gradient is there.":
        "기울기는 닿고 있으니 갱신 횟수를 늘리세요.",
    # losses
    "Loss over updates": "갱신에 따른 손실",
    "updates": "갱신 횟수",
    "update": "갱신",
    "mean squared error": "평균 제곱 오차",
    "knows nothing: 1": "전혀 모를 때: 1",
    "Mean squared error of a window before its update, over its steps and {B} streams, in means of "
    "{n} updates or so; same stream, seed and weights at the start for all, and one axis. As many "
    "updates for all: a window of 2d has then read more of the stream. Uncut: the windows of the "
    "chosen k, the very same losses, but the gradient goes on for {m} steps or more before the "
    "window.":
        "갱신하기 전 구간의 평균 제곱 오차로, 구간의 모든 시점과 흐름 {B}개에 걸쳐 평균하고 다시 "
        "갱신 {n}회쯤씩 평균했습니다. 흐름과 시드, 처음 가중치, 축은 모두 같습니다. 갱신 횟수도 "
        "모두 같으므로 2d 구간은 흐름을 더 많이 읽은 것입니다. ‘절단 없음’은 고른 k의 구간과 "
        "똑같은 손실에서 기울기만 구간 앞으로 {m}시점 이상 더 거슬러 갑니다.",
    "losses that reach their cause": "원인에 닿는 손실",
    "timesteps read": "읽은 시점 수",
    "Mean loss of the last {n} updates; r: correlation of the trained net's answers with x_{t−d} "
    "on streams that it has not met.":
        "마지막 갱신 {n}회의 평균 손실입니다. r은 학습한 신경망이 처음 만난 흐름에서 낸 답과 "
        "x_{t−d}의 상관 계수입니다.",
    # gradients
    "The same window's gradient, uncut and cut": "같은 구간의 기울기, 자르지 않을 때와 자를 때",
    "Weights": "가중치",
    "before training": "학습 전",
    "after half of it": "절반 학습 후",
    "after training": "학습 후",
    "steps after the cut": "절단 뒤 시점 수",
    "L: the losses of the last window of a new stream, which the net runs through once, from zero "
    "states: both passes see the same states. ‖∂L/∂h_t‖₂ over {B} streams. At the window's own "
    "steps both are the same; before the cut truncated training gets nothing.":
        "L은 새 흐름의 마지막 구간의 손실입니다. 신경망이 0인 상태에서 흐름을 한 번 지나가므로 두 "
        "역전파가 보는 상태는 같습니다. ‖∂L/∂h_t‖₂는 흐름 {B}개에 걸친 값입니다. 구간 안에서는 "
        "둘이 같고, 절단 앞에서는 절단 역전파에 아무것도 오지 않습니다.",
    "{cell}: the cut gradient of all weights is {ratio} times as long as the uncut one, cosine "
    "{cosine}.":
        "{cell}: 전체 가중치에 대한 절단 기울기의 길이는 자르지 않은 것의 {ratio}배, 코사인은 "
        "{cosine}입니다.",
    # what they know
    "What the trained nets know": "학습한 신경망이 아는 것",
    "Mean squared error at each timestep of a new stream": "새 흐름의 시점별 평균 제곱 오차",
    "{cell}, weights as they ended, {n} new streams from zero states. The first d answers nobody "
    "can know: their causes were never shown. {floor} is what answering 0 costs.":
        "{cell}, 학습이 끝난 가중치, 0인 상태에서 시작한 새 흐름 {n}개입니다. 처음 d개의 답은 "
        "원인이 보인 적이 없어 아무도 알 수 없습니다. 0이라고 답하면 {floor}입니다.",
    "Correlation of the answer with the input j steps ago": "답과 j시점 전 입력의 상관 계수",
    "correlation": "상관 계수",
    "j, steps ago": "j시점 전",
    "On the same streams. Who has learnt it has 1 at j = d = {d} and 0 elsewhere; the error is at "
    "least 1 − r².":
        "같은 흐름에서 잰 것입니다. 배웠다면 j = d = {d}에서 1이고 다른 곳에서는 0입니다. 오차는 "
        "적어도 1 − r²입니다.",
    "H = {H}, seed {seed}, {init} initialisation, {B} streams of ±1 side by side, {optimiser}, "
    "learning rate {rate}, {clip}. Of the sidebar the sequence, the loss and edited weights do not "
    "count here, and T is how many timesteps are drawn.":
        "H = {H}, 시드 {seed}, {init} 초기화, 나란한 ±1 흐름 {B}개, {optimiser}, 학습률 {rate}, "
        "{clip}. 사이드바의 시퀀스, 손실, 직접 바꾼 가중치는 여기에 적용되지 않으며, T는 "
        "그림에 나오는 시점의 수입니다.",
    "no clipping": "클리핑 없음",
    "norm clipped to {limit:g}": "노름을 {limit:g}까지 클리핑",
    # checks
    "the window's gradient along a random direction, against central differences with the state "
    "that was handed on held fixed":
        "무작위 방향의 구간 기울기를, 넘겨받은 상태를 고정한 중앙 차분과 비교",
    "cut and uncut ∂L/∂h_t are the same at every step of the window":
        "구간의 모든 시점에서 자른 ∂L/∂h_t와 자르지 않은 ∂L/∂h_t가 같음",
    "the share of losses that reach their cause, counted on the stream, against max(0, k − d) / k":
        "원인에 닿는 손실의 비율을 흐름에서 세어 max(0, k − d) / k와 비교",
    "on new streams the mean squared error is not below variance · (1 − r²)":
        "새 흐름에서 평균 제곱 오차가 분산 · (1 − r²)보다 작지 않음",
    "a net that answers 0 pays exactly 1 on this stream":
        "0이라고 답하는 신경망의 오차가 이 흐름에서 정확히 1",
}
