"""What the long tests read is printed at their end, a line for each test, so that it can be quoted."""

from collections.abc import Callable

import pytest

Figure = Callable[[str, object], None]


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Figure:
    """Return a function that notes a figure of a test by its name, a number to four digits; the summary prints it."""

    def note(name: str, value: object) -> None:
        record_property(
            name, f"{value:,.4g}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else value
        )

    return note


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how long each test took and what it read, failed ones included."""
    ended = [one for outcome in ("passed", "failed") for one in terminalreporter.stats.get(outcome, [])]
    told = [one for one in ended if one.when == "call" and "tests/torture/" in one.nodeid]
    if told:
        terminalreporter.section("figures")
    for one in told:
        read = "; ".join(f"{name} {value}" for name, value in one.user_properties) or one.outcome
        terminalreporter.line(f"{one.duration:6.0f} s  {one.nodeid.partition('tests/torture/')[2]}: {read}")
