"""What every figure may say: axes, marks, theory's lines, numbers that are none."""

WORDS = {
    "timestep t": "시점 t",
    "unit": "유닛",
    "value": "값",
    "loss": "손실",
    "not finite": "유한하지 않음",
    "exactly 0": "정확히 0",
    "{line}: not finite": "{line}: 유한하지 않음",
    "{line}: 10 % to 90 % of the units": "{line}: 유닛의 10 %에서 90 %까지",
    "{signal}, unit %{y}, t = %{x}: %{z:.3g}": "{signal}, 유닛 %{y}, t = %{x}: %{z:.3g}",
    "{signal}, unit %{y}, t = %{x}: not finite": "{signal}, 유닛 %{y}, t = %{x}: 유한하지 않음",
    "below float64, or exactly 0": "float64 범위 아래, 또는 정확히 0",
    "below the range of float64": "float64의 범위 아래",
    "above the range of float64": "float64의 범위 위",
    "real part": "실수부",
    "imaginary part": "허수부",
    "here": "현재 위치",
    "missing": "빠진 부분",
    "In words, and as a table": "글과 표로 보기",
    # Theory
    "bound": "상한",
    "upper bound, ({steepest:g} · σ₁(W_h))^(S − t) = {rate:.3g}^(S − t)":
        "상한, ({steepest:g} · σ₁(W_h))^(S − t) = {rate:.3g}^(S − t)",
    "spectral radius alone, ρ(W_h)^(S − t) = {rate:.3g}^(S − t)":
        "스펙트럼 반경만 고려, ρ(W_h)^(S − t) = {rate:.3g}^(S − t)",
    "the road along {state} alone, ∏ {gate}": "{state}만 따라가는 경로, ∏ {gate}",
    # Numbers that are none
    "not a number": "NaN(수가 아닌 값)",
    "forward": "순방향",
    "reverse": "역방향",
    "{signal} is {value} from timestep {t} on (unit {unit}, example {example}, layer {layer}, "
    "{direction}).":
        "시점 {t}부터 {signal} 값이 {value}입니다(유닛 {unit}, 예제 {example}, 층 {layer}, "
        "{direction}).",
    "{signal} is {value} from timestep {t} back (unit {unit}, example {example}, layer {layer}, "
    "{direction}).":
        "거슬러 갈 때 시점 {t}부터 {signal} 값이 {value}입니다(유닛 {unit}, 예제 {example}, 층 "
        "{layer}, {direction}).",
    "{cell}: {words} The logarithms stay right.": "{cell}: {words} 로그값은 여전히 정확합니다.",
}  # fmt: skip
