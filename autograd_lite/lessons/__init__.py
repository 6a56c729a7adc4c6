"""Exercises that name the mistake, hints, and the learner's progress.

>>> from autograd_lite import lessons
>>> lessons.check("01.fork", None)
· 01.fork: not tried yet
"""

from .checking import check, hint, progress
from .setup import setup_check

__all__ = ["check", "hint", "progress", "setup_check"]
