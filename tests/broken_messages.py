"""Messages that no page would send on its line: spoilt, cut, of other kinds, or about what is not there."""

import json
import random
import struct
from typing import Any

from tests.live_line import Line

EVENTS = ("step", "look", "pass", "pull", "again", "x", "", "__class__", "event_step")
VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 3, 10**9, 10**30, 1.5, float("nan"), float("inf"), "", "x", "9" * 400, [], [1, 2], {}, {"name": "continuity"},
    {"name": "continuity", "to": None}, {"name": "continuity", "to": "x"}, {"name": "continuity", "to": float("nan")},
    {"name": "continuity", "to": 1e308}, {"name": ["x"], "to": 5}, {"to": 5}, {"a": {"b": {"c": {}}}}, "<script>alert(1)</script>",
    "../../etc/passwd", {"object_ref": "__class__"}, {"function_ref": "close", "args": []},
)  # fmt: skip
"""What an event may be said with."""
KINDS = ("execute_request", "comm_open", "comm_msg", "comm_close", "comm_info_request", "kernel_info_request", "history_request", "", None, 7)  # fmt: skip
TEXTS = ("", " ", "{", "[]", "7", "null", "true", '"x"', "{}", '{"header": 1}', '{"header": {}}', '{"header": {"msg_type": []}}',
         "[" * 50_000, '{"a":' * 20_000, "NaN", "\x00", "\ud7ff", "9" * 5000)  # fmt: skip
BYTES = (b"", b"\x00", b"\x00" * 4, struct.pack("!i", -1), struct.pack("!i", 2**31 - 1), struct.pack("!iI", 1, 2**32 - 1),
         struct.pack("!iI", 1, 8) + b"{}", struct.pack("!iI", 1, 8) + b"\xff\xfe", b"\xff" * 4000)  # fmt: skip


def drawn(line: Line, chance: random.Random) -> str | bytes:
    """Return one such message, text or bytes."""
    how = chance.choice(("text", "bytes", "kind", "without", "event", "event", "state", "cut", "flip"))
    if how == "text":
        return chance.choice(TEXTS)
    if how == "bytes":
        return chance.choice(BYTES) if chance.random() < 0.5 else chance.randbytes(chance.randrange(200))
    whole = _whole(line, chance, how)
    if how == "without":
        part = chance.choice((whole, whole["header"], whole["content"]))
        part.pop(chance.choice(sorted(part))) if part else None
    text = json.dumps(whole)
    at = chance.randrange(len(text))
    if how == "cut":
        return text[:at]
    return text[:at] + chr(chance.randrange(32, 300)) + text[at + 1 :] if how == "flip" else text


def _whole(line: Line, chance: random.Random, how: str) -> dict[str, Any]:
    """Return a message that is one, to a widget that may be there."""
    place = chance.choice([*line.widgets, "nowhere", "", None, 7])
    value = chance.choice(VALUES)
    if how == "kind":
        content = {"comm_id": place, "target_name": chance.choice(("x", "jupyter.widget", "solara.control", None)), "data": value,
                   "code": "import os; os._exit(1)"}  # fmt: skip
        return line.message(chance.choice(KINDS), content)
    if how == "state":
        names = ("children", "week", "events", "v_slots", "_model_name", "template", "no_such")
        data: Any = {
            "method": "update",
            "state": {chance.choice(names): value},
            "buffer_paths": chance.choice(([], [["x"]], 7)),
        }
    else:
        data = {"method": "custom", "content": {"event": chance.choice(EVENTS), "data": value}}
        place = chance.choice([comm for comm, state in line.widgets.items() if state.get("events")] or [place])
    return line.message("comm_msg", {"comm_id": place, "data": data})
