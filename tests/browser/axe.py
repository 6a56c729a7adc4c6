"""What axe-core finds on a page: the rules of WCAG that a program can check."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

IMPACTS = {"serious", "critical"}
# Without preload: axe would fetch the styles of the page again, which a file may not.
RUN = "at => axe.run(at ?? document, { resultTypes: ['violations'], preload: false })"


def serious(page: "Page", selector: str | None = None) -> list[str]:
    """Everything that axe calls serious or critical, one sentence for each element.

    `selector` names the elements to look into, by default the whole page. At least one element
    must match, or axe raises.
    """
    from axe_playwright_python.base import AXE_SCRIPT

    page.evaluate(AXE_SCRIPT)
    found = page.evaluate(RUN, selector)["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {reason(node)}: {node['html'][:200]}"
        for rule in found
        if rule["impact"] in IMPACTS
        for node in rule["nodes"]
    ]


def reason(node: dict[str, list[dict[str, str]]]) -> str:
    """Why an element was found, in axe's words."""
    return "; ".join(check["message"] for kind in ("any", "all", "none") for check in node[kind])
