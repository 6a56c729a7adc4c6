"""What every widget shares: the one front end, its colours, and its still picture."""

from math import isfinite
from numbers import Real
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import traitlets
from IPython.display import display

from ..views.aside import AsidePicture
from ..views.panel import Still
from ..views.picture import Picture
from ..views.theme import DARK, LIGHT, dark_css, moved_css, variables_css
from .recorded import record_inputs

HERE = Path(__file__).parent
DARK_PAGE = '[data-jp-theme-light="false"]'  # JupyterLab says so on the page's body


def stylesheet() -> str:
    """The controls' style, with the theme's colours for light and for dark pages."""
    return (
        variables_css(".ag-widget", LIGHT)
        + variables_css(f"{DARK_PAGE} .ag-widget", DARK)
        + (HERE / "front.css").read_text(encoding="utf-8")
        + dark_css(f"{DARK_PAGE} .ag-widget")
        + moved_css(".ag-widget", LIGHT)
        + moved_css(f"{DARK_PAGE} .ag-widget", DARK)
    )


def module(*names: str) -> str:
    """The ES module of one widget: what all share, then its own."""
    files = (HERE / f"{name}.js" for name in ("parts", "asking", *names))
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def module_around(inner: str, name: str) -> str:
    """The ES module of a widget with another one, `inner`, inside: `renderInside` shows it."""
    for old, new in (
        ("function render(", "function renderInside("),
        ("export default { render };\n", ""),
    ):
        assert inner.count(old) == 1
        inner = inner.replace(old, new)
    return inner + (HERE / f"{name}.js").read_text(encoding="utf-8")


class Refused(traitlets.TraitError, ValueError):
    """A value that a trait does not take. As a TraitError the trait goes back to what it was,
    also when the value came from the browser.
    """


VIEW = "application/vnd.jupyter.widget-view+json"

# A notebook that was run and saved is opened again without a kernel: JupyterLab then writes
# "model not found" in place of the widget. The picture above it says more.
HIDE_ERROR = (
    "<style>.jp-OutputArea-child:has(.ag-still) + .jp-OutputArea-child "
    ".jupyter-widgets:not(:has(*)) { display: none; }</style>"
)


class Front(anywidget.AnyWidget):
    """A widget in the browser; its `_esm` is `module(...)` of a script of its own.

    Shown, it is two outputs: a still picture, which a stored notebook keeps, and the live
    view, which hides the picture as long as it lives.
    """

    _css = stylesheet()

    # Traits that offer what needs Python, and their values on a page that has none.
    without_python: ClassVar[dict[str, Any]] = {"_granularities": []}

    _kind = traitlets.Unicode().tag(sync=True)
    _label = traitlets.Unicode().tag(sync=True)
    _trace = traitlets.Dict().tag(sync=True)
    inputs = traitlets.Dict().tag(
        sync=True,  # JSON knows no nan and no inf: they travel as null, and null changes nothing
        to_json=lambda value, widget: {k: v if isfinite(v) else None for k, v in value.items()},
        from_json=lambda value, widget: {k: v for k, v in value.items() if v is not None},
    )

    @traitlets.validate("inputs")
    def _valid_inputs(self, proposal: Any) -> dict[str, float]:
        known = self.numbers()
        for name, value in proposal["value"].items():
            if name not in known or isinstance(value, bool) or not isinstance(value, Real):
                raise Refused(
                    f"inputs: received {{{name!r}: {value!r}}}, expected numbers for some of "
                    f"{', '.join(known) or 'no inputs: none has a name and a single value'}."
                )
        return {**known, **{name: float(value) for name, value in proposal["value"].items()}}

    def numbers(self) -> dict[str, float]:
        """The inputs that can be set, as they are now."""
        raise NotImplementedError

    def still(self) -> Picture | Still | AsidePicture:
        """The picture as it is now."""
        raise NotImplementedError

    def recorded(self) -> tuple[dict[str, Any], dict[str, Any] | None]:
        """What is different on a page without Python: traits, and what was asked beforehand.

        A widget with sliders (`_sliders`) for its `inputs` is asked at places of each slider.
        What else needs Python is not offered: `without_python`.
        """
        changed = {name: one for name, one in self.without_python.items() if self.has_trait(name)}
        if not getattr(self, "_sliders", None):
            return changed, None
        sliders, answers = record_inputs(self)
        return {**changed, "_sliders": sliders}, answers

    def _ipython_display_(self) -> None:
        picture = self.still()._repr_mimebundle_()
        picture["text/html"] = f'<div class="ag-still">{HIDE_ERROR}{picture["text/html"]}</div>'
        display(picture, raw=True)
        bundle = self._repr_mimebundle_()
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        if data and VIEW in data:
            display({VIEW: data[VIEW]}, raw=True)
