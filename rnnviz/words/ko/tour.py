"""The tour: seven steps and the card."""

WORDS = {
    # the card
    "Take the tour": "둘러보기",
    "End the tour": "둘러보기 끝내기",
    "Tour": "둘러보기",
    "One moment …": "잠시만 기다려 주세요 …",
    "Right.": "맞습니다.",
    "Not so.": "그렇지 않습니다.",
    "Next": "다음",
    "Back": "이전",
    "Read off the arrays that are shown.": "지금 화면에 있는 배열에서 읽은 값입니다.",
    "Set it again": "이 단계의 설정으로",
    "Step {n} of {all}": "{all}단계 중 {n}단계",
    "The picture of this step is on the page {page}.": "이 단계의 그림은 ‘{page}’ 쪽에 있습니다.",
    "With these numbers it no longer holds. {instead}":
    "이 수치에서는 더 이상 성립하지 않습니다. {instead}",
    "Now the answer would be: {answer}": "지금의 답: {answer}",
    "None of the answers holds now.": "지금은 맞는 답이 없습니다.",
    "The cells that this step speaks of are not all shown.":
    "이 단계에서 말하는 셀이 모두 화면에 있지는 않습니다.",
    "A setting of this step has been changed.": "이 단계의 설정이 바뀌었습니다.",
    # 1
    "One state, handed on": "이어지는 하나의 상태",
    "An RNN reads a sequence step by step, here {T} weeks of stock prices. Time goes to the right: "
    "the keys ← and → move it. All that is handed on is the hidden state h, {H} numbers. The map "
    "shows how one of them, unit {unit}, is made in week {t}: from the prices x of that week and "
    "from the state of the week before.":
    "RNN은 시퀀스를 한 시점씩 읽습니다. 여기서는 {T}주의 주가입니다. 시간은 오른쪽으로 흐르며 ←, → "
    "키로 옮길 수 있습니다. 다음 시점으로 이어지는 것은 은닉 상태 h, 곧 수 {H}개뿐입니다. 그림은 "
    "그중 하나인 유닛 {unit}의 {t}번째 주 값이 그 주의 가격 x와 지난주의 상태로부터 만들어지는 "
    "과정입니다.",
    "If the state of the week before had been 0, what would this number be?":
    "지난주의 상태가 0이었다면 이 수는 어떻게 될까요?",
    "The same: the prices of the week decide.": "같습니다. 그 주의 가격이 정합니다.",
    "Another one: the past is in it.": "달라집니다. 과거가 담겨 있습니다.",
    "It is {h}; from the input of step {t} alone it would be {without}. Whatever an RNN knows of "
    "earlier steps has come this way, through W_h and tanh.":
    "지금은 {h}이지만, 시점 {t}의 입력만으로는 {without:이가} 됩니다. RNN이 이전 시점에 대해 아는 "
    "것은 모두 이 길, 곧 W_h와 tanh를 거쳐 온 것입니다.",
    # 2
    "The gradient comes back": "기울기가 돌아온다",
    "The error is measured once, after the last of {T} weeks. From there its gradient ∂L/∂h goes "
    "back, right to left, and says how much each state had to do with it. Only what arrives can be "
    "learnt from. At step 1 of these {T} weeks {left} of it is left.":
    "오차는 {T}주의 마지막에 한 번만 잽니다. 거기서 기울기 ∂L/∂h가 오른쪽에서 왼쪽으로 거슬러 "
    "가며, 각 상태가 오차에 얼마나 영향을 주었는지 알려 줍니다. 도착한 기울기로만 학습할 수 "
    "있습니다. {T}주일 때 시점 1에는 {left}배가 남았습니다.",
    "Take 50 weeks in place of 10: how much will be left at step 1?":
    "10주 대신 50주로 하면 시점 1에는 얼마나 남을까요?",
    "Some of it: more than 10⁻⁵.": "어느 정도 남습니다. 10⁻⁵보다 큽니다.",
    "Little: from 10⁻⁵ to 10⁻⁹.": "조금 남습니다. 10⁻⁵에서 10⁻⁹ 사이입니다.",
    "Next to nothing: less than 10⁻⁹.": "거의 남지 않습니다. 10⁻⁹보다 작습니다.",
    "{left} of it: the line falls by many powers of ten. What happened at step 1 gets no say in "
    "what the RNN learns from an error at step {T}. This is the vanishing gradient.":
    "{left}배만 남습니다. 선이 10의 거듭제곱으로 여러 자리나 떨어집니다. 시점 1에서 일어난 일은 "
    "시점 {T}의 오차로부터 RNN이 배우는 데 아무 영향도 주지 못합니다. 이것이 기울기 소실입니다.",
    # 3
    "Why: one factor a step": "이유: 시점마다 곱해지는 배율",
    "Each step back multiplies the gradient by tanh′ of that step and by W_h, the same matrix "
    "every time. On this axis of powers of ten the line is nearly straight: each step keeps about "
    "{factor} of what it gets.":
    "한 시점을 거슬러 갈 때마다 기울기에 그 시점의 tanh′와, 매번 같은 행렬인 W_h가 곱해집니다. "
    "10의 거듭제곱으로 나타낸 축에서 선은 거의 직선입니다. 시점마다 받은 기울기의 약 {factor}배가 "
    "남습니다.",
    "How much do ten steps keep?": "열 시점을 거슬러 가면 얼마나 남을까요?",
    "About {factor}, as one step does.": "약 {factor:으로}, 한 시점과 같습니다.",
    "About {tenth}, a tenth of that.": "약 {tenth}, 그 10분의 1입니다.",
    "About {power}, that factor ten times over.": "약 {power}, 그 배율을 열 번 곱한 값입니다.",
    "{ten}, measured over all stretches of ten steps. tanh′ is {slope} on average and never above "
    "1, and W_h stretches nothing by more than {stretch}; together they make a factor below 1, and "
    "taken {back} times it leaves {left}.":
    "모든 10시점 구간에서 잰 값은 {ten}배입니다. tanh′는 평균 {slope}로 1을 넘지 않고, W_h는 "
    "무엇도 {stretch}배보다 더 늘리지 않습니다. 둘이 합쳐 1보다 작은 배율이 되고, 이를 {back}번 "
    "곱하면 {left:이가} 됩니다.",
    # 4
    "The LSTM, with the same input and the same loss": "같은 입력과 같은 손실의 LSTM",
    "Now an LSTM is to read the same {T} weeks, with the same loss after the last. Beside h it "
    "hands on a second state c, the cell state, and gates between 0 and 1 decide what is kept of "
    "it.":
    "이번에는 LSTM이 같은 {T}주를 읽고, 손실도 마찬가지로 마지막에 한 번 잽니다. LSTM은 h 말고도 "
    "셀 상태 c를 다음 시점으로 넘기며, 그중 얼마를 남길지는 0과 1 사이의 게이트가 정합니다.",
    "Of the RNN's gradient {rnn} is left at step 1. And of the LSTM's?":
    "RNN에서는 시점 1에 기울기의 {rnn}배가 남았습니다. LSTM에서는 얼마나 남을까요?",
    "About as little.": "비슷하게 적습니다.",
    "At least a million times as much, but not all of it.": "백만 배 이상 많지만, 전부는 아닙니다.",
    "All of it.": "전부 남습니다.",
    "{lstm}, which is {times} times as much as in the RNN. What happened at step 1 still reaches "
    "the weights.":
    "{lstm}배가 남습니다. RNN의 {times}배입니다. 시점 1에서 일어난 일이 아직 가중치에 닿습니다.",
    # 5
    "Why: a road of its own": "이유: 따로 난 길",
    "In the RNN every way through time leads through W_h and tanh. The LSTM has a main road for c, "
    "along the top of its map. Follow the gradient back on it, from the right to the left, to "
    "where the gate f joins it.":
    "RNN에서 시간을 지나는 모든 길은 W_h와 tanh를 거칩니다. LSTM에는 그림 맨 위를 따라 c가 지나는 "
    "큰길이 있습니다. 그 길에서 기울기를 오른쪽에서 왼쪽으로, 게이트 f가 만나는 곳까지 따라가 "
    "보십시오.",
    "What multiplies the gradient when it goes one step back on the main road?":
    "큰길을 따라 한 시점을 거슬러 갈 때 기울기에는 무엇이 곱해질까요?",
    "W_h and tanh′, as in the RNN.": "RNN처럼 W_h와 tanh′입니다.",
    "The forget gate f, and nothing else.": "망각 게이트 f뿐입니다.",
    "Nothing: it stays as it is.": "아무것도 곱해지지 않고 그대로입니다.",
    "f alone, {f} on average. Over {back} steps the main road keeps {kept}, where the RNN's factor "
    "{factor} leaves {rnn}. Of the gradient of c at step 1, {share} % came along it.":
    "f만 곱해지며 평균은 {f}입니다. {back}시점을 거슬러 큰길에는 {kept}배가 남지만, RNN에는 시점당 "
    "배율 {factor}로 {rnn}배만 남습니다. 시점 1에 도착한 c의 기울기 가운데 {share} %가 큰길로 "
    "왔습니다.",
    # 6
    "The gate must be open": "게이트는 열려 있어야 한다",
    "How far the forget gate is open before any learning is up to one number, the forget bias b_f. "
    "So far it was 3: f stands at {f}, and {lstm} is left at step 1.":
    "학습 전에 망각 게이트가 얼마나 열려 있는지는 망각 편향 b_f라는 수 하나에 달려 있습니다. "
    "지금까지는 3이어서 f는 평균 {f}이고, 시점 1에 {lstm}배가 남습니다.",
    "Set b_f to 0, so that f is about one half. What will the LSTM keep?":
    "b_f를 0으로 두어 f가 절반쯤이 되게 하면 LSTM에는 얼마나 남을까요?",
    "About the same: more than 10⁻⁴.": "비슷하게 남습니다. 10⁻⁴보다 큽니다.",
    "Less: from 10⁻⁴ to 10⁻⁹.": "줄어듭니다. 10⁻⁴에서 10⁻⁹ 사이입니다.",
    "Almost as little as the RNN: less than 10⁻⁹.": "RNN만큼이나 적습니다. 10⁻⁹보다 작습니다.",
    "{lstm}; the RNN keeps {rnn}. f is {f} now, and taken {back} times that leaves nothing either. "
    "It is not the architecture that remembers, but an open forget gate.":
    "{lstm}배가 남습니다. RNN에는 {rnn}배가 남습니다. 지금 f는 평균 {f}이고, 이를 {back}번 곱하면 "
    "역시 아무것도 남지 않습니다. 기억하는 것은 구조가 아니라 열린 망각 게이트입니다.",
    # 7
    "The other way: exploding": "반대의 경우: 기울기 폭발",
    "A factor above 1 does the opposite. One gradient far too long throws all weights off, so it "
    "is clipped: if all gradients together are longer than θ, they are shortened to θ. Here W_h "
    "only turns, and {left} is left at step 1.":
    "배율이 1보다 크면 반대의 일이 일어납니다. 지나치게 긴 기울기 하나가 모든 가중치를 엉뚱한 "
    "곳으로 보내므로 클리핑을 합니다. 전체 기울기가 θ보다 길면 θ로 줄이는 것입니다. 지금 W_h는 "
    "돌리기만 하며, 시점 1에 {left}배가 남습니다.",
    "Make W_h twice as large. What becomes of the gradient on its way back, and what will clipping "
    "do to it?":
    "W_h를 두 배로 키우면 기울기는 돌아오면서 어떻게 되고, 클리핑은 무엇을 할까요?",
    "It still shrinks.": "여전히 줄어듭니다.",
    "It grows; clipping shortens it and keeps its direction.":
    "커집니다. 클리핑은 길이를 줄이고 방향은 지킵니다.",
    "It grows; clipping turns it into another direction.": "커집니다. 클리핑은 방향을 바꿉니다.",
    "Step 1 gets {times} times the gradient of step {T}. All gradients together, {before} long, "
    "are clipped to {after}, and the cosine between before and after is {cosine}. Against "
    "vanishing this is no help: what has shrunk to nothing cannot be clipped back.":
    "시점 1의 기울기는 시점 {T}의 {times}배입니다. 전체 기울기의 길이는 {before}에서 {after:으로} "
    "줄고, 전후의 코사인은 {cosine}입니다. 기울기 소실에는 도움이 되지 않습니다. 사라진 것은 "
    "클리핑으로 되살릴 수 없습니다.",
    # the end
    "Why the RNN forgot and the LSTM did not": "RNN은 왜 잊었고 LSTM은 왜 잊지 않았는가",
    "The RNN forgot because every step back multiplies the gradient by W_h and tanh′, and a factor "
    "below 1, taken at every step, leaves nothing. The LSTM did not, because its cell state has a "
    "road on which a step multiplies by the forget gate alone, and that gate stood open; shut it, "
    "and the LSTM forgets as fast.":
    "RNN이 잊은 것은 한 시점을 거슬러 갈 때마다 기울기에 W_h와 tanh′가 곱해지고, 1보다 작은 배율이 "
    "시점마다 곱해져 아무것도 남지 않기 때문입니다. LSTM이 잊지 않은 것은 셀 상태에 망각 게이트만 "
    "곱해지는 길이 있고 그 게이트가 열려 있었기 때문이며, 게이트를 닫으면 LSTM도 그만큼 빨리 "
    "잊습니다.",
}  # fmt: skip
