"""Makes resources/podium_resources/sounds/waiting.wav: two soft tones, a fifth apart, computed here.

python packaging/sound.py
"""

import array
import math
import sys
import wave

from places import ROOT

TARGET = ROOT / "resources" / "podium_resources" / "sounds" / "waiting.wav"
RATE = 22050
TONES = ((0.0, 587.33), (0.11, 880.0))
"""When each begins, in seconds, and its pitch, in Hz."""
SECONDS = 0.55
PEAK = 0.35


def samples() -> "array.array[int]":
    made: array.array[int] = array.array("h")
    for index in range(int(SECONDS * RATE)):
        value = 0.0
        for start, pitch in TONES:
            since = index / RATE - start
            if since >= 0:
                swell = min(1.0, since / 0.006) * math.exp(-since * 9)
                value += swell * (
                    math.sin(math.tau * pitch * since) + 0.2 * math.sin(2 * math.tau * pitch * since)
                )
        fade = min(1.0, (SECONDS - index / RATE) / 0.05)
        made.append(round(32767 * PEAK * fade * value / len(TONES)))
    if sys.byteorder == "big":
        made.byteswap()
    return made


def main() -> None:
    TARGET.parent.mkdir(exist_ok=True)
    with wave.open(str(TARGET), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples().tobytes())


if __name__ == "__main__":
    main()
