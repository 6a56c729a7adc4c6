"""Views: steps as text, equations, DOT and SVG. They read steps and know no calculus."""

from .picture import Picture, draw, render_svg

__all__ = ["Picture", "draw", "render_svg"]
