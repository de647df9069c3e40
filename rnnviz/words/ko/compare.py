"""The compare page, its overview, and the findings of all pages."""

WORDS = {
    # the page
    "Where does the gradient go?": "기울기는 어디로 가는가?",
    "‖∂L/∂h_t‖₂ over the hidden units; t = 0 is the initial state. Dotted, where the loss is on "
    "one step only: a change by a constant factor γ a step. Drag to move the time.":
    "은닉 유닛 전체에 대한 ‖∂L/∂h_t‖₂이며, t = 0은 초기 상태입니다. 손실이 한 시점에만 있을 때의 "
    "점선은 시점마다 일정한 배율 γ로 변하는 경우입니다. 끌어서 시점을 옮길 수 있습니다.",
    "t, log₁₀ of the norm": "t, 노름의 log₁₀",
    "{settings}. {note}": "{settings}. {note}",
    "What the gates and states did, unit by unit": "유닛별로 본 게이트와 상태",
    "Colour scales of the heatmaps below.": "아래 히트맵의 색 눈금.",
    "γ {factor} · half-life {half_life} · first / last {ratio}":
    "γ {factor} · 반감기 {half_life} · 처음 / 마지막 {ratio}",
    "Units downwards, timesteps to the right.": "세로는 유닛, 가로는 시점입니다.",
    "{cell}: heatmaps of {signals}, units against timesteps.":
    "{cell}: {signals}의 히트맵. 세로는 유닛, 가로는 시점입니다.",
    "gates": "게이트",
    "hidden state h, candidate g": "은닉 상태 h, 후보 g",
    "cell state c": "셀 상태 c",
    "none, doubles in {n} steps": "없음, {n}시점마다 두 배",
    "{n} steps": "{n}시점",
    "1 step": "1시점",
    "Figures of merit, and their definitions": "지표와 그 정의",
    "first / last": "처음 / 마지막",
    "γ per step": "시점당 γ",
    "half-life": "반감기",
    "1 % horizon": "1 % 지평",
    "parameters": "매개변수 수",
    "not reached": "도달하지 않음",
    "‖∂L/∂h₁‖ / ‖∂L/∂h_S‖, where S is the last step that any gradient reaches (T, if the loss "
    "sits there): how much of it comes back to the first step.":
    "‖∂L/∂h₁‖ / ‖∂L/∂h_S‖. S는 기울기가 닿는 마지막 시점(손실이 T에 있으면 T)입니다. 첫 시점까지 "
    "얼마나 돌아오는지를 나타냅니다.",
    "γ = exp(slope of ln ‖∂L/∂h_t‖ against the steps back from S), least squares over the "
    "finite, non-zero steps. Below 1 the gradient shrinks by that factor a step, above 1 it "
    "grows.":
    "γ = exp(S에서 거슬러 간 시점 수에 대한 ln ‖∂L/∂h_t‖의 기울기). 유한하고 0이 아닌 시점에 "
    "대한 최소제곱입니다. 1보다 작으면 시점마다 그 배율로 줄고, 1보다 크면 커집니다.",
    "ln 2 / −ln γ: the number of steps back over which half of it is lost (a doubling time where "
    "γ > 1).":
    "ln 2 / −ln γ: 절반이 사라질 때까지 거슬러 간 시점 수(γ > 1이면 두 배가 되는 시점 수).",
    "the fewest steps back after which less than 1 % of ‖∂L/∂h_S‖ is left.":
    "‖∂L/∂h_S‖의 1 % 미만만 남게 되는 가장 적은 시점 수.",
    "Nothing is clipped: norms beyond the range of floats are computed with a carried power of "
    "two.":
    "잘라 낸 값은 없습니다. 부동소수점 범위를 벗어나는 노름은 2의 거듭제곱을 따로 두고 "
    "계산합니다.",
    # the overview
    "losses": "손실",
    "loss on every step": "모든 시점에 손실",
    # what one cell keeps
    "No gradient reaches the hidden state of any cell: it is exactly 0 at every step.":
    "어느 셀의 은닉 상태에도 기울기가 닿지 않습니다. 모든 시점에서 정확히 0입니다.",
    "The gradient that reaches the hidden state at step {start} goes back to step 1.":
    "{start}번째 시점의 은닉 상태에 닿은 기울기가 1번째 시점까지 거슬러 갑니다.",
    "Each step with a loss adds its own: this is not how far a single one travels. Put the loss "
    "on the last step to see that.":
    "손실이 있는 시점마다 기울기가 더해지므로, 이 값은 한 손실의 기울기가 얼마나 멀리 가는지를 "
    "나타내지 않습니다. 그것을 보려면 손실을 마지막 시점에 두세요.",
    "The **{cell}** has none at any step.": "**{cell}**에는 어느 시점에도 기울기가 없습니다.",
    "The **{cell}** no longer has a finite number.":
    "**{cell:은는}** 더 이상 유한한 값이 아닙니다.",
    "The **{cell}** keeps exactly nothing: 99 % is gone after {gone}.":
    "**{cell}**에는 정확히 0이 남습니다. {gone} 만에 99 %가 사라집니다.",
    "The **{cell}** makes {left} times as much of it, with its {gate} at {mean} on average.":
    "**{cell}**에서는 {left}배로 커집니다. {gate}는 평균 {mean}입니다.",
    "The **{cell}** makes {left} times as much of it.": "**{cell}**에서는 {left}배로 커집니다.",
    "The **{cell}** keeps {left} of it, with its {gate} at {mean} on average.":
    "**{cell}**에는 {left:이가} 남습니다. {gate}는 평균 {mean}입니다.",
    "The **{cell}** keeps {left} of it.": "**{cell}**에는 {left:이가} 남습니다.",
    "The **{cell}** keeps {left} of it: 99 % is gone after {gone}, with its {gate} at {mean} on "
    "average.":
    "**{cell}**에는 {left}만 남습니다. {gone} 만에 99 %가 사라지며, {gate}는 평균 {mean}입니다.",
    "The **{cell}** keeps {left} of it: 99 % is gone after {gone}.":
    "**{cell}**에는 {left}만 남습니다. {gone} 만에 99 %가 사라집니다.",
    "Gradient norm of the hidden state against time.": "시점에 따른 은닉 상태의 기울기 노름.",
    "{cell}: from {high} at step {start} to {low} at step 1, factor {factor} a step.":
    "{cell}: {start}번째 시점에서 {high}, 1번째 시점에서 {low}, 시점당 배율 {factor}.",
    "{cell}: from {high} at step {start} to {low} at step 1.":
    "{cell}: {start}번째 시점에서 {high}, 1번째 시점에서 {low}.",
    # what to do
    "Put the loss on another step, or take another seed: no gradient reaches the {cell}.":
    "손실을 다른 시점에 두거나 시드를 바꿔 보세요. {cell}에는 기울기가 닿지 않습니다.",
    "The {cell}'s values leave the range of floats: set W_h by its spectral radius, to 1 instead "
    "of {radius}.":
    "{cell}의 값이 부동소수점 범위를 벗어납니다. W_h를 스펙트럼 반경으로 정하고, {radius} 대신 "
    "1로 두세요.",
    "Clip the norm at θ = 1, or multiply the gain by 1/γ = {share}: the {cell}'s gradient grows "
    "by γ = {factor} a step.":
    "노름을 θ = 1에서 자르거나 이득에 1/γ = {share:을를} 곱하세요. {cell}의 기울기가 시점마다 γ "
    "= {factor}배로 커지는 기울기 폭발입니다.",
    "Clip the norm at θ = 1: the {cell}'s gradient comes back {ratio} times as large.":
    "노름을 θ = 1에서 자르세요. {cell}의 기울기가 {ratio}배로 커져 돌아옵니다.",
    "Raise the {cell}'s bias {name} from {now} to at least ln(T − 1) = {wanted}: with that its "
    "{gate} keeps the state for about T = {T} steps.":
    "{cell}의 편향 {name:을를} {now}에서 ln(T − 1) = {wanted} 이상으로 올리세요. 그러면 {gate}가 "
    "상태를 약 T = {T}시점 동안 유지합니다.",
    "Lower the gain: the weights pull the {cell}'s {gate} to {mean} on average, and its bias "
    "alone would hold it at {alone}.":
    "이득을 낮추세요. 편향만 있다면 {cell}의 {gate}는 {alone}에 머물지만, 가중치가 평균 "
    "{mean}까지 끌어내립니다.",
    "Look at c, on the page {page}: there the {cell} still has {left} of its gradient, and only "
    "the way from h into c is narrow.":
    "‘{page}’ 쪽에서 c를 보세요. {cell}의 셀 상태에는 기울기가 아직 {left}배만큼 남아 있고, "
    "h에서 c로 들어가는 길만 좁습니다.",
    "Shorten the sequence, or raise the bias further: with its {gate} at {mean} on average the "
    "{cell} has no more to give.":
    "시퀀스를 줄이거나 편향을 더 올리세요. {gate}가 평균 {mean}인 {cell}로는 이것이 한계입니다.",
    "Choose tanh instead of σ, whose slope is at most {steepest}: φ lets {phi} of the {cell}'s "
    "gradient through a step.":
    "도함수가 최대 {steepest}인 σ 대신 tanh를 고르세요. 한 시점에서 φ는 {cell}의 기울기를 "
    "{phi}배만 통과시킵니다.",
    "Draw W_h as the identity, with gain 1: {percent} % of the {cell}'s units are off, and let "
    "nothing through.":
    "W_h를 이득 1의 단위행렬로 두세요. {cell}의 유닛 가운데 {percent} %가 꺼져 있어 아무것도 "
    "통과시키지 않습니다.",
    "Draw W_h orthogonal, with gain 1: nothing of the {cell}'s gradient is left to measure, and "
    "ρ(W_h) is {radius}.":
    "W_h를 이득 1의 직교행렬로 두세요. {cell}에는 잴 수 있는 기울기가 남지 않으며, ρ(W_h)는 "
    "{radius}입니다.",
    "Draw W_h orthogonal or as the identity, with gain 1: a step through W_h multiplies the "
    "{cell}'s gradient by {weights} (ρ is {radius}), φ by {phi}.":
    "W_h를 이득 1의 직교행렬이나 단위행렬로 두세요. 한 시점을 거슬러 갈 때 {cell}의 기울기는 "
    "W_h에서 {weights}배(ρ는 {radius}), φ에서 {phi}배가 됩니다.",
    "Lower the gain to 1/{weights} of what it is: φ is saturated and lets {phi} of the {cell}'s "
    "gradient through a step, although W_h multiplies it by {weights}.":
    "이득을 지금의 1/{weights}로 낮추세요. W_h는 {cell}의 기울기를 {weights}배로 키우지만, "
    "포화된 φ가 한 시점에 {phi}배만 통과시킵니다.",
    "Make the inputs smaller: they saturate φ, which lets {phi} of the {cell}'s gradient through "
    "a step.":
    "입력을 줄이세요. 입력이 φ를 포화시켜, 한 시점에 {cell}의 기울기를 {phi}배만 통과시킵니다.",
    "Multiply the gain by 1/γ = {more}: a step through W_h multiplies the {cell}'s gradient by "
    "{weights}, φ by {phi}.":
    "이득에 1/γ = {more:을를} 곱하세요. 한 시점을 거슬러 갈 때 {cell}의 기울기는 W_h에서 "
    "{weights}배, φ에서 {phi}배가 됩니다.",
    "To see the {cell} forget, halve its gain; to see it explode, take φ = identity and a "
    "spectral radius above 1.":
    "{cell:이가} 잊는 것을 보려면 이득을 반으로 줄이고, 기울기 폭발을 보려면 φ를 항등함수로, "
    "스펙트럼 반경을 1보다 크게 두세요.",
    "To see the {cell} forget, raise T: its {gate} is at {mean} on average.":
    "{cell:이가} 잊는 것을 보려면 T를 늘리세요. {gate}는 평균 {mean}입니다.",
    "To see the {cell} forget, lower its bias {name} from {now} to 0, where σ is a half.":
    "{cell:이가} 잊는 것을 보려면 편향 {name:을를} {now}에서 σ가 1/2이 되는 0으로 낮추세요.",
    # step
    "Lower the gain: the values of unit {unit} of the {cell} leave the range of floats.":
    "이득을 낮추세요. {cell}의 {unit}번 유닛 값이 부동소수점 범위를 벗어납니다.",
    "Unit {unit} of the **{cell}** has its {gate} at {mean} on average: it remembers about "
    "{lasts} steps.":
    "**{cell}**의 {unit}번 유닛은 {gate}가 평균 {mean}이어서 약 {lasts}시점을 기억합니다.",
    "At t = {t} unit {unit} of the **{cell}** has its {gate} at {mean}: kept there, it would "
    "remember {lasts} steps.":
    "t = {t}에서 **{cell}**의 {unit}번 유닛은 {gate}가 {mean}입니다. 그대로 유지된다면 "
    "{lasts}시점을 기억합니다.",
    "No gradient reaches unit {unit} of the **{cell}** here. Choose another unit, or another "
    "place for the loss.":
    "여기서는 **{cell}**의 {unit}번 유닛에 기울기가 닿지 않습니다. 다른 유닛을 고르거나 손실의 "
    "위치를 바꿔 보세요.",
    "Unit {unit} of the **{cell}** lets {slope} of its gradient through φ on average. Lower the "
    "gain or the inputs: φ is nearly flat there.":
    "**{cell}**의 {unit}번 유닛은 φ에서 기울기를 평균 {slope}배만 통과시킵니다. φ가 거의 "
    "평평하니 이득이나 입력을 줄이세요.",
    "Unit {unit} of the **{cell}** lets {slope} of its gradient through φ on average. Raise the "
    "gain to see φ become flat.":
    "**{cell}**의 {unit}번 유닛은 φ에서 기울기를 평균 {slope}배 통과시킵니다. φ가 평평해지는 "
    "것을 보려면 이득을 높이세요.",
    # gradient flow
    "Half of what the steps add to ∂L/∂W_h (the sum of norms) comes from the last {n} of {T} "
    "steps.":
    "각 시점이 ∂L/∂W_h에 더하는 몫(노름의 합)의 절반은 {T}시점 가운데 마지막 {n}시점에서 "
    "나옵니다.",
    "Put the loss on the last step to see how far a single one travels.":
    "한 손실의 기울기가 얼마나 멀리 가는지 보려면 손실을 마지막 시점에 두세요.",
    # whose
    "No loss of the **{cell}** sends any gradient. Put the loss on another step, or take another "
    "seed.":
    "**{cell}**에서는 어떤 손실도 기울기를 보내지 않습니다. 손실을 다른 시점에 두거나 시드를 "
    "바꿔 보세요.",
    "The one loss of the **{cell}** is felt {far} back, down to 1 % of what reaches its own step.":
    "**{cell}**의 손실은 {far} 전까지 느껴집니다(손실이 있는 시점에 닿은 양의 1 %까지).",
    "A loss of the **{cell}** is felt {far} back (the median of {n}; at most {most}), down to 1 "
    "% of what reaches its own step.":
    "**{cell}**의 손실은 {far} 전까지 느껴집니다(손실 {n}개의 중앙값이며 최대 {most}, 손실이 "
    "있는 시점에 닿은 양의 1 %까지).",
    "It reaches nearly all there is: raise T to see where it ends.":
    "거의 끝까지 닿습니다. 어디서 끝나는지 보려면 T를 늘리세요.",
    "Cut every {k} steps or more on the page {page}, and compare what that removes.":
    "‘{page}’ 쪽에서 {k}시점 이상마다 잘라 보고, 무엇이 없어지는지 견주어 보세요.",
    # spectrum
    "Set W_h by its spectral radius, to 1: some step of the **{cell}** is not finite.":
    "W_h를 스펙트럼 반경 1로 두세요. **{cell}**의 어떤 시점이 유한하지 않습니다.",
    "The **{cell}** forgets everything: some step lets nothing through in any direction. Draw "
    "W_h orthogonal.":
    "**{cell:은는}** 모든 것을 잊습니다. 어느 방향으로도 아무것도 통과시키지 않는 시점이 "
    "있습니다. W_h를 직교행렬로 두세요.",
    "Even the direction that the **{cell}** keeps best is multiplied by e^λ₁ = {factor} a step; "
    "over all {T} steps the singular values run from {high} to {low}.":
    "**{cell:이가}** 가장 잘 간직하는 방향도 시점마다 e^λ₁ = {factor}배가 됩니다. {T}시점 전체의 "
    "특잇값은 {high}에서 {low}까지입니다.",
    "Multiply the gain by {more}, or clip the norm at θ = 1.":
    "이득에 {more:을를} 곱하거나 노름을 θ = 1에서 자르세요.",
    "Even the direction that the **{cell}** keeps best is multiplied by e^λ₁ = {factor} a step.":
    "**{cell:이가}** 가장 잘 간직하는 방향도 시점마다 e^λ₁ = {factor}배가 됩니다.",
    "Lower the gain, or shorten the sequence: the bias is high enough.":
    "이득을 낮추거나 시퀀스를 줄이세요. 편향은 이미 충분히 높습니다.",
    "Multiply the gain by {more}, or draw W_h orthogonal.":
    "이득에 {more:을를} 곱하거나 W_h를 직교행렬로 두세요.",
    "It neither dies nor explodes: raise the gain to see λ₁ rise above 0.":
    "소실도 폭발도 아닙니다. λ₁이 0보다 커지는 것을 보려면 이득을 높이세요.",
    # roads
    "No gradient reaches the first step of the **{cell}** by any road.":
    "**{cell}**의 첫 시점에는 어느 길로도 기울기가 닿지 않습니다.",
    "Put the loss on another step, or take another seed.":
    "손실을 다른 시점에 두거나 시드를 바꿔 보세요.",
    "The **{cell}** has no road of its own for {state}: before the loss's own step, everything "
    "comes through W_h and φ, step after step.":
    "**{cell}**에는 {state}만의 길이 없습니다. 손실이 있는 시점보다 앞에서는 모든 것이 시점마다 "
    "W_h와 φ를 거쳐 옵니다.",
    "Choose an LSTM or a GRU to see one that has a road of its own.":
    "자기 길이 있는 LSTM이나 GRU를 골라 보세요.",
    "At the first step of the **{cell}**, {share} of the gradient of {state} (by norm) came along "
    "{state} alone, through {gate} and nothing else; the rest went through the weights at least "
    "once.":
    "**{cell}**의 첫 시점에서 {state}의 기울기 가운데 {share}(노름 기준)는 {gate}만을 거쳐 "
    "{state:을를} 따라왔고, 나머지는 적어도 한 번 가중치를 거쳤습니다.",
    "Lower the gain: the road through the weights becomes narrower.":
    "이득을 낮추세요. 가중치를 거치는 길이 좁아집니다.",
    # cuts
    "Put the loss on another step, or lower the gain: there is no finite gradient to compare "
    "with.":
    "손실을 다른 시점에 두거나 이득을 낮추세요. 견줄 수 있는 유한한 기울기가 없습니다.",
    "With k = {k} nothing is cut, for T = {T}. Lower k to see what a window costs.":
    "T = {T}이므로 k = {k}에서는 아무것도 잘리지 않습니다. 창의 대가를 보려면 k를 줄이세요.",
    "Cutting every {k} steps changes ∂L/∂{name} most, by {share} of its norm.":
    "{k}시점마다 자르면 ∂L/∂{name:이가} 가장 많이, 노름의 {share}만큼 달라집니다.",
    "Lower k until the change can be seen.": "변화가 보일 때까지 k를 줄이세요.",
    "Raise k to {horizon}: so many steps back less than 1 % of the gradient is left.":
    "k를 {horizon:으로} 늘리세요. 그만큼 거슬러 가면 기울기가 1 %도 남지 않습니다.",
    "Raise k to T = {T}: all the way back more than 1 % of the gradient is left.":
    "k를 T = {T:으로} 늘리세요. 끝까지 거슬러 가도 기울기가 1 % 넘게 남습니다.",
    "Raise k, or move the loss: windows are counted from the start, and a cut may fall right "
    "before it.":
    "k를 늘리거나 손실을 옮기세요. 창은 처음부터 세므로 손실 바로 앞이 잘릴 수 있습니다.",
    "There is no gradient to clip: it is exactly 0. Put the loss on another step.":
    "자를 기울기가 없습니다. 정확히 0입니다. 손실을 다른 시점에 두세요.",
    "Lower the gain: some gradients are beyond what a float can hold.":
    "이득을 낮추세요. 부동소수점으로 나타낼 수 없는 기울기가 있습니다.",
    "At θ = {limit} the gradient of all parameters, {before} long, is left as it is. Lower θ "
    "below that to see it work.":
    "전체 매개변수의 기울기는 길이가 {before}이므로 θ = {limit}에서는 그대로입니다. 효과를 "
    "보려면 θ를 그보다 낮추세요.",
    "At θ = {limit} the gradient of all parameters, {before} long, becomes {after} long. Raise θ "
    "to {before} to leave it as it is.":
    "θ = {limit}에서 전체 매개변수의 기울기는 길이가 {before}에서 {after:으로} 줄어듭니다. "
    "그대로 두려면 θ를 {before}까지 올리세요.",
}  # fmt: skip
