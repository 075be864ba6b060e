"""Paper: Chromium prints every figure, even where printing begins before the page has drawn them."""

import base64
import re
import subprocess

import pypdfium2
from conftest import CHROMIUM, FLAGS

# What Plotly has written below each figure at the width of paper.
FIGURES = """[...document.querySelectorAll('figure')].map((figure) => ({
  title: figure.querySelector('.title').textContent,
  ticks: [...figure.querySelectorAll('.plot .xtick text')].map((tick) => tick.textContent),
}))"""


def words(text):
    """The text without blanks and line breaks, which depend on how it is set."""
    return re.sub(r"\s+", "", text)


def printed(path):
    document = pypdfium2.PdfDocument(path)
    return words("".join(page.get_textpage().get_text_range() for page in document))


def missing(figures, text):
    """The titles of the figures that are not in the text with the ticks of their drawing behind them."""
    places = []
    for figure in figures:
        places.append(text.find(words(figure["title"]), places[-1] + 1 if places and places[-1] >= 0 else 0))
    ends = [*places[1:], len(text)]
    drawn = lambda figure, at, end: at >= 0 and all(words(tick) in text[at:end] for tick in figure["ticks"])
    return [figure["title"] for figure, at, end in zip(figures, places, ends) if not drawn(figure, at, end)]


def figures_on_paper(browser, page):
    browser.open(page)
    browser.driver.execute_script("dispatchEvent(new Event('beforeprint'))")
    figures = browser.js(FIGURES)
    assert all(figure["ticks"] for figure in figures)
    browser.driver.execute_script("dispatchEvent(new Event('afterprint'))")
    return figures


def test_the_command_line_prints_every_figure(browser, small, tmp_path):
    figures = figures_on_paper(browser, small)
    assert len(figures) >= 10
    paper = tmp_path / "page.pdf"
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    command = [CHROMIUM, *FLAGS, profile, "--no-pdf-header-footer", f"--print-to-pdf={paper}", small.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert missing(figures, printed(paper)) == []


def test_the_browser_prints_every_figure_on_white(browser, small, tmp_path, pictures):
    figures = figures_on_paper(browser, small)
    browser.open(small, theme="dark")
    pdf = browser.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    paper = (pictures or tmp_path) / "print.pdf"
    paper.write_bytes(base64.b64decode(pdf["data"]))
    assert missing(figures, printed(paper)) == []
    pixels = bytes(pypdfium2.PdfDocument(paper)[0].render().buffer)
    assert pixels[:3] == b"\xff\xff\xff"


def test_paper_has_no_buttons(browser, small):
    browser.open(small)
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    for selector in [".bar", "nav", ".controls", ".pages"]:
        assert not browser.find(selector).is_displayed(), selector
    browser.driver.execute_script("dispatchEvent(new Event('beforeprint'))")
    widths = browser.js("[...document.querySelectorAll('figure .main-svg')].map((plot) => plot.getBoundingClientRect().width)")
    assert max(widths) <= 660
    browser.driver.execute_script("dispatchEvent(new Event('afterprint'))")
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
