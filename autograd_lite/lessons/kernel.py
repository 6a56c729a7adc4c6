"""The kernel that runs a lesson: this interpreter, this package, and no learner's progress."""

import os
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager


def this_kernel() -> AsyncKernelManager:
    """No kernel folders: "python3" is then this interpreter, whatever the user has registered."""
    return AsyncKernelManager(
        kernel_name="python3", kernel_spec_manager=KernelSpecManager(kernel_dirs=[])
    )


def kernel_environment() -> dict[str, str]:
    """Variables of the kernel."""
    package = Path(__file__).resolve().parents[2]
    paths = [str(package), os.environ.get("PYTHONPATH", "")]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "AUTOGRAD_LITE_PROGRESS": "off",
    }
