"""What every test starts with: arithmetic that cannot fail in silence, and a browser where one is needed."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.app_pages import STUDIES, Served, served
from tools.browser import MISSING, find

# No sandbox, because a container's root has none; the rest keeps Chromium from calling home.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(autouse=True, scope="session")
def loud_arithmetic() -> Iterator[None]:
    """Make NumPy raise where it would otherwise warn and carry on with inf or nan."""
    with np.errstate(divide="raise", invalid="raise", over="raise"):
        yield


@pytest.fixture(scope="session")
def browser_path() -> Path:
    """Return a Chromium that starts; a machine without one fails these tests and never skips them."""
    found = find()
    if found is None:
        pytest.fail(f"{MISSING} `make test` installs one where it can.")
    return found


@pytest.fixture(scope="session")
def browser(browser_path: Path) -> Iterator[Browser]:
    """Start one headless browser for the whole session; each test opens its own page in it."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=browser_path, args=list(QUIET))
        yield started
        started.close()


@pytest.fixture(scope="session")
def app_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the app once for the whole session, on a port and in a folder of its own."""
    folder = tmp_path_factory.mktemp("app")
    with served(folder, f"--studies={folder / STUDIES}") as started:
        yield started


@pytest.fixture(scope="session")
def returns(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an extract of every shape, written once: tests read it and change nothing in it."""
    from tests.returns_runs import extract

    folder = tmp_path_factory.mktemp("returns")
    for shape in ("ssda903", "cin-census", "annex-a"):
        extract(shape, folder / shape)
    return folder


@pytest.fixture(autouse=True, scope="session")
def no_calls_home() -> Iterator[None]:
    """Keep Solara from reporting that the tests ran."""
    before = os.environ.get("SOLARA_TELEMETRY_MIXPANEL_ENABLE")
    os.environ["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] = "False"
    yield
    if before is None:
        del os.environ["SOLARA_TELEMETRY_MIXPANEL_ENABLE"]
    else:
        os.environ["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] = before
