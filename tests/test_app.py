"""The app without a browser: links, files, limits, the guard, and what is kept on disk."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

import numpy as np
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from familyabm import areas, levers, shocks, simulation, takeouts, worlds
from familyabm.levers import LEVER_TITLES
from familyabm.parameters import DEFAULT, REGISTER
from tests.app_pages import Served
from visualization import comparing, limits, wording
from visualization.guard import Guard
from visualization.jobs import CUT, DONE, FAILED, Job, Jobs, State
from visualization.settings import NUMBERS, Settings, World, of_toml, read

HOME = Path("nowhere")
PERCENT = st.integers(0, 100)


def world(default: str) -> st.SearchStrategy[World]:
    chosen = st.dictionaries(st.sampled_from(list(LEVER_TITLES)), PERCENT, max_size=3)
    ordered = chosen.map(lambda found: tuple((name, found[name]) for name in LEVER_TITLES if name in found))
    return st.builds(World, st.sampled_from(levers.names()), ordered, st.none() | PERCENT)


def numbers() -> st.SearchStrategy[tuple[tuple[str, float], ...]]:
    one = st.sampled_from(list(NUMBERS)).flatmap(
        lambda name: st.floats(REGISTER[name].low, REGISTER[name].high).map(lambda value: (name, float(f"{value:g}")))
    )
    several = st.lists(one, max_size=2, unique_by=lambda pair: pair[0])
    usual = several.map(
        lambda found: [(n, v) for n, v in found if v != REGISTER[n].value and REGISTER[n].low <= v <= REGISTER[n].high]
    )
    return usual.map(lambda found: tuple(sorted(found, key=lambda pair: list(NUMBERS).index(pair[0]))))


SETTINGS = st.builds(
    Settings, area=st.sampled_from(["Wakefield", "Kent", "England", "Kingston upon Hull, City of"]),
    families=st.integers(*limits.FAMILIES), years=st.integers(*limits.YEARS), pairs=st.integers(1, 20),
    luck=st.integers(*limits.LUCK), a=world("a"), b=world("b"), numbers=numbers(),
    without=st.lists(st.sampled_from(list(takeouts.TAKE_OUTS)), max_size=2, unique=True).map(tuple),
    shocks=st.lists(st.sampled_from(["need:1.5@26+26w", "poverty:+3@0+52w", "inspection:4@60"]), max_size=2).map(tuple),
).filter(lambda found: found.families * found.years * found.pairs <= limits.MOST_LIVED)  # fmt: skip


@given(SETTINGS)
def test_a_link_brings_back_the_very_settings(asked: Settings):
    found, problems = read(parse_qsl(asked.query()[1:]), HOME)
    assert problems == []
    assert found == asked
    assert found.address == asked.address


@given(SETTINGS)
def test_a_file_brings_back_the_very_settings(asked: Settings):
    assert of_toml(asked.toml(), HOME) == (asked, [])


@given(st.lists(st.tuples(st.sampled_from(["area", "families", "years", "a", "b.continuity", "money.reserves", "without",
                                            "shock", "spoon", "b.spoon", "luck"]) | st.text(max_size=20),
                          st.text(max_size=30)), max_size=6))  # fmt: skip
def test_whatever_a_link_holds_is_used_or_told_and_never_raises(pairs: list[tuple[str, str]]):
    found, problems = read(pairs, HOME)
    assert all(problem.message and "\n" not in problem.message for problem in problems)
    assert read(parse_qsl(found.query()[1:]), HOME)[1] == []


def test_a_link_never_reads_a_file_of_the_server(tmp_path: Path):
    (tmp_path / "secret.toml").write_text("la_name = 'x'")
    for name in ("area", "a", "shock"):
        found, problems = read([(name, str(tmp_path / "secret.toml"))], tmp_path)
        assert len(problems) == 1
        assert found == Settings()


def test_the_size_of_what_is_asked_for_is_limited_and_the_limit_is_said():
    found, problems = read([("families", "20000"), ("years", "10"), ("pairs", "100")], HOME)
    assert found.families * found.years * found.pairs <= limits.MOST_LIVED
    assert "at most 20 pairs" in problems[0].message


def test_an_area_of_ones_own_is_lived_as_its_file_says(tmp_path: Path):
    (tmp_path / "areas").mkdir()
    name = "own-0123456789abcdef"
    (tmp_path / "areas" / f"{name}.toml").write_text(
        'la_name = "Erewhon"\nregion = "North West"\nchildren_0_17 = 9000\n'
    )
    found, problems = read([("area", name)], tmp_path)
    assert problems == []
    assert found.place(tmp_path).la_name == "Erewhon"
    assert read([("area", "own-../../secret-xx")], tmp_path)[1]


def test_every_shock_the_form_offers_can_be_written_and_read():
    for what in wording.SHOCKS:
        size = {"inspection": "4", "poverty": "3"}.get(what, "1.5")
        text = wording.of_row(what, size, "10", "20")
        assert shocks.written(text).what == what
        assert wording.as_row(text) is not None
    assert wording.as_row("early_help_funding:0.55@0+468w,ramp,hold") is None


def test_a_world_set_by_hand_differs_from_its_scenario_by_just_that():
    changed = World("whole-system", (("continuity", 20),), 50).scenario_of(())
    plain = levers.find("whole-system")
    assert changed.levers["continuity"] == 0.2
    assert changed.maturity == 0.5
    assert replace(changed, title=plain.title, levers=plain.levers, maturity=plain.maturity) == plain


# --- What is kept ----------------------------------------------------------------------------------------------------


def test_a_kept_pair_is_the_pair_that_was_lived_and_half_a_file_is_none(tmp_path: Path):
    area = areas.named("Rutland")
    past = simulation.past(area, DEFAULT, 1, 0.05)
    pair = worlds.live_pair(past, levers.find("status-quo"), levers.find("whole-system"), 1, 3)
    path = tmp_path / "pair-3.npz"
    comparing.save(pair, path)
    kept = comparing.load(path, 3)
    assert kept is not None
    for lived, found in ((pair.a, kept.a), (pair.b, kept.b)):
        assert lived.by_year.equals(found.by_year)
        assert np.array_equal(lived.tally, found.tally)
        assert np.array_equal(lived.flows, found.flows)
    both = [
        worlds.Comparison(past, levers.find("status-quo"), levers.find("whole-system"), 1, 1, [p]) for p in (pair, kept)
    ]
    assert both[0].table.equals(both[1].table)
    path.write_bytes(path.read_bytes()[:-200])
    assert comparing.load(path, 3) is None


def told(kind: str, folder: str, home: str) -> None:
    """A piece of work that is done at once, or dies."""
    job = Job(kind, Path(folder))
    if kind == "dies":
        raise SystemExit(1)
    job.write(State(DONE, 1, 1))


def ready() -> None:
    """Nothing needs to be ready."""


@pytest.fixture
def jobs(tmp_path: Path):
    kept = Jobs(tmp_path, told, ready, workers=1)
    yield kept
    kept.close()


def test_a_job_is_found_by_its_settings_and_by_nothing_else(jobs: Jobs):
    asked = Settings(area="Leeds")
    job = jobs.of("quick", asked)
    jobs.start(job, asked)
    while jobs.state(job).state != DONE:
        pass
    assert jobs.of("quick", Settings(area="Leeds")) == job
    assert jobs.of("quick", Settings(area="Kent")) != job
    assert jobs.state(jobs.of("other", asked)).state == "none"
    assert job.settings(jobs.home) == asked


def test_a_job_that_nobody_is_at_was_cut_off(jobs: Jobs):
    job = jobs.of("quick", Settings())
    job.folder.mkdir(parents=True)
    job.write(State("working", 3, 20))
    assert jobs.state(job) == State(CUT, 3, 20)


def test_a_half_written_state_is_none(jobs: Jobs):
    job = jobs.of("quick", Settings())
    job.folder.mkdir(parents=True)
    (job.folder / "state.json").write_text('{"state": "do')
    assert jobs.state(job).state == "none"


def test_work_that_raises_is_a_state_with_a_sentence_and_a_code(tmp_path: Path):
    from visualization import worker

    job = Job("pairs", tmp_path)
    (tmp_path / "settings.json").write_text(json.dumps([["area", "own-0123456789abcdef"], ["families", "x"]]))
    worker.work("no such kind", str(tmp_path), str(tmp_path))
    found = job.state()
    assert found.state == FAILED
    assert "fault" in found.said
    assert "Traceback" in (tmp_path / "fault.txt").read_text()


@pytest.mark.slow
@pytest.mark.parametrize("way", ["terminate", "kill"])
def test_no_process_outlives_the_server(tmp_path: Path, way: str):
    server = Served(tmp_path)
    server.start()
    beside = psutil.Process(server.process.pid).children(recursive=True)
    while len(beside) < 3:  # two that work, and what looks after their locks
        beside = psutil.Process(server.process.pid).children(recursive=True)
    getattr(server.process, way)()
    server.process.wait(30)
    assert psutil.wait_procs(beside, timeout=30)[1] == []


# --- The guard -------------------------------------------------------------------------------------------------------


async def inner(scope, receive, send):
    """Say what came through."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            break
    said = b"<html><head>" + b";".join(key for key, _ in scope["headers"])
    headers = [(b"content-type", b"text/html"), (b"server", b"x")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": said})


def asks(path: str = "/", method: str = "GET", kind: str = "http", parts: tuple[bytes, ...] = (b"",), **headers: str):
    """Ask the guard for something and return the messages it sent."""
    whole = {"host": "localhost:8000"} | {key.replace("_", "-"): value for key, value in headers.items()}
    scope = {
        "type": kind, "path": path, "method": method, "scheme": "ws" if kind == "websocket" else "http",
        "headers": [(key.encode(), value.encode()) for key, value in whole.items()],
    }  # fmt: skip
    sent: list[dict] = []
    left = list(parts)

    async def receive():
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    async def send(message):
        sent.append(message)

    asked = Guard(inner, cached=lambda path: path == "known.js")(scope, receive, send)
    with ThreadPoolExecutor(1) as thread:  # a browser of another test may hold this thread's loop
        thread.submit(asyncio.run, asked).result()
    return sent


@pytest.mark.parametrize(
    "origin", [None, "null", "http://evil.example", "https://localhost:8000", "http://localhost:8001"]
)
@pytest.mark.parametrize(("kind", "method"), [("http", "POST"), ("websocket", "GET"), ("http", "DELETE")])
def test_only_a_page_of_this_server_can_change_anything(origin: str | None, kind: str, method: str):
    headers = {} if origin is None else {"origin": origin}
    first = asks(kind=kind, method=method, **headers)[0]
    assert first.get("status") == 403 or first.get("code") == 1008


@pytest.mark.parametrize(("kind", "method"), [("http", "POST"), ("websocket", "GET")])
def test_a_page_of_this_server_can(kind: str, method: str):
    first = asks(kind=kind, method=method, origin="http://localhost:8000")[0]
    assert first.get("status") == 200 or first["type"] == "websocket.accept"


@pytest.mark.parametrize(("host", "known"), [
    ("localhost", True), ("127.0.0.1:8750", True), ("[::1]:8750", True), ("192.168.1.4:80", True), ("evil.example", False),
    ("localhost.evil.example", False), ("", False),
])  # fmt: skip
def test_a_foreign_name_is_not_this_server(host: str, known: bool):
    assert (asks(host=host)[0]["status"] == 200) is known


def test_what_a_proxy_might_say_does_not_get_through():
    sent = asks(x_script_name="//evil.example", x_forwarded_host="evil.example", accept="*/*")
    assert b"x-script-name" not in sent[1]["body"]
    assert b"x-forwarded-host" not in sent[1]["body"]
    assert b"accept" in sent[1]["body"]


def test_every_answer_carries_the_headers_that_keep_it_to_itself():
    headers = dict(asks()[0]["headers"])
    assert b"server" not in headers
    assert headers[b"x-content-type-options"] == b"nosniff"
    policy = headers[b"content-security-policy"].decode()
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "script-src-attr 'none'" in dict(asks("/live/")[0]["headers"])[b"content-security-policy"].decode()


def test_the_live_page_has_a_language_whatever_its_framework_says():
    assert b'<html lang="en-GB">' in asks("/live/")[1]["body"]


@pytest.mark.parametrize("path", ["/resourcez", "/live/resourcez", "/live/readyz", "/live/_solara/api/evict/1"])
def test_nothing_tells_of_the_server_itself(path: str):
    assert asks(path)[0]["status"] == 404


def test_scripts_of_others_come_from_the_disk_or_not_at_all():
    assert asks("/live/_solara/cdn/evil/x.html")[0]["status"] == 404
    assert asks("/live/_solara/cdn/known.js")[0]["status"] == 200


def test_too_much_is_refused_by_its_header_and_while_it_comes():
    ours = "http://localhost:8000"
    assert asks(method="POST", origin=ours, content_length=str(limits.BODY + 1))[0]["status"] == 413
    assert asks(method="POST", origin=ours, content_length="many")[0]["status"] == 413
    parts = (b"x" * 100_000,) * 40
    assert asks(method="POST", origin=ours, parts=parts)[0]["status"] == 200  # the body ended early: nobody held it all
