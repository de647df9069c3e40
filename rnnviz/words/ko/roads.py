"""The roads page."""

WORDS = {
    "Which road does the gradient take?": "기울기는 어느 경로로 가는가",
    "‖∂L/∂{state}‖ at t = {t}: {0:log} in all, {1:log} along the kept road, {2:log} through the "
    "weights; share of the kept road {3}":
        "t = {t}에서 ‖∂L/∂{state}‖: 전체 {0:log}, 유지 경로 {1:log}, 가중치 경유 {2:log}; 유지 "
        "경로의 몫 {3}",
    "total": "전체",
    "kept road": "유지 경로",
    "weights": "가중치",
    "Gradient of {state}, by road": "경로별 {state}의 기울기",
    "Share of the kept road": "유지 경로의 몫",
    "share of the two norms": "두 노름 중의 몫",
    "∂L/∂{state}_t = kept road + through the weights, as vectors. The kept road is what came from "
    "the loss along {state} alone: ∏ {gate}, never through a weight. Share: ‖kept‖ / (‖kept‖ + "
    "‖weights‖).":
        "벡터로서 ∂L/∂{state}_t = 유지 경로 + 가중치 경유입니다. 유지 경로는 손실에서 {state}만 "
        "따라온 부분, 곧 가중치를 한 번도 거치지 않은 ∏ {gate}입니다. 몫은 ‖유지‖ / (‖유지‖ + "
        "‖가중치‖)입니다.",
    "∂L/∂{state}_t = kept road + through the weights, as vectors. The kept road is what came from "
    "the loss along {state} alone: which this cell does not have. Share: ‖kept‖ / (‖kept‖ + "
    "‖weights‖).":
        "벡터로서 ∂L/∂{state}_t = 유지 경로 + 가중치 경유입니다. 유지 경로는 손실에서 {state}만 "
        "따라온 부분인데, 이 셀에는 없습니다. 몫은 ‖유지‖ / (‖유지‖ + ‖가중치‖)입니다.",
    "At the first step of the **{cell}**, {share:.3g} % of the gradient of {state} (by norm) came "
    "along {state} alone, times 1 at every step; the rest went through the weights at least once.":
        "**{cell}**의 첫 시점에서 {state}의 기울기 중 {share:.3g} %(노름 기준)는 시점마다 1만 "
        "곱해지며 {state:을를} 따라왔고, 나머지는 가중치를 적어도 한 번 거쳤습니다.",
    "∂L/∂{state}_t = kept road + through the weights, as vectors. The kept road is what came from "
    "the loss along {state} alone, times 1 at every step. Share: ‖kept‖ / (‖kept‖ + ‖weights‖).":
        "벡터로서 ∂L/∂{state}_t = 유지 경로 + 가중치 경유입니다. 유지 경로는 손실에서 {state}만 "
        "따라오며 시점마다 1이 곱해진 부분입니다. 몫은 ‖유지‖ / (‖유지‖ + ‖가중치‖)입니다.",
    "At the first step of the **{cell}**, {share:.3g} % of the gradient of {state} (by norm) came "
    "along {state} alone, through {gate} and nothing else; the rest went through the weights at "
    "least once.":
        "**{cell}**의 첫 시점에서 {state}의 기울기 중 {share:.3g} %(노름 기준)는 {gate}만 거치며 "
        "{state:을를} 따라왔고, 나머지는 가중치를 적어도 한 번 거쳤습니다.",
    "How long each unit would remember": "각 유닛이 기억할 시간",
    "median": "중앙값",
    "τ, steps": "τ, 시점 수",
    "τ = 1 / (1 − {gate}_t) of each unit: the steps it would remember if its gate stayed as it is "
    "at t. Quantiles over the units.":
        "유닛별 τ = 1 / (1 − {gate}_t)는 게이트가 시점 t의 값에 머문다면 기억할 시점 수입니다. "
        "선은 유닛들의 분위수입니다.",
    "The median unit would remember about {count} steps.":
        "중앙값에 해당하는 유닛은 약 {count}시점을 기억합니다.",
}  # fmt: skip
