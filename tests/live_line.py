"""A live page's line without a browser: what its framework's script says to the server, and what the server answers."""

import json
import struct
import time
import urllib.request
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.app_pages import Served

PATIENCE = 60.0
Values = dict[str, Any]


class Line:
    """One live page: its session, its line, and the state of every widget the server has opened on it."""

    def __init__(self, server: Served, area: str = "Rutland") -> None:
        """Fetch the page, as a browser does, and open its line."""
        self.server, self.query = server, f"?area={area}"
        self.kernel, self.page, self.widgets = uuid.uuid4().hex, uuid.uuid4().hex, dict[str, Values]()
        self.stands, self.told, self._stack = False, set[str](), ExitStack()
        self.code = 0
        asked = urllib.request.Request(f"{server.address}/live/{self.query}")
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked, timeout=60) as answer:
            self.cookie = "; ".join(one.partition(";")[0] for one in answer.headers.get_all("set-cookie", []))
        self.socket = self._connected()

    def _connected(self) -> ClientConnection:
        return self._stack.enter_context(connect(
            f"ws://127.0.0.1:{self.server.port}/live/jupyter/api/kernels/{self.kernel}/channels?session_id={self.page}",
            additional_headers={"Cookie": self.cookie}, origin=self.server.address, proxy=None, max_size=None,
            ping_interval=None, compression=None,
        ))  # fmt: skip

    def __enter__(self) -> "Line":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, told: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leave as a browser does: its last words are that the page is closed."""
        self._stack.close()
        self.server.post(f"/live/_solara/api/close/{self.kernel}?session_id={self.page}", " ")

    def again(self) -> None:
        """Open the line of the same page anew."""
        self._stack.close()
        self.socket = self._connected()

    def survives(self, message: str | bytes) -> bool:
        """Send a message, then ask what any page asks first; tell whether the answer comes, or the line was closed."""
        asked = self.message("kernel_info_request", {})
        try:
            self.socket.send(message)
            self.socket.send(json.dumps(asked))
            self.wait(lambda: asked["header"]["msg_id"] in self.told)
        except ConnectionClosed as closed:
            self.code = closed.rcvd.code if closed.rcvd else 0
            return False
        return True

    def message(self, kind: str, content: Values) -> Values:
        """Return a message as the page's script would word it."""
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "session": self.page, "username": "", "version": "5.2",
                  "date": "2026-01-01T00:00:00Z"}  # fmt: skip
        return {
            "header": header,
            "parent_header": {},
            "metadata": {},
            "content": content,
            "channel": "shell",
            "buffers": [],
        }

    def say(self, kind: str, content: Values) -> None:
        """Send a message."""
        self.socket.send(json.dumps(self.message(kind, content)))

    def run(self) -> None:
        """Ask for the page, and wait until it stands."""
        control = uuid.uuid4().hex
        self.say("comm_open", {"comm_id": control, "target_name": "solara.control", "data": {}})
        asked = {"path": f"/{self.query}", "appName": None, "dark": False, "themes": {}}
        self.say("comm_msg", {"comm_id": control, "data": {"method": "run", "args": asked}})
        self.wait(lambda: self.stands)

    @property
    def week(self) -> int | None:
        """Return the week that the picture shows, None before there is one."""
        shown = [state["week"] for state in self.widgets.values() if "_anywidget_id" in state]
        return shown[-1] if shown else None

    def wait(self, true: Callable[[], bool]) -> None:
        """Take what the server says until something holds."""
        until = time.monotonic() + PATIENCE
        while not true():
            left = until - time.monotonic()
            assert left > 0, f"the live page has not come so far within {PATIENCE:.0f} s"
            self._take(self.socket.recv(timeout=left))

    def _take(self, said: str | bytes) -> None:
        message = json.loads(said if isinstance(said, str) else _text(said))
        kind, content = message["header"]["msg_type"], message["content"]
        if kind == "kernel_info_reply":
            self.told = {message["parent_header"]["msg_id"]}
        if kind == "comm_open":
            self.widgets[content["comm_id"]] = content["data"].get("state", {})
        elif kind == "comm_msg" and content["comm_id"] in self.widgets:
            self.widgets[content["comm_id"]] |= content["data"].get("state", {})
        elif kind == "comm_msg":
            self.stands |= content["data"].get("method") == "finished"
        elif kind == "comm_close":
            self.widgets.pop(content["comm_id"], None)

    def event(self, name: str, data: object) -> None:
        """Do what a button, slider or list of the page does."""
        place = next(comm for comm, state in self.widgets.items() if name in state.get("events", ()))
        said = {"method": "custom", "content": {"event": name, "data": data}}
        self.say("comm_msg", {"comm_id": place, "data": said})

    def step(self, weeks: int = 1) -> None:
        """Live some weeks, and wait until the page shows them."""
        before = self.week
        self.event("step", weeks)
        self.wait(lambda: self.week != before)

    def begin_anew(self) -> None:
        """Start the town again, and wait until it stands at its first week."""
        self.event("again", None)
        self.wait(lambda: self.week == 0)


def _text(said: bytes) -> bytes:
    """Return the text of a message that carries arrays behind it."""
    n = struct.unpack("!i", said[:4])[0]
    places = [*struct.unpack(f"!{n}I", said[4 : 4 * (n + 1)]), len(said)]
    return said[places[0] : places[1]]
