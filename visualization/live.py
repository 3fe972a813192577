"""A town lived as one looks at it: a Solara page that steps the model, draws it, and lets levers be pulled meanwhile.

It is a page for trying out, not for figures: what is pulled by hand in the middle of a life has no address.
"""

import threading
from typing import Any
from urllib.parse import parse_qsl, urlencode

import solara

from familyabm import areas, levers, population, simulation
from familyabm.levers import LEVER_TITLES
from familyabm.parameters import DEFAULT
from familyabm.report.page import environment as report
from familyabm.simulation import Life, Snapshot
from familyabm.worlds import STATUS_LINE

from . import counts, record, watch, wording
from .line import whole_number
from .network_widget import YEAR, FamilyNetwork, LiveTown
from .record import SERVICES

FAMILIES, YEARS = 600, 10
SAID = (
    f"{FAMILIES} made-up families. Nothing here is kept, and no figure of it should be quoted: what is pulled by hand "
    "in the middle of a life cannot be repeated."
)
_PASTS: dict[str, Snapshot] = {}
_LOCK = threading.Lock()


def past_of(name: str) -> Snapshot:
    """Return the past of an authority, lived once for all pages; the last few are kept."""
    with _LOCK:
        if name not in _PASTS:
            area = areas.named(name)
            scale = round(FAMILIES / population.homes_for(area.children_0_17, DEFAULT), 6)
            while len(_PASTS) >= 4:
                _PASTS.pop(next(iter(_PASTS)))
            _PASTS[name] = simulation.live_past(area, DEFAULT, 1, scale)
        return _PASTS[name]


def town_of(name: str) -> LiveTown:
    """Return a town at the beginning of its years."""
    return LiveTown(Life(past_of(name), levers.find("status-quo"), YEARS * 52, 1, journal=True))


def pulled(town: LiveTown, what: object) -> bool:
    """Pull a lever as an event says, {name, to in per cent}; tell whether it said so."""
    name, to = (what.get("name"), what.get("to")) if isinstance(what, dict) else (None, None)
    if not isinstance(to, int) or not whole_number(to, 0, 100) or not isinstance(name, str) or name not in LEVER_TITLES:
        return False
    town.pull(name, to / 100.0)
    return True


@solara.component_vue("live_controls.vue")
def Controls(
    week: int, ended: bool, services: list[str], looks: int, passing: bool, event_step: Any, event_again: Any,
    event_look: Any, event_pass: Any,
) -> None:  # fmt: skip
    """Show buttons to live the weeks, and what to look at."""


@solara.component_vue("live_levers.vue")
def Levers(levers: list[dict[str, Any]], event_pull: Any) -> None:
    """Show the eight levers."""


@solara.component
def Page() -> None:
    """Live an authority's weeks while somebody looks."""
    given = dict(parse_qsl(solara.use_router().search or ""))
    name = given.get("area", "Wakefield")
    if name not in set(areas.table()["la_name"]):
        name = "Wakefield"
    life, set_life = solara.use_state(0)
    town = solara.use_memo(lambda: town_of(name), [name, life])
    _, set_week = solara.use_state(-1)
    look, set_look = solara.use_state(-1)
    passing, set_passing = solara.use_state(False)
    _, redraw = solara.use_state(0)

    def step(weeks: Any) -> None:
        if whole_number(weeks, 1, YEAR):  # more at once would keep everybody else waiting
            town.step(weeks)
            set_week(town.week)

    def again(*_: Any) -> None:
        set_life(life + 1)
        set_week(-1)

    def pull(what: Any) -> None:
        if pulled(town, what):
            redraw(lambda before: before + 1)

    def look_as(service: Any) -> None:
        if whole_number(service, -1, len(SERVICES) - 1):
            set_look(service)

    if town.week < 0:
        town.step()
    Shell(name)
    with solara.Div(classes=["livepage"]):
        html("h1", f"{name}, lived as you look")
        html("p", SAID, "text")
        Controls(
            week=town.week, ended=town.week >= YEARS * 52 - 1, services=list(SERVICES.values()), looks=look,
            passing=passing, event_step=step, event_again=again, event_look=look_as,
            event_pass=lambda shown: set_passing(shown is True),
        )  # fmt: skip
        with solara.Div(classes=["livetown"]):
            with solara.Div():
                Picture(town, town.week, look, passing)
            with solara.Div():
                html("h2", "Pull a lever while it runs")
                html("p", "Policy moves at once; practice follows slowly, and can slip back.", "note")
                Levers(levers=_levers(town), event_pull=pull)
        Table(town, town.week, look)


@solara.component
def Shell(name: str) -> None:
    """Say where one is, and how to leave: the head of every other page."""
    solara.Title("Live - familyabm")
    area = urlencode({"area": name})
    links = "".join(f"<li><a href='{path}?{area}'>{said}</a></li>" for path, said in wording.PAGES)
    html(
        "header",
        f"<div class='inner'><p class='brand'><a href='/?{area}'>familyabm</a></p>"
        f"<p class='status'><strong>{STATUS_LINE}</strong></p></div>",
        "livehead",
    )
    html("nav", f"<ul class='inner'>{links}</ul>", "pages")


def html(tag: str, text: str, classes: str = "") -> None:
    """Show a text of our own; nothing that anybody typed comes through here."""
    solara.HTML(tag, unsafe_innerHTML=text, classes=classes.split())


@solara.component
def Picture(town: LiveTown, week: int, look: int, passing: bool) -> None:
    """Draw the town as it stands; it is drawn afresh whenever what it is given changes, the week included."""
    year = town.last_year()
    found = counts.count(year, year.weeks - 1, look)
    said = watch.sentence(found, year, look)
    html("h2", f"At the end of week {week + 1}")
    html("p", said, "said-line")
    FamilyNetwork.element(
        record=record.as_bytes(year), places=record.places(town.life.snapshot).astype("<f4").tobytes(), week=week,
        look=look, passes=passing, label=f"Families and services at the end of week {week + 1}. {said}",
    )  # fmt: skip
    html("ol", "".join(f"<li>{name}</li>" for name in SERVICES.values()), "numbered")


@solara.component
def Table(town: LiveTown, week: int, look: int) -> None:
    """Show the same as a table."""
    year = town.last_year()
    grid = counts.grid(counts.count(year, year.weeks - 1, look), week)
    macro = report().from_string('{% from "parts.html.j2" import grid %}{{ grid(table) }}')
    html("h2", "The same as a table")
    html("div", macro.render(table=grid), "numbers")


def _levers(town: LiveTown) -> list[dict[str, Any]]:
    policy, practice = town.life.town.policy[0], town.life.town.levers[0]
    return [
        {"name": name, "title": title, "says": wording.LEVERS[name], "policy": round(100 * float(policy[name])),
         "practice": round(100 * float(practice[name]))}
        for name, title in LEVER_TITLES.items()
    ]  # fmt: skip
