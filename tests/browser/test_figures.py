"""Figures answer: the pointer, the legend, the scale and what x is."""

from selenium.webdriver import ActionChains

PLOT = "document.querySelector('#figure-convergence .plot')"


MIDDLE = """((plot, points) => {
  const { xaxis, yaxis } = plot._fullLayout;
  const line = plot.data.find((trace) => trace.name);
  const middle = (axis, values) => axis._offset + points.reduce((sum, at) => sum + axis.d2p(values[at]), 0) / points.length;
  const box = plot.getBoundingClientRect();
  return [middle(xaxis, line.x) - box.width / 2, middle(yaxis, line.y) - box.height / 2];
})(...arguments)"""


def hover(browser, name, points, off=0):
    """Moves the pointer to the middle of these points of the first line, and `off` pixels below it. Returns the label."""
    plot = browser.find(f"#figure-{name} .plot")
    browser.driver.execute_script("arguments[0].scrollIntoView({ block: 'center' })", plot)
    x, y = browser.js(MIDDLE, plot, points)
    ActionChains(browser.driver).move_to_element_with_offset(plot, round(x), round(y) + off).perform()
    browser.until(f"document.querySelector('#figure-{name} .hoverlayer .hovertext') !== null", 5)
    return browser.js(f"document.querySelector('#figure-{name} .hoverlayer').textContent")


def test_a_point_has_its_numbers_as_hover_text(browser, small):
    browser.open(small)
    label = hover(browser, "convergence", [2])
    assert "epoch 2" in label and "seeds" in label, label


def test_the_pointer_need_not_touch_a_point(browser, small):
    """Four learning rates over nine decades: their points are more than 100 pixels apart."""
    browser.open(small)
    label = hover(browser, "learning_rate_sensitivity", [0, 1], off=12)
    assert "learning_rate" in label or "seeds" in label, label


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
