"""Find a Chromium for the browser tests, installing one if there is none, and print where it is."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
MAC_APPLICATIONS = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)
DEBIAN_PACKAGES = ("chromium", "fonts-liberation")  # without a font a page is boxes
MISSING = (
    "No browser for the tests: install Chromium or Chrome, "
    "or set FAMILYABM_BROWSER to the full path of one that starts."
)


def find() -> Path | None:
    """Return the first browser that starts, or None; FAMILYABM_BROWSER, if set, is the only one tried."""
    if chosen := os.environ.get("FAMILYABM_BROWSER"):
        return Path(chosen) if starts(Path(chosen)) else None
    on_path = [Path(found) for name in NAMES if (found := shutil.which(name))]
    return next(filter(starts, [*on_path, *MAC_APPLICATIONS, *playwright_own()]), None)


def starts(browser: Path) -> bool:
    """Say whether a browser is there and has the system libraries it needs."""
    if not browser.is_file():
        return False
    try:
        answer = subprocess.run([browser, "--version"], check=False, capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def playwright_own() -> list[Path]:
    """Return where Playwright keeps the browser it downloads, whether or not it has."""
    from playwright.sync_api import sync_playwright  # takes half a second: only if no other was found

    with sync_playwright() as playwright:
        return [Path(playwright.chromium.executable_path)]


def install() -> Path | None:
    """Install a browser by each way in turn until one starts; None if none does."""
    for way in (install_from_playwright, install_from_debian):
        way()
        if browser := find():
            return browser
    return None


def install_from_playwright() -> None:
    """Let Playwright download its own browser, giving up soon where the network is closed."""
    quick = os.environ | {"PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "10000"}
    attempt([sys.executable, "-m", "playwright", "install", "chromium"], environment=quick)


def install_from_debian() -> None:
    """Install Debian's or Ubuntu's package, if we may."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    attempt(["apt-get", "-q", "update"], environment=quiet)
    packages = ["--no-install-recommends", *DEBIAN_PACKAGES]
    attempt(["apt-get", "-q", "install", "-y", *packages], environment=quiet)


def attempt(command: list[str], environment: dict[str, str]) -> None:
    """Run a command that may fail, its output on standard error, for ten minutes at most."""
    print("Looking for a browser:", *command, file=sys.stderr, flush=True)
    try:
        subprocess.run(command, check=False, env=environment, stdout=sys.stderr, timeout=600)
    except (OSError, subprocess.TimeoutExpired) as error:
        print(error, file=sys.stderr)


def main() -> int:
    """Print the browser's path, or say in one sentence that there is none."""
    browser = find() or (None if os.environ.get("FAMILYABM_BROWSER") else install())
    print(browser or MISSING, file=sys.stdout if browser else sys.stderr)
    return 0 if browser else 1


if __name__ == "__main__":
    sys.exit(main())
