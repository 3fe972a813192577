"""The whole application, asked in this process as a browser would and as nobody should; no model is run for it."""

import socket
import time
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from familyabm import areas, cli_app
from familyabm.errors import InputError
from familyabm.parameters import DEFAULT, changed
from tests.asgi import HOST, Answer, ask
from tests.hostile import VALUES
from visualization import exports, forms, limits
from visualization.guard import Guard
from visualization.jobs import Jobs
from visualization.mounted import QUIET, Live
from visualization.server import application
from visualization.settings import OWN, Settings

OURS = f"http://{HOST}"
PAGES = ("/", "/settings", "/compare", "/watch", "/family", "/demand", "/sure", "/try", "/report", "/about", "/glossary",
         "/accessibility", "/privacy", "/numbers", "/workshop", "/no-such-page")  # fmt: skip
SECRET = "the password of the database"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("web") / "home"
    folder.mkdir()
    (folder.parent / "secret.txt").write_text(SECRET)
    (folder / "secret.txt").write_text(SECRET)
    return folder


@pytest.fixture(scope="module")
def app(home: Path) -> Guard:
    """The application without its processes: nothing in these tests starts any work."""
    return application(home, "Rutland")


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be run, and nothing connect to anywhere."""

    def refuse(*given: object, **more: object) -> None:
        raise AssertionError(f"nothing may be started or called here: {given}")

    monkeypatch.setattr(Jobs, "beside", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)


# --- Whom it answers, and with what --------------------------------------------------------------------------------


def test_it_is_bound_to_this_machine_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch, capsys, tmp_path: Path):
    served: list[tuple] = []
    monkeypatch.setattr("familyabm.lab.execute.compile_first", lambda say: None)
    monkeypatch.setattr("visualization.server.serve", lambda *given: served.append(given) or given[-1]())
    monkeypatch.setattr(cli_app, "pages", lambda module: __import__("visualization.server", fromlist=["serve"]))
    cli_app.app(folder=tmp_path)
    assert served[0][1] == "127.0.0.1"
    assert "Anybody on this network" not in capsys.readouterr().err
    cli_app.app(folder=tmp_path, host="0.0.0.0")
    assert "Anybody on this network can open it" in capsys.readouterr().err


@pytest.mark.parametrize("path", PAGES)
def test_every_page_keeps_to_itself_and_holds_no_session(app: Guard, path: str):
    found = ask(app, path)
    assert found.status == (404 if path == "/no-such-page" else 200)
    policy = found.headers["content-security-policy"]
    for part in (
        "default-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
        "form-action 'self'",
    ):
        assert part in policy
    assert "script-src" not in policy  # the default holds for scripts: none but our own files
    for name, value in (("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"), ("referrer-policy", "same-origin"),
                        ("cross-origin-opener-policy", "same-origin")):  # fmt: skip
        assert found.headers[name] == value
    assert not {"server", "set-cookie", "x-powered-by", "access-control-allow-origin"} & set(found.headers)
    assert "http://" not in found.text.replace(OURS, "").replace("http://www.w3.org/", "")


HOSTS = ("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "localhost:8750@evil.example", "", " ", "[::1", "::1]:80",
         "[fe80::1%\"><script>]", "localhost:port", "localhost:999999", "localhost/..", "local\thost", "[::1]:80:80", "0x7f.1.")  # fmt: skip


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_that_is_none_of_ours_is_refused_and_never_an_error(app: Guard, host: str):
    assert ask(app, "/settings", host=host).status == 400


@pytest.mark.parametrize("name", ["host", "origin", "content-length"])
def test_a_header_that_is_there_twice_cannot_be_read_in_two_ways(app: Guard, name: str):
    value = {"host": HOST, "origin": OURS, "content-length": "0"}[name]
    once = {} if name == "host" else {name.replace("-", "_"): value}
    assert ask(app, more=[(name, "evil.example")], **once).status == 400


@pytest.mark.parametrize("path", ["/run", "/open", "/area", "/start", "/stop", "/try/start", "/report/file"])
@pytest.mark.parametrize("origin", ["", "null", "https://evil.example", "http://localhost", "http://localhost:8751"])
def test_no_form_of_another_site_is_taken(app: Guard, path: str, origin: str):
    headers = {"origin": origin} if origin else {}
    assert ask(app, path, method="POST", body=b"go=compare", **headers).status == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "é", ""])
def test_no_other_method_does_anything(app: Guard, method: str):
    assert ask(app, "/compare", method=method, origin=OURS).status in (400, 405)


# --- What it sends: nothing but its own files ----------------------------------------------------------------------

CLIMBS = ("../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..\\", "..%5c", "....//", "..;/", "%252e%252e%252f", "..%c0%af", "..%00/", "/", "//", "./../",
          "\x00../", "~/", "file:///")  # fmt: skip
PLACES = (
    "/static/",
    "/lives/",
    "/try/",
    "/live/static/",
    "/live/static/public/",
    "/live/static/assets/",
    "/live/_solara/cdn/",
    "/",
)


def test_what_is_there_to_be_had_can_be_had(app: Guard):
    """Else the test below would find nothing whatever it asked for."""
    assert ask(app, "/static/app.css").status == 200


@pytest.mark.parametrize("place", [place for place in PLACES if not place.startswith("/live/")])
def test_no_way_leads_to_another_file(app: Guard, home: Path, place: str):
    depth = 12
    for climb in CLIMBS:
        for target in ("secret.txt", str(home / "secret.txt")[1:], "etc/passwd", "guard.py", "pages.py"):
            for path in (
                f"{place}{climb * depth}{target}",
                f"{place}{climb}{target}",
                f"{place}app.css/{climb}{target}",
            ):
                found = ask(app, path)
                assert found.status in (400, 404, 405), path
                for leaked in (SECRET, "root:x:", "from starlette"):
                    assert leaked not in found.text, path


def test_a_link_out_of_the_folder_is_not_followed(app: Guard, home: Path):
    job = home / "jobs" / f"lives-{Settings(area='Rutland').address}"
    job.mkdir(parents=True)
    (job / "state.json").symlink_to(home / "secret.txt")
    assert ask(app, "/watch").status == 200
    assert SECRET not in ask(app, "/watch").text


# --- What it is asked for -------------------------------------------------------------------------------------------

NAMES = ("area", "families", "years", "pairs", "luck", "a", "b", "a.continuity", "b.practice", "money.reserves", "without", "shock", "v",
         "bet", "week", "world", "family", "choose", "look", "view", "go", "part", "vary", "vary.1.name", "vary.1.low", "each", "record",
         "study", "spoon")  # fmt: skip
PAIRS = st.lists(
    st.tuples(st.sampled_from(NAMES) | st.text(max_size=10), st.sampled_from(VALUES) | st.text(max_size=20).map(lambda text: text.encode("utf-8", "replace"))),
    max_size=4,
)  # fmt: skip


def answered(found: Answer, began: float) -> None:
    assert found.status < 500, found.text[:400]
    assert "Traceback" not in found.text
    assert time.thread_time() - began < 10.0


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    path=st.sampled_from(
        (*PAGES, "/compare/state", "/watch/table", "/try/state", "/lives/meta.json", "/try/results.csv")
    ),
    pairs=PAIRS,
)
def test_whatever_a_link_asks_for_is_shown_or_told(app: Guard, path: str, pairs: list[tuple[str, bytes]]):
    query = urlencode([(name, value[:3000]) for name, value in pairs])
    answered(ask(app, path, query), time.thread_time())


@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(path=st.sampled_from(PAGES), query=st.binary(max_size=60))
def test_bytes_that_are_no_link_are_told_too(app: Guard, path: str, query: bytes):
    answered(ask(app, path, query), time.thread_time())


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(path=st.sampled_from(("/run", "/try/start", "/report/file", "/open", "/area")), pairs=PAIRS, kind=st.sampled_from((
    "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data", "application/json", "é", "")))  # fmt: skip
def test_whatever_a_form_holds_is_refused_in_words(
    app: Guard, monkeypatch: pytest.MonkeyPatch, path: str, pairs: list[tuple[str, bytes]], kind: str
):
    monkeypatch.setattr(Jobs, "start", lambda *given: None)  # what is no form at all is an empty one, which can be run
    body = urlencode([("families", "x"), *pairs]).encode()  # what can be used would be run
    if kind.endswith("=x"):
        body = (
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="../../x.toml"\r\n\r\n'
            + body
            + b"\r\n--x--\r\n"
        )
    answered(ask(app, path, method="POST", body=body, origin=OURS, content_type=kind), time.thread_time())


def upload(app: Guard, path: str, content: bytes, name: str = "mine.toml") -> Answer:
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    body = head + content + b"\r\n--x--\r\n"
    return ask(app, path, method="POST", body=body, origin=OURS, content_type="multipart/form-data; boundary=x")


def erewhon(name: str) -> bytes:
    return f"la_name = '{name}'\nregion = 'North West'\nchildren_0_17 = 9000\n".encode()


NAMED = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}",
    "=1+1",
    "[x](javascript:alert(1))",
    "&lt;b&gt;",
)


@pytest.mark.parametrize("name", NAMED)
def test_a_name_from_a_file_is_text_on_every_page(app: Guard, name: str):
    found = upload(app, "/area", erewhon(name))
    assert found.status == 303
    for path in PAGES[:9]:
        text = ask(app, path, found.headers["location"].partition("?")[2]).text
        shown = text.count(name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;"))
        assert shown > 0, path
        assert not any(mark in text for mark in ("<script>alert", "<img src=x", " 49 ")), path


def test_an_uploads_name_is_no_place_and_nothing_but_its_contents_names_it(app: Guard, home: Path):
    before = {path for path in home.parent.rglob("*") if path.parent != home / "areas"}
    for name in ("../../../evil.toml", "/etc/passwd", "C:\\evil.toml", "x" * 5000, "\x00", ""):
        upload(app, "/area", erewhon("Erewhon"), name)
    assert {path for path in home.parent.rglob("*") if path.parent != home / "areas"} == before
    assert len(list((home / "areas").glob("*trial*"))) == 0


def test_what_is_too_large_or_no_text_is_refused_and_not_kept(app: Guard, home: Path):
    before = len(list((home / "areas").iterdir()))
    for content in (b"", b"\xff\xfe" * 100, erewhon("Erewhon") + b"#" * limits.FILE, b"[" * 60_000, b"la_name = 1"):
        found = upload(app, "/area", content)
        assert found.status == 422
        assert "There is a problem" in found.text
    assert len(list((home / "areas").iterdir())) == before


def test_area_files_cannot_fill_the_disk(app: Guard, home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "AREAS", 3)
    for number in range(6):
        assert upload(app, "/area", erewhon(f"Erewhon {number}")).status == 303
    assert len(list((home / "areas").glob(f"{OWN}*.toml"))) == 3
    forms._forget_oldest(home / "areas")
    assert len(list((home / "areas").glob(f"{OWN}*.toml"))) == 3


def test_one_more_job_than_may_wait_is_told_so(app: Guard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    jobs = app.app.app.state.jobs if hasattr(app.app, "app") else app.app.state.jobs
    monkeypatch.setattr(jobs, "_going", dict.fromkeys(map(str, range(limits.WAITING)), None))
    with pytest.raises(InputError, match="The server is busy"):
        jobs.start(jobs.of("pairs", Settings(area="Leeds")), Settings(area="Leeds"))
    found = ask(
        app,
        "/start",
        method="POST",
        body=b"area=Leeds&go=compare",
        origin=OURS,
        content_type="application/x-www-form-urlencoded",
    )
    assert (found.status, "busy" in found.text) == (503, True)


# --- The live page --------------------------------------------------------------------------------------------------


def test_its_framework_calls_nobody_and_believes_nobody():
    assert QUIET["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] == "False"
    assert QUIET["SOLARA_ASSETS_CDN"].startswith("http://127.0.0.1:9/")
    assert QUIET["SOLARA_SESSION_HTTP_ONLY"] == "True"


def test_too_many_live_pages_are_told_so_and_no_line_opens_another(monkeypatch: pytest.MonkeyPatch):
    live = Live(OURS)

    async def inside(scope, receive, send):
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    live._app, live._open = inside, {f"kernel{number}": None for number in range(limits.LIVE_PAGES)}
    assert ask(live, "/live/").status == 503
    assert ask(live, "/live/static/main.js").status == 200
    assert ask(live, "/live/jupyter/api/kernels/another/channels", kind="websocket").closed == 1013
    assert ask(live, "/live/jupyter/api/kernels/kernel7/channels", kind="websocket").closed == 0
    live._open.pop("kernel7")
    assert ask(live, "/live/").status == 200


# --- What leaves it -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t", "\r", "=cmd|'/C calc'!A0", "@SUM(1)", "-1+1", "+1+1"])
def test_no_cell_of_an_export_is_a_formula(mark: str):
    from familyabm.lab.exports import _as_text
    from familyabm.report.page import RISKY

    cell = f"{mark}x"
    assert exports.as_cell(cell) == f"'{cell}"
    assert _as_text(cell) == f"'{cell}"
    assert cell.startswith(RISKY)


def test_a_files_name_cannot_end_a_header(app: Guard):
    found = ask(app, "/run", method="POST", body=urlencode({"area": "Leeds", "go": "save"}).encode(), origin=OURS,
                content_type="application/x-www-form-urlencoded")  # fmt: skip
    assert found.headers["content-disposition"] == 'attachment; filename="familyabm-settings.toml"'
    assert areas.named("Leeds").la_name in found.text
    assert ask(app, f"/try/{quote('results.csv')}").status == 404


def test_what_was_lived_under_other_numbers_of_the_model_has_another_address(monkeypatch):
    asked = Settings(area="Rutland")
    before = asked.address
    monkeypatch.setattr("visualization.settings.DEFAULT", changed(DEFAULT, {"court.weeks": 30.0}))
    assert asked.address != before
