"""Files that Keras 2 writes, with its own outputs and gradients.

python tests/data/make_keras2_files.py  (tensorflow-cpu 2.15.1 with its keras 2.15.0, Python 3.11;
all float32). Writes keras2_files.npz beside it: case/file.<kind> (the bytes), case/x (T, B, D),
case/y (T, B, K), case/G (T, B, K), case/dx = d sum(y G) / dx, and case/W/<k> = d sum(y G) / dW of
get_weights()[k]. CuDNN layers run on a GPU alone: their file is read by Keras itself into the plain
layer of the same weights, which gives the numbers.
"""

import tempfile
import warnings
from pathlib import Path

import numpy as np
import tensorflow as tf
from tensorflow import keras

warnings.simplefilter("ignore")
layers, cudnn = keras.layers, tf.compat.v1.keras.layers
T, B, D, H, K = 5, 2, 3, 4, 2
EVERY = {"return_sequences": True}
rng = np.random.default_rng(215)
FOUND = {}


def numbers(*shape, scale=1.0):
    return (scale * rng.standard_normal(shape)).astype(np.float32)


def sequential(*stack):
    keras.backend.clear_session()
    return keras.Sequential([keras.Input((None, D)), *stack])


def judged(name, model, ids=None):
    """The numbers that the model gives."""
    x = numbers(T, B, D) if ids is None else ids
    given = tf.constant(x.swapaxes(0, 1))
    with tf.GradientTape() as tape:
        if ids is None:
            tape.watch(given)
        y = model(given)
        G = numbers(*y.shape)
        total = tf.reduce_sum(y * G)
    dx, dW = tape.gradient(total, (given, model.trainable_weights))
    FOUND[f"{name}/x"], FOUND[f"{name}/y"] = x, y.numpy().swapaxes(0, 1)
    if ids is None:
        FOUND[f"{name}/G"], FOUND[f"{name}/dx"] = G.swapaxes(0, 1), dx.numpy().swapaxes(0, 1)
        for k, one in enumerate(dW):
            FOUND[f"{name}/W/{k}"] = one.numpy()


def case(name, model, *endings, read_by=None, ids=None):
    model.set_weights([numbers(*W.shape, scale=0.6) for W in model.get_weights()])
    with tempfile.TemporaryDirectory() as folder:
        for ending in endings:
            path = Path(folder) / f"net{ending}"
            (model.save_weights if "weights" in ending else model.save)(str(path))
            FOUND[f"{name}/file{ending}"] = np.frombuffer(path.read_bytes(), np.uint8)
        if read_by is not None:
            read_by.load_weights(str(Path(folder) / f"net{endings[0]}"))
    judged(name, read_by or model, ids)


if __name__ == "__main__":
    keras.utils.set_random_seed(215)
    stack = sequential(layers.LSTM(H, **EVERY), layers.LSTM(H, **EVERY), layers.Dense(K))
    case("stack", stack, ".h5", ".keras", ".weights.h5")
    case("after", sequential(layers.GRU(H, **EVERY)), ".h5", ".keras")
    case("before", sequential(layers.GRU(H, reset_after=False, **EVERY)), ".h5")
    case("simple", sequential(layers.SimpleRNN(H, activation="relu", **EVERY)), ".h5")
    hard = layers.LSTM(H, recurrent_activation="hard_sigmoid", **EVERY)
    case("hard", sequential(hard), ".h5", ".keras")
    two = [layers.Bidirectional(kind(H, **EVERY)) for kind in (layers.GRU, layers.GRU)]
    case("two", sequential(*two), ".h5", ".keras")
    case("cells", sequential(layers.RNN([layers.LSTMCell(H), layers.LSTMCell(H)], **EVERY)), ".h5")
    for kind in ("LSTM", "GRU"):
        plain = {"reset_after": True} if kind == "GRU" else {}
        own, usual = getattr(cudnn, f"CuDNN{kind}"), getattr(layers, kind)
        for name, of in (("cudnn", lambda one: one), ("cudnn two", layers.Bidirectional)):
            model = sequential(of(own(H, **EVERY)))
            reader = sequential(of(usual(H, **EVERY, **plain)))
            case(f"{name} {kind}", model, ".h5", read_by=reader)
    symbols = keras.Input((None,))
    inner = layers.LSTM(H, **EVERY)(layers.Embedding(9, D)(symbols))
    outer = layers.TimeDistributed(layers.Dense(K, activation="softmax"))(inner)
    model = keras.Model(symbols, outer)
    case("symbols", model, ".h5", ids=rng.integers(0, 9, (T, B)))
    np.savez_compressed(Path(__file__).with_name("keras2_files.npz"), **FOUND)
    print(len([one for one in FOUND if "/file" in one]), "files;", tf.__version__)
