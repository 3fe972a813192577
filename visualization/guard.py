"""What stands between the network and the pages: whom they answer, what they send along, and how much they take.

Solara by itself answers any origin and believes what a proxy's headers say; every request goes through here first.
"""

import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from . import limits
from .door import ENTER, Door, page
from .view import environment

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

LIVE = "/live"
"""Where the live page stands; Solara needs scripts of its own there and nowhere else."""
UNTRUSTED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-prefix",
             "x-script-name", "x-original-url", "x-rewrite-url")  # fmt: skip
ONCE = ("host", "origin", "content-length")
"""Headers of which two would let a request be read in two ways."""
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]{2,45}\]|[0-9A-Za-z._-]{1,253})(:[0-9]{1,5})?")
CLOSED = ("/resourcez", "/readyz", "/_solara/api/evict")
"""What tells of the server itself."""
_COMMON = "; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; form-action 'self'"
PLAIN_POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:" + _COMMON
LIVE_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' blob:; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; script-src-attr 'none'" + _COMMON
)
SENT = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # with none at all, browsers send forms without an origin
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_LOOK = b'<link rel="stylesheet" href="/static/report.css"><link rel="stylesheet" href="/static/app.css">'
_VIEWPORT = re.compile(rb'<meta name="?viewport"? content="[^"]*"\s*/?>')


