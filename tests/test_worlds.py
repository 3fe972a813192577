"""Twin worlds: the same families and luck, ranges over pairs, the placebo floor, and where lives part."""

from dataclasses import replace

import numpy as np
import pytest
from towns import lived, snapshot

from familyabm import worlds
from familyabm.codes import Event, Tally
from familyabm.errors import InputError
from familyabm.levers import find
from familyabm.measures import MEASURES
from familyabm.worlds import Comparison, Pair, Side, compare, part, partings


@pytest.fixture(scope="module")
def found() -> Comparison:
    ours = snapshot()
    return compare(ours.area, runs=4, years=3, snapshot=ours)


def test_a_world_compared_with_itself_differs_in_nothing():
    ours = snapshot()
    same = compare(ours.area, "status-quo", "status-quo", runs=2, years=1, snapshot=ours)
    differences = same.table["difference"].dropna()
    assert (differences == 0.0).all() and (same.table["flips"].dropna() == 0.0).all()
    assert (same.avoidable[["net", "low", "high"]] == 0.0).all().all()
    assert (same.avoidable["avoidable"] <= 0.0).all()


def test_every_measure_has_its_row(found):
    assert list(found.table.index) == list(MEASURES)
    assert {"a", "b", "difference", "low", "high", "mean_low", "mean_high", "flips"} <= set(found.table.columns)
    whole = found.table.dropna()
    assert (whole["low"] <= whole["difference"] + 1e-9).all() and (whole["difference"] <= whole["high"] + 1e-9).all()
    assert whole["flips"].between(0.0, 1.0).all()


def test_a_difference_is_b_minus_a(found):
    row = found.table.loc["contacts"]
    assert row["difference"] == pytest.approx(row["b"] - row["a"])


def test_net_avoidable_is_gross_avoidable_less_gross_induced(found):
    table = found.avoidable
    gross = (table["avoidable"] + table["floor_avoidable"]) - (table["induced"] + table["floor_induced"])
    assert np.allclose(gross, table["net"])


def test_the_placebo_stirs_something_but_little(found):
    plain, placebo = lived(weeks=104), lived(weeks=104, placebo=True)
    assert not np.array_equal(plain.weekly["events"], placebo.weekly["events"])
    contacts = [run.weekly["events"][:, Event.CONTACT].sum() for run in (plain, placebo)]
    assert abs(contacts[0] - contacts[1]) <= 0.05 * contacts[0]
    assert (found.avoidable["floor_avoidable"] >= 0.0).all()


def pair_of(number: int, a: list[float], b: list[float], placebo: list[float]) -> Pair:
    """Return a pair whose homes' contacts are given and which has the frames of a real one."""
    frame = worlds.measures.by_year(lived(weeks=52).weekly)

    def tally(values: list[float]) -> np.ndarray:
        table = np.zeros((len(values), len(Tally)))
        table[:, Tally.CONTACTS] = values
        return table

    flows = np.zeros((1, 1))
    return Pair(number, Side(frame, tally(a), flows), Side(frame, tally(b), flows), tally(placebo))


def test_gross_figures_are_worked_out_home_by_home_over_pairs_less_the_floor():
    ours = snapshot()
    pairs = [pair_of(1, [4, 0, 2], [1, 1, 2], [4, 0, 0]), pair_of(2, [2, 0, 2], [1, 3, 2], [2, 2, 2])]
    row = Comparison(ours, find("status-quo"), find("siloed"), 1, 2, pairs).avoidable.loc["contacts"]
    per = 10_000 / (ours.area.children_0_17 * ours.scale)
    assert row["net"] == pytest.approx(0.0)
    assert row["avoidable"] == pytest.approx((2.0 - 1.0) * per)
    assert row["induced"] == pytest.approx((2.0 - 1.0) * per)


def test_flips_count_the_pairs_that_go_the_other_way():
    group = worlds.pd.DataFrame({"a": [0.0] * 4, "b": [3.0, 2.0, -1.0, 4.0], "difference": [3.0, 2.0, -1.0, 4.0]})
    row = worlds.summary("contacts", group)
    assert row["flips"] == 0.25 and row["difference"] == 2.0


def test_the_number_of_threads_changes_nothing(found):
    ours = snapshot()
    alone = compare(ours.area, runs=4, years=3, snapshot=ours, workers=1)
    assert alone.table.equals(found.table) and alone.avoidable.equals(found.avoidable)
    assert alone.address == found.address


def test_pairs_do_not_depend_on_how_many_are_asked_for(found):
    ours = snapshot()
    fewer = compare(ours.area, runs=2, years=3, snapshot=ours)
    assert fewer.pairs[1].a.by_year.equals(found.pairs[1].a.by_year)


def test_the_flows_kept_of_a_run_are_children_a_year():
    run = lived(weeks=104)
    assert np.array_equal(worlds._side(run).flows, np.asarray(run.weekly["children"]).sum(axis=0) / 2.0)


def test_lives_part_where_they_first_differ_and_not_before():
    one, other = lived(weeks=156, journal=True), lived("whole-system", 156, journal=True)
    found = partings(one, other)
    assert found
    for parting in found[:40]:
        assert parting.a != parting.b
        lives = [worlds._life(run.journal, parting.family) for run in (one, other)]
        shared = [life.head(parting.shared)[worlds.SAME] for life in lives]
        assert shared[0].equals(shared[1])
    assert "Until week" in found[0].sentence


def test_lives_that_never_part_have_no_parting():
    run = lived(weeks=52, journal=True)
    family = int(run.journal[0].family)
    assert part(run.journal, run.journal, family) is None


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"runs": 0}, "runs = 0"),
        ({"years": 99}, "years = 99"),
        ({"runs": 2.5}, "runs = 2.5"),
        ({"a": "silo"}, "siloed"),
    ],
)
def test_bad_input_is_one_sentence(options, words):
    with pytest.raises(InputError, match=words):
        compare("Wakefield", scale=0.02, **options)


def test_an_interruption_keeps_the_finished_pairs(monkeypatch):
    ours = snapshot()

    def stop_after_two(finished: int, asked: int) -> None:
        if finished == 2:
            raise KeyboardInterrupt

    kept = compare(ours.area, runs=6, years=1, snapshot=ours, workers=1, done=stop_after_two)
    assert 2 <= kept.runs < 6 and kept.asked == 6
    assert replace(kept).runs == kept.runs
