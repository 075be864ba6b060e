"""A page of 10,000 runs. The times are printed, and not tested: machines differ."""

import pytest
from conftest import HERE, run

PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


@pytest.fixture(scope="module")
def wide(results):
    return run(HERE / "wide.toml", results)


def test_ten_thousand_runs_open_quickly_and_are_searched(browser, wide, capsys):
    browser.open(wide)
    browser.until(f"{PAINT} > 0")
    paint, loaded = browser.js(PAINT), browser.js("performance.timing.domContentLoadedEventEnd - performance.timing.navigationStart")
    sorting = browser.js(
        "(() => { const start = performance.now(); document.querySelectorAll('#run-table th button')[6].click();"
        " return performance.now() - start; })()"
    )
    with capsys.disabled():
        size = wide.stat().st_size / 1e6
        print(f"\n10,000 runs: {size:.1f} MB, first paint after {paint:.0f} ms, interactive after {loaded} ms, sorted in {sorting:.0f} ms")
    assert wide.stat().st_size <= 10_000_000
    assert browser.find("#place").text == "1–50 of 10,000 runs"
    assert len(browser.all("#run-table tbody tr")) == 50
    browser.find("#filter").send_keys("relu 0.3")
    assert "500 found among 10,000 runs" in browser.find("#place").text
    assert browser.said() == []


def test_curves_are_thinned_and_the_page_says_how(browser, wide):
    browser.open(wide)
    note = browser.find("#runs + p").text
    assert "at most 24 of its measured epochs" in note and "curves.csv" in note
    browser.find("button.run").click()
    browser.until("document.querySelector('#run-plot .js-line') !== null")
    x = browser.js("document.getElementById('run-plot').data[0].x")
    assert (len(x), x[0], x[-1]) == (24, 0, 40)
