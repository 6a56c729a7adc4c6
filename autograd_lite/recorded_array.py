"""The array that `Tensor.data` hands out: it can be read, and says why it cannot be written."""

from typing import Any

import numpy as np


class RecordedArray(np.ndarray):
    """A read-only view of a tensor's value. What is computed from it is a plain array.

    >>> from autograd_lite import Tensor
    >>> w = Tensor([1.0, 2.0], name="w")
    >>> w.data
    array([1., 2.])
    >>> w.data = w.data - 0.5
    >>> w.data -= 0.5  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ValueError: 'w' is remembered by graphs, so its numbers cannot be written in place. ...
    """

    owner = "this value"

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        # np.add.at writes into its first input, read-only or not.
        for out in (*options.get("out", ()), *(inputs[:1] if method == "at" else ())):
            if isinstance(out, RecordedArray):
                out._refuse_writing()
        if "out" in options:
            options["out"] = tuple(map(_plain, options["out"]))
        return getattr(ufunc, method)(*map(_plain, inputs), **options)

    def __array_finalize__(self, source: Any) -> None:
        self.owner = getattr(source, "owner", "this value")

    def __setitem__(self, index: Any, value: Any) -> None:
        self._refuse_writing()
        super().__setitem__(index, value)

    def _refuse_writing(self) -> None:
        if self.flags.writeable:  # a copy belongs to whoever made it
            return
        raise ValueError(
            f"{self.owner} is remembered by graphs, so its numbers cannot be written in place. "
            "Give the leaf a new value: t.data = t.data - step, not t.data -= step. For a part "
            "of it: a = t.numpy(); a[0] = 1.0; t.data = a."
        )

    def __repr__(self) -> str:
        return repr(np.asarray(self))

    def __reduce__(self) -> Any:
        return np.array(self).__reduce__()


def _plain(value: Any) -> Any:
    return np.asarray(value) if isinstance(value, RecordedArray) else value


def read_only(value: Any, owner: str) -> RecordedArray:
    """A view of `value` that cannot be written to."""
    view = np.asarray(value).view(RecordedArray)
    view.flags.writeable = False
    view.owner = owner
    return view
