"""Figures answer: the pointer, the legend, the scale and what x is."""

from selenium.webdriver import ActionChains

PLOT = "document.querySelector('#figure-convergence .plot')"


def test_the_pointer_is_told_the_numbers(browser, small):
    browser.open(small)
    browser.find("#figure-convergence").location_once_scrolled_into_view
    line = browser.all("#figure-convergence .scatterlayer .trace .js-line")[-1]
    box = browser.js(
        "(() => { const plot = arguments[0]; const axis = plot._fullLayout; const trace = plot.data.find((t) => t.name);"
        " const box = plot.getBoundingClientRect();"
        " return [axis.xaxis.d2p(trace.x[2]) + axis.xaxis._offset - box.width / 2,"
        " axis.yaxis.d2p(trace.y[2]) + axis.yaxis._offset - box.height / 2]; })()",
        browser.find("#figure-convergence .plot"),
    )
    assert line is not None
    plot = browser.find("#figure-convergence .plot")
    ActionChains(browser.driver).move_to_element_with_offset(plot, *map(round, box)).perform()
    browser.until(f"{PLOT}.querySelector('.hoverlayer .hovertext') !== null", 5)
    told = browser.js(f"{PLOT}.querySelector('.hoverlayer').textContent")
    assert "epoch 2" in told and "seeds" in told, told


def test_the_legend_hides_and_shows(browser, small):
    browser.open(small)
    button = browser.find("#figure-convergence .legend button")
    visible = f"{PLOT}.data.filter((trace) => trace.visible === 'legendonly').length"
    assert browser.js(visible) == 0
    button.click()
    assert button.get_attribute("aria-pressed") == "false"
    browser.until(f"{visible} === 4")  # a band and a line in each of two panels
    button.click()
    browser.until(f"{visible} === 0")


def test_the_scale_can_be_switched(browser, small):
    browser.open(small)
    button = browser.find("#figure-convergence [data-control=log]")
    assert (button.get_attribute("aria-pressed"), browser.js(f"{PLOT}.layout.yaxis.type")) == ("true", "log")
    button.click()
    browser.until(f"{PLOT}.layout.yaxis.type === 'linear'")
    assert button.get_attribute("aria-pressed") == "false"


def test_x_can_be_chosen(browser, small):
    browser.open(small)
    options = browser.all("#figure-convergence [data-control=x] option")
    names = [option.text for option in options]
    assert names == ["epochs", "steps", "samples", "cost units", "floating-point operations", "seconds"]
    last = f"{PLOT}.data.find((trace) => trace.name).x.at(-1)"
    assert browser.js(last) == 12
    options[1].click()
    # 90 training samples in batches of 16: 6 steps an epoch.
    browser.until(f"{last} === 72")
    assert "steps" in browser.js(f"{PLOT}.layout.xaxis.title.text")
    options[5].click()
    browser.until(f"{last} > 0 && {last} < 72")
    assert browser.said() == []
