"""Make the sample sequences, rnnviz/formats/sequences/samples; needs espeak-ng on the path.

Run from the top of the repository: python tests/data/make_sequence_samples.py
"""

import subprocess
import wave
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parents[2] / "rnnviz" / "formats" / "sequences" / "samples"
RATE = 8000
WORDS = (
    "A recurrent network reads one step at a time. Its gates decide what is kept, what is "
    "written, and what is shown. What happened ten seconds ago may still matter now."
)


def speech() -> None:
    """The words as 16-bit PCM of 8 kHz: espeak-ng's 22,050 Hz, band-limited by Fourier transform."""
    command = ["espeak-ng", "-v", "en-gb", "-s", "170", "-w", "/dev/stdout", WORDS]
    spoken = subprocess.run(command, capture_output=True, check=True).stdout
    with wave.open(BytesIO(spoken)) as file:
        rate = file.getframerate()
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float)
    count = len(samples) * RATE // rate
    narrow = np.fft.irfft(np.fft.rfft(samples)[: count // 2 + 1], count)
    scaled = narrow / np.abs(narrow).max() * 0.8 * 2**15
    with wave.open(str(FOLDER / "speech.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(scaled.round().astype("<i2").tobytes())
    print(count / RATE, "s")


def room() -> None:
    """Two weeks of a simulated room, hour by hour.

    The heating follows the clock; the room loses a tenth of its difference to outdoors an hour.
    """
    rng = np.random.default_rng(13)
    hours, inside, weather = np.arange(14 * 24), 19.0, 0.0
    lines = ["time,outdoor_C,heating_kW,indoor_C"]
    for hour in hours:
        weather = 0.98 * weather + 0.6 * rng.standard_normal()
        outside = 4 + 4 * np.sin(2 * np.pi * (hour - 9) / 24) + weather
        heating = 2.5 if 6 <= hour % 24 < 22 else 0.5
        inside += 0.1 * (outside - inside) + 0.6 * heating + 0.05 * rng.standard_normal()
        at = datetime(2026, 1, 5) + timedelta(hours=int(hour))
        lines.append(f"{at:%Y-%m-%d %H:%M},{outside:.1f},{heating:.1f},{inside:.2f}")
    (FOLDER / "room.csv").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    speech()
    room()
