"""The course as pages that need neither a kernel nor a network: `write_course(folder)`."""

from .course import write_course

__all__ = ["write_course"]
