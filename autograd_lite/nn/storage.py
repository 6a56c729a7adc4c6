"""Arrays by name in a .npz file: written whole or not at all, read without pickle."""

import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import numpy as np


def write(path: Any, arrays: Mapping[str, np.ndarray]) -> None:
    """Write arrays to `path`. The same arrays give the same bytes."""
    path = Path(path)
    with NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as file:
        try:
            with zipfile.ZipFile(file, "w") as archive:
                for name, array in arrays.items():
                    # A ZipInfo of its own: it carries no time of day.
                    with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w") as entry:
                        np.lib.format.write_array(entry, array, allow_pickle=False)
            file.close()
            os.replace(file.name, path)
        except BaseException:
            file.close()
            os.unlink(file.name)
            raise


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
        raise
    except Exception as error:  # zipfile, zlib, struct and NumPy each have their own
        raise ValueError(
            f"load: {path} is damaged or no .npz file of numbers ({type(error).__name__}: {error})."
            " Save the module again, or name the file that save() wrote. No parameter was changed."
        ) from error
