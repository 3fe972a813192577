"""The live page within the server: its framework is loaded when first asked for, and only so many may be open."""

import logging
import os
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse

from . import limits
from .guard import LIVE, App, Receive, Send
from .line import Line

QUIET = {
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_SESSION_HTTP_ONLY": "True",
    "SOLARA_MODE": "production",
    "SOLARA_KERNEL_CULL_TIMEOUT": "10m",
    "SOLARA_KERNEL_MAX_PER_SESSION": "12",
    "SOLARA_ASSETS_CDN": "http://127.0.0.1:9/",  # nobody: what is not on the disk is not fetched
    "SOLARA_SERVER_HTTP_GZIP": "False",  # our own server does that
    "SOLARA_ROOT_PATH": LIVE,
}
"""How the framework is kept from calling anybody, and from believing what headers say of where it stands."""


class Live:
    """The live page as an application of its own."""

    def __init__(self, base: str) -> None:
        """Prepare the page. base: the address that the server is known by."""
        os.environ.update(QUIET | {
            "SOLARA_APP": f"{__package__}.live", "SOLARA_BASE_URL": f"{base.rstrip('/')}{LIVE}/",
        })  # fmt: skip
        self._app: App | None = None
        self._open: Any = None

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer, loading the framework the first time; say so when too many pages are open."""
        if self._app is None:
            self._app = await run_in_threadpool(self._load)
        if len(self._open) >= limits.LIVE_PAGES and self._opens(scope):
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1013, "reason": "Too many live pages are open."})
                return
            busy = PlainTextResponse("familyabm is busy: too many live pages are open. Try again later.", 503)
            await busy(scope, receive, send)
            return
        if scope["type"] == "websocket":
            line = Line(receive, send)
            await self._app(scope, line.receive, line.send)
            return
        await self._app(scope, receive, send)

    def _opens(self, scope: MutableMapping[str, Any]) -> bool:
        """Tell whether a request would open one more page: a page itself, or the line of a page that is not open."""
        parts = scope["path"].strip("/").split("/")
        if scope["type"] == "websocket":
            return "kernels" in parts and not any(part in self._open for part in parts)
        return bool(scope["path"].rstrip("/") == LIVE)

    def _load(self) -> App:
        import solara.server.starlette as framework
        from solara.server import app, kernel_context

        self._open = kernel_context.contexts
        app.apps["__default__"].check()
        for name in ("solara.server.patch", "solara.server.app", "Comm", "ipykernel.comm"):
            logging.getLogger(name).addFilter(shortened)
        found: App = framework.app
        return found

    def close(self) -> None:
        """Close every open page."""
        for context in list((self._open or {}).values()):
            context.close()


def shortened(record: logging.LogRecord) -> bool:
    """Make a line of an error in which none of our own code had a part: a page said what its widgets cannot be told."""
    error = record.exc_info[1] if record.exc_info else None
    own = str(Path(__file__).parent)
    if error is not None and not any(
        frame.filename.startswith(own) for frame in traceback.extract_tb(error.__traceback__)
    ):
        record.msg, record.args = f"A live page's message could not be used: {type(error).__name__}", ()
        record.exc_info = record.exc_text = None
    return True


def cached(path: str) -> bool:
    """Tell whether a script of others lies on the disk."""
    from solara.server import settings

    root = Path(settings.assets.proxy_cache_dir).resolve()
    place = (root / path).resolve()
    return place.is_relative_to(root) and (place.is_file() or (place / "__main.js").is_file())
