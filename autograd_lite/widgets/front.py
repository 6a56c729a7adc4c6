"""What every widget shares: the one front end, its colours, and its still picture."""

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from ..views.picture import Picture
from ..views.theme import DARK, LIGHT, dark_css, variables_css

HERE = Path(__file__).parent
DARK_PAGE = '[data-jp-theme-light="false"]'  # JupyterLab says so on the page's body


def stylesheet() -> str:
    """The controls' style, with the theme's colours for light and for dark pages."""
    return (
        variables_css(".ag-widget", LIGHT)
        + variables_css(f"{DARK_PAGE} .ag-widget", DARK)
        + (HERE / "front.css").read_text(encoding="utf-8")
        + dark_css(f"{DARK_PAGE} .ag-widget")
    )


class Front(anywidget.AnyWidget):
    """A widget drawn by front.js. Stored in a notebook, it is a still picture."""

    _esm = (HERE / "front.js").read_text(encoding="utf-8")
    _css = stylesheet()

    _kind = traitlets.Unicode().tag(sync=True)
    _label = traitlets.Unicode().tag(sync=True)
    _svg = traitlets.Unicode().tag(sync=True)
    _trace = traitlets.Dict().tag(sync=True)
    _sliders = traitlets.List().tag(sync=True)
    inputs = traitlets.Dict().tag(sync=True)

    def still(self) -> Picture:
        """The picture as it is now."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        return {**data, **self.still()._repr_mimebundle_()}, metadata
