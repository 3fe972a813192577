"""Days of use: twenty people ask for a page a minute, eight hours a day, as fast as the server lives and answers."""

import random
from collections.abc import Iterator
from pathlib import Path

from tests.app_pages import Served, served
from tests.torture.test_live_at_length import Readings

PEOPLE, DAYS, HOURS, EVERY = 20, 3, 8, 20
"""Every so many minutes of a day what the server holds is read; the first day brings it to its size."""
PAGES = ("watch", "family", "demand", "sure", "report", "glossary", "")


def person(server: Served, draw: random.Random) -> Iterator[int]:
    """Do what somebody does, a page at a time, again and again; give the status of each answer."""
    while True:
        asked = f"area=Rutland&families=200&years=1&pairs=6&luck={draw.randint(1, 40)}"
        query = f"{asked}&b.continuity={draw.choice((20, 50, 80))}"
        yield server.get(f"/settings?{query}")[0]
        server.run(query)
        server.run(query, "watch", "watch")
        yield server.get(f"/compare?{query}&bet=skip")[0]
        for name in PAGES:
            yield server.get(f"/{name}?{query}")[0]
        yield server.get(f"/watch/table?{query}&week={draw.randint(1, 52)}")[0]


def test_days_of_use_leave_memory_where_it_was_and_no_error_in_the_log(tmp_path: Path, figure):
    answers: dict[int, int] = {}
    with served(tmp_path) as server:
        found = Readings(server)
        people = [person(server, random.Random(number)) for number in range(PEOPLE)]
        for minute in range(60 * HOURS * DAYS):
            for one in people:
                status = next(one)
                answers[status] = answers.get(status, 0) + 1
            if minute % EVERY == EVERY - 1:
                found.read()
        rise = found.growth(figure, 1.0 / DAYS) / (HOURS * (DAYS - 1))
    figure("answers by status", answers)
    figure("megabytes an hour of use", round(rise, 2))
    assert set(answers) == {200}
    assert rise < 1.0
    assert "error" not in (tmp_path / "server.log").read_text().lower()
