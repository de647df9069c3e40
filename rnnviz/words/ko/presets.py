"""The presets: their names, what there is to see in them, and the menu."""

WORDS = {
    # the menu
    "Preset": "사전 설정",
    "{preset} · changed": "{preset} · 바뀜",
    "Settings of your own": "직접 고른 설정",
    "Changed from the preset “{preset}”.": "사전 설정 ‘{preset}’에서 바뀐 상태입니다.",
    "What this preset is to show does not hold for these numbers.":
    "이 사전 설정이 보이려는 것이 이 수치에서는 성립하지 않습니다.",
    "Look at: {page}": "볼 곳: {page}",
    # their names
    "Real stock prices": "실제 주가",
    "RNN: the gradient vanishes": "RNN: 기울기 소실",
    "RNN: the gradient explodes (ρ > 1)": "RNN: 기울기 폭발 (ρ > 1)",
    "RNN: orthogonal W_h": "RNN: 직교행렬 W_h",
    "RNN: identity W_h with ReLU": "RNN: 단위행렬 W_h와 ReLU",
    "LSTM: forget bias 0": "LSTM: 망각 편향 0",
    "LSTM: forget bias 1": "LSTM: 망각 편향 1",
    "LSTM: forget bias 3": "LSTM: 망각 편향 3",
    "Chrono initialisation": "크로노 초기화",
    "GRU that copies (z → 1)": "그대로 옮기는 GRU (z → 1)",
    "Saturated gates": "포화된 게이트",
    "A long sequence: 500 steps": "긴 시퀀스: 500시점",
    "The latch: a unit with two stable states": "래치: 안정 상태가 둘인 유닛",
    "A real sentence": "실제 문장",
    # what there is to see
    "One loss after the last week. Each week back keeps about {rnn} of the gradient in the RNN, "
    "{lstm} in the LSTM, {gru} in the GRU: {horizon} weeks back less than 1 % of the RNN's is "
    "left.":
    "손실은 마지막 주 뒤에 한 번뿐입니다. 한 주를 거슬러 갈 때마다 기울기는 RNN에서 약 {rnn}배, "
    "LSTM에서 {lstm}배, GRU에서 {gru}배가 됩니다. RNN에는 {horizon}주만 거슬러 가도 1 %도 남지 "
    "않습니다.",
    "One impulse, then silence: the way back leads through W_h and tanh′ alone. Each step keeps "
    "about {factor} of the gradient, {horizon} steps less than 1 %, all of them {left}.":
    "충격 하나가 들어온 뒤로는 입력이 없으므로, 돌아오는 길에는 W_h와 tanh′뿐입니다. 기울기는 "
    "시점마다 약 {factor}배가 되어 {horizon}시점 만에 1 %도 남지 않고, 첫 시점에는 {left}만 "
    "남습니다.",
    "W_h stretches by ρ = {rho} a step and tanh′ takes only part of it back: about {factor} a step "
    "is left over, so that step 1 gets {times} times the gradient of step {T}. See what clipping "
    "makes of it.":
    "W_h는 시점마다 ρ = {rho}배로 늘리고 tanh′는 그 일부만 되돌립니다. 시점당 약 {factor}배가 남아 "
    "시점 1의 기울기는 시점 {T}의 {times}배가 됩니다. 클리핑이 이를 어떻게 바꾸는지 보십시오.",
    "W_h turns but never stretches: its singular values are 1 to within {error}. What is missing "
    "at step 1, where {left} is left, tanh′ has taken.":
    "W_h는 돌리기만 할 뿐 늘리거나 줄이지 않습니다. 특이값은 {error} 이내로 모두 1입니다. 시점 1에 "
    "{left}만 남은 것은 모두 tanh′ 때문입니다.",
    "W_h = I and the slope of an open ReLU is 1: in {open} of {H} units the gradient comes back as "
    "it is: from step {before} to step 1 its norm changes by {change}. The other units are shut "
    "for good and pass nothing.":
    "W_h = I이고 열린 ReLU의 도함수는 1이므로, 유닛 {H}개 가운데 {open}개에서는 기울기가 그대로 "
    "돌아옵니다. 시점 {before}에서 시점 1까지 노름의 변화는 {change}입니다. 나머지 유닛은 계속 "
    "닫혀 있어 아무것도 통과시키지 않습니다.",
    "The forget gate stands at {f}, half of the cell state is lost at every step: less than 1 % is "
    "left after {lstm_horizon} steps, in the RNN after {rnn_horizon}. The architecture alone does "
    "not remember.":
    "망각 게이트가 평균 {f}이므로 시점마다 셀 상태의 절반이 사라집니다. {lstm_horizon}시점 뒤에는 "
    "1 %도 남지 않으며, RNN에서는 {rnn_horizon}시점 뒤입니다. 구조만으로는 기억하지 못합니다.",
    "The forget gate stands at {f}: the gradient halves in {half} steps, and {lstm} is left at "
    "step 1, against {rnn} in the RNN.":
    "망각 게이트는 평균 {f}입니다. 기울기는 {half}시점마다 절반이 되어 시점 1에 {lstm:이가} "
    "남습니다. RNN에는 {rnn:이가} 남습니다.",
    "The forget gate stands at {f}: σ(b_f) alone would remember 1 + e^b_f = {tau} steps. At step 1 "
    "{lstm} is left, against {rnn} in the RNN.":
    "망각 게이트는 평균 {f}입니다. σ(b_f)만으로는 1 + e^b_f = {tau}시점을 기억합니다. 시점 1에 "
    "{lstm:이가} 남고, RNN에는 {rnn:이가} 남습니다.",
    "The biases of the gates that keep are ln U(1, T − 1): the GRU's units would remember from "
    "{least} to {most} steps by their bias, of T = {T}, and at step 1 {left} of the gradient is "
    "left.":
    "상태를 유지하는 게이트의 편향을 ln U(1, T − 1)에서 뽑습니다. 편향만 보면 GRU의 유닛은 T = {T} "
    "가운데 {least}시점에서 {most}시점까지 기억하며, 시점 1에는 기울기의 {left}배가 남습니다.",
    "z stands at {z}: h_t is nearly h_(t−1), and of the gradient {left} is left over {T} steps. "
    "What is kept so well is hardly written: no |h| goes beyond {reach}.":
    "z가 평균 {z}이므로 h_t는 h_(t−1)과 거의 같고, {T}시점을 거슬러도 기울기의 {left}배가 "
    "남습니다. 이렇게 잘 유지되는 만큼 새로 쓰이는 것은 거의 없어서 |h|는 {reach:을를} 넘지 "
    "않습니다.",
    "{share} % of the forget gate's values lie above {limit}, where its slope f(1 − f) is below "
    "{slope}: of the gradient that arrives at f, {passed} passes on to what sets it. The gate is "
    "open and can hardly be taught to close.":
    "망각 게이트 값의 {share} %가 {limit:을를} 넘고, 거기서 도함수 f(1 − f)는 {slope}보다 "
    "작습니다. f에 닿은 기울기 가운데 게이트를 정하는 쪽으로 넘어가는 것은 {passed}배뿐입니다. "
    "열린 게이트를 닫도록 학습시키기가 매우 어렵습니다.",
    "Over {T} steps the RNN's gradient falls to {rnn} of itself, the LSTM's to {lstm}; the RNN's "
    "loss can teach nothing farther back than some {horizon} steps.":
    "{T}시점을 거슬러 가면 RNN의 기울기는 {rnn}배, LSTM의 기울기는 {lstm}배가 됩니다. RNN의 손실은 "
    "{horizon}시점쯤보다 먼 과거를 가르치지 못합니다.",
    "h = tanh({w} h) has two stable states, ±{state}: the impulse chose one, and at step {T} h is "
    "still {end}. The bit is kept, its gradient is not: each step there keeps {slope} of it, all "
    "of them {left}.":
    "h = tanh({w} h)에는 안정 상태가 ±{state} 둘 있습니다. 충격이 그중 하나를 골랐고, 시점 {T}에도 "
    "h는 여전히 {end}입니다. 한 비트는 남았지만 기울기는 남지 않습니다. 거기서 기울기는 시점마다 "
    "{slope}배가 되고, 모두 거슬러 가면 {left}배가 됩니다.",
    "Read letter by letter, one loss after the last of {T}. Less than 1 % of the RNN's gradient is "
    "left {horizon} letters back; at the first letter the LSTM has {lstm} left, the GRU {gru}, the "
    "RNN {rnn}.":
    "글자를 하나씩 읽고, 손실은 {T}번째인 마지막 글자 뒤에 한 번뿐입니다. RNN의 기울기는 "
    "{horizon}글자만 거슬러 가도 1 %도 남지 않습니다. 첫 글자에 남은 것은 LSTM {lstm}배, GRU "
    "{gru}배, RNN {rnn}배입니다.",
    "Two directions: a short path from both ends": "양방향: 양 끝에서 오는 짧은 경로",
    "Encoder and decoder: one state carries it all": "인코더와 디코더: 상태 하나에 모두 싣기",
    "Orthogonal weights against the usual ones": "직교 가중치와 보통 가중치",
    "Equal parameters, not equal units": "유닛 수가 아니라 매개변수 수를 같게",
    "A loss on every step": "시점마다 손실",
    "The latch as a system: what a bit costs": "동역학계로 본 래치: 한 비트의 대가",
    "Peepholes: gates that see the cell state": "핍홀: 셀 상태를 보는 게이트",
    "Losses on the first and the last step. Read in both directions, no step is farther than {two} "
    "steps from a loss, in one direction up to {one}: the smallest gradient of any step is {least} "
    "instead of {alone}.":
    "손실은 첫 시점과 마지막 시점에 있습니다. 손실에서 가장 먼 시점까지의 거리는 양방향으로 읽으면 "
    "{two}시점, 한 방향으로만 읽으면 {one}시점입니다. 기울기가 가장 작은 시점의 값은 {alone}에서 "
    "{least:으로} 커집니다.",
    "Every answer stands {n} steps behind the letter that it repeats, and all of them reach the "
    "encoder through its last state alone. From there to step 1 the RNN keeps {rnn} of the "
    "gradient, the LSTM {lstm}.":
    "모든 답은 되풀이할 글자보다 {n}시점 뒤에 있고, 인코더의 마지막 상태 하나를 거쳐서만 인코더에 "
    "닿습니다. 거기서 시점 1까지 기울기는 RNN에서 {rnn}배, LSTM에서 {lstm}배가 됩니다.",
    "Weights from U(±1/√H) multiply a gradient by 1/√3 = {theory} a step on average, tanh′ not yet "
    "counted: over {seeds} seeds the median factor is {usual}. Orthogonal weights leave it to "
    "tanh′ alone: {turned}, and the worst of their seeds is better than the best of the others.":
    "U(±1/√H)에서 뽑은 가중치는 tanh′를 빼고도 기울기를 시점마다 평균 1/√3 = {theory}배로 "
    "줄입니다. "
    "시드 {seeds}개의 중앙값은 {usual}배입니다. 직교 가중치에서는 tanh′만 작용하여 {turned}배이며, "
    "가장 나쁜 시드도 보통 가중치의 가장 좋은 시드보다 낫습니다.",
    "A fair comparison gives each cell as many parameters: {count:,}, to within {off} %. That "
    "makes {lstm} units of the LSTM, {gru} of the GRU and {rnn} of the RNN.":
    "공정하게 비교하려면 셀마다 매개변수 수를 같게 둡니다. {off} % 이내의 차이로 "
    "{count:,}개입니다. "
    "그러면 유닛은 LSTM {lstm}개, GRU {gru}개, RNN {rnn}개가 됩니다.",
    "The sum of all losses hides how short each one's arm is. The loss on step {T} sends at least "
    "1 % of its gradient {rnn} steps back in the RNN, {lstm} in the LSTM: what reaches the first "
    "steps of the RNN comes from the first losses.":
    "손실을 모두 더하면 손실 하나하나가 얼마나 가까이까지만 닿는지 보이지 않습니다. 시점 {T}의 "
    "손실에서 기울기의 1 % 이상이 닿는 것은 RNN에서 {rnn}시점, LSTM에서 {lstm}시점 앞까지입니다. "
    "RNN의 첫 시점들에 닿는 기울기는 앞쪽 손실에서 온 것입니다.",
    "x = tanh({w} x) rests at ±{state}. A lasting input of up to {fold} cannot flip it: the bit is "
    "safe. For the same reason only {left} of a gradient comes back through {T} steps.":
    "x = tanh({w} x)는 ±{state}에 머뭅니다. {fold}까지의 입력은 계속되어도 상태를 뒤집지 못하므로 "
    "비트는 안전합니다. 바로 그 때문에 기울기는 {T}시점을 거슬러 오면서 {left}배가 됩니다.",
    "c puts up to {seen} into the forget gate's pre-activation and moves the gate by up to {moved} "
    "from where the plain LSTM with the same weights has it. Back through the peepholes comes "
    "little: {share} of ∂L/∂c_t in the median step.":
    "c는 망각 게이트의 활성화 전 값에 최대 {seen:을를} 더하고, 게이트를 가중치가 같은 보통 LSTM의 "
    "값에서 최대 {moved}만큼 옮깁니다. 핍홀로 돌아오는 기울기는 적어서, 중앙값인 시점에서 "
    "∂L/∂c_t의 {share}배입니다.",
    "Truncated training: a dependency longer than k": "잘라서 하는 학습: k보다 긴 의존 관계",
    "The answer is the input {d} steps ago. In windows of 5 no loss ever reaches it: after 300 "
    "updates the RNN still pays {short}, and 1 is what a net pays that knows nothing. In windows "
    "of 20, {share} % of the losses reach it, and the loss falls to {long}.":
    "정답은 {d}시점 전의 입력입니다. 5시점씩 자르면 어떤 손실도 거기에 닿지 못합니다. 300번 "
    "갱신한 뒤에도 RNN의 손실은 {short}이고, 아무것도 모르는 신경망의 손실이 1입니다. 20시점씩 "
    "자르면 손실의 {share} %가 거기에 닿아 손실이 {long}까지 줄어듭니다.",
}  # fmt: skip
