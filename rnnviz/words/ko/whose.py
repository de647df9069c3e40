"""The page that asks whose gradient it is."""

WORDS = {
    "Whose gradient is it?": "누구의 기울기인가",
    "Timestep t = {t} receives {0:log} from its own loss and {1:log} from all of them (the root of "
    "the summed squares).":
        "시점 t = {t}에는 자기 손실에서 {0:log}, 모든 손실에서 {1:log}만큼의 기울기가 "
        "들어옵니다(제곱합의 제곱근).",
    "The loss sits on one step only, so one row has all of it. Choose «On every step» under "
    "«Where the loss sits» to see who sends what.":
        "손실이 한 시점에만 있어 한 행에 모든 값이 있습니다. «손실의 위치»에서 «모든 시점»을 "
        "고르면 누가 무엇을 보내는지 볼 수 있습니다.",
    "loss on step τ": "손실의 시점 τ",
    "reaches timestep t": "기울기가 닿는 시점 t",
    "reaches step t": "닿는 시점 t",
    "‖∂L_τ/∂h_t‖₂: how much gradient the loss of step τ alone sends to the hidden state of step t. "
    "The vectors of a column add up to ∂L/∂h_t.":
        "‖∂L_τ/∂h_t‖₂는 시점 τ의 손실 하나가 시점 t의 은닉 상태로 보내는 기울기의 크기입니다. "
        "한 열의 벡터를 모두 더하면 ∂L/∂h_t가 됩니다.",
    "{cell}: no loss sends any gradient.": "{cell}: 기울기를 보내는 손실이 없습니다.",
    "{cell}: {count} steps have a loss that sends gradient; the most, {most}, goes from step "
    "{sender} to step {receiver}.":
        "{cell}: 기울기를 보내는 손실이 {count}개 시점에 있고, 가장 큰 값 {most:은는} 시점 "
        "{sender}에서 시점 {receiver:으로} 갑니다.",
    "A loss reaches no step after its own.": "손실은 자기 시점보다 뒤에는 닿지 않습니다.",
    "On its way back it shrank most, or grew least, at step {j}: by a factor of {loss}.":
        "거슬러 오는 동안 가장 많이 줄었거나 가장 적게 커진 시점은 {j}이며, 그 배율은 "
        "{loss}입니다.",
    "One loss, and one timestep": "손실 하나와 시점 하나",
    "Loss on step τ": "손실의 시점 τ",
    "Timestep t": "시점 t",
    "What the loss of step {sender} sends to each timestep":
        "시점 {sender}의 손실이 각 시점으로 보내는 기울기",
    "What timestep {receiver} receives from the loss of each step":
        "시점 {receiver:이가} 각 시점의 손실에서 받는 기울기",
    "{cell}: of the loss on step {sender}, at least 1 % of what reaches its own step reaches back "
    "{horizon} steps.":
        "{cell}: 시점 {sender}의 손실이 자기 시점에 보내는 기울기의 1 % 이상이 {horizon}시점 "
        "전까지 닿습니다.",
    "{cell}: of the loss on step {sender}, at least 1 % of what reaches its own step reaches back "
    "nowhere: no loss sits there.":
        "{cell}: 시점 {sender}에는 손실이 없어 기울기의 1 % 이상이 닿는 시점도 없습니다.",
    "Timestep {receiver} receives {total} in all (the root of the summed squares).":
        "시점 {receiver:이가} 받는 기울기는 모두 {total}입니다(제곱합의 제곱근).",
    "sent by {sender}": "{sender:이가} 보냄",
    "received by {receiver}": "{receiver:이가} 받음",
    "step": "시점",
    "How far away is the loss that pays?": "기울기를 보내는 손실은 얼마나 멀리 있는가",
    "share of Σ ‖∂L<sub>τ</sub>/∂h<sub>t</sub>‖₂": "Σ ‖∂L<sub>τ</sub>/∂h<sub>t</sub>‖₂ 중의 몫",
    "For each timestep, the sum over losses of the norm that each sends, split by the steps "
    "between: a share of the sum of norms, not of the norm of the sum.":
        "시점마다 각 손실이 보내는 노름의 합을 거리(사이의 시점 수)별로 나눈 것입니다. 합의 "
        "노름이 아니라 노름의 합에 대한 몫입니다.",
    "{cell}: on average {far:.2g} % comes from losses more than 20 steps away, {own:.2g} % from "
    "the step's own.":
        "{cell}: 평균적으로 {far:.2g} %는 20시점보다 멀리 있는 손실에서, {own:.2g} %는 자기 "
        "시점의 손실에서 옵니다.",
    "its own step": "자기 시점",
    "{low} or more steps": "{low}시점 이상",
    "{low}–{high} steps": "{low}–{high}시점",
}  # fmt: skip
