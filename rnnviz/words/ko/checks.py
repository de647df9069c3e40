"""The badge, and the live checks behind it."""

WORDS = {
    "verify these numbers": "이 수치 검증하기",
    "✓ verified": "✓ 검증됨",
    "not verified: {failed} checks fail": "검증 실패: {failed}개 항목 불합격",
    "Checking …": "검증하는 중 …",
    "These very numbers, checked live. Each error must stay below its bound.":
        "화면에 보이는 바로 이 수치를 그 자리에서 검증합니다. 모든 오차는 상한보다 작아야 합니다.",
    "check": "검증 항목",
    "error": "오차",
    "holds": "성립",
    "yes": "예",
    "Skipped: {check}; {reason}.": "건너뜀: {check}. 이유: {reason}.",
    "it would take {needed:,} numbers, above the limit of {most:,}":
        "필요한 수가 {needed:,}개로 한도 {most:,}개를 넘음",
    "complex steps": "복소 스텝 미분",
    "central differences": "중앙 차분",
    "every recorded signal satisfies its own equation, put in numbers":
        "기록된 모든 신호가 수를 대입한 자신의 식을 만족함",
    "∂L/∂{symbol} along a random direction, against {method}":
        "무작위 방향의 ∂L/∂{symbol}, {method:과와} 비교",
    "∂L/∂{symbol} along a random direction, against {method}; saturated: the last digit of the "
    "recorded numbers alone may do this":
        "무작위 방향의 ∂L/∂{symbol}, {method:과와} 비교; 포화: 기록된 수의 마지막 자리만으로도 "
        "생길 수 있는 차이",
    "the shares of the single timesteps add up to the gradient of every weight":
        "시점별 기여의 합 = 각 가중치의 기울기",
    "the gradients of the single losses add up to ∂L/∂h_t at every t":
        "모든 t에서 손실별 기울기의 합 = ∂L/∂h_t",
    "the two roads add up to ∂L/∂{state}_t at every t":
        "모든 t에서 두 경로의 합 = ∂L/∂{state}_t",
    "the Jacobians of the single steps, multiplied, carry the gradient to the first state":
        "시점별 야코비 행렬의 곱이 기울기를 초기 상태까지 옮김",
    "‖product of the steps‖ ≤ product of ‖steps‖ (log10 of the excess)":
        "‖시점별 행렬의 곱‖ ≤ ‖시점별 행렬‖의 곱 (초과분의 log10)",
}  # fmt: skip