class Guard:
    """An ASGI application that lets through to another only what a page of this server may have asked for."""

    def __init__(
        self, app: App, hosts: tuple[str, ...] = (), cached: Callable[[str], bool] = lambda path: True,
        base: str = "", password: str = "",
    ) -> None:  # fmt: skip
        """Guard an application.

        hosts: further names the server is known by.  cached: tells whether a script of others is on the disk.
        base: the address at which people open it, where that is not the server's own, such as a proxy's.
        password: what they are asked for, if anything.
        """
        self.app, self.cached = app, cached
        known = urlsplit(base)
        own = {"localhost", socket.gethostname().casefold(), socket.getfqdn().casefold(), known.hostname or "localhost"}
        self.hosts = own | {host.casefold() for host in hosts}
        self.origins, secure = {f"{known.scheme}://{known.netloc}"} if known.netloc else set(), known.scheme == "https"
        self.door = Door(password, secure) if password else None
        self.sent = SENT | ({"strict-transport-security": "max-age=31536000"} if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse, or pass on."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal:
            await self._refuse(scope, send, *refusal)
            return
        if self.door is not None and not self._may_enter(scope, self.door):
            await self._ask(scope, receive, send, self.door)
            return
        # The live page itself must come uncompressed, because it is mended on its way out.
        dropped = {*UNTRUSTED, "accept-encoding"} if scope["path"].rstrip("/") == LIVE else UNTRUSTED
        kept = [(key, value) for key, value in scope["headers"] if key.decode("latin-1") not in dropped]
        clean = dict(scope) | {"headers": kept}
        if scope["type"] == "websocket":
            await self.app(clean, receive, send)
            return
        answer = _Answer(scope, send, self.sent)
        await self.app(clean, _Body(receive).receive, answer.send)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
        names = [key.decode("latin-1") for key, _ in scope["headers"]]
        path = scope["path"]
        if any(names.count(name) > 1 for name in ONCE):
            return 400, "A header was sent twice."
        host = headers.get("host", "")
        if not _is_text(scope.get("query_string", b"")):
            return 400, "The address is not text."
        if not self._known(host):
            return 400, "This server does not go by that name."
        if any(part in path for part in CLOSED):
            return 404, "There is nothing here."
        changes = scope["type"] == "websocket" or scope["method"] not in ("GET", "HEAD")
        scheme = {"ws": "http", "wss": "https"}.get(scope["scheme"], scope["scheme"])
        if changes and headers.get("origin") not in {f"{scheme}://{host}", *self.origins}:
            return 403, "This was not asked for by a page of this server."
        if int_of(headers.get("content-length", "0")) > limits.BODY:
            return 413, f"That is too large: at most {limits.BODY // 1024} kB are accepted."
        if "/_solara/cdn/" in path and not self.cached(path.partition("/_solara/cdn/")[2]):
            return 404, "There is nothing here."
        return None

    def _known(self, host: str) -> bool:
        """Tell whether a Host is an address or a name of this machine: a foreign name may be a page's trick."""
        found = _HOST.fullmatch(host)
        if found is None:
            return False
        name = found[1].strip("[]")
        if name.casefold() in self.hosts:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True

    # --- A server with a password ----------------------------------------------------------------------------------

    def _may_enter(self, scope: Scope, door: Door) -> bool:
        """Tell whether a browser has given the password, or asks for what the page that asks for it needs."""
        cookies = "; ".join(value.decode("latin-1") for key, value in scope["headers"] if key == b"cookie")
        return (scope["type"] == "http" and scope["path"].startswith("/static/")) or door.lets_in(cookies)

    async def _ask(self, scope: Scope, receive: Receive, send: Send, door: Door) -> None:
        """Ask for the password, or look at the one that was sent."""
        if scope["type"] == "websocket":
            await self._refuse(scope, send, 401, "This server asks for a password.")
            return
        query = scope.get("query_string", b"").decode("latin-1")
        status, said, further = 401, "", scope["path"] + (f"?{query}" if query else "")
        if scope["path"] == ENTER and scope["method"] == "POST":
            address = (scope.get("client") or ("",))[0]
            status, said, further = door.answer(address, await _whole(_Body(receive, limits.FORM)))
        elif scope["method"] not in ("GET", "HEAD"):
            further = "/"
        headers = [(b"content-type", b"text/html; charset=utf-8"), (b"cache-control", b"no-store")]
        if status == 303:
            headers += [(b"location", further.encode()), (b"set-cookie", door.cookie().encode())]
        body = b"" if status == 303 else page(environment(), said, further)
        await self._say(send, status, headers, body)

    async def _refuse(self, scope: Scope, send: Send, status: int, said: str) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": said})
            return
        await self._say(send, status, [(b"content-type", b"text/plain; charset=utf-8")], f"{said}\n".encode())

    async def _say(self, send: Send, status: int, headers: Headers, body: bytes) -> None:
        own = self.sent | {"content-security-policy": PLAIN_POLICY}
        headers = headers + [(key.encode(), value.encode()) for key, value in own.items()]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def int_of(text: str) -> int:
    """Return a length as sent, or one beyond any limit where it is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else limits.BODY + 1


async def _whole(body: "_Body") -> bytes:
    """Return a whole body, empty where it was given up."""
    found, more = b"", True
    while more:
        message = await body.receive()
        if message["type"] == "http.disconnect":
            return b""
        found, more = found + message.get("body", b""), message.get("more_body", False)
    return found


class _Body:
    """A request's body, given up once it is longer than anybody needs, whatever its header said."""

    def __init__(self, receive: Receive, most: int = limits.BODY) -> None:
        self._receive, self._length, self._most = receive, 0, most

    async def receive(self) -> Message:
        """Return the next part."""
        message = await self._receive()
        self._length += len(message.get("body", b""))
        if self._length > self._most:
            return {"type": "http.disconnect"}
        return message


class _Answer:
    """An answer with its headers, and on the live page with a language and a zoom that nothing blocks."""

    def __init__(self, scope: Scope, send: Send, sent: dict[str, str]) -> None:
        self._live, self._send, self._sent = scope["path"].startswith(LIVE), send, sent
        self._start: Message | None = None
        self._page = b""

    async def send(self, message: Message) -> None:
        """Send a part of the answer on."""
        if message["type"] == "http.response.start":
            message["headers"] = self._headers(message["headers"])
            if self._live and _is_page(message["headers"]):
                self._start = message
                return
        if self._start is None:
            await self._send(message)
            return
        self._page += message.get("body", b"")
        if not message.get("more_body", False):
            await self._send_page()

    def _headers(self, given: Headers) -> Headers:
        own = self._sent | {"content-security-policy": LIVE_POLICY if self._live else PLAIN_POLICY}
        kept = [(key, value) for key, value in given if key.lower().decode("latin-1") not in {*own, "server"}]
        return kept + [(key.encode(), value.encode()) for key, value in own.items()]

    async def _send_page(self) -> None:
        assert self._start is not None  # only a page that has begun is sent
        page = self._page.replace(b"<html", b'<html lang="en-GB"', 1) if b"<html lang" not in self._page else self._page
        page = _VIEWPORT.sub(b'<meta name="viewport" content="width=device-width, initial-scale=1">', page, count=1)
        kept = [(key, value) for key, value in self._start["headers"] if key.lower() != b"content-length"]
        page = page.replace(b"</head>", _LOOK + b"</head>", 1)
        self._start["headers"] = [*kept, (b"content-length", str(len(page)).encode())]
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": page})


def _is_page(headers: Headers) -> bool:
    found = {key.lower(): value for key, value in headers}
    return found.get(b"content-type", b"").startswith(b"text/html") and b"content-encoding" not in found
