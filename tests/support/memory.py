"""How much more memory this process needed at most since a moment, whatever it had needed before."""

from __future__ import annotations

from pathlib import Path

CLEAR = Path("/proc/self/clear_refs")
STATUS = Path("/proc/self/status")


class PeakMemory:
    """Begins at what is in use now; `grown` is the peak since then, in megabytes."""

    def __init__(self) -> None:
        CLEAR.write_text("5")  # the kernel forgets the highest mark so far
        self._before = _megabytes("VmRSS")

    def grown(self) -> float:
        return _megabytes("VmHWM") - self._before


def _megabytes(key: str) -> float:
    [line] = [line for line in STATUS.read_text().splitlines() if line.startswith(f"{key}:")]
    return int(line.split()[1]) / 1024
