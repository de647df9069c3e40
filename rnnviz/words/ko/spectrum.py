"""The spectrum page."""

WORDS = {
    "What one step stretches, and what all of them do":
        "한 시점이 늘이는 것, 모든 시점이 함께 늘이는 것",
    "At t = {t}, one step stretches by {0:log} at most and {1:log} at least; all steps so far by "
    "{2:log} at most and {3:log} at least.":
        "t = {t}에서 한 시점은 최대 {0:log}배, 최소 {1:log}배로 늘이고, 지금까지의 모든 시점은 "
        "최대 {2:log}배, 최소 {3:log}배로 늘입니다.",
    "Singular values of one step, ∂s<sub>t</sub>/∂s<sub>t−1</sub>, s = {state}":
        "한 시점의 특잇값, ∂s<sub>t</sub>/∂s<sub>t−1</sub>, s = {state}",
    "Singular values of all steps so far, ∂s<sub>t</sub>/∂s<sub>0</sub>":
        "지금까지 모든 시점의 특잇값, ∂s<sub>t</sub>/∂s<sub>0</sub>",
    "σ of one step": "한 시점의 σ",
    "σ of the product": "곱의 σ",
    "A step stretches some directions of the state and shrinks others: the largest singular value "
    "bounds what any gradient can do, the smallest what is surely lost.":
        "한 시점은 상태의 어떤 방향은 늘이고 어떤 방향은 줄입니다. 가장 큰 특잇값은 기울기가 커질 "
        "수 있는 한계를, 가장 작은 특잇값은 반드시 남는 최소한을 정합니다.",
    "{cell}: over all steps the largest singular value is {largest}, the smallest {smallest}.":
        "{cell}: 모든 시점을 합친 가장 큰 특잇값은 {largest}, 가장 작은 특잇값은 "
        "{smallest}입니다.",
    "log₁₀ σ{k} step": "log₁₀ σ{k} 한 시점",
    "log₁₀ σ{k} product": "log₁₀ σ{k} 곱",
    "direction {k}": "방향 {k}",
    "Stretch of each leading direction in one step, s = {state}":
        "한 시점이 주요 방향을 늘이는 배율, s = {state}",
    "stretch of one step": "한 시점의 배율",
    "Growth of each leading direction in all steps so far":
        "지금까지 모든 시점에 걸친 주요 방향의 성장",
    "growth so far": "지금까지의 성장",
    "At t = {t}, the step stretches the first direction by {0:log} and the last one followed by "
    "{1:log}; all steps so far by {2:log} and {3:log}.":
        "t = {t}에서 이 시점은 첫 번째 방향을 {0:log}배, 따라가는 마지막 방향을 {1:log}배로 "
        "늘이고, 지금까지의 모든 시점은 각각 {2:log}배, {3:log}배로 늘입니다.",
    "The directions at the start that all steps together stretch most, followed step by step, each "
    "kept orthogonal to those before it. What they have grown by in the end comes close to the "
    "largest singular values of ∂s_T/∂s_0, from below.":
        "모든 시점을 합쳐 가장 많이 늘어나는 처음의 방향들을, 앞선 방향들과 직교하도록 시점마다 "
        "따라갑니다. 마지막까지의 성장은 ∂s_T/∂s_0의 가장 큰 특잇값들에 아래쪽에서 가까워집니다.",
    "{cell}: over all steps the first direction grows by {largest}, direction {count} by "
    "{smallest}.":
        "{cell}: 모든 시점에 걸쳐 첫 번째 방향은 {largest}배, 방향 {count:은는} {smallest}배로 "
        "커집니다.",
    "The {count} leading ones of {n}.": "전체 {n}개 중 앞의 {count}개입니다.",
    "log₁₀ growth {k}": "log₁₀ 성장 {k}",
    "log₁₀ stretch {k} step": "log₁₀ 배율 {k} 한 시점",
    "Lyapunov exponents": "랴푸노프 지수",
    "exponent": "지수",
    "exponent, nats a step": "지수(시점당 nat)",
    "direction, from the fastest growing": "방향(가장 빨리 커지는 것부터)",
    "The mean logarithm by which a step multiplies each of n orthogonal directions, by QR at every "
    "step: below 0 forgets, above 0 explodes, e^λ is the factor a step.":
        "직교하는 n개 방향이 한 시점에 곱해지는 배율의 로그를 평균한 값으로, 시점마다 QR 분해로 "
        "구합니다. 0보다 작으면 잊고, 0보다 크면 폭발하며, e^λ가 시점당 배율입니다.",
    "{cell}: largest exponent {largest} (a factor of {factor} a step), smallest {smallest}.":
        "{cell}: 가장 큰 지수는 {largest}(시점당 {factor}배), 가장 작은 지수는 {smallest}입니다.",
    "Eigenvalues of W_h": "W_h의 고윳값",
    "Each recurrent block's eigenvalues; the dotted circle is |λ| = 1. Without φ and gates, inside "
    "dies and outside explodes in the long run.":
        "순환 가중치 블록별 고윳값이며, 점선 원은 |λ| = 1입니다. φ와 게이트가 없다면 원 안은 결국 "
        "소실되고 원 밖은 결국 폭발합니다.",
    "{cell}: spectral radii: {radii}.": "{cell}: 스펙트럼 반경은 {radii}입니다.",
    "The {cell} has no W_h: ∂h_t/∂h_{t−1} is diagonal, and its eigenvalues are the gate {gate} "
    "itself.":
        "{cell}에는 W_h가 없습니다. ∂h_t/∂h_{t−1}은 대각 행렬이며, 그 고윳값은 게이트 {gate} "
        "자체입니다.",
    "block": "블록",
    "modulus": "절댓값",
    "A norm that grows although the spectral radius is ½": "스펙트럼 반경이 ½인데도 커지는 노름",
    "The corner x of W_h = [[½, x], [0, ½]]": "W_h = [[½, x], [0, ½]]의 모서리 값 x",
    "n, steps of the linear net h ← h W_h": "n, 선형망 h ← h W_h의 시점 수",
    "Both eigenvalues are ½, but the eigenvectors nearly coincide: powers first grow with x, and "
    "only then fall. The radius alone says nothing about the first steps.":
        "두 고윳값은 모두 ½이지만 고유벡터가 거의 겹칩니다. 거듭제곱은 먼저 x만큼 커졌다가 "
        "나중에야 줄어듭니다. 스펙트럼 반경만으로는 처음 몇 시점을 알 수 없습니다.",
    "With x = {x:g} the first powers have the norms {norms}; the norm stays above 1 for {above} "
    "steps.":
        "x = {x:g}일 때 처음 거듭제곱들의 노름은 {norms}이고, 노름은 {above}시점 동안 1보다 "
        "큽니다.",
}  # fmt: skip
