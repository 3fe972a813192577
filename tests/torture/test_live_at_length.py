"""The live page at length: broken messages, weeks, new beginnings, and pages opened and closed again.

No browser is at the other end of the line: what its script would say is said by `tests.live_line`. Memory is the
server's own, read as a straight line through all readings but the first, in which the server comes to its size.
"""

import json
import random
from collections.abc import Callable, Iterator

import numpy as np
import psutil
import pytest

from tests.app_pages import Served, served
from tests.broken_messages import drawn
from tests.live_line import Line
from visualization import limits
from visualization.line import CANNOT_BE_READ

MESSAGES, BEGINNINGS, WEEKS = 10_000, 200, 10_000
ROUNDS, PAGES = 40, 10
pytestmark = pytest.mark.timeout(1800)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the app; at its end its log is read, and must hold no error."""
    with served(tmp_path_factory.mktemp("live")) as started:
        yield started


@pytest.fixture
def line(server: Served) -> Iterator[Line]:
    with Line(server) as opened:
        opened.run()
        yield opened


class Readings:
    """What a server's process holds, read again and again."""

    def __init__(self, server: Served) -> None:
        self.process, self.megabytes, self.files, self.threads = psutil.Process(server.process.pid), [], [], []

    def read(self) -> None:
        self.megabytes.append(self.process.memory_info().rss / 1e6)
        self.files.append(self.process.num_fds())
        self.threads.append(self.process.num_threads())

    def growth(self, figure: Callable[[str, object], None], first: float = 0.2) -> float:
        """Note the figures, and return the megabytes that a straight line rises over the readings after the first.

        first: share of the readings in which the server comes to its size.
        """
        late = self.megabytes[int(first * len(self.megabytes)) :]
        rise = float(np.polyfit(range(len(late)), late, 1)[0]) * len(late)
        figure("megabytes at the end", self.megabytes[-1])
        figure("a straight line rises by MB", rise)
        figure("files open at first and last", f"{self.files[0]} and {self.files[-1]}")
        figure("threads at first and last", f"{self.threads[0]} and {self.threads[-1]}")
        return rise


def long(line: Line, length: int) -> str:
    return json.dumps(line.message("comm_msg", {"comm_id": "x", "data": {"x": "y" * length}}))


def test_a_message_of_five_mebibytes_closes_the_line_and_no_other(server: Served, line: Line):
    with Line(server) as other:
        other.run()
        # 0: the line broke while it was still being written to, before the reason could be read
        assert not other.survives(long(other, 5 * 2**20)) and other.code in (1009, 0)
        other.again()
        assert other.survives(long(other, limits.FRAME - 2000))
    line.step()


def test_ten_thousand_broken_messages_leave_the_server_as_it_was(server: Served, line: Line, figure):
    """Each is followed by a question that any page may ask: it is answered, or the line was closed, in words."""
    chance, found, closed = random.Random(18), Readings(server), 0
    before = server.log.stat().st_size
    with Line(server) as other:
        other.run()
        found.read()
        for number in range(MESSAGES):
            if not other.survives(drawn(other, chance)):
                closed += 1
                assert other.code == CANNOT_BE_READ
                other.again()
            if number % 100 == 0:
                line.step()
                found.read()
            if line.week == 519:
                line.begin_anew()
    figure("messages", MESSAGES)
    figure("lines closed", closed)
    figure("bytes of log", server.log.stat().st_size - before)
    assert found.growth(figure) < 50.0 and max(found.threads) < found.threads[0] + 10
    assert 0.2 * MESSAGES < closed < 0.8 * MESSAGES
    assert server.log.stat().st_size - before < 100 * MESSAGES


def test_two_hundred_beginnings_leave_memory_where_it_was(server: Served, line: Line, figure):
    found = Readings(server)
    for _ in range(BEGINNINGS):
        line.step(52)
        line.begin_anew()
        found.read()
    figure("beginnings", BEGINNINGS)
    assert found.growth(figure) < 20.0


def test_ten_thousand_weeks_played_leave_memory_where_it_was(server: Served, line: Line, figure):
    """Weeks come one by one, as they do with Play, through the ten years that a town has, again and again."""
    found = Readings(server)
    for _ in range(WEEKS):
        if line.week == 519:
            line.begin_anew()
        line.step()
        found.read()
    figure("weeks", WEEKS)
    assert found.growth(figure) < 20.0


def test_hundreds_of_live_pages_opened_and_closed_leave_nothing_behind(server: Served, figure):
    """Ten pages are open at a time. In the first half the server comes to the size that ten ask for at their most."""
    found, half = Readings(server), ROUNDS // 2
    for _ in range(ROUNDS):
        pages = [Line(server) for _ in range(PAGES)]
        for page in pages:
            page.run()
        for page in pages:
            page.close()
        found.read()
    figure("pages", ROUNDS * PAGES)
    assert found.growth(figure, 0.5) < 10.0
    assert min(found.files[-5:]) <= min(found.files[half : half + 5]) and found.threads[-1] <= found.threads[half]
