"""The map of all pages: the question that each answers, and what its picture shows."""

WORDS = {
    "All pages": "모든 쪽",
    # questions
    "Where does the gradient of each cell go, and what keeps it?":
    "셀마다 기울기는 어디로 가고, 무엇이 그것을 지키는가?",
    "What does a cell compute at one timestep, number by number?":
    "셀은 한 시점에서 무엇을 어떤 수로 계산하는가?",
    "How does the gradient come back, and what does each step add?":
    "기울기는 어떻게 돌아오고, 시점마다 무엇을 더하는가?",
    "Which loss pays for which timestep?": "어느 손실이 어느 시점에 기울기를 보내는가?",
    "What does one step stretch, and what do all of them?":
    "한 시점은 무엇을 늘리고, 모든 시점은 무엇을 늘리는가?",
    "How much comes along the kept state, how much through the weights?":
    "유지되는 상태로는 얼마나, 가중치로는 얼마나 오는가?",
    "What do truncation and clipping take away?": "자르기와 클리핑은 무엇을 없애는가?",
    "How does it fade across layers, and what do two directions change?":
    "층을 지나며 얼마나 줄고, 양방향은 무엇을 바꾸는가?",
    "What does a net learn in windows of k steps, and what is out of reach?":
    "k시점의 창으로 무엇을 배우고, 무엇에는 닿지 못하는가?",
    "What do peepholes add, and which GRU does a library compute?":
    "핍홀은 무엇을 더하고, 라이브러리는 어느 GRU를 계산하는가?",
    "Where do losses sit, and how long are the gradient's paths?":
    "손실은 어디에 있고, 기울기의 경로는 얼마나 긴가?",
    "Which law of the weights carries a gradient the farthest?":
    "가중치를 어떤 분포에서 뽑아야 기울기가 가장 멀리 가는가?",
    "What does each cell cost in parameters, work and time?":
    "셀마다 매개변수, 연산, 시간은 얼마나 드는가?",
    "Where does the state settle, and what does remembering cost?":
    "상태는 어디에 머물고, 기억의 대가는 무엇인가?",
    "What do the words and symbols mean, here and elsewhere?":
    "용어와 기호는 여기와 다른 곳에서 무엇을 뜻하는가?",
    # pictures
    "Falling lines: one a cell, gradient norm against time.":
    "셀마다 하나씩 내려가는 선. 시점에 따른 기울기 노름입니다.",
    "A cell as a street map: its gates stand on the road of its state.":
    "도로 지도로 그린 셀. 상태의 길 위에 게이트가 있습니다.",
    "A triangle of colours: each step against every earlier one.":
    "삼각형 모양의 색 지도. 각 시점과 그 앞의 모든 시점입니다.",
    "A triangle of colours: each loss against each timestep.":
    "삼각형 모양의 색 지도. 각 손실과 각 시점입니다.",
    "A fan of lines: the singular values of the product, step by step.":
    "부채꼴로 퍼지는 선. 시점마다 본 야코비 행렬 곱의 특잇값입니다.",
    "Lines over time: the whole gradient and what came by each road.":
    "시점에 따른 선. 전체 기울기와 길마다 온 몫입니다.",
    "A loss with a cliff in it, and the path that clipping takes.":
    "절벽이 있는 손실과, 클리핑이 택하는 길입니다.",
    "Two maps of layers against time, one a direction.":
    "방향마다 하나씩, 층과 시점의 지도 둘입니다.",
    "Inputs above, answers below, cuts between: which loss reaches its cause.":
    "위는 입력, 아래는 답, 사이는 끊는 곳. 어느 손실이 원인에 닿는지 나타냅니다.",
    "A gate's pre-activation over time, in its parts.":
    "시점에 따른 게이트의 활성화 전 값을 부분별로 나눈 것입니다.",
    "An unrolled net: inputs, states, outputs and a loss.":
    "시간으로 펼친 신경망. 입력, 상태, 출력, 손실이 있습니다.",
    "Bands of lines: gradient norms of twenty seeds.":
    "띠를 두른 선. 시드 스무 개의 기울기 노름입니다.",
    "Bars: what the cells cost.": "셀의 비용을 나타내는 막대입니다.",
    "A phase portrait: arrows and a path in the plane of two units.":
    "위상 그림. 두 유닛의 평면에 그린 화살표와 궤적입니다.",
    "A page of entries.": "항목이 늘어선 쪽입니다.",
}  # fmt: skip
