"""Types into the focused window through X, from a process of its own, and prints when each key went out.

Arguments: how many keys, seconds between them. The times are CLOCK_MONOTONIC, which is the same in all processes.
"""

import ctypes
import json
import random
import sys
import time


def main() -> None:
    count, pause = int(sys.argv[1]), float(sys.argv[2])
    x11, xtest = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXtst.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XStringToKeysym.restype = ctypes.c_ulong
    display = ctypes.c_void_p(x11.XOpenDisplay(None))
    code = x11.XKeysymToKeycode(display, ctypes.c_ulong(x11.XStringToKeysym(b"a")))
    source = random.Random(1)
    times = []
    for _ in range(count):
        time.sleep(pause * source.uniform(0.6, 1.4))
        times.append(time.perf_counter())
        xtest.XTestFakeKeyEvent(display, code, 1, 0)
        x11.XFlush(display)
        xtest.XTestFakeKeyEvent(display, code, 0, 0)
        x11.XFlush(display)
    print(json.dumps(times))


if __name__ == "__main__":
    main()
