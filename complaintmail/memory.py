"""Memory that was needed for a rush of mail goes back to the machine when the rush is over.

The C library keeps what was freed for the next time; after ten thousand mails that is tens of megabytes which an idle
daemon holds for nothing. Where the library cannot give it back, nothing happens.
"""

from __future__ import annotations


def give_back() -> None:
    import ctypes

    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
