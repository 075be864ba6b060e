"""A real browser, and fresh results of the built program for it to look at."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PROGRAM = Path(os.environ["PROGRAM"]).resolve()
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = Path(sys.prefix) / "node_modules/axe-core/axe.min.js"

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
]


def pytest_addoption(parser):
    parser.addoption("--pictures", metavar="DIR", help="leave a picture of each page there, and its print")


@pytest.fixture(scope="session")
def pictures(request):
    folder = request.config.getoption("--pictures")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
    return folder and Path(folder)


def run(experiment, results, *arguments):
    """Carries out an experiment, and returns the path of its page."""
    command = [PROGRAM, "run", experiment, "--results", results, "--quiet", *arguments]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return results / Path(experiment).stem / "report.html"


@pytest.fixture(scope="session")
def results(tmp_path_factory):
    return tmp_path_factory.mktemp("results")


@pytest.fixture(scope="session")
def small(results):
    """Training with claims, probes and runs that diverge."""
    return run(HERE / "small.toml", results)


class Browser:
    """Chromium, with what it said and asked for."""

    def __init__(self, profile):
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for flag in [*FLAGS, f"--user-data-dir={profile}"]:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        service = webdriver.ChromeService(executable_path=shutil.which("chromedriver"))
        self.driver = webdriver.Chrome(options=options, service=service)
        self.driver.set_script_timeout(120)

    def open(self, page, width=1440, height=900, theme="light"):
        """Opens a page from disk, and waits until its figures are drawn."""
        self.resize(width, height)
        media = [{"name": "prefers-color-scheme", "value": theme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})
        for kind in ("browser", "performance"):
            self.driver.get_log(kind)
        self.driver.get(Path(page).as_uri())
        self.until("document.documentElement.hasAttribute('data-drawn') || !document.querySelector('figure')")
        return self

    def resize(self, width, height=900):
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    def js(self, expression, *arguments):
        return self.driver.execute_script(f"return ({expression})", *arguments)

    def until(self, expression, seconds=30):
        WebDriverWait(self.driver, seconds, 0.05).until(lambda _: self.js(expression), expression)

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def press(self, *keys):
        webdriver.ActionChains(self.driver).send_keys(*keys).perform()

    def said(self):
        """What stands in the console, but for what is meant for developers' eyes only."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def asked_for(self):
        """The addresses of everything that was fetched."""
        events = (json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance"))
        sent = (event for event in events if event["method"] == "Network.requestWillBeSent")
        return [event["params"]["request"]["url"] for event in sent]

    def picture(self, path):
        """The whole page."""
        height = self.js("document.documentElement.scrollHeight")
        self.resize(self.js("innerWidth"), height)
        self.driver.save_screenshot(str(path))


@pytest.fixture(scope="session")
def session(tmp_path_factory):
    browser = Browser(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.driver.quit()


@pytest.fixture
def browser(session):
    yield session
    session.driver.get("about:blank")
