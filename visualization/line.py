"""What a live page's line lets through: messages of the kinds a page sends, whole, and nothing else.

The framework reads what it is sent as it comes: the first message that is none ends in an error of the server's, with
fifty lines of its log. Here the line is closed instead, as the standard of such lines says.
"""

import json
import struct
from typing import Any

from .guard import Message, Receive, Send

KINDS = ("kernel_info_request", "comm_info_request", "comm_open", "comm_msg", "comm_close", "shutdown_request")
"""What the page's script says; whatever else a kernel may be asked, ours has no answer to."""
CANNOT_BE_READ = 1007
MOST_BUFFERS = 64


class Line:
    """A line between a page and the framework, which closes at the first message that is none."""

    def __init__(self, receive: Receive, send: Send) -> None:
        """Stand between a server's line and an application's."""
        self._receive, self._send, self._closed = receive, send, False

    async def receive(self) -> Message:
        """Return the next message; one that cannot be read closes the line, and the page is told so."""
        message = await self._receive()
        if message["type"] != "websocket.receive" or is_whole(message):
            return message
        self._closed = True  # before the line closes, so that nothing else is sent on it meanwhile
        await self._send({"type": "websocket.close", "code": CANNOT_BE_READ, "reason": "That is no message of a page."})
        return {"type": "websocket.disconnect", "code": CANNOT_BE_READ}

    async def send(self, message: Message) -> None:
        """Send a message on, unless the line has been closed here."""
        if not self._closed:
            await self._send(message)


def is_whole(message: Message) -> bool:
    """Tell whether a message has every part that its kind needs."""
    try:
        said = _read(message)
    except (ValueError, RecursionError, struct.error):
        return False
    if not isinstance(said, dict):
        return False
    header, content = said.get("header"), said.get("content")
    if not (isinstance(header, dict) and isinstance(content, dict) and isinstance(said.get("channel"), str)):
        return False
    kind = header.get("msg_type")
    if kind not in KINDS or not isinstance(header.get("msg_id"), str):
        return False
    needs: dict[str, type] = {"comm_id": str} if str(kind).startswith("comm_") and kind != "comm_info_request" else {}
    needs |= {"data": dict} if kind in ("comm_open", "comm_msg") else {}
    needs |= {"target_name": str} if kind == "comm_open" else {}
    return all(isinstance(content.get(name), wanted) for name, wanted in needs.items())


def _read(message: Message) -> Any:
    """Return what a message says; raise what cannot be read."""
    text, data = message.get("text"), message.get("bytes")
    if text is None:
        text = _text(data or b"")
    return json.loads(text, parse_constant=_refuse)


def _text(data: bytes) -> str:
    """Return the text of a message with arrays behind it, whose places stand before it."""
    n = struct.unpack("!i", data[:4])[0]
    if not 1 <= n <= MOST_BUFFERS:
        raise ValueError(n)
    places = [*struct.unpack(f"!{n}I", data[4 : 4 * (n + 1)]), len(data)]
    if places[0] < 4 * (n + 1) or places != sorted(places):
        raise ValueError(places)
    return data[places[0] : places[1]].decode("utf-8")


def _refuse(constant: str) -> float:
    raise ValueError(constant)


def whole_number(value: object, low: int, high: int) -> bool:
    """Tell whether what a page's event says is a whole number within bounds."""
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
