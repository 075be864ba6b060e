"""The table of all runs: sorted, filtered, turned over, and a run opened."""

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

COLUMN = """(() => { const cells = [...document.querySelectorAll('#run-table thead th')];
  const at = cells.findIndex((cell) => cell.textContent === '{name}');
  return [...document.querySelectorAll('#run-table tbody tr')].map((row) => row.cells[at].textContent); })()"""


def column(browser, name):
    return browser.js(COLUMN.replace("{name}", name))


def head(browser, name):
    return next(button for button in browser.all("#run-table th button") if button.text == name)


def test_rows_are_sorted_by_number_and_by_label(browser, small):
    browser.open(small)
    plan = column(browser, "run")
    head(browser, "validation_loss").click()
    values = [float(value) for value in column(browser, "validation_loss") if value]
    assert values == sorted(values) and len(values) == 50
    cell = browser.find("#run-table th[aria-sort=ascending]")
    assert cell.text.startswith("validation_loss")
    head(browser, "validation_loss").click()
    falling = [float(value) for value in column(browser, "validation_loss") if value]
    assert falling == sorted(falling, reverse=True) and falling[0] > values[0]
    head(browser, "validation_loss").click()
    assert column(browser, "run") == plan
    head(browser, "learning_rate").click()
    rates = [float(rate) for rate in column(browser, "learning_rate")]
    assert rates == sorted(rates)


def test_runs_without_a_number_stand_last_either_way(browser, small):
    browser.open(small)
    Select(browser.find("#ended")).select_by_visible_text("diverged")
    lost = len(column(browser, "run"))
    assert lost > 0 and set(column(browser, "ended")) == {"diverged"}
    assert set(column(browser, "validation_loss")) == {""}
    browser.find("form [type=reset]").click()
    for _ in range(2):
        head(browser, "validation_loss").click()
        assert column(browser, "validation_loss")[0] != ""


def test_words_filter_and_pages_turn(browser, small):
    browser.open(small)
    place = browser.find("#place")
    assert place.text == "1–50 of 120 runs"
    browser.find("#next").click()
    assert place.text == "51–100 of 120 runs"
    browser.find("#filter").send_keys("adam relu")
    assert place.text == "1–20 of 20 found among 120 runs"
    assert set(column(browser, "optimizer")) == {"adam"} and set(column(browser, "activation")) == {"relu"}
    browser.find("#filter").send_keys(" nothing")
    assert place.text == "none found among 120 runs"


def numbers(browser, name):
    return [float(value) if value else None for value in column(browser, name)]


def search(browser, text):
    """What the page says of an invalid filter."""
    browser.find("#filter").clear()
    browser.find("#filter").send_keys(text)
    return browser.find("#filter-error").text


@pytest.mark.parametrize("sign", ["<", "<=", ">", ">=", "=", "!="])
def test_numbers_filter(browser, small, sign):
    browser.open(small)
    everything = "[...document.querySelectorAll('#run-table tbody tr')].length"
    head(browser, "validation_loss").click()
    bound = numbers(browser, "validation_loss")[10]
    found = {"<": 10, "<=": 11, "=": 1, ">": None, ">=": None, "!=": 119}[sign]
    assert search(browser, f"validation_loss{sign}{bound}") == ""
    values = numbers(browser, "validation_loss")
    test = {"<": float.__lt__, "<=": float.__le__, ">": float.__gt__, ">=": float.__ge__, "=": float.__eq__, "!=": float.__ne__}[sign]
    assert len(values) > 0
    assert all(test(value, bound) if value is not None else sign == "!=" for value in values)
    if found is not None:
        assert f"of {found} found among 120 runs" in browser.find("#place").text
    assert browser.js(everything) == min(50, found or 50)


def test_terms_and_words_filter_together(browser, small):
    browser.open(small)
    assert search(browser, "adam learning_rate<=1 seed!=0 ended=max_epochs") == ""
    assert set(column(browser, "optimizer")) == {"adam"}
    assert {float(rate) for rate in column(browser, "learning_rate")} == {0.001, 1}
    assert "0" not in column(browser, "seed") and len(column(browser, "seed")) == 16


@pytest.mark.parametrize(
    ("term", "reason"),
    [
        ("loss<1", 'there is no column "loss"'),
        ("validation_loss<", 'a value is missing after "<"'),
        ("validation_loss<low", '"low" is not a number'),
        ("optimizer<adam", 'the column "optimizer" has no numbers'),
    ],
)
def test_an_invalid_filter_says_so(browser, small, term, reason):
    browser.open(small)
    said = search(browser, f"adam {term}")
    assert f'Ignored "{term}"' in said and reason in said
    assert browser.find("#filter").get_attribute("aria-invalid") == "true"
    assert "40 found among 120 runs" in browser.find("#place").text
    assert search(browser, "adam") == ""
    assert browser.find("#filter").get_attribute("aria-invalid") == "false"


def test_enter_opens_a_run_and_escape_closes_it(browser, small):
    browser.open(small)
    head(browser, "validation_loss").click()
    first = browser.find("button.run")
    browser.driver.execute_script("arguments[0].focus()", first)
    browser.press(Keys.ENTER)
    assert browser.js("document.getElementById('run').open")
    assert first.text in browser.find("#run-title").text
    browser.until("document.querySelector('#run-plot .js-line') !== null")
    assert browser.js("document.getElementById('run-plot').data.map((line) => line.y.length)") == [13, 13]
    assert "validation_loss" in browser.find("#run-settings").text
    browser.press(Keys.ESCAPE)
    assert not browser.js("document.getElementById('run').open")
    assert browser.js("document.activeElement.className") == "run"


def test_a_click_on_a_row_opens_it_and_says_why_it_diverged(browser, small):
    browser.open(small)
    Select(browser.find("#ended")).select_by_visible_text("diverged")
    browser.find("#run-table tbody tr td:last-child").click()
    assert "became" in browser.find("#run-reason").text
    assert browser.said() == []
