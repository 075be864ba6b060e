"""Names and texts from files stay texts."""

import json

import pytest
from conftest import run

ATTACKS = [
    "</script><script>window.hacked = 1</script>",
    "<!--<script>",
    "<img src=x onerror='window.hacked = 2'>",
    "\"><svg onload=window.hacked=3>",
    "[a](javascript:window.hacked=4) ![b](https://example.invalid/c.png)",
    "<a href='javascript:window.hacked=5'>%{x}</a> $\\alpha$ {{ 7 * 7 }}",
    "'); window.hacked = 6; ('",
    "\u202e\u0007\u2028\u2029 \u0000",
    "\x1b]8;;https://example.invalid\x07\x1b[31m \u2066\u202egnp.exe\u2069",
    "\" ' ` \\ &quot; &#39;",
]
FORMULA = '=HYPERLINK("https://example.invalid")'


@pytest.fixture(scope="module")
def hostile(results, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    rows = [FORMULA, "<b onclick=hacked=7>", "@SUM(1)"]
    names = ["<img src=x onerror=hacked=8>.csv", "a&amp;`code`|pipe.csv", "x\" onmouseover=\"hacked=9.csv"]
    # Folders whose path ends the script that it stands in.
    names.append("</script><script>window.hacked=13</script>.csv")
    names += ["\x1b[31mred\x1b[0m \u202egnp.csv", "\" '<img src=x onerror=hacked=14> `.csv"]
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        lines = [f'{at},{at % 5},"{rows[at % 3].replace(chr(34), chr(34) * 2)}"' for at in range(60)]
        (folder / name).write_text("a,<script>hacked=10</script>,class\n" + "\n".join(lines) + "\n")
    text = lambda value: json.dumps(value.replace("\u0000", ""))
    sets = ", ".join(f"{{ csv = {{ path = {text(str(folder / name))} }} }}" for name in names)
    claims = "".join(
        f'[[claim]]\ntext = {text(attack)}\nmetric = "train_loss"\nat_most = 10\n\n' for attack in ATTACKS
    )
    experiment = folder / "hostile.toml"
    experiment.write_text(
        f"question = {text(' '.join(ATTACKS))}\nseeds = 2\n\n[train]\nepochs = 3\n\n[grid]\ndataset = [{sets}]\n"
        f'learning_rate = [0.1, 1e30]\n\n[analysis]\ncompare = "dataset"\n\n{claims}'
    )
    return run(experiment, results)


def test_nothing_of_them_runs_or_becomes_part_of_the_page(browser, hostile):
    browser.open(hostile)
    browser.until("document.querySelectorAll('figure').length > 2")
    assert browser.js("window.hacked") is None
    assert browser.said() == []
    assert all(url.startswith(("file://", "data:")) for url in browser.asked_for())
    for selector in ["main img", "main script", "svg[onload]", "main a[href^=javascript]", "main a[href*=example]", "main b"]:
        assert browser.all(selector) == [], selector
    assert len(browser.all("script")) == browser.js("document.querySelectorAll('script[type]').length") + 2
    handlers = "[...document.querySelectorAll('*')].filter((e) => [...e.attributes].some((a) => a.name.startsWith('on')))"
    assert browser.js(f"{handlers}.length") == 0


def test_signs_that_steer_do_not_reach_the_page(browser, hostile):
    page = hostile.read_text()
    signs = "\x1b\x07\u202e\u2066\u2028\u2029"
    assert [sign for sign in signs if sign in page] == []
    browser.open(hostile)
    shown = browser.js("document.body.textContent")
    assert [sign for sign in signs if sign in shown] == []
    assert "gnp.csv" in shown


def test_hostile_words_only_filter(browser, hostile):
    browser.open(hostile)
    for text in ["<img", "src=<img", "'onerror='", "dataset=\"x\"<1", "__proto__=1", "constructor<2"]:
        browser.find("#filter").clear()
        browser.find("#filter").send_keys(text)
        assert browser.find("#filter-error").get_attribute("innerHTML").count("<") == 0
    assert (browser.js("window.hacked"), browser.said()) == (None, [])
    assert browser.all("main img") == []


def test_they_are_shown_as_they_are(browser, hostile):
    browser.open(hostile)
    title = browser.js("document.querySelector('h1').textContent")
    assert "</script><script>window.hacked = 1</script>" in title and "{{ 7 * 7 }}" in title
    assert "onerror=hacked=8" in browser.js("document.querySelector('.legend, figure').textContent + document.querySelector('main').textContent")
    claims = browser.js("[...document.querySelectorAll('.claim')].map((claim) => claim.textContent)")
    assert any("<img src=x onerror=" in claim for claim in claims)


def test_a_hostile_run_opens(browser, hostile):
    browser.open(hostile)
    for opener in range(3):
        browser.all("button.run")[opener].click()
        assert browser.js("document.getElementById('run').open")
        browser.find("#close").click()
    links = "[...document.querySelectorAll('.plot a, .hoverlayer a')].length"
    assert (browser.js("window.hacked"), browser.js(links), browser.said()) == (None, 0, [])


def test_a_script_that_got_in_would_not_run(browser, hostile):
    """The policy of the page, should an escape ever be forgotten."""
    browser.open(hostile)
    browser.driver.execute_script(
        "const script = document.createElement('script'); script.textContent = 'window.hacked = 11';"
        "document.body.append(script);"
        "const image = document.createElement('div'); image.innerHTML = '<img src=data:, onerror=\"window.hacked = 12\">';"
        "document.body.append(image);"
    )
    browser.until("document.querySelector('div > img') !== null")
    assert browser.js("window.hacked") is None
    assert any("Content Security Policy" in message for message in browser.said())
