"""Hostile files, flags and links at length: two thousand of each reader, another two thousand at every run."""

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings

from tests.hostile import READERS, refusal, spoilt

EXAMPLES = int(os.environ.get("FAMILYABM_EXAMPLES", "2000"))
pytestmark = pytest.mark.timeout(1200)


@pytest.mark.parametrize("name", READERS)
def test_thousands_of_spoilt_files_are_one_sentence_each(tmp_path_factory: pytest.TempPathFactory, name: str, figure):
    folder, seen = tmp_path_factory.mktemp("hostile"), Counter[str]()

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
    @given(spoilt(READERS[name][1]))
    def reads(content: bytes) -> None:
        seen["refused" if refusal(name, content, folder) else "accepted"] += 1

    reads()
    figure("contents", seen.total())
    figure("refused", seen["refused"])
