"""Views: steps as text, equations, DOT and SVG. They read steps and know no calculus."""

from .paths import Path, Paths, paths
from .picture import Picture, draw, render_svg
from .program import ProgramPicture, draw_pass

__all__ = [
    "Path", "Paths", "Picture", "ProgramPicture", "draw", "draw_pass", "paths", "render_svg",
]  # fmt: skip
