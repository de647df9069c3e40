"""The systems page: the net as a state-space model."""

WORDS = {
    "The net as a first-order system": "1차 시스템으로 본 순환 신경망",
    # Examples
    "Examples": "예제",
    "Dies": "소멸",
    "Holds": "유지",
    "Diverges": "발산",
    "Flips": "부호 반전",
    "Node": "마디점",
    "Spiral": "나선점",
    "Rotation": "회전",
    "Shear": "전단",
    "Saddle": "안장점",
    "Non-normal": "비정규 행렬",
    "Driven": "강제 진동",
    "Latch": "래치",
    "Latch, flipped": "래치 뒤집기",
    "Limit cycle": "극한 순환",
    "Four memories": "네 가지 기억",
    # Kinds and fates
    "node": "마디점",
    "star": "별꼴 마디점",
    "degenerate node": "퇴화 마디점",
    "spiral": "나선점",
    "rotation": "회전",
    "centre": "중심점",
    "saddle": "안장점",
    "shear": "전단",
    "line of fixed points": "고정점의 직선",
    "every point is fixed": "모든 점이 고정점",
    "flip": "부호 반전",
    "dies": "소멸",
    "stays as it is": "그대로 유지",
    "grows steadily": "시간에 비례해 성장",
    "diverges": "발산",
    # Controls
    "Units": "유닛 수",
    "1 unit": "유닛 1개",
    "2 units": "유닛 2개",
    "Input u and output y: U, C, D": "입력 u와 출력 y: U, C, D",
    "Input uₜ": "입력 uₜ",
    "none": "없음",
    "impulse": "임펄스",
    "step function": "계단 함수",
    "sine": "사인파",
    "Size of the input": "입력의 크기",
    "From timestep": "시작 시점",
    # The portrait
    "Where it starts: drag, or arrow keys": "초기 상태: 끌거나 화살표 키로 옮깁니다",
    "x before the step": "한 시점 전의 x",
    "x after it": "한 시점 뒤의 x",
    "slope {slope}": "기울기 {slope}",
    "Up to the curve, across to the dotted diagonal: one step. Where they cross the state stands "
    "still: filled, stable; open, unstable. Dashed: the curve under the input at t. Drag the ring, "
    "or use its arrow keys.":
        "곡선까지 올라갔다가 점선 대각선까지 옆으로 가면 한 시점입니다. 둘이 만나는 곳이 "
        "고정점이며, 채운 점은 안정, 빈 점은 불안정입니다. 파선은 시점 t의 입력을 받은 곡선입니다. "
        "고리를 끌거나 화살표 키로 옮길 수 있습니다.",
    "Arrows: one step without input. Curves: where x₁ or x₂ alone stands still; where both do is a "
    "fixed point, filled if stable. Drag the ring, or use its arrow keys.":
        "화살표는 입력 없이 한 시점 동안의 이동입니다. 곡선 위에서는 x₁ 또는 x₂가 변하지 않고, 두 "
        "곡선이 만나는 곳이 고정점입니다(채운 점은 안정). 고리를 끌거나 화살표 키로 옮길 수 "
        "있습니다.",
    "Arrows: one step without input. Dotted: real eigenvectors. A fixed point is filled if stable. "
    "Drag the ring, or use its arrow keys.":
        "화살표는 입력 없이 한 시점 동안의 이동이고, 점선은 실수 고유벡터의 방향입니다. 고정점은 "
        "안정할 때 채워 그립니다. 고리를 끌거나 화살표 키로 옮길 수 있습니다.",
    # The finding
    "Left alone, the state turns once in {own} steps and dies by {radius} a step; driven by a sine "
    "of size {into}, the output y reaches {out}. After {T} steps {left} of the gradient ∂xₜ/∂x₀ is "
    "left, whatever the input. **Move the period away from {own}, and y shrinks.**":
        "입력이 없으면 상태는 {own}시점마다 한 바퀴 돌며 시점마다 {radius}배로 줄어듭니다. 크기가 "
        "{into}인 사인파로 구동하면 출력 y는 {out}까지 커집니다. 입력과 상관없이 {T}시점 뒤에 "
        "기울기 ∂xₜ/∂x₀는 {left}만 남습니다. **주기를 {own}에서 멀리 옮겨 y가 작아지는 것을 "
        "확인해 보세요.**",
    "Both eigenvalues lie inside the unit circle (ρ = {radius}), yet the gradient ∂xₜ/∂x₀ first "
    "grows {peak}-fold, until t = {t}, for W is not normal; after {T} steps {left} is left. "
    "**Halve the larger of W₁₂ and W₂₁ and watch the hump shrink.**":
        "두 고윳값이 모두 단위원 안에 있는데도(ρ = {radius}) W가 정규 행렬이 아니어서 기울기 "
        "∂xₜ/∂x₀는 t = {t}까지 {peak}배로 커졌다가, {T}시점 뒤에는 {left}만 남습니다. **W₁₂와 W₂₁ "
        "중 큰 쪽을 절반으로 줄여 봉우리가 낮아지는 것을 보세요.**",
    "The spectral radius is exactly 1: what is there stays, and after {T} steps ∂xₜ/∂x₀ has the "
    "norm {left}. **Change an entry of W by 0.05 and see how fast that is over.**":
        "스펙트럼 반경이 정확히 1이므로 상태가 그대로 남고, {T}시점 뒤 ∂xₜ/∂x₀의 노름은 "
        "{left}입니다. **W의 성분 하나를 0.05만 바꾸어 이 균형이 얼마나 빨리 깨지는지 보세요.**",
    "A saddle: one direction grows by {grows} a step, the other dies by {dies}; after {T} steps "
    "∂xₜ/∂x₀ has grown to {left}. **Drag x₀ onto the dotted line along which the arrows come in: "
    "the state dies at first, the gradient explodes all the same.**":
        "안장점입니다. 한 방향은 시점마다 {grows}배로 커지고 다른 방향은 {dies}배로 줄어들며, "
        "{T}시점 뒤 ∂xₜ/∂x₀는 {left:으로} 커집니다. **화살표가 안쪽을 향하는 점선 위로 x₀를 끌어 "
        "보세요. 상태는 처음에 줄어들지만 기울기는 그래도 폭발합니다.**",
    "The spectral radius is {radius}: after {T} steps ∂xₜ/∂x₀ has grown to {left}. **Turn tanh on: "
    "the state can no longer leave −1 … 1.**":
        "스펙트럼 반경이 {radius:으로} 1보다 커서, {T}시점 뒤 ∂xₜ/∂x₀는 {left:으로} 커집니다. "
        "**tanh를 켜 보세요. 상태가 −1 … 1을 벗어나지 못하게 됩니다.**",
    "The spectral radius is {radius}: each step keeps that share in the long run, and after {T} "
    "steps {left} of the gradient ∂xₜ/∂x₀ is left. **Raise the entries of W until the eigenvalues "
    "touch the unit circle.**":
        "스펙트럼 반경이 {radius}이므로 길게 보면 시점마다 그만큼만 남고, {T}시점 뒤 기울기 "
        "∂xₜ/∂x₀는 {left}만 남습니다. **고윳값이 단위원에 닿을 때까지 W의 성분을 키워 보세요.**",
    "A shear: both eigenvalues are on the unit circle, and yet ∂xₜ/∂x₀ grows with t, to {left} "
    "after {T} steps. **Set the corner of W to 0, and it holds.**":
        "전단입니다. 두 고윳값이 모두 단위원 위에 있는데도 ∂xₜ/∂x₀는 t에 비례해 커져 {T}시점 뒤 "
        "{left}에 이릅니다. **W의 모서리 성분을 0으로 두어 유지되는 것을 확인해 보세요.**",
    "Each step turns the state by {angle}°, and nothing is lost: after {T} steps ∂xₜ/∂x₀ has the "
    "norm {left}. **Turn tanh on, and even this memory fades.**":
        "시점마다 상태가 {angle}°씩 돌 뿐 아무것도 잃지 않아, {T}시점 뒤 ∂xₜ/∂x₀의 노름은 "
        "{left}입니다. **tanh를 켜서 이 기억마저 사라지는 것을 보세요.**",
    "A latch: two states hold, {high} and {low}, and a lasting push below {margin} flips neither. "
    "That is paid for: at {here}, next to where this run ends, a step multiplies the gradient by "
    "{slope}, {n} steps by {through}.":
        "래치(쌍안정)입니다. 두 상태 {high:과와} {low:이가} 유지되며, {margin}보다 작은 지속 "
        "입력으로는 어느 쪽도 뒤집히지 않습니다. 그 대가로, 이 실행이 끝나는 곳 옆의 {here}에서는 "
        "한 시점마다 기울기에 {slope:이가} 곱해지고, {n}시점이면 {through:이가} 곱해집니다.",
    "**Drag x₀ across {edge} to write the other bit.**":
        "**x₀를 {edge} 너머로 끌어 반대쪽 비트를 기록해 보세요.**",
    "**Here the input flips the bit: make it smaller until it no longer does.**":
        "**지금은 입력이 비트를 뒤집습니다. 뒤집지 못할 때까지 입력을 줄여 보세요.**",
    "**Here the bit stands up to the input: make it larger until it flips.**":
        "**지금은 비트가 입력을 견딥니다. 뒤집힐 때까지 입력을 키워 보세요.**",
    "The one fixed point, {x}, has slope {slope}: each step overshoots it, and the state swings "
    "from side to side for ever. **Raise w until the slope is above −1.**":
        "하나뿐인 고정점 {x}에서 접선의 기울기가 {slope}입니다. 시점마다 고정점을 지나쳐 상태가 "
        "양쪽을 끝없이 오갑니다. **이 기울기가 −1보다 커질 때까지 w를 올려 보세요.**",
    "|b| = {b} is at or beyond the fold at {fold}: only one state is left, {x}, and whatever x₀ "
    "was is forgotten. **Bring b between −{fold} and {fold} to have two.**":
        "|b| = {b}가 접힘점 {fold} 이상이라 상태가 {x} 하나만 남고, x₀가 무엇이었든 잊힙니다. "
        "**b를 −{fold}와 {fold} 사이로 옮겨 상태를 둘로 만들어 보세요.**",
    "One fixed point, {x}, with slope {slope}: wherever it starts, the state ends there, and after "
    "{T} steps {left} of the gradient ∂xₜ/∂x₀ is left. **Raise w above 1: then there are two "
    "states to choose from.**":
        "고정점은 {x} 하나이고 그곳에서 접선의 기울기는 {slope}입니다. 어디서 시작하든 상태는 "
        "여기서 끝나며, {T}시점 뒤 기울기 ∂xₜ/∂x₀는 {left}만 남습니다. **w를 1보다 크게 올려 고를 "
        "수 있는 상태를 둘로 만들어 보세요.**",
    "Of {all} fixed points {stable} are stable: so many states can be kept, and the price is the "
    "gradient, {left} after {T} steps. **Drag x₀ from one basin to the next.**":
        "고정점 {all}개 중 {stable}개가 안정하므로 그만큼의 상태를 간직할 수 있습니다. 그 대가는 "
        "기울기로, {T}시점 뒤 {left}만 남습니다. **x₀를 한 끌림 영역에서 다른 영역으로 끌어 "
        "보세요.**",
    "One fixed point is stable, of {all}: nearly every start ends there; after {T} steps {left} of "
    "the gradient ∂xₜ/∂x₀ is left. **Raise W₁₁ and W₂₂ until there are several.**":
        "고정점 {all}개 중 하나만 안정하여 거의 모든 초기 상태가 그곳에서 끝나고, {T}시점 뒤 "
        "기울기 ∂xₜ/∂x₀는 {left}만 남습니다. **안정한 고정점이 여럿이 될 때까지 W₁₁과 W₂₂를 올려 "
        "보세요.**",
    "None of the fixed points ({all}) is stable, and tanh keeps the state between −1 and 1: it "
    "goes round for ever, and after {T} steps ∂xₜ/∂x₀ has the norm {left}. **Lower the entries of "
    "W until the circle becomes a point.**":
        "고정점({all}개) 중 안정한 것이 없고 tanh가 상태를 −1과 1 사이에 가두므로, 상태는 끝없이 "
        "돕니다. {T}시점 뒤 ∂xₜ/∂x₀의 노름은 {left}입니다. **고리가 한 점이 될 때까지 W의 성분을 "
        "줄여 보세요.**",
    # Over time
    "At t = {t}: x = {0}, y = {1}, |x| = {2:log}, |∂xₜ/∂x₀| = {3:log}.":
        "t = {t}에서 x = {0}, y = {1}, |x| = {2:log}, |∂xₜ/∂x₀| = {3:log}.",
    "At t = {t}: x = ({0}, {1}), y = {2}, ‖x‖ = {3:log}, ‖∂xₜ/∂x₀‖ = {4:log}.":
        "t = {t}에서 x = ({0}, {1}), y = {2}, ‖x‖ = {3:log}, ‖∂xₜ/∂x₀‖ = {4:log}.",
    "State, input and output": "상태, 입력, 출력",
    "Norms of the state and of ∂x<sub>t</sub>/∂x<sub>0</sub>":
        "상태와 ∂x<sub>t</sub>/∂x<sub>0</sub>의 노름",
    "norm": "노름",
    "‖xₜ‖ is the length of the state; σ₁ and σ₂ are the singular values of ∂xₜ/∂x₀, the product of "
    "all step Jacobians: by how much the best and the worst kept direction of the start still "
    "count. Without tanh they go with ρᵗ in the long run.":
        "‖xₜ‖는 상태의 길이입니다. σ₁과 σ₂는 시점별 야코비 행렬을 모두 곱한 ∂xₜ/∂x₀의 특잇값으로, "
        "초기 상태에서 가장 잘 남는 방향과 가장 많이 잊히는 방향이 아직 얼마나 영향을 주는지를 "
        "나타냅니다. tanh가 없으면 길게 보아 ρᵗ를 따릅니다.",
    "|xₜ| and |∂xₜ/∂x₀|, the product of all slopes so far: how much the start still counts. "
    "Without tanh it is exactly |w|ᵗ.":
        "|xₜ|와, 지금까지의 접선 기울기를 모두 곱한 |∂xₜ/∂x₀|입니다. 초기 상태가 아직 얼마나 "
        "영향을 주는지를 나타내며, tanh가 없으면 정확히 |w|ᵗ입니다.",
    "From |x₀| = {start} to {end} after {T} steps; ∂xₜ/∂x₀ ends between {low} and {high}.":
        "|x₀| = {start}에서 {T}시점 뒤 {end}까지 변하고, ∂xₜ/∂x₀는 {low:과와} {high} 사이에서 "
        "끝납니다.",
    # Eigenvalues and fixed points
    "Eigenvalues: inside the circle dies, outside diverges, on it holds; off the real axis turns. "
    "J(x*) is the step's Jacobian at the fixed point nearest to where the run ends.":
        "고윳값이 원 안에 있으면 소멸, 밖이면 발산, 원 위면 유지이고, 실수축을 벗어나면 "
        "회전합니다. J(x*)는 실행이 끝나는 곳에서 가장 가까운 고정점의 야코비 행렬입니다.",
    "Eigenvalues of W: inside the circle dies, outside diverges, on it holds; off the real axis "
    "turns.":
        "W의 고윳값이 원 안에 있으면 소멸, 밖이면 발산, 원 위면 유지이고, 실수축을 벗어나면 "
        "회전합니다.",
    "What stands still": "변하지 않는 상태",
    "Eigenvalues against the unit circle: {listed}.": "단위원에 견준 고윳값은 {listed}입니다.",
    "of": "대상 행렬",
    "What it is": "어떤 시스템인가",
    "W is called": "W의 분류",
    "a typical state": "일반적인 상태",
    "eigenvalues": "고윳값",
    "spectral radius ρ": "스펙트럼 반경 ρ",
    "one step stretches by": "한 시점의 배율",
    "normal, W Wᵀ = Wᵀ W": "정규 행렬, W Wᵀ = Wᵀ W",
    "no": "아니요",
    "Of W alone, as if tanh were off: near x = 0, with b = 0, it is the same.":
        "tanh를 끈 것으로 보고 W만 따진 것입니다. b = 0이면 x = 0 부근에서는 tanh를 켜도 같습니다.",
    "fixed point": "고정점",
    "eigenvalues there": "그곳의 고윳값",
    "stable": "안정",
    "unstable": "불안정",
    "slope": "접선의 기울기",
    "No single fixed point: I − W has no inverse.":
        "I − W의 역행렬이 없어 고정점이 하나로 정해지지 않습니다.",
    # The latch
    "One state or two": "상태가 하나인가 둘인가",
    "fold": "접힘점",
    "fold {b}": "접힘점 {b}",
    "All fixed points of x = tanh(w x + b) for this w. Two are stable exactly where |b| < w s − "
    "artanh s, s = √(1 − 1/w).":
        "이 w에 대한 x = tanh(w x + b)의 모든 고정점입니다. |b| < w s − artanh s, s = √(1 − 1/w)일 "
        "때만 둘이 안정합니다(쌍안정).",
    "w = {w}: fold at |b| = {fold}; at b = {b} there are {n} fixed points.":
        "w = {w}일 때 접힘점은 |b| = {fold}이고, b = {b}에서 고정점은 {n}개입니다.",
    "What a robust latch costs": "튼튼한 래치의 대가",
    "lasting push that it withstands, fold − |b|": "견딜 수 있는 지속 입력, 접힘점 − |b|",
    "gradient left after {n} steps": "{n}시점 뒤 남는 기울기",
    "slope^{n} at the stable state, against the push that it withstands, for w from 1 to 4 at b = "
    "0. Points: the states of this w and b.":
        "b = 0에서 w를 1부터 4까지 바꿀 때, 견딜 수 있는 입력에 따른 안정 상태의 (접선의 "
        "기울기)^{n}입니다. 점은 지금 w와 b의 상태입니다.",
    "The more a latch withstands, the less gradient comes through {n} steps: at w = 2, b = 0 a "
    "push of {push}, and {left} is left.":
        "래치가 많이 견딜수록 {n}시점을 지나오는 기울기는 적습니다. w = 2, b = 0이면 {push}까지 "
        "견디고 기울기는 {left}만 남습니다.",
    "log₁₀ of the gradient left": "남는 기울기의 log₁₀",
    "Of the sidebar only T counts here. Columns: x is n × 1; in the cells of the other pages rows "
    "stand for columns, W_h = Wᵀ. Sources: Strogatz 2015, chapters 5 and 10; Hochreiter 1991; "
    "Bengio, Simard and Frasconi 1994; Pascanu, Mikolov and Bengio 2013.":
        "이 상태공간 모형에는 사이드바의 T만 쓰입니다. x는 n × 1 열벡터이고, 다른 페이지의 셀은 "
        "행벡터를 쓰므로 W_h = Wᵀ입니다. 출처: Strogatz 2015, 5장과 10장; Hochreiter 1991; Bengio, "
        "Simard, Frasconi 1994; Pascanu, Mikolov, Bengio 2013.",
}  # fmt: skip
