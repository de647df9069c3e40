"""The glossary."""

WORDS = {
    "Glossary": "용어집",
    "Search": "검색",
    "{count} of {all} terms": "용어 {all}개 중 {count}개",
    "Nothing here has “{asked}” in it.": "“{asked}”에 해당하는 용어가 없습니다.",
    "Elsewhere: {text}": "다른 곳에서는: {text}",
    "Only this term": "이 용어만 보기",
    "All terms": "모든 용어",
    "What the words and symbols mean here, and where papers and libraries mean something else.":
        "이 앱에서 쓰는 말과 기호의 뜻, 그리고 논문이나 라이브러리와 다른 점입니다.",
    "Sequence and states":
        "시퀀스와 상태",
    "timestep":
        "시점",
    "The place of an input in the sequence. t = 0 is the initial state, before the first "
    "input.":
        "시퀀스에서 입력의 차례입니다. t = 0은 첫 입력보다 앞선 초기 상태입니다.",
    "Code counts from 0; some papers call the last step T − 1 or n.":
        "코드에서는 0부터 세며, 마지막 시점을 T − 1이나 n으로 적는 논문도 있습니다.",
    "What the cell reads at step t: D numbers.":
        "시점 t에 셀이 읽는 D개의 수입니다.",
    "Arrays here are (T, B, D), time first, as in PyTorch by default; Keras, and PyTorch with "
    "batch_first, have (B, T, D).":
        "여기서는 PyTorch의 기본값처럼 시간이 먼저인 (T, B, D) 배열을 씁니다. Keras와 "
        "batch_first를 켠 PyTorch에서는 (B, T, D)입니다.",
    "What the cell hands to the next step and to the layer above: H numbers.":
        "셀이 다음 시점과 위층에 넘겨주는 H개의 수입니다.",
    "Keras calls it the output; some papers call it the activation or write s_t.":
        "Keras에서는 출력이라 부르고, 활성값이라 하거나 s_t로 적는 논문도 있습니다.",
    "The LSTM's second state, changed only by the forget gate and by what the input gate lets "
    "in.":
        "LSTM의 두 번째 상태로, 망각 게이트와 입력 게이트가 들여보내는 값으로만 바뀝니다.",
    "Also called memory, memory cell or, in Keras, carry; Hochreiter and Schmidhuber 1997 "
    "write s.":
        "메모리, 기억 셀이라고도 하고 Keras에서는 carry라고 합니다. Hochreiter와 "
        "Schmidhuber(1997)는 s로 적습니다.",
    "state":
        "상태",
    "All that goes on to the next step: h for an RNN and a GRU, h and c for an LSTM.":
        "다음 시점으로 넘어가는 전부입니다. RNN과 GRU에서는 h, LSTM에서는 h와 c입니다.",
    "Some texts mean h alone even for an LSTM; their Jacobians are then not products of steps.":
        "LSTM에서도 h만을 뜻하는 글이 있는데, 그러면 야코비 행렬이 시점별 행렬의 곱이 되지 "
        "않습니다.",
    "initial state":
        "초기 상태",
    "The state before the first input: zeros here.":
        "첫 입력 이전의 상태이며, 여기서는 0입니다.",
    "It can be learned, or carried over from the sequence before (stateful in Keras).":
        "학습하기도 하고, 앞 시퀀스에서 넘겨받기도 합니다(Keras의 stateful).",
    "hidden unit":
        "은닉 유닛",
    "One entry of the hidden state, with its own gates.":
        "은닉 상태의 원소 하나로, 저마다의 게이트를 가집니다.",
    "PyTorch says hidden_size, Keras units; «cell» sometimes means one unit.":
        "PyTorch는 hidden_size, Keras는 units라고 합니다. «셀»이 유닛 하나를 뜻하는 글도 "
        "있습니다.",
    "unrolling":
        "펼치기",
    "Drawing the same cell once per timestep. The weights are the same in every copy.":
        "같은 셀을 시점마다 한 번씩 그리는 것입니다. 가중치는 모든 복사본에서 같습니다.",
    "Also called unfolding.":
        "전개라고도 합니다.",
    "Cells and gates":
        "셀과 게이트",
    "cell":
        "셀",
    "The equations of one step: from input and old state to new state.":
        "입력과 이전 상태에서 새 상태를 만드는 한 시점의 식입니다.",
    "In Hochreiter and Schmidhuber 1997 a memory cell is one unit, several of them a block.":
        "Hochreiter와 Schmidhuber(1997)에서는 기억 셀이 유닛 하나이고, 여러 개가 모여 블록이 "
        "됩니다.",
    "gate":
        "게이트",
    "A number from 0 to 1 per unit that multiplies something: 0 closes, 1 opens.":
        "유닛마다 0에서 1 사이의 값을 가지며 다른 값에 곱해지는 수입니다. 0이면 닫히고 1이면 "
        "열립니다.",
    "How much of the cell state is kept: 1 remembers, 0 erases.":
        "셀 상태를 유지하는 비율입니다. 1이면 기억하고 0이면 지웁니다.",
    "Missing in the LSTM of 1997; added by Gers, Schmidhuber and Cummins 2000. Despite its "
    "name, 1 does not forget.":
        "1997년의 LSTM에는 없었고 Gers, Schmidhuber, Cummins(2000)가 더했습니다. 이름과 달리 "
        "1이면 잊지 않습니다.",
    "How much of the candidate is written to the cell state: 1 writes, 0 blocks.":
        "후보를 셀 상태에 기록하는 비율입니다. 1이면 기록하고 0이면 막습니다.",
    "How much of tanh(c) is shown as h: 1 shows, 0 hides.":
        "tanh(c)를 h로 내보이는 비율입니다. 1이면 내보이고 0이면 가립니다.",
    "The GRU's one valve: h = z ⊙ h_(t−1) + (1 − z) ⊙ g, so that z = 1 keeps the old state.":
        "GRU의 유일한 밸브입니다. h = z ⊙ h_(t−1) + (1 − z) ⊙ g이므로 z = 1이면 이전 상태를 "
        "유지합니다.",
    "Cho et al. 2014, PyTorch and Keras agree; Chung et al. 2014 and Bahdanau et al. 2015 "
    "write 1 − z for our z: there 1 replaces.":
        "Cho 외(2014), PyTorch, Keras는 여기와 같습니다. Chung 외(2014)와 Bahdanau "
        "외(2015)에서는 1 − z가 여기의 z이므로 1이면 교체합니다.",
    "How much of the old state the GRU's candidate sees: 1 uses it, 0 ignores the past.":
        "GRU의 후보가 이전 상태를 보는 비율입니다. 1이면 사용하고 0이면 과거를 무시합니다.",
    "reset before, reset after":
        "곱하기 전 재설정, 곱한 뒤 재설정",
    "Whether the GRU's reset gate multiplies the state before the recurrent product or the "
    "product after it.":
        "GRU의 재설정 게이트를 순환 가중치와 곱하기 전의 상태에 곱하는지, 곱한 뒤의 값에 "
        "곱하는지를 뜻합니다.",
    "The published version of Cho et al. 2014 resets before; PyTorch and cuDNN reset after, "
    "and Keras does by default (reset_after=True). After needs a second bias.":
        "Cho 외(2014)의 출판본은 곱하기 전에 재설정합니다. PyTorch와 cuDNN은 곱한 뒤에 "
        "재설정하고, Keras도 기본값(reset_after=True)이 그렇습니다. 곱한 뒤 재설정하려면 "
        "편향이 하나 더 필요합니다.",
    "The new content that a step offers, from −1 to 1, before a gate decides how much enters.":
        "한 시점이 내놓는 −1에서 1 사이의 새 내용으로, 얼마나 들어갈지는 게이트가 정합니다.",
    "Also written c̃, h̃ or, for PyTorch's GRU, n; PyTorch calls g the cell gate and n the new "
    "gate, though neither lies in 0 … 1.":
        "c̃, h̃로도 적고 PyTorch의 GRU에서는 n으로 적습니다. PyTorch는 g를 cell gate, n을 new "
        "gate라 부르지만 둘 다 값이 0 … 1에 있지 않습니다.",
    "pre-activation":
        "활성화 전 값",
    "What stands inside σ or tanh: x W_x + h W_h + b.":
        "σ나 tanh 안에 들어가는 값 x W_x + h W_h + b입니다.",
    "Also written z or net; here z is the update gate.":
        "z나 net으로도 적지만, 여기서 z는 갱신 게이트입니다.",
    "1 / (1 + e^−a): turns any number into one from 0 to 1; its slope is at most ¼.":
        "1 / (1 + e^−a)로, 어떤 수든 0에서 1 사이의 값으로 바꿉니다. 그 도함수는 ¼을 넘지 "
        "않습니다.",
    "Older Keras used a piecewise linear hard sigmoid in its gates. σ with an index is a "
    "singular value.":
        "예전 Keras는 게이트에 조각별 선형인 hard sigmoid를 썼습니다. 아래 첨자가 붙은 σ는 "
        "특잇값입니다.",
    "peephole":
        "핍홀",
    "A connection that lets the LSTM's gates see the cell state.":
        "LSTM의 게이트가 셀 상태를 들여다보게 하는 연결입니다.",
    "Gers and Schmidhuber 2000. Often one weight per unit (diagonal), sometimes a full matrix; "
    "PyTorch and Keras have none.":
        "Gers와 Schmidhuber(2000)가 제안했습니다. 흔히 유닛마다 가중치 하나(대각)를 쓰고 전체 "
        "행렬을 쓰기도 하며, PyTorch와 Keras에는 없습니다.",
    "element-wise product":
        "원소별 곱",
    "Multiplies two vectors entry by entry.":
        "두 벡터를 원소끼리 곱합니다.",
    "Also the Hadamard product, written ∘ or *.":
        "아다마르 곱이라고도 하며 ∘나 *로도 적습니다.",
    "Parameters":
        "매개변수",
    "input weights":
        "입력 가중치",
    "The matrix (D, G·H) that the input is multiplied by: x W_x, with a row per input.":
        "입력에 곱하는 (D, G·H) 행렬입니다. x W_x로 곱하므로 행이 입력에 해당합니다.",
    "PyTorch keeps the transpose, weight_ih (G·H, D), and most papers write W x with W from "
    "the left.":
        "PyTorch는 전치한 weight_ih (G·H, D)를 저장하고, 논문은 대개 W를 왼쪽에 두어 W x로 "
        "적습니다.",
    "recurrent weights":
        "순환 가중치",
    "The matrix (H, G·H) that the old hidden state is multiplied by: h W_h. The gradient goes "
    "back through its transpose.":
        "이전 은닉 상태에 곱하는 (H, G·H) 행렬로, h W_h로 곱합니다. 기울기는 그 전치를 거쳐 "
        "거슬러 갑니다.",
    "Written U or W_rec in papers; weight_hh, transposed, in PyTorch; recurrent_kernel in "
    "Keras.":
        "논문에서는 U나 W_rec로, PyTorch에서는 전치한 weight_hh로, Keras에서는 "
        "recurrent_kernel로 적습니다.",
    "block order":
        "블록 순서",
    "Which gate's columns come first in W_x, W_h and b: i f g o in the LSTM, r z g in the GRU.":
        "W_x, W_h, b에서 어느 게이트의 열이 먼저 오는지입니다. LSTM은 i f g o, GRU는 r z "
        "g입니다.",
    "PyTorch: i f g o and r z n, as here. Keras: i f c o and z r h. Weights copied without "
    "reordering give another model.":
        "PyTorch는 여기와 같이 i f g o와 r z n이고, Keras는 i f c o와 z r h입니다. 순서를 "
        "맞추지 않고 가중치를 옮기면 다른 모델이 됩니다.",
    "What is added to every pre-activation, whatever the input.":
        "입력과 상관없이 활성화 전 값에 더하는 수입니다.",
    "PyTorch adds two, b_ih and b_hh; Keras keeps one, and two rows for a GRU that resets "
    "after.":
        "PyTorch는 b_ih와 b_hh 두 개를 더합니다. Keras는 하나를 두고, 곱한 뒤 재설정하는 "
        "GRU에서는 두 행을 둡니다.",
    "forget bias":
        "망각 편향",
    "The bias of the forget gate. A large one makes the LSTM remember from the start: σ(3) = "
    "0.953.":
        "망각 게이트의 편향입니다. 크게 두면 LSTM이 처음부터 기억합니다. σ(3) = 0.953입니다.",
    "Keras sets 1 (unit_forget_bias); PyTorch sets nothing. Old TensorFlow added 1 in the step "
    "instead of storing it.":
        "Keras는 1로 두고(unit_forget_bias) PyTorch는 따로 정하지 않습니다. 옛 TensorFlow는 "
        "저장하지 않고 계산할 때 1을 더했습니다.",
    "initialisation":
        "초기화",
    "How the weights are drawn before training.":
        "학습하기 전에 가중치를 추출하는 방법입니다.",
    "Glorot initialisation":
        "글로럿 초기화",
    "Uniform with a bound of √(6 / (inputs + outputs)), so that variances stay about equal "
    "from layer to layer.":
        "경계가 √(6 / (입력 수 + 출력 수))인 균등 분포로, 층마다 분산을 비슷하게 유지합니다.",
    "Also called Xavier initialisation. It says nothing about products of many steps.":
        "세이비어(Xavier) 초기화라고도 합니다. 여러 시점의 곱에 대해서는 아무것도 보장하지 "
        "않습니다.",
    "orthogonal initialisation":
        "직교 초기화",
    "W_h turns the state without stretching it: all its singular values are 1.":
        "W_h가 상태를 늘이지 않고 돌리기만 합니다. 특잇값이 모두 1입니다.",
    "chrono initialisation":
        "크로노 초기화",
    "Gate biases drawn so that units remember for many different times.":
        "유닛마다 기억하는 시간이 여러 규모에 걸치도록 게이트 편향을 추출합니다.",
    "Tallec and Ollivier 2018, whose z is 1 − ours.":
        "Tallec과 Ollivier(2018)가 제안했으며, 그들의 z는 여기의 1 − z입니다.",
    "seed":
        "시드",
    "The number that all random draws start from. The same seed gives the same picture.":
        "모든 난수의 출발점이 되는 수입니다. 시드가 같으면 그림도 같습니다.",
    "Gradients":
        "기울기",
    "The number that training would make small. Here it sits on one step, on chosen steps, or "
    "on all of them.":
        "학습이 줄이려는 수입니다. 여기서는 한 시점, 고른 시점, 또는 모든 시점에 둡니다.",
    "Also cost, objective or error; some write E.":
        "비용, 목적 함수, 오차라고도 하며 E로 적기도 합니다.",
    "How much the loss changes when a state changes a little, everything after it included.":
        "상태가 조금 바뀔 때 그 뒤의 모든 영향까지 합쳐 손실이 얼마나 바뀌는지를 나타냅니다.",
    "Also the error signal, δ_t. Some write ∂ for the direct part alone and d for the total.":
        "오차 신호 δ_t라고도 합니다. 직접적인 부분만 ∂로, 전체를 d로 적는 글도 있습니다.",
    "gradient norm":
        "기울기 노름",
    "The length of that vector over the hidden units: one number per timestep.":
        "그 벡터의 은닉 유닛 전체에 대한 길이로, 시점마다 수 하나입니다.",
    "Averages over units or the norm of a weight's gradient are other quantities and cannot be "
    "compared with it.":
        "유닛에 대한 평균이나 가중치 기울기의 노름은 다른 양이므로 서로 비교할 수 없습니다.",
    "backpropagation through time":
        "시간에 따른 역전파",
    "The chain rule on the unrolled network, from the last step back to the first.":
        "펼친 신경망에 연쇄 법칙을 마지막 시점부터 첫 시점까지 적용하는 것입니다.",
    "Werbos 1990. Exact here; in practice often truncated under the same name. RTRL computes "
    "the same gradient forward.":
        "Werbos(1990). 여기서는 정확하게 계산하지만 실제로는 같은 이름으로 절단한 것을 흔히 "
        "씁니다. RTRL은 같은 기울기를 앞으로 가며 계산합니다.",
    "truncated backpropagation":
        "절단 역전파",
    "Gradients go back within windows of k steps only; states still go on.":
        "기울기는 k시점의 창 안에서만 거슬러 가고, 상태는 계속 이어집니다.",
    "Williams and Peng 1990 slide a window that overlaps (k₁, k₂); PyTorch cuts with detach().":
        "Williams와 Peng(1990)은 겹치며 움직이는 창(k₁, k₂)을 씁니다. PyTorch에서는 detach()로 "
        "자릅니다.",
    "vanishing gradient":
        "기울기 소실",
    "The gradient of a far loss shrinks exponentially with the steps between. This app says by "
    "how much: γ, or what is left at step 1.":
        "먼 손실의 기울기가 사이의 시점 수에 따라 지수적으로 줄어드는 것입니다. 이 앱은 얼마나 "
        "줄었는지를 γ나 시점 1에 남은 비율로 보여 줍니다.",
    "For Pascanu et al. 2013 it is the norm going to 0 exponentially; others mean any gradient "
    "that is small, or small layers of a deep net.":
        "Pascanu 외(2013)는 노름이 지수적으로 0에 가까워지는 것을 뜻합니다. 작은 기울기 전부나 "
        "깊은 망의 앞쪽 층을 가리키는 글도 있습니다.",
    "exploding gradient":
        "기울기 폭발",
    "The gradient grows exponentially with the steps back.":
        "기울기가 거슬러 갈수록 지수적으로 커지는 것입니다.",
    "Often only noticed as nan in training. Norms here are computed beyond the range of "
    "floats, so that they stay numbers.":
        "학습 중에 nan으로 드러나는 경우가 많습니다. 여기서는 부동소수점의 범위를 넘는 노름도 "
        "수로 계산합니다.",
    "gradient clipping":
        "기울기 클리핑",
    "Shortening gradients before a step of training: by norm, which keeps the direction, or "
    "number by number.":
        "학습의 한 걸음 전에 기울기를 줄이는 것입니다. 노름으로 줄이면 방향이 유지되고, 수마다 "
        "자르면 방향이 바뀝니다.",
    "PyTorch's clip_grad_norm_ takes the norm of all parameters together; Keras's clipnorm "
    "each weight's own, global_clipnorm that of all.":
        "PyTorch의 clip_grad_norm_은 모든 매개변수를 합친 노름을 씁니다. Keras의 clipnorm은 "
        "가중치마다의 노름, global_clipnorm은 전체의 노름을 씁니다.",
    "itemised gradient":
        "손실별 기울기",
    "The part of a gradient that comes from the loss of step τ alone. The parts add up as "
    "vectors, not as norms.":
        "기울기 중 시점 τ의 손실에서만 온 부분입니다. 벡터로는 더해지지만 노름으로는 더해지지 "
        "않습니다.",
    "contribution of a timestep":
        "시점의 기여",
    "What step t adds to a weight's gradient. Training sees only the sum over all steps.":
        "시점 t가 가중치의 기울기에 더하는 양입니다. 학습에는 모든 시점의 합만 쓰입니다.",
    "The way back along the state itself, multiplied by the keeping gate alone and by no "
    "weight.":
        "상태 자체를 따라 거슬러 가는 길로, 유지하는 게이트만 곱해지고 가중치는 곱해지지 "
        "않습니다.",
    "Hochreiter and Schmidhuber 1997: constant error carousel, where the factor is exactly 1. "
    "Compare skip connections.":
        "Hochreiter와 Schmidhuber(1997)의 CEC(constant error carousel)에서는 그 배율이 정확히 "
        "1입니다. 잔차 연결과 비교할 수 있습니다.",
    "Figures of merit":
        "지표",
    "The factor by which the gradient norm changes per step back, fitted over all steps that "
    "have a gradient.":
        "거슬러 갈 때 기울기 노름이 시점마다 변하는 배율로, 기울기가 있는 모든 시점에 맞춰 "
        "구합니다.",
    "In Pascanu et al. 2013, γ is the bound of |φ′|; in reinforcement learning, the discount "
    "factor.":
        "Pascanu 외(2013)에서 γ는 |φ′|의 상한이고, 강화 학습에서는 할인율입니다.",
    "How many steps back half of the gradient is lost.":
        "기울기가 절반으로 줄 때까지 거슬러 가는 시점 수입니다.",
    "A time constant, over which 1/e is left, is 1.44 half-lives.":
        "1/e만 남을 때까지의 시간인 시간 상수는 반감기의 1.44배입니다.",
    "The fewest steps back after which less than 1 % of the gradient is left.":
        "기울기의 1 % 미만만 남을 때까지 거슬러 가는 가장 적은 시점 수입니다.",
    "How much of the gradient at the last step that has one comes back to the first.":
        "기울기가 있는 마지막 시점의 기울기가 첫 시점까지 돌아오는 비율입니다.",
    "time constant":
        "시간 상수",
    "How many steps a unit would remember if its gate stayed as it is.":
        "게이트가 지금 값에 머문다면 유닛이 기억할 시점 수입니다.",
    "−1 / ln f is the same to first order near f = 1; half-lives are shorter by ln 2.":
        "−1 / ln f와는 f = 1 근처에서 1차까지 같습니다. 반감기는 여기에 ln 2를 곱한 만큼 "
        "짧습니다.",
    "Matrices":
        "행렬",
    "Jacobian":
        "야코비 행렬",
    "The matrix of derivatives of a new state by the old one: what one step does to small "
    "changes, and, transposed, to gradients.":
        "새 상태를 이전 상태로 미분한 행렬입니다. 한 시점이 작은 변화를 어떻게 바꾸는지, "
        "전치하면 기울기를 어떻게 바꾸는지를 나타냅니다.",
    "Here row j belongs to entry j of the new state. Texts with the denominator layout write "
    "the transpose.":
        "여기서는 j번째 행이 새 상태의 j번째 원소입니다. 분모 배치를 쓰는 글에서는 전치해서 "
        "적습니다.",
    "singular value":
        "특잇값",
    "By how much a matrix stretches each of a set of orthogonal directions. The largest bounds "
    "what a step can do to a gradient.":
        "행렬이 서로 직교하는 방향들을 각각 얼마나 늘이는지를 나타냅니다. 가장 큰 값은 한 "
        "시점이 기울기를 키울 수 있는 한계입니다.",
    "Not the sigmoid, which has no index.":
        "첨자가 없는 σ는 시그모이드입니다.",
    "spectral norm":
        "스펙트럼 노름",
    "The largest singular value of a matrix.":
        "행렬의 가장 큰 특잇값입니다.",
    "Not the spectral radius, which is never larger.":
        "스펙트럼 반경과 다르며, 반경은 노름보다 클 수 없습니다.",
    "Frobenius norm":
        "프로베니우스 노름",
    "The root of the sum of the squares of all entries.":
        "모든 원소의 제곱합의 제곱근입니다.",
    "eigenvalue":
        "고윳값",
    "A number by which the matrix multiplies some direction without turning it; complex ones "
    "come in pairs and turn a plane.":
        "행렬이 어떤 방향을 돌리지 않고 곱하는 배율입니다. 복소 고윳값은 쌍을 이루어 평면을 "
        "돌립니다.",
    "spectral radius":
        "스펙트럼 반경",
    "The largest modulus of an eigenvalue: the rate at which powers of the matrix grow in the "
    "long run.":
        "고윳값의 절댓값 중 가장 큰 값으로, 행렬의 거듭제곱이 결국 커지는 비율입니다.",
    "«ρ < 1 means vanishing» holds for a linear net in the long run only: gates, φ and "
    "non-normal matrices change it.":
        "«ρ < 1이면 소실»은 선형망에서 긴 시간이 지났을 때만 맞습니다. 게이트, φ, 비정규 "
        "행렬이 있으면 달라집니다.",
    "non-normal matrix":
        "비정규 행렬",
    "A matrix whose eigenvectors are not orthogonal: its powers may grow for a while although "
    "ρ < 1.":
        "고유벡터가 서로 직교하지 않는 행렬입니다. ρ < 1이어도 거듭제곱이 한동안 커질 수 "
        "있습니다.",
    "Lyapunov exponent":
        "랴푸노프 지수",
    "The mean logarithm of what a step does to a direction: e^λ is the factor a step, and λ < "
    "0 forgets.":
        "한 시점이 어떤 방향에 곱하는 배율의 로그를 평균한 값입니다. e^λ가 시점당 배율이고 λ < "
        "0이면 잊습니다.",
    "In nats here; in bits (log₂) elsewhere. Over a finite sequence it is an estimate.":
        "여기서는 nat 단위이며 비트(log₂)를 쓰는 글도 있습니다. 유한한 시퀀스에서는 "
        "추정값입니다.",
    "Numbers":
        "수치",
    "saturation":
        "포화",
    "A gate or tanh so near its end that its slope is nearly 0: little gradient passes through "
    "it.":
        "게이트나 tanh가 끝값에 매우 가까워 도함수가 거의 0인 상태로, 기울기가 거의 지나가지 "
        "못합니다.",
    "underflow":
        "언더플로",
    "A number too small for a float64 becomes 0. Norms here carry a power of two along and "
    "stay right; the pictures mark where a float would have lost them.":
        "float64로 담기에 너무 작은 수는 0이 됩니다. 여기서는 2의 거듭제곱을 따로 들고 "
        "계산하므로 노름이 정확하며, float이 잃어버렸을 곳을 그림에 표시합니다.",
    "A float32, as in most training, already loses numbers below 10⁻³⁸.":
        "대부분의 학습에서 쓰는 float32는 10⁻³⁸보다 작은 수를 이미 잃습니다.",
    "verified":
        "검증",
    "The badge of every page: these very gradients were checked against derivatives that were "
    "computed another way.":
        "모든 페이지에 있는 표시로, 화면의 바로 그 기울기를 다른 방법으로 계산한 도함수와 "
        "비교했음을 뜻합니다.",
    "Framework tests check operations, not the numbers on your screen.":
        "프레임워크의 시험은 연산을 검사할 뿐 화면의 수치를 검사하지 않습니다.",
    "one-hot":
        "원-핫",
    "A vector that is 1 at one place and 0 elsewhere: one place per character.":
        "한 자리만 1이고 나머지는 0인 벡터로, 글자마다 한 자리가 있습니다.",
}  # fmt: skip
