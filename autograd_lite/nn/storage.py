"""Arrays by name in a .npz file: written whole or not at all, read without pickle."""

import os
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np


def write(path: Any, arrays: Mapping[str, np.ndarray]) -> None:
    """Write arrays to `path`, and no other ending. The same arrays give the same bytes."""
    path = Path(path).resolve()  # a link stays one: the file behind it is written
    if path.is_dir():
        raise IsADirectoryError(f"save: {path} is a folder. Name a file in it.")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"save: there is no folder {path.parent}. Make it first.")
    # In a folder of its own a new file gets the usual permissions; a temporary file does not.
    with TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as folder:
        whole = Path(folder) / "whole"
        with zipfile.ZipFile(whole, "w") as archive:
            for name, array in arrays.items():
                # A ZipInfo of its own: it carries no time of day. zip64: 2 GiB are not the end.
                info = zipfile.ZipInfo(f"{name}.npy")
                with archive.open(info, "w", force_zip64=True) as entry:
                    np.lib.format.write_array(entry, array, allow_pickle=False)
        if path.exists():
            shutil.copymode(path, whole)
        os.replace(whole, path)


def read(path: Any) -> dict[str, np.ndarray]:
    """Read what `write` wrote, or NumPy's `savez`.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it is damaged, or something else than a .npz file of numbers.
    """
    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except FileNotFoundError:
        raise FileNotFoundError(
            f"load: there is no file {path}. Name it as it was saved: save() adds no ending."
        ) from None
    except Exception as error:  # zipfile, zlib, struct and NumPy each have their own
        raise ValueError(
            f"load: {path} is damaged or no .npz file of numbers ({type(error).__name__}: {error})."
            " Save the module again, or name the file that save() wrote. No parameter was changed."
        ) from error
