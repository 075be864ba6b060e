"""The page as a reader finds it: it opens from disk, in both themes, on narrow and wide screens, and by the keyboard."""

import pytest
from conftest import HERE, ROOT, run
from selenium.webdriver.common.keys import Keys

PLOTS = "[...document.querySelectorAll('figure .plot')]"


@pytest.mark.parametrize(
    "experiment",
    [ROOT / "experiments/xor.toml", HERE / "checks.toml", ROOT / "experiments/lessons/04-what-do-activations-do.toml"],
    ids=["training", "gradient_check", "function"],
)
def test_pages_of_all_kinds_open_without_errors_and_ask_for_nothing(browser, results, experiment):
    page = run(experiment, results)
    browser.open(page)
    assert browser.said() == []
    assert all(url.startswith(("file://", "data:")) for url in browser.asked_for())
    assert browser.js(f"{PLOTS}.length > 0 && {PLOTS}.every((plot) => plot.querySelector('.main-svg'))")
    assert len(browser.all("#answer ~ .answer p, .answer p")) > 0


def test_every_figure_of_training_is_drawn_with_its_data_beside_it(browser, small):
    browser.open(small)
    assert browser.said() == []
    names = browser.js("[...document.querySelectorAll('figure')].map((figure) => figure.dataset.figure)")
    expected = ["convergence", "learning_rate_sensitivity", "parallel_coordinates", "final_metric", "seed_spread"]
    expected += ["time_to_target", "singular_values", "layers_gradient_norm", "map_gradient_norm", "sharpness"]
    assert [name for name in expected if name not in names] == []
    for link in browser.js("[...document.querySelectorAll('.files a')].map((a) => a.getAttribute('href'))"):
        assert (small.parent / link).is_file(), link
    drawn = browser.js(f"{PLOTS}.map((plot) => plot.querySelectorAll('.trace, .hm image').length)")
    assert all(count > 0 for count in drawn), list(zip(names, drawn))


def test_themes_follow_the_system_and_the_button(browser, small):
    background = "getComputedStyle(document.body).backgroundColor"
    browser.open(small, theme="dark")
    dark = browser.js(background)
    browser.find("#theme").click()
    light = browser.js(background)
    assert (dark, light) == ("rgb(20, 23, 26)", "rgb(255, 255, 255)")
    letters = "document.querySelector('figure .plot').layout.font.color"
    browser.until(f"{letters} === 'rgb(27, 31, 36)'")
    browser.open(small, theme="light")
    assert browser.js(background) == light


@pytest.mark.parametrize("width", [390, 768, 1440])
def test_the_page_does_not_scroll_sideways(browser, small, width):
    browser.open(small, width=width)
    assert browser.js("document.documentElement.scrollWidth") <= width
    browser.find("button.run").click()
    assert browser.js("document.documentElement.scrollWidth") <= width
    assert browser.js("document.getElementById('run').getBoundingClientRect().width") <= width


def test_the_keyboard_reaches_everything_and_is_seen(browser, small):
    browser.open(small)
    browser.press(Keys.TAB)
    assert browser.js("document.activeElement.className") == "skip"
    browser.press(Keys.ENTER)
    assert browser.js("document.activeElement.id") == "content"
    for selector in ["#theme", "[data-control=x]", "[data-control=log]", ".legend button", "th button", "button.run", "#next"]:
        element = browser.find(selector)
        assert element.get_property("tabIndex") == 0, selector
    browser.driver.execute_script("document.querySelector('.legend button').focus()")
    browser.press(Keys.TAB)
    outline = browser.js("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px"


def test_pictures_for_people(browser, small, results, pictures):
    if not pictures:
        pytest.skip("only with --pictures")
    pages = {"small": small}
    for name in ["checks", "xor", "04-what-do-activations-do", "hostile"]:
        if (results / name / "report.html").exists():
            pages[name] = results / name / "report.html"
    for name, page in pages.items():
        for width in (390, 1440):
            for theme in ("light", "dark"):
                browser.open(page, width=width, theme=theme).picture(pictures / f"{name}-{width}-{theme}.png")
