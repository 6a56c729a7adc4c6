"""Typed formulas: text that becomes a function of named inputs. Nothing of it is ever run."""

from .parser import Expression, parse
from .refusal import ExpressionError

__all__ = ["Expression", "ExpressionError", "parse"]
