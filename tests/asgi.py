"""Asks an application in this process, as a browser would and as nobody should: any header, any bytes of a path."""

import asyncio
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

HOST = "localhost:8750"


class Answer(NamedTuple):
    """What came back. closed: the code with which a websocket was refused, 0 where it was accepted."""

    status: int
    headers: dict[str, str]
    body: bytes
    closed: int = 0

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


def ask(
    app, path: str = "/", query: str | bytes = b"", method: str = "GET", kind: str = "http", body: bytes = b"",
    client: str = "10.0.0.1", more: Iterable[tuple[str, str]] = (), **headers: str,
) -> Answer:  # fmt: skip
    """Ask once. headers: names with _ for -; more: further headers, which may be there twice."""
    whole = [("host", headers.pop("host", HOST)), *((key.replace("_", "-"), value) for key, value in headers.items())]
    raw = query if isinstance(query, bytes) else query.encode("utf-8", "surrogateescape")
    scope = {
        "type": kind, "path": path, "raw_path": path.encode("utf-8", "replace"), "method": method, "query_string": raw,
        "scheme": "ws" if kind == "websocket" else "http", "http_version": "1.1", "root_path": "", "client": (client, 5000),
        "server": ("127.0.0.1", 8750), "subprotocols": [],
        "headers": [(key.encode("latin-1"), value.encode("latin-1")) for key, value in [*whole, *more]],
    }  # fmt: skip
    if kind == "websocket":
        scope.pop("method")
    sent: list[dict] = []
    left = [{"type": "websocket.connect"}] if kind == "websocket" else [{"type": "http.request", "body": body}]

    async def receive():
        if not left:
            await asyncio.Event().wait()  # a browser that stays until it has its answer
        return left.pop(0)

    async def send(message):
        sent.append(message)

    with ThreadPoolExecutor(1) as thread:  # a browser of another test may hold this thread's loop
        thread.submit(asyncio.run, app(scope, receive, send)).result()
    first = sent[0]
    if kind == "websocket":
        return Answer(0, {}, b"", first.get("code", 0))
    found = {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in first["headers"]}
    return Answer(first["status"], found, b"".join(message.get("body", b"") for message in sent[1:]))
