"""The page of stacks: layers, two directions, and the paths that lead to a loss."""

WORDS = {
    "Depth": "깊이",
    "Through time, or through depth?": "시간을 따라, 아니면 층을 따라?",
    "Layers": "층 수",
    "Two directions": "양방향",
    "Forward direction": "순방향",
    "Reverse direction": "역방향",
    "forwards": "순방향",
    "in reverse": "역방향",
    "layer": "층",
    "layer {n}": "층 {n}",
    "Signal": "신호",
    "steps": "시점 수",
    "log₁₀ of the norm": "노름의 log₁₀",
    # settings
    "{settings}; layers = {layers}, two directions": "{settings}; 층 {layers}개, 양방향",
    "{settings}; layers = {layers}, one direction": "{settings}; 층 {layers}개, 단방향",
    "Layers = {layers} and directions = {directions} are left out: T × H² × layers × directions = "
    "{work:,} is above the limit of {limit:,}. Lower T to {lower_T}, H to {lower_H}, or layers × "
    "directions to {lower_count}.":
        "층 {layers}개, 방향 {directions}개는 표시하지 않습니다. T × H² × 층 수 × 방향 수 = "
        "{work:,}로 한도 {limit:,}을 넘습니다. T를 {lower_T}, H를 {lower_H}, 또는 층 수 × 방향 "
        "수를 {lower_count:으로} 줄이세요.",
    "{refusal} Shown below instead: {settings}.": "{refusal} 아래에는 대신 표시합니다: {settings}.",
    "{settings}. Sequence, seed, loss and law of the weights are those of all pages.":
        "{settings}. 시퀀스, 시드, 손실, 가중치의 분포는 모든 쪽에서 같습니다.",
    "Layer 1 has the very weights of the one-layer net on the other pages.":
        "층 1의 가중치는 다른 쪽에 나오는 단층 신경망의 가중치와 똑같습니다.",
    "Edited weights count in layer 1, forward direction, only.":
        "직접 바꾼 가중치는 층 1의 순방향에만 적용됩니다.",
    "Held gates are held in every layer and direction.":
        "고정한 게이트는 모든 층과 방향에서 고정됩니다.",
    # the map
    "layer %{y}, t = %{x}: 10<sup>%{z:.2f}</sup>": "층 %{y}, t = %{x}: 10<sup>%{z:.2f}</sup>",
    "layer %{y}, t = %{x}: {words}": "층 %{y}, t = %{x}: {words}",
    "‖∂L/∂h_t‖₂ of every layer and timestep, on one absolute scale; grey is exactly 0, as where no "
    "path leads to the loss. The gradient starts in the top layer where the loss sits and has two "
    "ways: down to the layer below at the same step (↓), or through time within its layer, to "
    "earlier steps in the forward direction and to later ones in the reverse, which reads from the "
    "end. Beside ← and → stands γ_time, the factor of a step, beside ↓ γ_depth, that of a layer.":
        "모든 층과 시점의 ‖∂L/∂h_t‖₂를 하나의 절대 눈금으로 나타냅니다. 회색은 정확히 0이며, "
        "손실로 이어지는 경로가 없는 곳이 그렇습니다. 기울기는 손실이 있는 시점의 맨 위층에서 "
        "출발하여 두 길로 갑니다. 같은 시점의 아래층으로 내려가거나(↓), 같은 층 안에서 시간을 따라 "
        "갑니다. 순방향에서는 앞선 시점으로, 끝에서부터 읽는 역방향에서는 뒤의 시점으로 갑니다. "
        "←와 → 옆의 수는 한 시점의 배율 γ_시간, ↓ 옆의 수는 한 층의 배율 γ_깊이입니다.",
    "{cell}: gradient norm of the hidden state, layer against timestep.":
        "{cell}: 은닉 상태의 기울기 노름. 세로는 층, 가로는 시점입니다.",
    "{layer}, {direction}: {first} at step 1, {last} at step {T}, not zero at {n}.":
        "{layer}, {direction}: 시점 1에서 {first}, 시점 {T}에서 {last}, 0이 아닌 시점 {n}개입니다.",
    # at one timestep
    "of it from above (↓), through time (←, →)": "위에서 온 몫(↓), 시간을 따라 온 몫(←, →)",
    "to a loss": "손실까지",
    "From above (↓): down from the layer above (in the top layer: from the loss) at this very "
    "step. Through time (←, →): from the neighbouring step of the same layer. The two add up as "
    "vectors. To a loss: the fewest steps through time on any path; ∞ where there is none.":
        "위에서 온 몫(↓)은 같은 시점의 위층(맨 위층에서는 손실)에서 내려온 것이고, 시간을 따라 온 "
        "몫(←, →)은 같은 층의 이웃 시점에서 온 것입니다. 둘을 벡터로 더하면 전체가 됩니다. "
        "손실까지의 거리는 모든 경로 가운데 시간을 따라 거치는 가장 적은 시점 수이며, "
        "경로가 없으면 ∞입니다.",
    # norms and numbers
    "One line a layer, layer 1 next to the input; crosses at the bottom are exactly 0.":
        "선 하나가 한 층이며, 층 1이 입력에 가장 가깝습니다. 맨 아래의 ×표는 정확히 0입니다.",
    "{cell}: the norms of all layers lie between {low} and {high}.":
        "{cell}: 모든 층의 노름은 {low:과와} {high} 사이에 있습니다.",
    "A step of time against a layer of depth": "한 시점과 한 층의 비교",
    "γ_time": "γ_시간",
    "γ_depth": "γ_깊이",
    "exp(slope of ln ‖∂L/∂h_t‖ against the steps back), least squares over the finite, non-zero "
    "steps, each layer and direction in its own order of processing. In the top layer, with the "
    "loss on one step, this is the way through time alone; below it the layer above adds its own "
    "at every step, and γ_time says how fast the sum changes.":
        "exp(거슬러 간 시점 수에 대한 ln ‖∂L/∂h_t‖의 기울기). 유한하고 0이 아닌 시점에 대한 "
        "최소제곱이며, 층과 방향마다 처리 순서를 따릅니다. 손실이 한 시점에만 있을 때 맨 "
        "위층에서는 시간을 따라가는 길만을 나타냅니다. 그 아래층에는 시점마다 위층의 몫이 "
        "더해지므로, γ_시간은 그 합이 변하는 빠르기입니다.",
    "the geometric mean over t of ‖∂L/∂h_t‖ in this layer divided by that in the layer above, same "
    "direction, over the steps at which both are finite and not zero; how many those are stands "
    "beside it where it is not all of them.":
        "같은 방향에서 이 층의 ‖∂L/∂h_t‖를 바로 위층의 값으로 나눈 비를 t에 대해 기하평균한 "
        "것입니다. 둘 다 유한하고 0이 아닌 시점만 쓰며, 모든 시점이 아닐 때는 그 수를 함께 "
        "적습니다.",
    # states
    "What the layers did, unit by unit": "유닛별로 본 각 층",
    "{direction}, {layer}": "{direction}, {layer}",
    "{signal}, {name}: units downwards, timesteps to the right; the same colours in all layers, "
    "from {low} to {high}.":
        "{signal}, {name}: 세로는 유닛, 가로는 시점입니다. 색 눈금은 모든 층에서 {low}부터 "
        "{high}까지로 같습니다.",
    "{name} of {count} layers, {direction}: heatmaps of units against timesteps.":
        "층 {count}개의 {name}, {direction}: 세로가 유닛, 가로가 시점인 히트맵입니다.",
    # paths
    "Why two directions have a short path from both ends": "양방향에서는 왜 양 끝이 모두 가까운가",
    "Loss on step S": "손실의 시점 S",
    "No loss sends any gradient.": "기울기를 보내는 손실이 없습니다.",
    "{direction}, {n}": "{direction}, {n}",
    "Steps to the loss on step {S}, from the top layer":
        "맨 위층에서 시점 {S}의 손실까지의 시점 수",
    "Gradient that this loss alone sends, by direction and layer":
        "이 손실 하나가 보내는 기울기, 방향과 층별",
    "From h_t to a loss on step S: S − t steps in the forward direction, for t ≤ S.":
        "h_t에서 시점 S의 손실까지는 순방향으로 S − t시점이며, t ≤ S일 때만 경로가 있습니다.",
    "t − S in the reverse direction, for t ≥ S: it reads from the end.":
        "끝에서부터 읽는 역방향으로는 t − S시점이며, t ≥ S일 때만 경로가 있습니다.",
    "Below the top layer a path may change direction on its way up: there both have |S − t| steps, "
    "and both get a gradient at every t.":
        "그 아래층에서는 경로가 위로 올라가면서 방향을 바꿀 수 있으므로 두 방향 모두 "
        "|S − t|시점이고, 모든 t에서 기울기를 받습니다.",
    "From step 1 the forward direction needs {far} steps to the loss on step {S}; its gradient "
    "there is {first}.":
        "순방향은 시점 1에서 시점 {S}의 손실까지 {far}시점이 걸리고, 시점 1의 기울기는 "
        "{first}입니다.",
    "From the {n} steps after it no path leads back to it.":
        "그 뒤의 시점 {n}개에서는 손실로 이어지는 경로가 없습니다.",
    "The reverse direction has processed one step, step {S} itself, when the loss reads it: "
    "{first} there, exactly 0 everywhere else in the top layer.":
        "역방향은 손실이 값을 읽을 때 시점 {S} 하나만 처리한 상태입니다. 맨 위층에서 그 시점의 "
        "기울기는 {first}이고, 나머지 시점에서는 정확히 0입니다.",
    "From step {T} the reverse direction needs {far} steps; its gradient there is {last}.":
        "역방향은 시점 {T}에서 {far}시점이 걸리고, 그 시점의 기울기는 {last}입니다.",
    # findings
    "No gradient reaches the forward direction of the **{cell}**: it is exactly 0 at every step. "
    "Put the loss on another step, or take another seed.":
        "**{cell}**의 순방향에는 기울기가 닿지 않습니다. 모든 시점에서 정확히 0입니다. 손실을 다른 "
        "시점에 두거나 시드를 바꿔 보세요.",
    "Between step {start} of the top layer and step 1 of layer 1 the **{cell}**'s gradient is "
    "exactly 0, or no longer finite.":
        "맨 위층의 시점 {start}에서 층 1의 시점 1로 가는 사이에 **{cell}**의 기울기가 정확히 0이 "
        "되거나 더 이상 유한하지 않습니다.",
    "Lower the gain: the values themselves leave the range of floats.":
        "이득을 낮추세요. 값 자체가 부동소수점 범위를 벗어납니다.",
    "Take another seed, or tanh in place of a unit that is off.":
        "시드를 바꾸거나, 꺼진 유닛이 없도록 tanh를 써 보세요.",
    "From step {start} to step 1 the **{cell}**'s gradient is multiplied by {time}, all of it "
    "through time: there is one layer.":
        "시점 {start}에서 시점 1까지 **{cell}**의 기울기는 {time}배가 됩니다. 층이 하나이므로 모두 "
        "시간을 따라 변한 것입니다.",
    "From step {start} of the top layer to step 1 of layer 1 the **{cell}**'s gradient is "
    "multiplied by {total}: by {time} through time ({steps}), by {depth} through depth "
    "({layers} layers).":
        "맨 위층의 시점 {start}에서 층 1의 시점 1까지 **{cell}**의 기울기는 {total}배가 됩니다. "
        "시간을 따라({steps}) {time}배, 층을 따라(층 {layers}개) {depth}배입니다.",
    "From step {start} of the top layer to step 1 of layer 1 the **{cell}**'s gradient is "
    "multiplied by {total}: by {time} through time ({steps}, γ = {factor} a step), by "
    "{depth} through depth ({layers} layers).":
        "맨 위층의 시점 {start}에서 층 1의 시점 1까지 **{cell}**의 기울기는 {total}배가 됩니다. "
        "시간을 따라({steps}, 시점당 γ = {factor}) {time}배, 층을 따라(층 {layers}개) "
        "{depth}배입니다.",
    "The reverse direction reads from the end: in the top layer a path leads to the loss from only "
    "{reached} of its {T} steps, and the others get no gradient at all.":
        "역방향은 끝에서부터 읽습니다. 그래서 맨 위층의 {T}시점 가운데 손실로 이어지는 경로가 있는 "
        "것은 {reached}시점뿐이고, 나머지에는 기울기가 전혀 오지 않습니다.",
    "The reverse direction brings the loss on step {first} to the steps after it, which it reaches "
    "on no other path of the top layer.":
        "역방향은 시점 {first}의 손실을 그 뒤의 시점으로 보냅니다. 맨 위층에는 그곳에 닿는 다른 "
        "경로가 없습니다.",
    "With both directions no step is more than {two} steps from a loss; the forward direction "
    "alone has steps from which no path leads to one.":
        "양방향에서는 어느 시점도 손실에서 {two}시점보다 멀지 않지만, 순방향만으로는 손실로 "
        "이어지는 경로가 없는 시점이 있습니다.",
    "With both directions no step is more than {two} steps from a loss, with the forward direction "
    "alone {one}.":
        "손실에서 가장 먼 시점까지의 거리는 양방향에서 {two}시점, 순방향만으로는 {one}시점입니다.",
    "Put the loss on the chosen steps “1, {T}”: then no step is more than {far} steps from one, "
    "for there is a short path from both ends.":
        "손실을 직접 고른 시점 “1, {T}”에 두세요. 양 끝 모두에 짧은 경로가 생겨, 어느 시점도 "
        "손실에서 {far}시점보다 멀지 않습니다.",
    "Take fewer layers: depth alone costs a factor of {depth}.":
        "층 수를 줄이세요. 층을 따라가는 것만으로 기울기가 {depth}배로 줄어듭니다.",
    "Switch on two directions to see the way from the other end.":
        "양방향을 켜서 반대쪽 끝에서 오는 길을 살펴보세요.",
    "Add a layer to see what one more costs, or switch the second direction off.":
        "층을 하나 늘려 무엇이 달라지는지 보거나, 양방향을 꺼 보세요.",
    "Switch the second direction off, or take one layer, to see what each costs.":
        "양방향을 끄거나 층을 하나로 줄여, 각각이 무엇을 바꾸는지 비교해 보세요.",
    # checks
    "layer {layer}, forward: the closest of its {count} checks, {check}":
        "층 {layer}, 순방향: 검증 {count}개 가운데 한계에 가장 가까운 것, {check}",
    "layer {layer}, reverse: the closest of its {count} checks, {check}":
        "층 {layer}, 역방향: 검증 {count}개 가운데 한계에 가장 가까운 것, {check}",
    "what comes down from the layer above, carried back through time alone, is ∂L/∂h_t of every "
    "layer and direction":
        "위층에서 내려온 기울기를 시간만 따라 거슬러 보내면 모든 층과 방향의 ∂L/∂h_t가 됨",
    "the directions of the first layer add up to ∂L/∂x_t":
        "첫 층의 두 방향을 더하면 ∂L/∂x_t가 됨",
    "states from which no path leads to a loss, and that have a gradient all the same":
        "손실로 이어지는 경로가 없는데도 기울기가 있는 상태의 수",
}  # fmt: skip
