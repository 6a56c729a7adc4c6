"""Memory that is freed and asked for again at every step."""

from functools import cache

import numpy as np


@cache
def keep_freed_memory() -> None:
    """Let the C library keep the arrays of one step for the next.

    On Linux glibc gives large blocks back to the kernel, and the next step waits for fresh pages:
    up to a third of its time. Once a block of 31 MiB was freed, glibc keeps what is smaller
    (mallopt(3), M_MMAP_THRESHOLD). This one is never written to, so it costs no memory; elsewhere
    nothing happens.
    """
    np.empty(31 * 2**20, np.uint8)
