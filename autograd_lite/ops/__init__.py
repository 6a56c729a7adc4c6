"""The elementary operations, a family a file. Everything a Tensor can do is bound to it here."""

from .binding import bind
from .table import FUNCTIONS, HELPERS, TABLE, Entry

__all__ = ["FUNCTIONS", "HELPERS", "TABLE", "Entry"]

bind()
