"""Colours: value and gradient can be read, and told apart by every reader."""

import re

import pytest

from autograd_lite.views.theme import DARK, LIGHT, dark_css, picture_css, variables_css

THEMES = {"light": LIGHT, "dark": DARK}

# Viénot, Brettel & Mollon (1999): how linear red, green and blue look without one kind of cone.
SEEN = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanope": ((0.11238, 0.88762, 0), (0.11238, 0.88762, 0), (0.00401, -0.00401, 1)),
    "deuteranope": ((0.29275, 0.70725, 0), (0.29275, 0.70725, 0), (-0.02234, 0.02234, 1)),
}


def linear(colour: str) -> list[float]:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]


def luminance(colour: str) -> float:
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def lab(colour: str, eye: str) -> list[float]:
    """CIE L*a*b* of a colour as an eye sees it."""
    seen = [sum(w * p for w, p in zip(row, linear(colour), strict=True)) for row in SEEN[eye]]
    to_xyz = (
        (0.4339, 0.3762, 0.1899), (0.2126, 0.7152, 0.0722), (0.0178, 0.1095, 0.8727),
    )  # fmt: skip
    x, y, z = (
        max(sum(w * p for w, p in zip(row, seen, strict=True)), 0.0) ** (1 / 3) for row in to_xyz
    )
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("eye", SEEN)
def test_value_and_gradient_are_far_apart_for_every_eye(theme: str, eye: str) -> None:
    value, grad = (lab(THEMES[theme][name], eye) for name in ("value", "grad"))
    distance = sum((a - b) ** 2 for a, b in zip(value, grad, strict=True)) ** 0.5
    assert distance > 40  # pure green and red: 11 to 24 for those without a cone


@pytest.mark.parametrize("theme", THEMES)
def test_every_text_has_contrast_on_every_ground_it_stands_on(theme: str) -> None:
    colours = THEMES[theme]
    for ground in ("paper", "variable", "operation", "constant"):
        for text in ("ink", "value", "grad", "loud", "faint"):
            assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    assert contrast(colours["on-grad"], colours["grad"]) >= 4.5


def test_both_themes_have_the_same_colours() -> None:
    assert LIGHT.keys() == DARK.keys()
    assert all(re.fullmatch("#[0-9a-f]{6}", c) for t in THEMES.values() for c in t.values())


def test_the_gradient_differs_from_the_value_in_more_than_colour() -> None:
    css = picture_css()
    assert re.search(r"\.ag-grad \{[^}]*bold|\.ag-grad \{[^}]*700[^}]*italic", css)
    assert re.search(r"\.ag-backward-line \{[^}]*dasharray", css)


def test_styles_are_complete_and_keep_to_their_scope() -> None:
    css = picture_css()
    assert css.count("{") == css.count("}")
    assert all(LIGHT[name] in css for name in ("value", "grad", "ink", "paper", "loud"))
    rules = re.findall(r"^([^{]+)\{", css, flags=re.M)
    assert all(part.strip().startswith(".ag-svg") for rule in rules for part in rule.split(","))
    dark = dark_css(".dark")
    rules = re.findall(r"^([^{]+)\{", dark, flags=re.M)
    assert all(part.strip().startswith(".dark .ag-svg") for r in rules for part in r.split(","))
    assert DARK["value"] in dark
    assert LIGHT["value"] not in dark


def test_the_controls_get_the_colours_as_variables() -> None:
    css = variables_css(".w", LIGHT)
    assert css.startswith(".w {")
    assert f"--ag-value: {LIGHT['value']};" in css
