"""How a page is put together: templates, what every page shows around its own part, and answers of each kind."""

import logging
import re
import uuid
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from familyabm import simulation
from familyabm.areas import ATTRIBUTION
from familyabm.errors import InputError
from familyabm.worlds import STATUS_LINE

from . import limits
from .settings import MOST, Problem, Settings, read
from .wording import PAGES

HERE = Path(__file__).parent
FOOT = (
    ("/sure", "How sure are we?"), ("/about", "How the model works"), ("/glossary", "Glossary"),
    ("/accessibility", "Accessibility"), ("/privacy", "Privacy"),
)  # fmt: skip
ELSEWHERE = frozenset(
    {
        "v",
        "bet",
        "week",
        "world",
        "family",
        "choose",
        "look",
        "view",
        "go",
        "part",
        "vary",
        "each",
        "record",
        "study",
        "take",
    }
)
"""Names in a link that are a page's own and no setting."""


class Using(NamedTuple):
    """The settings in use, as the bar under the navigation shows them."""

    area: str
    size: str
    a: str
    b: str
    more: str


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the templates of the pages, which may take parts from those of the report."""
    return Environment(
        loader=ChoiceLoader([FileSystemLoader(HERE / "templates"), PackageLoader("familyabm.report")]),
        autoescape=select_autoescape(["html.j2"]), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def asked(request: Request) -> tuple[Settings, list[Problem]]:
    """Return the settings that a link asks for, and what of it could not be used."""
    start = Settings(area=request.app.state.start)
    text = request.url.query
    given = [pair for pair in request.query_params.multi_items() if pair[0] not in ELSEWHERE]
    found, problems = read(given[:MOST] if len(text) <= limits.LINK else [], request.app.state.home, start)
    if len(text) > limits.LINK:
        problems.append(Problem("link", f"{len(text):,} characters", f"A link has at most {limits.LINK:,} characters."))
    version = request.query_params.get("v", simulation.VERSION)
    if version != simulation.VERSION:
        known = version if re.fullmatch(r"[\w.+-]{1,20}", version) else "another version"
        said = f"This link was made with version {known}. This is {simulation.VERSION}: results may differ."
        problems.append(Problem("v", known, said))
    return found, [problem._replace(given=_short(problem.given), field=_short(problem.field)) for problem in problems]


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:40]}…"


def using(settings: Settings, home: Path) -> Using:
    """Say in a few words what the settings are."""
    worlds = settings.worlds()
    changed = len(settings.numbers) + len(settings.without)
    more = [f"luck number {settings.luck}"]
    more += [f"{changed} assumption{'s' * (changed > 1)} changed"] if changed else []
    more += [f"{len(settings.shocks)} shock{'s' * (len(settings.shocks) > 1)}"] if settings.shocks else []
    return Using(
        settings.place(home).la_name,
        f"{settings.families:,} families, {settings.years} year{'s' * (settings.years > 1)}",
        worlds[0].title, worlds[1].title, ", ".join(more),
    )  # fmt: skip


def page(
    request: Request, template: str, settings: Settings, here: str, status: int = 200, **shown: Any
) -> HTMLResponse:
    """Return a whole page. Problems are those of a form, ignored those of a link."""
    home = request.app.state.home
    start = Settings(area=request.app.state.start)
    whole: dict[str, Any] = {
        "status": STATUS_LINE, "version": simulation.VERSION, "attribution": ATTRIBUTION, "pages": PAGES, "foot": FOOT,
        "here": here, "settings": settings, "limits": limits, "problems": [], "ignored": [],
        "query": settings.query() if settings != start else "", "using": using(settings, home),
    }  # fmt: skip
    text = environment().get_template(template).render(whole | shown)
    return HTMLResponse(text, status)


def download(data: bytes, name: str, kind: str) -> Response:
    """Return a file to be kept."""
    return Response(data, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})


def fault(request: Request, error: Exception) -> Response:
    """Say that something went wrong, in words, with what can be done; a user's own error keeps its sentence.

    Anything else bears a code that the server's log holds too.
    """
    own = isinstance(error, InputError)
    code = "" if own else uuid.uuid4().hex[:8]
    if code:
        logging.getLogger("uvicorn.error").error("fault %s at %s", code, request.url.path)
    settings = _settings_of(request)
    details = f"Fault {code}, familyabm {simulation.VERSION}, {request.url.path}, {settings.query()}" if code else ""
    return page(
        request, "fault.html.j2", settings, "", 422 if own else 500, said=str(error) if own else "", details=details,
        title_="Sorry, there is a problem with familyabm",
    )  # fmt: skip


def _settings_of(request: Request) -> Settings:
    """Return the settings of a link, or where everybody starts if it is they that cannot be read."""
    try:
        return asked(request)[0]
    except Exception:
        return Settings(area=request.app.state.start)
