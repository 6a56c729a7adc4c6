"""IDX files are read as they were written, and damaged ones are named."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograd_lite.data.idx import read_idx
from tests.data.idx_files import CODES, as_idx, write_idx

ARRAYS = st.sampled_from(sorted(CODES)).flatmap(
    lambda code: hnp.arrays(code, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
)
EXAMPLE = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)


@given(array=ARRAYS, packed=st.booleans())
def test_it_reads_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, array: np.ndarray, packed: bool
) -> None:
    path = tmp_path_factory.mktemp("idx") / ("x.gz" if packed else "x")
    found = read_idx(write_idx(path, array))
    assert found.dtype == array.dtype
    assert found.dtype.isnative
    assert found.flags.writeable
    np.testing.assert_array_equal(found, array)


def test_the_header_of_mnist_is_known(tmp_path: Path) -> None:
    """2051 and 2049 are the first four bytes of its images and its labels."""
    images = b"\x00\x00\x08\x03" + b"\x00\x00\x00\x01" * 3 + b"\x2a"
    assert int.from_bytes(images[:4]) == 2051
    (tmp_path / "x").write_bytes(images)
    np.testing.assert_array_equal(read_idx(tmp_path / "x"), [[[42]]])


@given(data=st.data(), packed=st.booleans())
def test_a_file_cut_anywhere_is_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, packed: bool
) -> None:
    whole = gzip.compress(as_idx(EXAMPLE), mtime=0) if packed else as_idx(EXAMPLE)
    path = tmp_path_factory.mktemp("idx") / "x.gz"
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    with pytest.raises(ValueError, match=r"x\.gz: expected .*, received .*Delete it"):
        read_idx(path)


@given(place=st.integers(10, len(gzip.compress(as_idx(EXAMPLE))) - 1), bit=st.integers(0, 7))
def test_a_changed_bit_in_a_gzip_file_is_refused_or_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, place: int, bit: int
) -> None:
    """Behind the ten bytes of gzip's header; a few bits that fill a byte say nothing either."""
    content = bytearray(gzip.compress(as_idx(EXAMPLE), mtime=0))
    content[place] ^= 1 << bit
    path = tmp_path_factory.mktemp("idx") / "x.gz"
    path.write_bytes(content)
    try:
        read = read_idx(path)
    except ValueError as error:
        assert "x.gz: expected a whole gzip file, received one that" in str(error)  # noqa: PT017
    else:
        np.testing.assert_array_equal(read, EXAMPLE)


DAMAGED = {
    "a web page": (b"<html>Not found</html>", "two zero bytes, received b'<htm'"),
    "the magic": (b"\0\1\x08\1\0\0\0\1\7", "two zero bytes"),
    "the dtype": (b"\0\0\x0a\1\0\0\0\1\7", "0x08, 0x09, .* third byte, received 0x0a"),
    "too long": (as_idx(EXAMPLE) + b"\0", r"40 bytes for shape \(2, 3, 4\), received 41 bytes"),
    "huge": (b"\0\0\x08\2" + b"\xff" * 8, "18,446,744,065,119,617,037 bytes"),
}


@pytest.mark.parametrize(("content", "message"), DAMAGED.values(), ids=DAMAGED)
def test_what_is_no_idx_file_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(ValueError, match=message):
        read_idx(tmp_path / "x")


def test_a_file_that_is_not_there_is_missing_not_damaged(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_idx(tmp_path / "x")
