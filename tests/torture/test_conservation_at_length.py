"""Children, cases, hours, money and places in two thousand random settings, others at every run."""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import test_conservation as adding_up

SETTINGS = int(os.environ.get("FAMILYABM_SETTINGS", "2000"))


@pytest.mark.timeout(3000)
def test_everything_adds_up_every_week_in_thousands_of_settings(figure):
    seen = set()

    @settings(max_examples=SETTINGS, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
    @given(adding_up.settings_within_their_ranges(), st.integers(0, 2**32 - 1))
    def adds_up(changes: dict[str, float], seed: int) -> None:
        adding_up.check_everything(changes, seed)
        seen.add((*sorted(changes.items()), seed))

    adds_up()
    figure("settings", len(seen))
    figure("weeks added up", adding_up.WEEKS * len(seen))
