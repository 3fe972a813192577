"""The settings page and what is sent from it: a form, a settings file or an area file, each refused in words."""

import hashlib
from pathlib import Path
from typing import Any, NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from familyabm import areas, levers, takeouts
from familyabm.errors import InputError
from familyabm.levers import LEVER_TITLES
from familyabm.parameters import DEFAULT, REGISTER
from familyabm.parameters.register import GRADES

from . import limits, view, wording
from .jobs import put
from .settings import NUMBERS, OWN, Problem, Settings, of_toml, own_file, read

ROWS = 3
"""Rows of shocks in the form."""


class Goal(NamedTuple):
    """What a run leads to: the kind of job behind it, the page that shows it, and which part of that page."""

    kind: str
    page: str
    part: str = ""
    bet: str = ""

    def address(self, asked: Settings, bet: str = "") -> str:
        """Return the page's address. bet: one already placed; else the goal's own, where it would be asked for."""
        placed = bet or self.bet
        return f"{self.page}{asked.query(**({'bet': placed} if placed else {}))}{self.part}"


GOES = {
    "compare": Goal("pairs", "/compare"), "watch": Goal("lives", "/watch"), "family": Goal("lives", "/family"),
    "demand": Goal("lives", "/demand"), "report": Goal("pairs", "/report"),
    "doubts": Goal("doubts", "/sure", "#doubts-title"), "shares": Goal("shares", "/sure", "#shares-title"),
    "equity": Goal("equity", "/sure", "#equity-title"), "sets": Goal("sets", "/sure", "#sets-title"),
    "sets-here": Goal("sets", "/compare", "#sets-here", "skip"),
}  # fmt: skip


async def settings(request: Request) -> Response:
    """Show the settings of a link."""
    asked, ignored = view.asked(request)
    return _page(request, asked, [], ignored)


def _page(request: Request, asked: Settings, problems: list[Problem], ignored: list[Problem] | None = None,
          typed: dict[str, str] | None = None) -> Response:  # fmt: skip
    """Return the page: what was typed stays in its box, even where it cannot be used."""
    shown = {name: str(getattr(asked, name)) for name in ("families", "years", "pairs", "luck")}
    for name, value in asked.given():
        shown[name] = value
    shown |= typed or {}
    wrongs = {problem.field for problem in problems}
    worlds = asked.worlds()
    plain = tuple(levers.find(world.scenario) for world in (asked.a, asked.b))
    numbers = [_number(name, label) for name, label in NUMBERS.items()]
    opened = {
        "levers": bool(asked.a.levers or asked.b.levers) or any(name[:2] in ("a.", "b.") for name in wrongs),
        "numbers": bool(asked.numbers) or any(number["name"] in wrongs for number in numbers),
        "shocks": bool(asked.shocks) or "shock" in wrongs, "without": bool(asked.without) or "without" in wrongs,
    }  # fmt: skip
    return view.page(
        request, "settings.html.j2", asked, "/settings", 422 if problems else 200, problems=problems,
        ignored=ignored or [], shown=shown, wrongs=wrongs, opened=opened, areas=area_names(),
        scenarios=[levers.find(name) for name in levers.names()], numbers=numbers,
        levers=[_lever(name, title, plain) for name, title in LEVER_TITLES.items()] + [_practice(plain)],
        about={letter: world.description for letter, world in zip("ab", worlds, strict=True)},
        worlds_told={name: _told(levers.find(name)) for name in levers.names()},
        shocks=wording.SHOCKS, rows=_rows(asked), takeouts=list(takeouts.TAKE_OUTS.values()),
        link=f"{str(request.base_url).rstrip('/')}/compare{asked.query()}",
        local=request.url.hostname in ("localhost", "127.0.0.1", "::1"),
    )  # fmt: skip


def area_names() -> list[str]:
    """Return the areas to choose from, the average one first."""
    return ["England", *sorted(areas.table()["la_name"])]


def _told(world: levers.Scenario) -> dict[str, Any]:
    """Return what the page's script shows once another world is chosen."""
    pulled = {name: round(100.0 * world.levers.get(name, DEFAULT[f"base.{name}"])) for name in LEVER_TITLES}
    return {"about": world.description, "levers": pulled | {"practice": round(100.0 * world.maturity)}}


def _lever(name: str, title: str, worlds: tuple[levers.Scenario, ...]) -> dict[str, Any]:
    base = DEFAULT[f"base.{name}"]
    now = {letter: f"{100.0 * world.levers.get(name, base):.0f}" for letter, world in zip("ab", worlds, strict=True)}
    return {"name": name, "title": title, "says": wording.LEVERS[name]} | now


def _practice(worlds: tuple[levers.Scenario, ...]) -> dict[str, Any]:
    now = {letter: f"{100.0 * world.maturity:.0f}" for letter, world in zip("ab", worlds, strict=True)}
    says = "How far staff already work as policy says when the years begin; the rest takes time"
    return {"name": "practice", "title": "Practice at the start", "says": says} | now


def _number(name: str, label: str) -> dict[str, Any]:
    entry = REGISTER[name]
    ends = {"low": f"{entry.low:g}", "high": f"{entry.high:g}", "usual": f"{entry.value:g}"}
    return {"name": name, "label": label, "grade": GRADES[entry.grade]} | ends


