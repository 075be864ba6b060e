"""Paper: Chromium prints every figure, even where printing begins before the page has drawn them."""

import base64
import subprocess

import pypdfium2
import pypdfium2.raw as pdfium
from conftest import CHROMIUM, FLAGS

FIGURES = "[...document.querySelectorAll('figure')].map((f) => [f.querySelector('.title').textContent, f.querySelector('.plot').clientHeight])"
# Of a pixel of the page, which Chromium never enlarges on paper.
POINTS = 0.75


def lines_below(page, top, height):
    """How many lines and areas are drawn in this band of a page; y points upwards."""
    shapes = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_SHADING, pdfium.FPDF_PAGEOBJ_IMAGE])
    bounds = [shape.get_bounds() for shape in shapes]
    return sum(top - height <= low and high <= top for _, low, _, high in bounds)


def find(document, title):
    """The first page with this title, and where its letters end; `None` where no page has it."""
    for page in document:
        text = page.get_textpage()
        found = text.search(title, match_case=True).get_next()
        if found:
            return page, text.get_charbox(found[0])[1]
    return None


def missing(figures, path):
    """The titles of the figures that are not on paper with a drawing below them."""
    document = pypdfium2.PdfDocument(path)
    places = [(title, height, find(document, title)) for title, height in figures]
    # The least of all figures has two axes, a line of the grid at each tick, and a line.
    is_drawn = lambda height, place: place and lines_below(*place, POINTS * height) >= 6
    return [title for title, height, place in places if not is_drawn(height, place)]


def test_the_command_line_prints_every_figure(browser, small, tmp_path):
    figures = browser.open(small).js(FIGURES)
    assert len(figures) >= 10
    paper = tmp_path / "page.pdf"
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    command = [CHROMIUM, *FLAGS, profile, "--no-pdf-header-footer", f"--print-to-pdf={paper}", small.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert missing(figures, paper) == []


def test_the_browser_prints_every_figure_on_white(browser, small, tmp_path, pictures):
    figures = browser.open(small, theme="dark").js(FIGURES)
    pdf = browser.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    paper = (pictures or tmp_path) / "print.pdf"
    paper.write_bytes(base64.b64decode(pdf["data"]))
    assert missing(figures, paper) == []
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
