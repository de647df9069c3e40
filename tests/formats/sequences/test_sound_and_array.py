"""Sound against formulas written out anew, arrays against NumPy, and what is refused."""

import struct
from io import BytesIO

import numpy as np
import pytest

from rnnviz.formats.sequences import read, sample
from rnnviz.formats.sequences.sound import log_mel, mel_edges
from rnnviz.words import Refusal


def wav(raw: bytes, code: int = 1, bits: int = 16, rate: int = 8000, channels: int = 1) -> bytes:
    form = struct.pack("<HHIIHH", code, channels, rate, 0, 0, bits)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form
    body += b"LIST" + struct.pack("<I", 3) + b"abc\x00" + b"data" + struct.pack("<I", len(raw))
    return b"RIFF" + struct.pack("<I", len(body) + len(raw)) + body + raw


SIGNALLING = b"\x01\x00\x80\x7f"
"""A float32 that is no number and makes NumPy warn when it is widened."""


def twenty_four(values: np.ndarray) -> bytes:
    return b"".join(int(one).to_bytes(3, "little", signed=True) for one in values)


@pytest.mark.parametrize(
    ("code", "bits", "store"),
    [
        (1, 8, lambda x: (x * 128 + 128).round().astype("u1").tobytes()),
        (1, 16, lambda x: (x * 2**15).round().astype("<i2").tobytes()),
        (1, 24, lambda x: twenty_four((x * 2**23).round())),
        (1, 32, lambda x: (x * 2**31).round().astype("<i4").tobytes()),
        (3, 32, lambda x: x.astype("<f4").tobytes()),
        (3, 64, lambda x: x.astype("<f8").tobytes()),
    ],
)
def test_every_kind_of_sample_is_read_and_two_channels_are_averaged(code, bits, store) -> None:
    x = np.random.default_rng(0).uniform(-0.9, 0.9, (400, 2))
    found = read(wav(store(x.ravel()), code, bits, channels=2), "x.wav", bands=3).sound
    assert found is not None
    assert found.rate == 8000
    step = 2.0 ** -(min(bits, 25) - 1)
    np.testing.assert_allclose(found.samples, x.mean(axis=1), atol=step)


def test_log_mel_frames_against_a_plain_fourier_sum_and_interpolated_triangles() -> None:
    rate, bands, window, hop = 8000, 12, 200, 80
    samples = np.random.default_rng(1).standard_normal(1000)
    found = log_mel(samples, rate, bands, window, hop)
    size, mel_top = 256, 2595 * np.log10(1 + 4000 / 700)
    edges = [700 * (10 ** (k * mel_top / (bands + 1) / 2595) - 1) for k in range(bands + 2)]
    n, k = np.arange(window), np.arange(size // 2 + 1)
    wave = np.exp(-2j * np.pi * np.outer(k, n) / size)
    for t in range(len(found)):
        frame = samples[t * hop : t * hop + window] * np.sin(np.pi * n / window) ** 2
        power = np.abs(wave @ frame) ** 2
        for band in range(bands):
            triangle = np.interp(k * rate / size, edges[band : band + 3], [0, 1, 0])
            assert found[t, band] == pytest.approx(np.log(triangle @ power + 1e-10), rel=1e-10)
    assert len(found) == 11


def test_a_tone_is_loudest_in_the_band_round_it_and_every_band_hears_something() -> None:
    t = np.arange(8000) / 8000
    loud = wav((np.sin(2 * np.pi * 1000 * t) * 2**14).astype("<i2").tobytes())
    found = read(loud, "tone", bands=20, standardise=False)
    nearest = np.abs(mel_edges(20, 8000)[1:-1] - 1000).argmin()
    assert (found.x.argmax(axis=1) == nearest).all()
    assert found.step_labels[:2] == ("0.01 s", "0.02 s")
    noise = wav((np.random.default_rng(0).standard_normal(800) * 3000).astype("<i2").tobytes())
    assert (read(noise, "x", bands=128, standardise=False).x > -20).all()
    assert read(wav(b"\0\0"), "x", bands=4).x.tolist() == [[0, 0, 0, 0]]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"RIFF", "no .wav file of the usual kind"),
        (wav(b""), "no sample"),
        (wav(b"\0" * 8, rate=4000), "4,000 samples a second: from 8,000 to 48,000"),
        (wav(b"\0" * 8, code=7, bits=8), "µ-law of 8 bits"),
        (wav(b"\0" * 8, bits=12), "PCM of 12 bits"),
        (wav(b"\0" * 8, channels=0), "no channel"),
        (wav(b"\0" * 2_000_000, bits=8), "24,998 timesteps and at most 10,000"),
        (wav(np.array([0, np.inf], "<f4").tobytes(), code=3, bits=32), "Sample 2 is not finite"),
        (wav(SIGNALLING, code=3, bits=32), "Sample 1 is not finite"),
        (wav(np.array([0, 1e30], "<f4").tobytes(), code=3, bits=32),
         "Sample 2 is 1e\\+30: .* up to 1,000,000 are read"),
        (wav(b"")[:30], "no chunk called “data”|has 10 bytes"),
    ],
)
def test_sound_that_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        read(data, "x.wav")


