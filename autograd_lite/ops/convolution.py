"""Convolution and pooling of images, by strided windows and one matrix product.

Layout (batch, channels, height, width), as in PyTorch.
"""

from typing import Any

import numpy as np

from ..kinds import Multilinear
from ..operation import Operation
from ..tensor import Tensor
from .indicator import equal
from .shape import pad, reshape

SOURCE = "V. Dumoulin, F. Visin, A guide to convolution arithmetic for deep learning (2016), ch. 4"

Pair = int | tuple[int, int]


class Windows(Multilinear):
    """z = all windows of x: (N, C, H, W) gives (N, C, h, w, rows, columns).

    z[…, i, j, r, c] is the element (i, j) of the window at row r, column c. Each element of x
    receives the sum of dz over the windows that it is in.
    """

    __slots__ = ("kernel", "stride")
    symbol, nickname = "windows", "copy"
    rule = "each element receives the upstream gradients of all windows that it is in, added"
    formula, latex = "windows({x})", r"\operatorname{{windows}}({x})"

    def __init__(self, kernel: tuple[int, int], stride: tuple[int, int]) -> None:
        self.kernel = kernel
        self.stride = stride

    def forward(self, x: Any) -> Any:
        views = np.lib.stride_tricks.sliding_window_view(x, self.kernel, axis=(2, 3))
        views = views[:, :, :: self.stride[0], :: self.stride[1]]
        return np.transpose(views, (0, 1, 4, 5, 2, 3))

    def backward(self, dz: Any) -> Any:
        return Fold(self.kernel, self.stride, self.inputs[0].shape).apply(dz)


class Fold(Multilinear):
    """z = windows added up where they came from: what Windows does backward, and its reverse."""

    __slots__ = ("kernel", "shape", "stride")
    symbol, nickname = "fold", "adder"
    rule = "each window receives the upstream gradients of its own elements"
    formula, latex = "fold({x})", r"\operatorname{{fold}}({x})"

    def __init__(
        self, kernel: tuple[int, int], stride: tuple[int, int], shape: tuple[int, ...]
    ) -> None:
        self.kernel = kernel
        self.stride = stride
        self.shape = shape

    def forward(self, x: Any) -> Any:
        z = np.zeros(self.shape, x.dtype)
        rows, columns = x.shape[4:]
        down, right = self.stride
        for i in range(self.kernel[0]):
            for j in range(self.kernel[1]):
                z[:, :, i : i + down * rows : down, j : j + right * columns : right] += x[
                    :, :, i, j
                ]
        return z

    def backward(self, dz: Any) -> Any:
        return Windows(self.kernel, self.stride).apply(dz)


class Conv2d(Multilinear):
    """z[n, o, r, c] = Σ x[n, c′, r·s + i, c·s + j] · w[o, c′, i, j].

    One matrix product of the kernels with the windows; backward, one for each input.
    """

    __slots__ = ("stride",)
    symbol, nickname = "∗", "switcher"
    rule = "the kernel receives upstream × windows, the image the kernels laid over upstream"
    formula, latex = "{x} ∗ {y}", r"{x} \ast {y}"

    def __init__(self, stride: tuple[int, int] = (1, 1)) -> None:
        self.stride = stride

    def forward(self, x: Any, w: Any) -> Any:
        windows = Windows(w.shape[2:], self.stride).forward(x)
        rows, columns = windows.shape[4:]
        size = w.shape[1] * w.shape[2] * w.shape[3]
        flat = windows.reshape(len(x), size, rows * columns)  # the one copy
        return (w.reshape(len(w), size) @ flat).reshape(len(x), len(w), rows, columns)

    def backward(self, dz: Any) -> Any:
        x, w = self.inputs
        images, kernels, size = dz.shape[0], w.shape[0], w.shape[1] * w.shape[2] * w.shape[3]
        flat = np.reshape(dz, (images, kernels, dz.shape[2] * dz.shape[3]))
        dx = dw = None
        if self.needs[0]:
            spread = np.matmul(np.transpose(np.reshape(w, (kernels, size))), flat)
            windows = np.reshape(spread, (images, *w.shape[1:], *dz.shape[2:]))
            dx = Fold(w.shape[2:], self.stride, x.shape).apply(windows)
        if self.needs[1]:
            windows = Windows(w.shape[2:], self.stride).apply(x)
            columns = np.reshape(windows, (images, size, flat.shape[2]))
            dw = np.reshape(np.sum(np.matmul(flat, np.swapaxes(columns, 1, 2)), axis=0), w.shape)
        return dx, dw


