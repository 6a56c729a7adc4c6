"""Convolution and pooling of images (N, channels, height, width)."""

from typing import Any

import numpy as np

from ..counts import counts
from ..ops import FUNCTIONS
from ..tensor import Tensor
from .initialise import weights
from .module import Module


class Conv2d(Module):
    """The same small window of weights at every place: W (out, in, k, k), b (out).

    Args:
        kernel_size: the side k of the window; weights are normal with variance 2/(in · k²).
        stride, padding: as for `autograd_lite.conv2d`.

    >>> import numpy as np
    >>> Conv2d(1, 2, 3, padding=1, rng=0)(np.ones((5, 1, 8, 8))).shape
    (5, 2, 8, 8)
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        stride: int = 1,
        padding: int = 0,
        bias: bool = True,
        rng: Any = None,
    ) -> None:
        counts("Conv2d", in_channels=in_channels, out_channels=out_channels)
        counts("Conv2d", kernel_size=kernel_size, stride=stride)
        shape = (out_channels, in_channels, kernel_size, kernel_size)
        area = kernel_size**2
        self.W = weights(shape, in_channels * area, out_channels * area, "he", rng)
        self.b = Tensor(np.zeros(out_channels)) if bias else None
        self.stride, self.padding = stride, padding

    def forward(self, x: Any) -> Any:
        return FUNCTIONS["conv2d"](x, self.W, self.b, stride=self.stride, padding=self.padding)

    def __repr__(self) -> str:
        n_out, n_in, size, _ = self.W.shape
        more = f", stride={self.stride}, padding={self.padding}"
        more += "" if self.b is not None else ", bias=False"
        return f"Conv2d({n_in}, {n_out}, {size}{more})"


class MaxPool2d(Module):
    """The largest number in each window. Windows do not overlap unless `stride` says so."""

    def __init__(self, kernel_size: int, stride: int | None = None) -> None:
        stride = kernel_size if stride is None else stride
        counts("MaxPool2d", kernel_size=kernel_size, stride=stride)
        self.kernel_size, self.stride = kernel_size, stride

    def forward(self, x: Any) -> Any:
        return FUNCTIONS["max_pool2d"](x, self.kernel_size, stride=self.stride)

    def __repr__(self) -> str:
        more = "" if self.stride == self.kernel_size else f", stride={self.stride}"
        return f"MaxPool2d({self.kernel_size}{more})"
