"""The cost page."""

WORDS = {
    "What does a cell cost, and what does it buy?": "셀의 비용은 얼마이고 무엇을 얻는가",
    "Compare at": "비교 기준",
    "equal hidden size": "같은 은닉 크기",
    "equal parameter count": "같은 매개변수 수",
    "The gradient at equal size, and at equal count":
        "크기가 같을 때와 매개변수 수가 같을 때의 기울기",
    "{settings}. {n} seeds from {first} on; bands: 10 % to 90 % of them. Single edited weights do "
    "not count here.":
        "{settings}. 시드 {first}번부터 {n}개, 띠는 그중 10 %에서 90 %까지입니다. 하나씩 고친 "
        "가중치는 여기에 들어가지 않습니다.",
    "Measure the time per step here and now": "지금 여기서 시점당 시간 재기",
    "Measuring …": "재는 중 …",
    "Not measured yet for these settings: nothing is stored.":
        "이 설정에서는 아직 재지 않았습니다. 저장된 값은 없습니다.",
    "Parameters of one layer": "한 층의 매개변수 수",
    "Multiply-adds a step, forward": "시점당 곱셈–덧셈, 순방향",
    "Time a step forward, µs": "시점당 시간, 순방향, µs",
    "Time a step back, µs": "시점당 시간, 역방향, µs",
    "{cell}: H = {size}, {count:,} parameters, {adds:,} multiply-adds.":
        "{cell}: H = {size}, 매개변수 {count:,}개, 곱셈–덧셈 {adds:,}회입니다.",
    "Parameters of one layer without the readout, D = {inputs}. A multiply-add is one product with "
    "its sum; biases only add, σ, tanh and divisions are apart. A step back needs the matrices "
    "twice.":
        "출력층을 뺀 한 층의 매개변수이며 D = {inputs}입니다. 곱셈–덧셈은 곱 하나와 그 합을 한 "
        "번으로 "
        "셉니다. 편향은 더하기만 하고, σ, tanh, 나눗셈은 따로 셉니다. 역방향 한 시점에는 행렬이 두 "
        "번 쓰입니다.",
    "Time: median of {runs} runs, bars 10 % to 90 %; T = {T}, one example, float64, everything "
    "recorded, all cells in turns, on this machine ({machine}). At such sizes most of it is Python "
    "and NumPy calls, not arithmetic.":
        "시간은 {runs}회의 중앙값, 막대는 10 %에서 90 %까지입니다. T = {T}, 예제 하나, float64, "
        "모든 "
        "값을 기록하며 셀을 번갈아 이 컴퓨터({machine})에서 쟀습니다. 이런 크기에서는 대부분이 "
        "연산이 아니라 Python과 NumPy 호출에 드는 시간입니다.",
    "parameters by formula": "매개변수 수(식)",
    "multiply-adds by formula": "곱셈–덧셈(식)",
    "‖∂L/∂h‖ at t = {t}, medians at equal hidden size and at equal parameter count:":
        "t = {t}에서 ‖∂L/∂h‖, 은닉 크기가 같을 때와 매개변수 수가 같을 때의 중앙값:",
    "counted": "센 값",
    "off by": "차이",
    "σ, tanh": "σ, tanh",
    "forward, µs": "순방향, µs",
    "back, µs": "역방향, µs",
    "Off by: against {goal:,}, the most that a chosen cell has at H = {H}; at equal count each "
    "cell takes the H that comes nearest.":
        "차이는 고른 셀 가운데 H = {H}에서 가장 많은 {goal:,}개를 기준으로 합니다. 매개변수 수를 "
        "같게 "
        "할 때는 셀마다 가장 가까운 H를 씁니다.",
    "Both pictures share one axis.": "두 그림은 같은 축을 씁니다.",
    "{cell} with H = {size}: {ratio} of the gradient is left at step 1.":
        "H = {size}인 {cell}: 첫 시점에 기울기의 {ratio}배가 남습니다.",
    "Choose cells of different cost in the sidebar, such as an RNN and an LSTM, to compare what "
    "they buy.":
        "비용이 다른 셀, 예를 들어 RNN과 LSTM을 사이드바에서 골라 무엇을 얻는지 비교해 보세요.",
    "At H = {H} parameters are {cells} = {counts}, multiply-adds {adds}. The **{many}** brings "
    "{kept} of the gradient back to step 1, the **{few}** {narrow}, and {widened} where it has as "
    "many parameters (H = {wide}).":
        "H = {H}에서 매개변수 수는 {cells} = {counts}, 곱셈–덧셈은 {adds}입니다. 첫 시점까지 되돌아"
        "오는 기울기는 **{many}**에서 {kept}배, **{few}**에서 {narrow}배이고, 매개변수 수를 같게 "
        "하면(H "
        "= {wide}) {widened}배입니다.",
    "Measure the time below: operations are not yet seconds.":
        "연산 횟수가 곧 시간은 아니므로 아래에서 시간을 재어 보세요.",
    "At the sizes below a step there and back takes the {many} {time} times as long as the {few}. "
    "Raise H and measure again: the larger the matrices, the nearer that comes to the "
    "multiply-adds.":
        "아래 크기에서 한 시점의 순방향과 역방향에 {many:은는} {few}의 {time}배 시간이 듭니다. H를 "
        "키워 다시 재어 보세요. 행렬이 클수록 곱셈–덧셈의 비에 가까워집니다.",
}  # fmt: skip