class MaxPool2d(Operation):
    """z = the largest element of each window. dz goes back to it; a tie is split evenly."""

    __slots__ = ("kernel", "stride")
    symbol, nickname = "max pool", "router"
    rule = "the upstream gradient of a window goes to its largest element; a tie is split evenly"
    formula, latex = "maxpool({x})", r"\operatorname{{maxpool}}({x})"

    def __init__(self, kernel: tuple[int, int], stride: tuple[int, int]) -> None:
        self.kernel = kernel
        self.stride = stride

    def forward(self, x: Any) -> Any:
        windows = Windows(self.kernel, self.stride).forward(x)
        z = windows[:, :, 0, 0].copy()
        for i in range(self.kernel[0]):
            for j in range(self.kernel[1]):
                np.maximum(z, windows[:, :, i, j], out=z)
        return z

    def shares(self) -> Any:
        """1 at the largest element of each window, 1/n at each of n equal ones, else 0."""
        (x,) = self.inputs
        windows = Windows(self.kernel, self.stride).apply(x)
        largest = equal(windows, np.expand_dims(self.output, (2, 3)))
        return largest / np.sum(largest, axis=(2, 3), keepdims=True)

    def backward(self, dz: Any) -> Any:
        shared = np.expand_dims(dz, (2, 3)) * self.shares()
        return Fold(self.kernel, self.stride, self.inputs[0].shape).apply(shared)

    def tangent(self, tangents: Any) -> Any:
        windows = Windows(self.kernel, self.stride).apply(*tangents)
        return np.sum(windows * self.shares(), axis=(2, 3))


def conv2d(x: Any, w: Any, bias: Any = None, stride: Pair = 1, padding: Pair = 0) -> Tensor:
    """Slide the kernels `w` over the images `x`: (N, C, H, W) and (O, C, h, w) give (N, O, …).

    z[n, o, r, c] = Σ x[n, c′, r·s + i, c·s + j] · w[o, c′, i, j] + bias[o], over c′, i, j.
    The output has (H + 2·padding − h) // stride + 1 rows, and as many columns from W and w.
    As in PyTorch the kernel is not turned round.

    Raises:
        ValueError: shapes that do not fit, said with what was received and expected.

    >>> import autograd_lite as ag
    >>> x = ag.Tensor(np.arange(16.0).reshape(1, 1, 4, 4))
    >>> ag.conv2d(x, np.ones((1, 1, 3, 3))).data
    array([[[[45., 54.],
             [81., 90.]]]])
    """
    stride, margin = _pair("conv2d: stride", stride, 1), _pair("conv2d: padding", padding, 0)
    images, kernels = np.shape(x), np.shape(w)
    _check_images("conv2d", images, kernels[2:], margin)
    if len(kernels) != 4 or kernels[1] != images[1]:
        raise ValueError(
            f"conv2d: received images of shape {images} and kernels of shape {kernels}, expected "
            "kernels (O, C, h, w) with the images' number of channels C."
        )
    z = Conv2d(stride)(_padded(x, margin, 0.0), w)
    if bias is None:
        return z
    if np.shape(bias) != kernels[:1]:
        raise ValueError(
            f"conv2d: received a bias of shape {np.shape(bias)}, expected {kernels[:1]}, "
            "one number per kernel."
        )
    return z + reshape(bias, (-1, 1, 1))


def max_pool2d(x: Any, kernel_size: Pair, stride: Pair | None = None, padding: Pair = 0) -> Tensor:
    """The largest element of each window of the images `x` (N, C, H, W), channel by channel.

    `stride` is the size of the window if it is not given. A margin of `padding` never wins.
    Ties share the gradient evenly.

    >>> import autograd_lite as ag
    >>> x = ag.Tensor(np.arange(16.0).reshape(1, 1, 4, 4))
    >>> ag.max_pool2d(x, 2).data
    array([[[[ 5.,  7.],
             [13., 15.]]]])
    """
    kernel = _pair("max_pool2d: kernel_size", kernel_size, 1)
    steps = kernel if stride is None else _pair("max_pool2d: stride", stride, 1)
    margin = _pair("max_pool2d: padding", padding, 0)
    if any(2 * m > k for m, k in zip(margin, kernel, strict=True)):
        raise ValueError(
            f"max_pool2d: received padding {margin} for windows of {kernel}, expected at most "
            "half of the window: else a window would hold nothing but margin."
        )
    _check_images("max_pool2d", np.shape(x), kernel, margin)
    dtype = x.dtype if isinstance(x, Tensor) else np.asarray(x, float).dtype
    return MaxPool2d(kernel, steps)(_padded(x, margin, float(np.finfo(dtype).min)))


def _pair(what: str, value: Any, least: int) -> tuple[int, int]:
    pair = value if isinstance(value, tuple) else (value, value)
    whole = all(isinstance(n, int | np.integer) and not isinstance(n, bool) for n in pair)
    if len(pair) != 2 or not whole or min(pair) < least:
        raise ValueError(
            f"{what} received {value!r}, expected a whole number from {least} on, or two of them "
            "for rows and columns."
        )
    return int(pair[0]), int(pair[1])


def _check_images(
    name: str, shape: tuple[int, ...], window: tuple[int, ...], margin: tuple[int, int]
) -> None:
    if len(shape) != 4:
        raise ValueError(
            f"{name}: received images of shape {shape}, expected four axes (N, C, H, W). Write "
            "x.reshape(1, 1, H, W) for a single image."
        )
    if any(n + 2 * m < k for n, k, m in zip(shape[2:], window, margin, strict=False)):
        raise ValueError(
            f"{name}: received images of {shape[2]} × {shape[3]} for windows of {window[0]} × "
            f"{window[1]}, expected images no smaller than a window. Add padding."
        )


def _padded(x: Any, margin: tuple[int, int], value: float) -> Any:
    if margin == (0, 0):
        return x
    return pad(x, ((0, 0), (0, 0), (margin[0],) * 2, (margin[1],) * 2), value)
