"""What a reader sees first: the answer, and beside or below it the figure that decides."""

import pytest
from conftest import HERE, ROOT, run
from selenium.webdriver.common.keys import Keys

ORDER = """(() => {
  const all = [...document.querySelectorAll('main :is(.answer, figure, .tables, #all-runs)')];
  return all.map((element) => element.dataset.figure ?? (element.id || element.classList[0]));
})()"""
BOX = "document.querySelector('{selector}').getBoundingClientRect().toJSON()"


def box(browser, selector):
    return browser.js(BOX.replace("{selector}", selector))


def test_the_answer_comes_first_then_the_deciding_figure_then_tables(browser, small):
    browser.open(small)
    order = browser.js(ORDER)
    # The claim of small.toml is about validation_loss, whose values this figure shows.
    assert order[:3] == ["answer", "seed_spread", "tables"]
    assert "convergence" in order[3:-1] and order[-1] == "all-runs"
    assert order.count("tables") == 1


@pytest.mark.parametrize(
    ("experiment", "decides"),
    [(HERE / "small.toml", "seed_spread"), (HERE / "checks.toml", "faults"), (ROOT / "experiments/xor.toml", "time_to_target")],
    ids=["training", "gradient_check", "claim"],
)
def test_the_deciding_figure_is_visible_without_scrolling(browser, results, experiment, decides):
    browser.open(run(experiment, results), width=1440, height=900)
    figure = browser.find("figure")
    assert figure.get_attribute("data-figure") == decides
    plot = box(browser, "figure .plot")
    assert 0 < plot["top"] < plot["bottom"] <= 900, plot
    assert box(browser, ".answer")["top"] < 900


def test_verdicts_are_visible_on_a_narrow_screen(browser, small):
    browser.open(small, width=390, height=844)
    for selector in [".claims .verdict", "th.verdicts", "td.verdicts"]:
        verdict = box(browser, selector)
        assert 0 <= verdict["left"] < verdict["right"] <= 390, (selector, verdict)
    # They stay while the rest of their table scrolls.
    assert browser.js("document.querySelector('.scroll:has(.verdicts)').scrollWidth > 390")


def test_figures_that_scroll_sideways_do_so_by_the_keyboard(browser, small):
    browser.open(small, width=390, height=844)
    wide = "[...document.querySelectorAll('.sideways')].filter((element) => element.scrollWidth > element.clientWidth)"
    assert browser.js(f"{wide}.length") > 0
    for name, value in [("tabindex", "0"), ("role", "group")]:
        assert browser.js(f"{wide}.every((element) => element.getAttribute('{name}') === '{value}')"), name
    assert browser.js(f"{wide}.every((element) => element.ariaLabel.length > 10)")
    browser.js(f"{wide}[0].focus({{ focusVisible: true }})")
    assert browser.js("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    browser.press(*[Keys.ARROW_RIGHT] * 3)
    browser.until(f"{wide}[0].scrollLeft > 0", 5)
