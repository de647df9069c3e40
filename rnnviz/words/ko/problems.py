"""The page of problem types: what is read, what is answered, and where the losses sit."""

WORDS = {
    "Problem types": "문제 유형",
    "Problem type": "문제 유형",
    "How far is it from a loss to its input?": "손실에서 입력까지 얼마나 먼가",
    "One to one": "일대일",
    "One to many": "일대다",
    "Many to one": "다대일",
    "Many to many, in step": "다대다(시점마다)",
    "Sequence to sequence": "시퀀스-투-시퀀스",
    "Answer with the letter that follows the given one.":
        "주어진 글자의 다음 글자를 답합니다.",
    "Given one letter, go on through the alphabet; each answer is read as the next input.":
        "글자 하나를 받아 알파벳 순서로 이어 갑니다. 답은 그대로 다음 입력이 됩니다.",
    "After the last letter, name the first.": "마지막 글자까지 읽고 첫 글자를 답합니다.",
    "At every step, name the letter of the step before.":
        "시점마다 바로 앞 시점의 글자를 답합니다.",
    "Read all letters, then repeat them in order.":
        "글자를 모두 읽은 다음, 읽은 순서대로 다시 답합니다.",
    "The decoder reads its own answers": "디코더가 자기 답을 입력으로 읽기",
    # finding
    "The one loss sits on the step of the one letter: no way leads back through time, so nothing "
    "can be lost there.":
        "손실과 글자가 같은 시점에 하나씩 있습니다. 시간을 거슬러 가는 경로가 없으니 시간 때문에 "
        "잃을 기울기도 없습니다.",
    "All {losses} losses lead back to one letter, 0 to {most} steps away, and every step has two "
    "ways: through the state, and through the answer that was read as the next input.":
        "손실 {losses}개에서 나온 경로가 모두 글자 하나로 이어지며, 길이는 0–{most}시점입니다. "
        "시점마다 길이 둘 있습니다. 하나는 상태를, 다른 하나는 다음 입력이 된 답을 지납니다.",
    "One loss pays for all {given} letters, and the first, which is the answer, is the farthest: "
    "{most} steps.":
        "손실 하나가 글자 {given}개를 모두 맡습니다. 답이 되는 첫 글자가 가장 멀어서 {most}시점 "
        "떨어져 있습니다.",
    "Every letter has a loss of its own 0 steps away, though the one that asks for it is 1 step "
    "later; the farthest is {most} steps away.":
        "글자마다 같은 시점에 손실이 있지만, 그 글자를 묻는 손실은 한 시점 뒤에 있습니다. 가장 먼 "
        "손실은 {most}시점 떨어져 있습니다.",
    "Every way from a loss to a letter, {least} to {most} steps long, crosses the hand-over, for "
    "the encoder's last state is all that the decoder knows of {given} letters; from a letter to "
    "its own answer it is {given} steps.":
        "손실에서 글자까지 가는 경로는 길이가 {least}–{most}시점이고 모두 상태 전달 지점을 "
        "지납니다. 디코더가 글자 {given}개에 대해 아는 것은 인코더의 마지막 상태뿐입니다. 글자와 "
        "그 글자를 답하는 시점은 {given}시점 떨어져 있습니다.",
    "There is one loss and one letter, so one way from one to the other; its length in steps is "
    "{most}.":
        "손실 하나와 글자 하나가 있으니 경로도 하나뿐이고, 그 길이는 시점 수로 {most}입니다.",
    "Make the sequence longer to see a difference.": "시퀀스를 더 길게 해야 차이가 보입니다.",
    "‖∂L/∂h_t‖ at step 1, divided by that at the hand-over (step {start}): {cells}.":
        "시점 1의 ‖∂L/∂h_t‖를 상태 전달 지점(시점 {start})의 값으로 나누면 {cells}입니다.",
    "The encoder has one step, so nothing is lost within it.":
        "인코더가 한 시점뿐이니 그 안에서 잃는 기울기는 없습니다.",
    "‖∂L/∂h_t‖ at step 1, divided by that at step {start}: {cells}.":
        "시점 1의 ‖∂L/∂h_t‖를 시점 {start}의 값으로 나누면 {cells}입니다.",
    "At an output, what comes back through the next input is, against its own loss's gradient "
    "(median over the steps): {cells}.":
        "출력에서, 다음 입력을 거쳐 돌아오는 기울기를 그 시점 손실의 기울기로 나눈 값(시점들의 "
        "중앙값)은 {cells}입니다.",
    "Choose «Many to one» to give the loss a way to go.":
        "«다대일»을 골라 손실에 거슬러 갈 길을 만들어 보세요.",
    "Choose «Many to many, in step»: as many losses, but letters are given and nothing is fed "
    "back.":
        "«다대다(시점마다)»를 골라 보세요. 손실 수는 같지만 글자가 주어지고, 답을 되먹이지 "
        "않습니다.",
    "Choose «Many to many, in step» to put a loss on every step.":
        "«다대다(시점마다)»를 골라 모든 시점에 손실을 두어 보세요.",
    "Choose «Many to one» to take away all losses but the last, and see what is left at step 1.":
        "«다대일»을 골라 마지막 손실만 남기고, 시점 1에 기울기가 얼마나 남는지 보세요.",
    "Halve T, and every way is half as long.":
        "T를 절반으로 줄여 보세요. 경로가 모두 절반으로 짧아집니다.",
    # graph
    "{problem}, {cell}, unrolled in time": "{problem}, {cell}, 시간으로 펼친 그래프",
    "hand-over": "상태 전달",
    "Encoder": "인코더",
    "Decoder": "디코더",
    "forward pass": "순전파",
    "back from step {t} to the state before it: {value}": "시점 {t}에서 바로 앞 상태로: {value}",
    "from the output of step {t} into its state: {value}": "시점 {t}의 출력에서 상태로: {value}",
    "from the loss of step {t}: {value}": "시점 {t}의 손실에서: {value}",
    "back to the output of step {t}, which was read as the next input: {value}":
        "다음 입력이 된 시점 {t}의 출력으로: {value}",
    "into the input of step {t}: {value}": "시점 {t}의 입력으로: {value}",
    "{cell}: ‖∂L/∂h‖ at t = {t} is {0:log}; its own output sends {1:log}, and the step after sends "
    "{2:log} back to the state.":
        "{cell}: t = {t}에서 ‖∂L/∂h‖ = {0:log}. 그 시점의 출력에서 {1:log}, 다음 시점에서 "
        "{2:log}의 기울기가 상태로 들어옵니다.",
    "From below: what is read, the cell, the probability of the right answer, and the loss (black, "
    "with the letter that was to be answered). Grey arrows run forwards. Coloured arrows are the "
    "gradient coming back, as wide as the log₁₀ of its norm, dotted below 10⁻⁸; between two cells "
    "it is that of the whole state. The numbers are ‖∂L/∂h_t‖₂.":
        "아래부터 입력, 셀, 정답의 확률, 손실(둥근 표시, 안의 글자가 정답)입니다. 회색 화살표는 "
        "순방향 계산이고, 색 화살표는 거슬러 오는 기울기입니다. 굵기는 노름의 log₁₀이며 10⁻⁸보다 "
        "작으면 점선입니다. 두 셀 사이의 값은 상태 전체의 기울기입니다. 맨 아래 숫자는 "
        "‖∂L/∂h_t‖₂입니다.",
    "{cell}, {problem}: {losses} losses at steps {first} to {last}, {given} letters given; the "
    "gradient of the state is {start} at step 1 and {end} at step {T}.":
        "{cell}, {problem}: 손실 {losses}개(시점 {first}–{last}), 주어진 글자 {given}개. 상태의 "
        "기울기는 시점 1에서 {start}, 시점 {T}에서 {end}입니다.",
    "reads": "입력",
    "to be answered": "정답",
    "p of the right answer": "정답의 확률 p",
    "from t back to t − 1": "t에서 t − 1로",
    "from y_t": "y_t에서",
    "from L_t": "L_t에서",
    "from x_{t+1}": "x_{t+1}에서",
    # paths
    "farthest": "최장",
    "nearest": "최단",
    "the one loss": "유일한 손실",
    "Steps to a loss": "손실까지의 시점 수",
    "The gradient there": "그 시점의 기울기",
    "{cell} {value}": "{cell} {value}",
    "At step 1 the nearest loss is {near} steps away and the farthest {far}; the gradient there: "
    "{cells}.":
        "시점 1에서 가장 가까운 손실은 {near}시점, 가장 먼 손실은 {far}시점 떨어져 있습니다. "
        "그곳의 기울기는 {cells}입니다.",
    "Above: how many steps back it is from a loss to t, the fewest and the most; a step is one "
    "crossing from a state to the one before, an output fed back or the hand-over among them. "
    "Below: ‖∂L/∂h_t‖₂ of every cell, same seed, H and law of the weights, on one absolute scale.":
        "위: 손실에서 시점 t까지 거슬러 가는 시점 수의 최솟값과 최댓값입니다. 한 상태에서 바로 앞 "
        "상태로 가는 것을 한 시점으로 세며, 되먹인 출력이나 상태 전달을 지날 때도 같습니다. 아래: "
        "시드, H, 가중치의 분포가 같은 셀들의 ‖∂L/∂h_t‖₂를 하나의 절대 눈금에 나타냅니다.",
    # answers
    "What the softmax answers": "소프트맥스의 답",
    "{cell}: loss {loss}": "{cell}: 손실 {loss}",
    "probability; {p} is an even guess": "확률({p}: 고르게 찍을 때)",
    "t = %{x}: p(%{y}) = %{z:.3f}": "t = %{x}: p(%{y}) = %{z:.3f}",
    "t = %{x}: %{y} was to be answered": "t = %{x}: 정답 %{y}",
    "p_t = softmax(y_t), a column adds up to 1; rings mark the letter that was to be answered, and "
    "with it where a loss −ln p sits. These weights are untrained: an even guess among {K} letters "
    "has p = {p} and the loss ln {K} = {loss}.":
        "p_t는 y_t의 소프트맥스이고 한 열의 합은 1입니다. 고리는 정답 글자이며, 손실 −ln p가 그 "
        "시점에 있다는 표시입니다. 가중치는 학습하지 않은 상태입니다. 글자 {K}개를 고르게 찍으면 "
        "p = {p}, 손실은 ln {K} = {loss}입니다.",
    "The right answer gets on average, over the steps that are asked: {cells}.":
        "답을 묻는 시점에서 정답에 준 확률의 평균은 {cells}입니다.",
    # all types
    "The same cells on every type": "모든 유형에서 같은 셀 비교",
    "letters given": "주어진 글자",
    "shortest path": "최단 경로",
    "longest path": "최장 경로",
    "{cell} at t = 1": "{cell}, t = 1",
    "Paths: the steps from a loss back to a given letter, over all pairs. At t = 1: ‖∂L/∂h_1‖₂. "
    "The loss is the mean over the answers, so that types compare.":
        "경로는 손실에서 주어진 글자까지 거슬러 가는 시점 수이며, 모든 쌍에 대해 셉니다. t = 1의 "
        "값은 ‖∂L/∂h_1‖₂입니다. 손실은 답한 시점에 대한 평균이므로 유형끼리 비교할 수 있습니다.",
    # about
    "Letters A to E, one-hot, drawn with seed {seed}; T = {T}, H = {H}. Cells, seed, H and law of "
    "the weights are those of all pages; the sequence and the place of the loss are this page's "
    "own. In every type the first model has the same weights.":
        "글자 A–E를 원-핫 벡터로 나타내고 시드 {seed:으로} 뽑습니다. T = {T}, H = {H}. 셀, 시드, "
        "H, 가중치의 분포는 모든 쪽에서 같고, 시퀀스와 손실의 위치는 이 쪽에서 따로 정합니다. 첫 "
        "모델의 가중치는 모든 유형에서 같습니다.",
    "What is fed back is p_t itself, all of it, not the likeliest letter: that has a gradient.":
        "되먹이는 값은 가장 그럴듯한 글자가 아니라 확률 p_t 전체입니다. 그래야 기울기가 흐릅니다.",
    "The decoder is a model of its own, drawn with seed {seed}; its first input is empty (∅), "
    "later ones are the right answers before, unless it reads its own.":
        "디코더는 별도의 모델이며 시드 {seed:으로} 뽑습니다. 첫 입력은 비어 있고(∅), 그 뒤로는 "
        "자기 답을 읽게 하지 않는 한 바로 앞 시점의 정답을 읽습니다.",
    "Edited weights do not count here.": "직접 고친 가중치는 이 쪽에 적용되지 않습니다.",
    # checks
    "∂L/∂(all weights) along a random direction, against central differences":
        "임의 방향의 ∂L/∂(모든 가중치), 중심 차분과 비교",
    "the probabilities of every step add up to 1": "모든 시점에서 확률의 합이 1",
    "with no output fed back, the one reverse loop of all pages gives the same ∂L/∂x":
        "출력을 되먹이지 않으면 다른 쪽의 역방향 계산과 ∂L/∂x가 같음",
}
