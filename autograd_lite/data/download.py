"""A file from the network: from the first of several places that gives the right one, whole."""

import hashlib
import os
from collections.abc import Sequence
from http.client import HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO
from urllib.request import urlopen

TIMEOUT = 30  # seconds without a byte
CHUNK = 1 << 16


def download(mirrors: Sequence[str], path: Path, size: int, sha256: str) -> None:
    """Get `path.name` from one of the mirrors, in their order, and check it.

    Whatever happens, `path` is either the whole file or untouched, and nothing else is left.

    Raises:
        OSError: no mirror gave it; the message has the reason of each.
    """
    problems = []
    for mirror in mirrors:
        try:
            _download(mirror + path.name, path, size, sha256)
            return
        # ValueError: a broken address.
        except (OSError, HTTPException, ValueError) as problem:
            problems.append(f"{mirror}: {type(problem).__name__}: {problem}")
    raise OSError(f"{path.name} could not be downloaded. " + " ".join(f"{p}." for p in problems))


def _download(address: str, path: Path, size: int, sha256: str) -> None:
    # In a folder of its own a new file gets the usual permissions; a temporary file does not.
    with TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as folder:
        whole = Path(folder) / "whole"
        with whole.open("wb") as file:
            _copy(address, file, size, sha256)
        os.replace(whole, path)


def _copy(address: str, file: BinaryIO, size: int, sha256: str) -> None:
    digest, received = hashlib.sha256(), 0
    with urlopen(address, timeout=TIMEOUT) as answer:
        # A byte more than it should be is enough to know; then nothing is asked for.
        while chunk := answer.read(min(CHUNK, size + 1 - received)):
            digest.update(chunk)
            file.write(chunk)
            received += len(chunk)
    if received != size:
        more = "more than " if received > size else ""
        raise OSError(f"expected {size:,} bytes, received {more}{min(received, size):,}")
    if digest.hexdigest() != sha256:
        raise OSError(f"expected sha256 {sha256}, received {digest.hexdigest()}")
