"""axe-core finds nothing to object to, and the page can be read without scripts."""

from pathlib import Path

import pytest
from conftest import AXE, HERE, run

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
RUN = "axe.run(document, arguments[0]).then(({ violations }) => violations.map(({ id, help, nodes }) =>" \
    " [id, help, nodes.length, nodes[0].html.slice(0, 300), nodes[0].failureSummary]))"


def violations(browser):
    browser.driver.execute_script(Path(AXE).read_text())
    return browser.js(RUN, RULES)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_reports_nothing(browser, small, width, theme):
    browser.open(small, width=width, theme=theme)
    assert violations(browser) == []


def test_axe_reports_nothing_of_an_open_run_and_an_invalid_filter(browser, small):
    browser.open(small)
    browser.find("#filter").send_keys("nothing>here")
    assert violations(browser) == []
    browser.find("#filter").clear()
    browser.find("form [type=reset]").click()
    browser.until("document.querySelector('button.run') !== null")
    browser.find("button.run").click()
    assert violations(browser) == []


def test_axe_reports_nothing_of_gradient_checks(browser, results):
    browser.open(run(HERE / "checks.toml", results), theme="dark")
    assert violations(browser) == []


def test_the_page_reads_without_scripts(browser, small):
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.driver.get(small.as_uri())
        text = browser.find("main").text
        links = [link.get_attribute("href") for link in browser.all("figure a")]
        figures = len(browser.all("figure"))
        drawings = [plot.is_displayed() for plot in browser.all(".plot")]
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert "Pick optimizer" in text and "Comparisons" in text and "runs.csv" in text
    pictures = [small.parent / "plots" / Path(link).name for link in links if link.endswith(".png")]
    # Two links a figure: in place of the drawing, and below it.
    assert len(pictures) >= 16 and all(picture.is_file() for picture in pictures)
    assert text.count("This figure needs JavaScript.") == figures >= 10
    assert not any(drawings), "empty boxes"
