"""Convolution and pooling: against plain loops, worked numbers, ties, sizes and messages."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite import Tensor
from tests.strategies import same_every_run

PAIRS = st.tuples(st.integers(1, 3), st.integers(1, 3))
MARGINS = st.tuples(st.integers(0, 2), st.integers(0, 2))


def windows(x: np.ndarray, kernel: Any, stride: Any) -> list[tuple[int, int, Any]]:
    """Row and column of the output, and the part of the images that lies under the window."""
    rows = range(0, x.shape[2] - kernel[0] + 1, stride[0])
    columns = range(0, x.shape[3] - kernel[1] + 1, stride[1])
    return [
        (r, c, (slice(None), slice(None), slice(i, i + kernel[0]), slice(j, j + kernel[1])))
        for r, i in enumerate(rows)
        for c, j in enumerate(columns)
    ]


def padded(x: np.ndarray, margin: Any, value: float) -> np.ndarray:
    (down, right) = margin
    return np.pad(x, ((0, 0), (0, 0), (down, down), (right, right)), constant_values=value)


def inner(x: np.ndarray, margin: Any) -> np.ndarray:
    return x[:, :, margin[0] : x.shape[2] - margin[0], margin[1] : x.shape[3] - margin[1]]


@same_every_run
@given(
    st.tuples(st.integers(0, 2), st.integers(1, 2), st.integers(1, 5), st.integers(1, 5)),
    st.integers(1, 2), PAIRS, PAIRS, MARGINS,
)  # fmt: skip
def test_convolution_is_what_loops_compute(
    images: Any, kernels: int, kernel: Any, stride: Any, margin: Any
) -> None:
    assume(all(n + 2 * m >= k for n, m, k in zip(images[2:], margin, kernel, strict=True)))
    random = np.random.default_rng(0)
    x, w = random.normal(size=images), random.normal(size=(kernels, images[1], *kernel))
    bias = random.normal(size=kernels)
    tensors = [Tensor(value) for value in (x, w, bias)]
    z = ag.conv2d(*tensors, stride=stride, padding=margin)
    wide = padded(x, margin, 0.0)
    places = windows(wide, kernel, stride)
    expected = np.zeros((images[0], kernels, places[-1][0] + 1, places[-1][1] + 1))
    for r, c, part in places:
        expected[:, :, r, c] = np.tensordot(wide[part], w, ([1, 2, 3], [1, 2, 3])) + bias
    np.testing.assert_allclose(z.data, expected, rtol=1e-12, atol=1e-13)
    seed = random.normal(size=expected.shape)
    z.backward(seed)
    dx, dw = np.zeros(wide.shape), np.zeros(w.shape)
    for r, c, part in places:
        dx[part] += np.tensordot(seed[:, :, r, c], w, 1)
        dw += np.tensordot(seed[:, :, r, c], wide[part], (0, 0))
    for tensor, gradient in zip(
        tensors, (inner(dx, margin), dw, seed.sum(axis=(0, 2, 3))), strict=True
    ):
        np.testing.assert_allclose(tensor.grad, gradient, rtol=1e-11, atol=1e-12)


@same_every_run
@given(
    st.tuples(st.integers(0, 2), st.integers(1, 2), st.integers(1, 5), st.integers(1, 5)),
    PAIRS, st.none() | PAIRS, MARGINS, st.booleans(),
)  # fmt: skip
def test_pooling_is_what_loops_compute(
    images: Any, kernel: Any, stride: Any, margin: Any, ties: bool
) -> None:
    assume(all(2 * m <= k for m, k in zip(margin, kernel, strict=True)))
    assume(all(n + 2 * m >= k for n, m, k in zip(images[2:], margin, kernel, strict=True)))
    random = np.random.default_rng(0)
    x = random.integers(0, 3, images).astype(float) if ties else random.normal(size=images)
    tensor = Tensor(x)
    z = ag.max_pool2d(tensor, kernel, stride, margin)
    wide = padded(x, margin, -np.inf)
    places = windows(wide, kernel, stride or kernel)
    expected = np.zeros((*images[:2], places[-1][0] + 1, places[-1][1] + 1))
    for r, c, part in places:
        expected[:, :, r, c] = wide[part].max(axis=(2, 3))
    np.testing.assert_array_equal(z.data, expected)
    seed = random.normal(size=expected.shape)
    z.backward(seed)
    dx = np.zeros(wide.shape)
    for r, c, part in places:
        largest = wide[part] == expected[:, :, r : r + 1, c : c + 1]
        share = largest / largest.sum(axis=(2, 3), keepdims=True)
        dx[part] += share * seed[:, :, r : r + 1, c : c + 1]
    np.testing.assert_allclose(tensor.grad, inner(dx, margin), rtol=1e-12, atol=1e-14)


def test_the_kernel_is_not_turned_round() -> None:
    x = np.zeros((1, 1, 3, 3))
    x[0, 0, 1, 1] = 1.0
    w = np.arange(1.0, 5.0).reshape(1, 1, 2, 2)
    np.testing.assert_array_equal(ag.conv2d(x, w).data[0, 0], [[4.0, 3.0], [2.0, 1.0]])


def test_an_edge_detector_by_hand() -> None:
    x = Tensor(np.array([[1.0, 1.0, 4.0], [1.0, 1.0, 4.0]]).reshape(1, 1, 2, 3))
    w = Tensor(np.array([[-1.0, 1.0]]).reshape(1, 1, 1, 2))
    z = ag.conv2d(x, w)
    np.testing.assert_array_equal(z.data[0, 0], [[0.0, 3.0], [0.0, 3.0]])
    z.sum().backward()
    np.testing.assert_array_equal(x.grad[0, 0], [[-1.0, 0.0, 1.0]] * 2)
    np.testing.assert_array_equal(w.grad[0, 0], [[4.0, 10.0]])


@pytest.mark.parametrize("needs", [(True, False), (False, True)])
def test_a_constant_image_or_kernel_costs_nothing(needs: Any) -> None:
    arrays = np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2))
    tensors = [Tensor(a, requires_grad=n) for a, n in zip(arrays, needs, strict=True)]
    z = ag.conv2d(*tensors)
    assert [g is not None for g in z.operation.backward(np.ones(z.shape))] == list(needs)
    z.sum().backward()
    assert [t.grad is not None for t in tensors] == list(needs)


def test_an_empty_batch_has_an_empty_result_and_no_gradient() -> None:
    x, w = Tensor(np.zeros((0, 2, 4, 4))), Tensor(np.ones((3, 2, 2, 2)))
    z = ag.conv2d(x, w)
    z.backward(np.zeros((0, 3, 3, 3)))
    assert x.grad.shape == x.shape
    np.testing.assert_array_equal(w.grad, np.zeros(w.shape))


def test_ties_in_a_window_share_evenly_and_windows_that_overlap_add_up() -> None:
    x = Tensor(np.array([[1.0, 5.0, 1.0], [5.0, 5.0, 0.0]]).reshape(1, 1, 2, 3))
    z = ag.max_pool2d(x, 2, stride=1)
    z.backward(np.array([[6.0, 10.0]]).reshape(1, 1, 1, 2))
    np.testing.assert_array_equal(x.grad[0, 0], [[0.0, 7.0, 0.0], [2.0, 7.0, 0.0]])


def test_a_margin_never_wins() -> None:
    x = Tensor(np.full((1, 1, 2, 2), -3.0))
    z = ag.max_pool2d(x, 2, padding=1)
    np.testing.assert_array_equal(z.data, np.full((1, 1, 2, 2), -3.0))
    z.sum().backward()
    np.testing.assert_array_equal(x.grad, np.ones((1, 1, 2, 2)))


def test_numpys_whole_numbers_are_fine() -> None:
    x = Tensor(np.arange(16.0).reshape(1, 1, 4, 4))
    assert ag.max_pool2d(x, np.int64(2), (np.int32(1), 2)).shape == (1, 1, 3, 2)


IMAGES, KERNELS = np.zeros((1, 2, 4, 5)), np.zeros((3, 2, 2, 2))
REFUSED: list[tuple[Callable[[], Any], str]] = [
    (lambda: ag.conv2d(IMAGES[0], KERNELS),
     r"conv2d: received images of shape \(2, 4, 5\), expected four axes.*x\.reshape\(1, 1, H, W\)"),
    (lambda: ag.conv2d(IMAGES, KERNELS[0]), r"shape \(1, 2, 4, 5\) and kernels .*\(2, 2, 2\).*C"),
    (lambda: ag.conv2d(IMAGES, KERNELS[:, :1]), r"kernels of shape \(3, 1, 2, 2\).*channels C"),
    (lambda: ag.conv2d(IMAGES, np.zeros((1, 2, 5, 1))),
     r"conv2d: received images of 4 × 5 for windows of 5 × 1.*Add padding"),
    (lambda: ag.conv2d(IMAGES, np.zeros((1, 2, 1, 8)), padding=1), r"4 × 5 for windows of 1 × 8"),
    (lambda: ag.conv2d(IMAGES, KERNELS, np.zeros(2)),
     r"conv2d: received a bias of shape \(2,\), expected \(3,\), one number per kernel"),
    (lambda: ag.conv2d(IMAGES, KERNELS, 0.0), r"bias of shape \(\), expected \(3,\)"),
    (lambda: ag.conv2d(IMAGES, KERNELS, stride=0), r"conv2d: stride received 0, .* from 1 on"),
    (lambda: ag.conv2d(IMAGES, KERNELS, stride=(1, 0)), r"stride received \(1, 0\)"),
    (lambda: ag.conv2d(IMAGES, KERNELS, stride=(1, 1, 1)), r"stride received \(1, 1, 1\)"),
    (lambda: ag.conv2d(IMAGES, KERNELS, stride=1.0), r"stride received 1\.0, expected a whole"),
    (lambda: ag.conv2d(IMAGES, KERNELS, stride=True), r"stride received True"),
    (lambda: ag.conv2d(IMAGES, KERNELS, padding=-1), r"padding received -1, .* from 0 on"),
    (lambda: ag.max_pool2d(IMAGES[0, 0], 2), r"max_pool2d: received images of shape \(4, 5\)"),
    (lambda: ag.max_pool2d(IMAGES, 0), r"max_pool2d: kernel_size received 0"),
    (lambda: ag.max_pool2d(IMAGES, 2, stride=0), r"max_pool2d: stride received 0"),
    (lambda: ag.max_pool2d(IMAGES, 2, padding=-1), r"max_pool2d: padding received -1"),
    (lambda: ag.max_pool2d(IMAGES, (1, 6)), r"max_pool2d: received images of 4 × 5 for .*1 × 6"),
    (lambda: ag.max_pool2d(IMAGES, (2, 3), padding=(1, 2)),
     r"padding \(1, 2\) for windows of \(2, 3\), expected at most half"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "says"), REFUSED)
def test_what_does_not_fit_is_told(call: Callable[[], Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        call()


def test_an_image_as_large_as_the_window_is_one_window() -> None:
    assert ag.conv2d(IMAGES, np.zeros((1, 2, 4, 5))).shape == (1, 1, 1, 1)
    assert ag.max_pool2d(IMAGES, (4, 5)).shape == (1, 2, 1, 1)
    assert ag.max_pool2d(IMAGES, (2, 2), padding=1).shape == (1, 2, 3, 3)


@pytest.mark.parametrize(("dtype", "low"), [(np.float64, -1e300), (np.float32, -3e38)])
def test_the_margin_of_pooling_never_wins(dtype: Any, low: float) -> None:
    x = ag.Tensor(np.full((1, 1, 2, 2), low, dtype))
    np.testing.assert_array_equal(
        ag.max_pool2d(x, 2, padding=1).data, np.full((1, 1, 2, 2), low, dtype)
    )