def _rows(asked: Settings) -> list[dict[str, str]]:
    """Return the rows of shocks; one that the form has no words for is kept as it is written."""
    rows = []
    for text in asked.shocks:
        shock = wording.as_row(text)
        if shock is None:
            rows.append(_row(text=text, says=f"As in the link: {text}"))
        else:
            size = shock.amount if shock.what in ("poverty", "inspection") else shock.times
            rows.append(_row(shock.what, f"{size:g}", str(shock.from_week), str(shock.weeks)))
    return rows + [_row() for _ in range(ROWS - len(rows))]


def _row(
    what: str = "", size: str = "", week: str = "", weeks: str = "", text: str = "", says: str = ""
) -> dict[str, str]:
    return {"what": what, "size": size, "week": week, "weeks": weeks, "text": text, "says": says}


def _given(form: FormData) -> list[tuple[str, str]]:
    """Return a form as names and values of settings; rows of shocks as shocks are written."""
    plain = [
        (name, value) for name, value in form.multi_items()
        if isinstance(value, str) and name != "go" and not name.startswith("shock.")
    ]  # fmt: skip
    for row in range(1, limits.SHOCKS + 1):
        what, size, week, weeks = (
            str(form.get(f"shock.{row}.{part}", "")) for part in ("what", "size", "week", "weeks")
        )
        if what.startswith("="):
            plain.append(("shock", what[1:]))
        elif what:
            plain.append(("shock", wording.of_row(what, size, week, weeks)))
    return plain


async def run(request: Request) -> Response:
    """Take the form: refuse it in words, save it as a file, or start the run and go to its page."""
    form = await request.form(max_files=0, max_fields=200)
    given = _given(form)
    home, go = request.app.state.home, str(form.get("go", "compare"))
    asked, problems = read(given, home, Settings(area=request.app.state.start))
    if problems:
        typed = {name: value for name, value in given if name not in ("without", "shock")}
        return await run_in_threadpool(_page, request, asked, problems, None, typed)
    if go == "save":
        return view.download(asked.toml().encode(), "familyabm-settings.toml", "application/toml")
    return start(request, go if go in GOES else "compare", asked)


def start(request: Request, go: str, asked: Settings, bet: str = "") -> Response:
    """Start the work of a page and go there, with the bet that was placed; a busy server says so."""
    try:
        jobs = request.app.state.jobs
        jobs.start(jobs.of(GOES[go].kind, asked), asked)
    except InputError as error:
        return view.page(request, "fault.html.j2", asked, "", 503, said=str(error), title_="familyabm is busy")
    return RedirectResponse(GOES[go].address(asked, bet), 303)


async def _file(request: Request) -> str:
    """Return the text of the file that was sent; InputError if there is none or it is not a text of fit size."""
    async with request.form(max_files=1, max_fields=5) as form:
        sent = form.get("file")
        data = await sent.read(limits.FILE + 1) if isinstance(sent, UploadFile) else b""
    if not data:
        raise InputError("Choose a file first. A file ending .toml is accepted.")
    if len(data) > limits.FILE:
        raise InputError(f"The file is too large. At most {limits.FILE // 1024} kB are accepted.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise InputError("The file is not text. A .toml file in UTF-8 is accepted.") from None


async def open_file(request: Request) -> Response:
    """Open a settings file and show what it holds."""
    begin = Settings(area=request.app.state.start)
    try:
        asked, problems = of_toml(await _file(request), request.app.state.home)
    except InputError as error:
        return await run_in_threadpool(_page, request, begin, [Problem("file", "", str(error))])
    if problems:
        wrong = [Problem("file", p.given, f"{p.field}: {p.message}") for p in problems]
        return await run_in_threadpool(_page, request, asked, wrong)
    return RedirectResponse(f"/settings{asked.query()}", 303)


async def open_area(request: Request) -> Response:
    """Keep somebody's own area under a name made from its contents, once it has been read."""
    begin, home = Settings(area=request.app.state.start), request.app.state.home
    try:
        text = await _file(request)
        name = OWN + hashlib.sha256(text.encode()).hexdigest()[:16]
        path = own_file(home, name)
        await run_in_threadpool(_keep_area, path, text)
    except InputError as error:
        return await run_in_threadpool(_page, request, begin, [Problem("area-file", "", str(error))])
    return RedirectResponse(f"/settings{Settings(area=name).query()}", 303)


def _keep_area(path: Any, text: str) -> None:
    trial = path.with_name(f"trial-{path.name}")
    put(trial, text.encode())
    try:
        areas.load(trial)
        trial.replace(path)
        _forget_oldest(path.parent)
    except InputError as error:
        raise InputError(str(error).replace(str(trial), "The file")) from None
    finally:
        trial.unlink(missing_ok=True)


def _forget_oldest(folder: Path) -> None:
    """Keep so many areas' files and no more, so that nobody can fill the disk with them."""
    kept = sorted(folder.glob(f"{OWN}*.toml"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[limits.AREAS :]:
        path.unlink(missing_ok=True)
