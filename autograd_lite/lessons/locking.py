"""One writer at a time, across processes. The system lets go when a process dies."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)

    def _release(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX)

    def _release(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file beside `path`. Where no lock can be had, go on without one.

    Raises OSError only if the body does.
    """
    try:
        file: IO[bytes] = path.with_name(f"{path.name}.lock").open("ab")
    except OSError:
        yield
        return
    with file:
        with suppress(OSError):
            _take(file)
        try:
            yield
        finally:
            with suppress(OSError):
                _release(file)
