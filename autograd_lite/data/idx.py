"""The IDX format of MNIST: a header that tells dtype and shape, then the numbers."""

import gzip
import zlib
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

# The third byte of the header. Numbers stand with their largest byte first.
DTYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
GZIP = b"\x1f\x8b"


def read_idx(path: Any) -> np.ndarray:
    """The array in an IDX file, plain or compressed by gzip.

    The header is two zero bytes, a byte for the dtype, a byte for the number of axes, and the
    length of each axis in four bytes.

    Raises:
        FileNotFoundError: no such file.
        ValueError: a file that is damaged, cut off, or of another format.
    """
    path = Path(path)
    content = path.read_bytes()
    if content.startswith(GZIP):
        content = _unpack(content, path)
    if len(content) < 4 or content[:2] != b"\0\0":
        raise _damaged(path, "a header that begins with two zero bytes", f"{content[:4]!r}")
    dtype, axes = DTYPES.get(content[2]), content[3]
    if dtype is None:
        known = ", ".join(f"0x{code:02x}" for code in DTYPES)
        raise _damaged(path, f"one of {known} as its third byte", f"0x{content[2]:02x}")
    start = 4 + 4 * axes
    if len(content) < start:
        raise _damaged(path, f"a header of {start} bytes", f"{len(content)} bytes in all")
    shape = tuple(np.frombuffer(content, ">u4", axes, offset=4).tolist())
    wanted = start + prod(shape) * np.dtype(dtype).itemsize
    if len(content) != wanted:
        raise _damaged(path, f"{wanted:,} bytes for shape {shape}", f"{len(content):,} bytes")
    numbers = np.frombuffer(content, dtype, offset=start).reshape(shape)
    return numbers.astype(numbers.dtype.newbyteorder("="))


def _unpack(content: bytes, path: Path) -> bytes:
    try:
        return gzip.decompress(content)
    except (EOFError, OSError, zlib.error) as problem:
        raise _damaged(path, "a whole gzip file", f"one that fails with: {problem}") from None


def _damaged(path: Path, expected: str, received: str) -> ValueError:
    return ValueError(
        f"{path}: expected {expected}, received {received}. The file is damaged or no IDX file. "
        "Delete it and get it again."
    )
