"""The frame of every page: navigation, sidebar, notices."""

WORDS = {
    # Navigation
    "Compare": "비교",
    "Gradient flow": "기울기 흐름",
    "Whose gradient?": "누구의 기울기?",
    "Spectrum": "스펙트럼",
    "Roads": "경로",
    "Cuts": "절단",
    "Cost": "비용",
    "Systems": "동역학계",
    # Sidebar
    "Sequence": "시퀀스",
    "Sequence options": "시퀀스 옵션",
    "This sequence has none.": "이 시퀀스에는 옵션이 없습니다.",
    "T, length": "T, 길이",
    "T is the number of characters of the text.": "T는 글의 글자 수입니다.",
    "T × H² = {work:,} of at most {most:,}": "T × H² = {work:,} (한도 {most:,})",
    "Cells": "셀",
    "Cell": "셀",
    "Cell options": "셀 옵션",
    "The chosen cells have none.": "선택한 셀에는 옵션이 없습니다.",
    "H, hidden units": "H, 은닉 유닛 수",
    "Forget bias b_f": "망각 편향 b_f",
    "Update bias b_z": "갱신 편향 b_z",
    "none of these cells": "해당하는 셀 없음",
    "Initialisation": "초기화",
    "Seed": "시드",
    "Law of the weights": "가중치의 분포",
    "W_h is set by its": "W_h의 크기를 정하는 기준",
    "Loss": "손실",
    "Where the loss sits": "손실의 위치",
    "Steps": "시점",
    "Back to the preset": "사전 설정으로 되돌리기",
    # What the menus hold
    "PyTorch's default, U(±1/√H)": "PyTorch 기본값, U(±1/√H)",
    "Glorot uniform": "글로럿 균등 분포",
    "Orthogonal W_h": "직교 행렬 W_h",
    "Identity W_h": "단위 행렬 W_h",
    "Chrono, biases for a range of times": "크로노, 여러 시간 규모에 맞춘 편향",
    "Keras's defaults": "Keras 기본값",
    "Gain": "이득",
    "Spectral radius": "스펙트럼 반경",
    "On the last step": "마지막 시점",
    "On every step": "모든 시점",
    "As the task has it": "과제가 정한 대로",
    "On chosen steps": "직접 고른 시점",
    "RNN: nonlinearity φ": "RNN: 비선형 함수 φ",
    "GRU: reset after the product (PyTorch, Keras)": "GRU: 곱한 뒤 재설정 (PyTorch, Keras)",
    "Peephole LSTM: form": "핍홀 LSTM: 연결 형태",
    # Help
    "How many timesteps the sequence has.": "시퀀스를 이루는 시점의 수입니다.",
    "How many hidden units each cell has.": "각 셀이 가진 은닉 유닛의 수입니다.",
    "The same seed gives the same weights and the same sequence, always.":
        "시드가 같으면 가중치와 시퀀스가 언제나 같습니다.",
    "How W_x, W_h and b are drawn. The gate biases b_f and b_z are set afterwards, but for chrono, "
    "which draws its own for memories of 2 to T steps.":
        "W_x, W_h, b를 추출하는 방법입니다. 게이트 편향 b_f와 b_z는 그다음에 정해집니다. 다만 "
        "크로노는 2에서 T시점까지 기억하도록 편향을 직접 추출합니다.",
    "Gain multiplies W_h as drawn; spectral radius scales every gate's block of W_h so that its "
    "largest eigenvalue has that modulus.":
        "이득은 추출된 W_h에 그대로 곱합니다. 스펙트럼 반경은 게이트별 W_h 블록의 가장 큰 "
        "고윳값이 그 절댓값을 갖도록 크기를 맞춥니다.",
    "σ(b_f) is about how much of the cell state each step keeps: σ(0) = 0.5, σ(3) = 0.953. At 0 a "
    "fresh LSTM forgets about as fast as an RNN.":
        "σ(b_f)는 시점마다 셀 상태가 유지되는 비율에 가깝습니다. σ(0) = 0.5, σ(3) = 0.953이며, "
        "0에서는 갓 초기화한 LSTM이 RNN만큼 빨리 잊습니다.",
    "z = 1 keeps the old state. σ(b_z) is about how much each step keeps.":
        "z = 1이면 이전 상태를 유지합니다. σ(b_z)는 시점마다 유지되는 비율에 가깝습니다.",
    "The gradient starts where the loss sits. One loss on the last step shows most clearly how far "
    "it travels.":
        "기울기는 손실이 있는 시점에서 출발합니다. 손실을 마지막 시점에만 두면 기울기가 얼마나 "
        "멀리 가는지 가장 뚜렷하게 보입니다.",
    "Numbers and ranges, such as 10, 20-25.": "번호나 구간으로 적습니다. 예: 10, 20-25.",
    "Every control back to the chosen preset.":
        "모든 조절 장치를 선택한 사전 설정으로 되돌립니다.",
    # Notices and links
    "The link asked for {key} = “{asked}”; {key} = {shown} is shown instead.":
        "링크의 {key} = “{asked}” 값은 쓸 수 없어, 대신 {key} = {shown} 값으로 표시합니다.",
    "{refusal} Shown below: the last setting that could be, {settings}.":
        "{refusal} 아래는 표시할 수 있었던 마지막 설정입니다: {settings}.",
    "Copy link": "링크 복사",
    "Copied": "복사됨",
    "Copy this link": "이 링크를 복사하세요",
    "nothing": "없음",
    "Stepping forward and back …": "앞으로 갔다가 거슬러 오는 중 …",
    # Time
    "Timestep": "시점",
    "Play": "재생",
    "Pause": "일시 정지",
    "Speed": "속도",
    "t = {t} of {T}": "t = {t} / {T}",
}  # fmt: skip
