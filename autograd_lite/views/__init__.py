"""Views: steps as text, equations, DOT and SVG. They read steps and know no calculus."""

from .paths import Path, Paths, paths
from .picture import Picture, draw, render_svg

__all__ = ["Path", "Paths", "Picture", "draw", "paths", "render_svg"]