def test_a_file_cut_short_is_read_as_far_as_it_goes() -> None:
    found = read(wav(b"\1\0" * 800)[:-400], "x.wav")
    assert found.sound is not None
    assert len(found.sound.samples) == 600
    assert "ends before the length" in found.notes[0]


def npy(array: np.ndarray) -> bytes:
    file = BytesIO()
    np.save(file, array)
    return file.getvalue()


def test_arrays_of_any_order_and_type_and_a_batch_of_one() -> None:
    x = np.arange(6.0).reshape(3, 2)
    for stored in (x, np.asfortranarray(x), x.astype(">f4"), x.astype("i1"), x[:, None], x[None]):
        found = read(npy(stored), "x.npy")
        assert found.x.tolist() == x.tolist()
        assert len(found.notes) == (stored.ndim == 3)
    assert read(npy(x[:, 0]), "x.npy").x.shape == (3, 1)


@pytest.mark.parametrize("data", [npy(np.ones((1, 2))), wav(b"\1\0" * 200), b"a,b\n1,2\n"])
def test_one_step_that_standardising_leaves_nothing_of_is_said(data: bytes) -> None:
    found = read(data, "x.csv", standardise=True)
    assert not found.x.any()
    assert "one timestep" in found.notes[0]
    assert not any("timestep" in str(one) for one in read(data, "x.csv", standardise=False).notes)


HUGE = "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000, 1000000)}"


def with_header(text: str) -> bytes:
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text) + 1) + text.encode() + b"\n"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (npy(np.zeros((0, 2))), "no timestep"),
        (npy(np.zeros((10_001, 1))), "10,001 timesteps"),
        (npy(np.zeros((2, 3, 4))), r"the shape \(2, 3, 4\): \(T, D\) is read"),
        (npy(np.array([[1.0, np.nan]])), "Step 1, number 2, is nan"),
        (npy(np.frombuffer(SIGNALLING, "<f4")), "Step 1, number 1, is nan"),
        (npy(np.array(["a"])), "It holds <U1"),
        (npy(np.zeros(2, "f8,f8")), "It holds"),
        (npy(np.zeros(4))[:-1], "takes 32 bytes, and has 31"),
        (with_header(HUGE), "at most 16,000,000 numbers"),
        (with_header(HUGE.replace("(1000000", "(-1")), "shape"),
        (with_header("(" * 3000), "header cannot be read"),
        (with_header(" " * 20_000), "header cannot be read"),
        (b"\x93NUMPY", "header cannot be read"),
    ],
)
def test_arrays_that_are_refused(data: bytes, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        read(data, "x.npy")


def test_nothing_is_unpickled() -> None:
    file = BytesIO()
    np.save(file, np.array([print], dtype=object), allow_pickle=True)
    with pytest.raises(Refusal, match="It holds object"):
        read(file.getvalue(), "x.npy")


def test_the_samples_are_there_small_and_can_be_read() -> None:
    speech = sample("speech.wav")
    found = read(speech, "speech.wav", bands=16)
    assert len(speech) < 170_000
    assert (found.length, found.input_size) == (1005, 16)
    np.testing.assert_allclose(found.x.std(axis=0), 1, rtol=1e-9)
