"""What every page of the workshop shares: its frame, who is asking, and forms of bounded size."""

from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from familyabm import simulation
from familyabm.errors import InputError
from familyabm.workshop.choices import workshop
from familyabm.worlds import STATUS_LINE

from ..view import environment
from .keeper import Keeper, TooOftenError

DEVICE, FACILITATOR = "familyabm-device", "familyabm-facilitator"
DAY = 86_400
MOST_FIELDS = 30


def keeper(request: Request) -> Keeper:
    """Return what keeps the room."""
    found: Keeper = request.app.state.keeper
    return found


def page(template: str, status: int = 200, **shown: Any) -> HTMLResponse:
    """Return a whole page or a part of one."""
    text = (
        environment()
        .get_template(f"workshop/{template}")
        .render({"status": STATUS_LINE, "version": simulation.VERSION, "game": workshop(), "wrong": ""} | shown)
    )
    return HTMLResponse(text, status, headers={"cache-control": "no-store"})


def to(path: str) -> RedirectResponse:
    """Send a browser on with a fresh question, so that a reload sends nothing twice."""
    return RedirectResponse(path, 303)


def address(request: Request) -> str:
    """Return the network address that asks."""
    return request.client.host if request.client else ""


def device(request: Request) -> str:
    """Return the number of the device that asks, empty if it has none."""
    return request.cookies.get(DEVICE, "")[:64]


def leads(request: Request) -> bool:
    """Tell whether the facilitator asks."""
    return keeper(request).is_facilitator(request.cookies.get(FACILITATOR, "")[:128])


def remember(answer: Response, name: str, value: str) -> Response:
    """Let a browser send a secret back, to this server's own pages only."""
    answer.set_cookie(name, value, max_age=DAY, httponly=True, samesite="strict")
    return answer


async def sent(request: Request) -> dict[str, str]:
    """Return the fields of a form, cut to what any of them may hold."""
    form = await request.form(max_files=0, max_fields=MOST_FIELDS, max_part_size=4096)
    return {key[:40]: str(value)[:400] for key, value in form.items()}


def status_of(error: InputError) -> int:
    """Return the status of an answer that refuses."""
    return 429 if isinstance(error, TooOftenError) else 422
