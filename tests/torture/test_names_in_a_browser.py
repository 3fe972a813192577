"""What somebody names an area stays text on every page, in a browser that would run it if it were anything else."""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser

from tests.app_pages import Served, opened
from tests.test_web_pages import NAMED, PAGES, erewhon

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1800)]
WORSE = (
    *NAMED, "<svg/onload=alert(1)>", "</title><script>alert(1)</script>", "'-alert(1)-'", "</script><script>alert(1)</script>",
    "<details open ontoggle=alert(1)>", "javascript:alert(1)",
)  # fmt: skip


def sent(server: Served, name: str) -> str:
    """Send an area of that name; return the query that asks for it, by the file that the server has kept it in."""
    before = set((server.folder / "areas").glob("*.toml"))
    head = '--x\r\nContent-Disposition: form-data; name="file"; filename="mine.toml"\r\n\r\n'
    body = head + erewhon("x").decode().replace("'x'", toml(name)) + "\r\n--x--\r\n"
    headers = {"Origin": server.address, "Content-Type": "multipart/form-data; boundary=x"}
    status, page = server.get("/area", headers, body)
    assert status == 200, page[:500]
    (kept,) = set((server.folder / "areas").glob("*.toml")) - before
    return urlencode({"area": kept.stem})


def toml(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def test_no_name_is_run_on_any_page(browser: Browser, app_server: Served, figure):
    shown = 0
    with opened(browser, app_server) as page:
        page.on("dialog", lambda dialog: pytest.fail(f"a page ran {dialog.message}"))
        page.add_init_script("window.alert = () => { throw new Error('a name was run'); };")
        for name in WORSE:
            query = sent(app_server, name)
            for path in PAGES[:9]:
                page.goto(f"{app_server.address}{path}?{query}")
                assert name in page.locator("body").inner_text() or page.locator(f"[value={toml(name)}]").count(), (
                    path,
                    name,
                )
                shown += 1
    figure("names", len(WORSE))
    figure("pages shown", shown)
