"""What a study is said to take, before it starts, beside what it takes: ten studies unlike each other."""

import time

import pytest

from familyabm.lab import running
from familyabm.lab.execute import Options
from familyabm.lab.outlook import outlook
from familyabm.lab.study import Study

STUDIES = [
    # area, worlds, lucks, years, share of the authority
    (("Rutland",), ("status-quo", "whole-system"), 60, 5, 1.0),
    (("Wakefield",), ("status-quo",), 40, 10, 0.1),
    (("Leeds",), ("status-quo", "whole-system"), 10, 10, 0.1),
    (("Kent",), ("status-quo",), 12, 5, 0.1),
    (("Hackney", "Devon"), ("status-quo", "whole-system"), 8, 5, 0.1),
    (("Bury", "Torbay", "Derby", "Sefton"), ("status-quo",), 6, 3, 0.2),
    (("Birmingham",), ("whole-system",), 6, 10, 0.1),
    (("Isle of Wight",), ("status-quo", "thresholds-raised"), 40, 10, 0.5),
    (("Walsall",), ("status-quo", "whole-system"), 100, 2, 0.05),
    (("Harrow",), ("status-quo",), 3, 15, 0.5),
]
pytestmark = pytest.mark.timeout(600)


@pytest.mark.parametrize("place", range(len(STUDIES)))
def test_a_study_takes_what_it_was_said_to_take_within_a_factor_of_two(tmp_path, place, figure):
    names, worlds, lucks, years, scale = STUDIES[place]
    study = Study("made up", names, worlds, lucks=lucks, years=years, scale=scale, measures=("harm", "spend"))
    said = outlook(study, folder=tmp_path)
    began = time.perf_counter()
    results, _ = running.run_study(study, tmp_path / "study", Options())
    took = time.perf_counter() - began
    figure("seconds said and taken", f"{said.seconds:.0f} and {took:.0f}")
    disk = sum(path.stat().st_size for path in (tmp_path / "study").rglob("*") if path.is_file())
    figure("megabytes said and taken", f"{said.disk / 1e6:.1f} and {disk / 1e6:.1f}")
    assert len(results.runs) == said.runs and 0.5 <= said.seconds / took <= 2.0
