"""Weights set on their wires, and the data of the cell's drawings."""

WORDS = {
    "Click it, or press Enter, to set {weight}": "누르거나 Enter를 치면 {weight} 값을 바꿀 수 "
    "있습니다",
    "Click a knob on a wire, or press Enter on the wire, to set its weight.": "선 위의 손잡이를 "
    "누르거나 선에서 Enter를 치면 그 가중치를 바꿀 수 있습니다.",
    "Which one": "어느 것을 바꿀지",
    "from {source}, unit {k}": "{source}의 유닛 {k}에서",
    "from {source}, input {k}": "{source}의 입력 {k}에서",
    "As it was drawn": "처음 값으로",
    "Let go, and everything follows.": "손을 떼면 모두 다시 계산합니다.",
    "norm of the inputs": "입력의 노름",
    "node or wire": "노드 또는 선",
    "what it is": "설명",
    "Unit {unit} at t = {t}: the value on every node and wire, and the gradient of the loss that "
    "comes back to it. The CSV has every timestep.": "유닛 {unit}, t = {t}: 모든 노드와 선의 값, "
    "그리고 그곳으로 되돌아오는 손실의 기울기입니다. CSV에는 모든 시점이 들어 있습니다.",
    "Unit {unit} from t = {first} to {last}: its values, its gradients, and the norms over all "
    "units. The CSV has every timestep.": "유닛 {unit}, t = {first}부터 {last}까지: 값과 기울기, "
    "그리고 모든 유닛에 걸친 노름입니다. CSV에는 모든 시점이 들어 있습니다.",
}
