"""The sequences: what they are called, what they ask, and their options."""

WORDS = {
    "Adding problem": "덧셈 문제",
    "Add the two marked values of a sequence of random numbers.":
        "난수 시퀀스에서 표시된 두 값을 더합니다.",
    "Copy task": "복사 과제",
    "Remember a few symbols through a blank delay and write them down in order.":
        "몇 개의 기호를 빈 구간 동안 기억했다가 순서대로 적습니다.",
    "{symbols} symbols to read and write, and a go mark":
        "읽고 쓸 기호 {symbols}개와 시작 표시",
    "Symbols": "기호 수",
    "How many symbols to remember.": "기억할 기호의 개수입니다.",
    "Alphabet size": "기호의 종류",
    "How many different symbols.": "서로 다른 기호의 가짓수입니다.",
    "Impulse": "임펄스",
    "One impulse at the first step, then silence: say at the end how large it was.":
        "첫 시점에 임펄스가 한 번 오고 그 뒤로는 0입니다. 그 크기를 마지막에 맞힙니다.",
    "Amplitude": "진폭",
    "Size of the first input.": "첫 입력의 크기입니다.",
    "Noisy sine": "잡음 섞인 사인파",
    "Predict the next clean value of a sine wave that is seen through noise.":
        "잡음이 섞인 사인파를 보고 잡음 없는 다음 값을 예측합니다.",
    "Period": "주기",
    "Length of one wave, in timesteps.": "파동 하나의 길이(시점 수)입니다.",
    "Noise": "잡음",
    "Standard deviation of the added noise.": "더해지는 잡음의 표준 편차입니다.",
    "Sentence": "문장",
    "Read a text character by character and predict the next one.":
        "글을 한 글자씩 읽으며 다음 글자를 예측합니다.",
    "Text": "글",
    "What is read; a longer text than `length` is refused, never cut.":
        "읽을 글입니다. `length`보다 긴 글은 자르지 않고 받지 않습니다.",
    "Encoding": "부호화",
    "A unit per character, or a fixed random vector per character.":
        "글자마다 유닛 하나, 또는 글자마다 고정된 난수 벡터를 씁니다.",
    "one hot": "원-핫",
    "embedding": "임베딩",
    "Embedding size": "임베딩 크기",
    "Numbers per random vector; one-hot inputs ignore it.":
        "난수 벡터 하나의 길이입니다. 원-핫 입력에는 쓰이지 않습니다.",
    "Stock prices": "주가",
    "Predict next week's standardised prices of technology companies, 2018 to 2019.":
        "2018년부터 2019년까지 기술 기업들의 표준화된 다음 주 주가를 예측합니다.",
    "the data has {values} weekly prices, the last a target only":
        "자료에 주간 주가가 {values}개 있고 마지막 값은 목표로만 쓰임",
    "the data has {values} weekly log returns, the last a target only":
        "자료에 주간 로그 수익률이 {values}개 있고 마지막 값은 목표로만 쓰임",
    "Quantity": "값의 종류",
    "The price itself, or its weekly log return.": "주가 자체, 또는 주간 로그 수익률입니다.",
    "price": "주가",
    "log return": "로그 수익률",
    "Companies": "기업",
    "All six companies or one.": "여섯 기업 전부, 또는 한 기업입니다.",
    "all": "전부",
}  # fmt: skip
