"""A live page's line: what the server's side of it lets through, without a server or a page."""

import asyncio
import json
import logging
import struct
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.broken_messages import BYTES, TEXTS
from visualization import live, mounted
from visualization.line import CANNOT_BE_READ, Line, whole_number

WHOLE = {"header": {"msg_id": "1", "msg_type": "comm_msg"}, "content": {"comm_id": "x", "data": {}}, "channel": "shell"}


def heard(message: dict) -> tuple[dict, list[dict]]:
    """Return what the framework hears of a message, and what the page is told."""
    told: list[dict] = []

    async def receive():
        return {"type": "websocket.receive", **message}

    async def send(answer):
        told.append(answer)

    async def both():
        line = Line(receive, send)
        found = await line.receive()
        await line.send({"type": "websocket.send", "text": "more"})
        return found

    with ThreadPoolExecutor(1) as elsewhere:  # a browser test before this one may have left a loop running here
        return elsewhere.submit(lambda: asyncio.run(both())).result(), told


def with_arrays(text: str) -> bytes:
    return struct.pack("!iII", 2, 12, 12 + len(text)) + text.encode() + b"\x00\x01"


@pytest.mark.parametrize("message", [{"text": json.dumps(WHOLE)}, {"bytes": with_arrays(json.dumps(WHOLE))}])
def test_a_message_of_a_page_comes_through_as_it_is(message: dict):
    found, told = heard(message)
    assert found == {"type": "websocket.receive", **message}
    assert [answer["type"] for answer in told] == ["websocket.send"]


BROKEN = [
    *({"text": text} for text in TEXTS), *({"bytes": data} for data in BYTES), {"bytes": with_arrays(json.dumps(WHOLE))[:9]},
    *({"text": json.dumps(WHOLE | change)} for change in (
        {"header": {"msg_id": "1", "msg_type": "execute_request"}}, {"header": {"msg_type": "comm_msg"}}, {"channel": None},
        {"content": {"comm_id": "x", "data": []}}, {"content": {"data": {}}}, {"content": {"comm_id": "x", "data": {"a": float("nan")}}},
        {"header": {"msg_id": "1", "msg_type": "comm_open"}, "content": {"comm_id": "x", "data": {}}},
    )),
]  # fmt: skip


@pytest.mark.parametrize("message", BROKEN, ids=range(len(BROKEN)))
def test_a_broken_message_closes_the_line_and_the_framework_never_hears_of_it(message: dict):
    found, told = heard(message)
    assert found == {"type": "websocket.disconnect", "code": CANNOT_BE_READ}
    assert [(answer["type"], answer["code"]) for answer in told] == [("websocket.close", CANNOT_BE_READ)]


@pytest.mark.parametrize("value", [0, -1, 10**9, 1.5, float("nan"), True, None, "5", [5], {}])
def test_weeks_that_are_no_number_or_would_keep_everybody_waiting_are_not_lived(value: object):
    assert not whole_number(value, 1, 52)
    assert whole_number(1, 1, 52) and whole_number(52, 1, 52)


def test_a_lever_is_pulled_by_its_name_to_a_percentage_and_by_nothing_else():
    pulls: list[tuple[str, float]] = []
    town = type("Town", (), {"pull": lambda self, name, to: pulls.append((name, to))})()
    for what in (None, "continuity", {}, {"name": "no such", "to": 5}, {"name": ["continuity"], "to": 5}, {"to": 5},
                 {"name": "continuity"}, *({"name": "continuity", "to": to} for to in (-1, 101, 5.0, "5", float("nan"), True, None))):  # fmt: skip
        assert not live.pulled(town, what), what
    assert live.pulled(town, {"name": "continuity", "to": 55})
    assert pulls == [("continuity", 0.55)]


def logged(error: Exception) -> logging.LogRecord:
    return logging.LogRecord("x", logging.ERROR, "", 0, "Uncaught", (), (type(error), error, error.__traceback__))


def test_an_error_of_ours_is_told_whole_and_one_of_a_message_in_a_line():
    with pytest.raises(AttributeError) as theirs:
        object().vue_step  # noqa: B018
    with pytest.raises(AttributeError) as ours:
        live.pulled(None, {"name": "continuity", "to": 5})
    one, other = logged(theirs.value), logged(ours.value)
    assert mounted.shortened(one) and mounted.shortened(other)
    assert (one.exc_info, one.getMessage()) == (None, "A live page's message could not be used: AttributeError")
    assert other.exc_info is not None and other.getMessage() == "Uncaught"
