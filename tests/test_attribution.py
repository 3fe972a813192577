"""Which lever does how much: parts that add up, interactions by hand, and pages that say no more than they know."""

import json
import re
from dataclasses import replace
from itertools import combinations, permutations
from types import SimpleNamespace
from zlib import crc32

import numpy as np
import pandas as pd
import pytest
from games import moved, past, play, world
from towns import snapshot

from familyabm import attribution, cli, worlds
from familyabm.attribution import EVERYTHING_ELSE, OWNERS, attribute
from familyabm.errors import InputError
from familyabm.levers import LEVER_TITLES, Shock, find
from familyabm.parameters import DEFAULT
from familyabm.report import study, study_words

THREE = ("continuity", "ring_fence", "joint_response")
STATUS_QUO = find("status-quo")


def crooked(names: set[str], ask) -> float:
    """A worth in which every subset and every luck has a number of its own."""
    return crc32(f"{sorted(names)} {ask.number}".encode()) % 1000 / 7.0


def product(names: set[str], ask) -> float:
    """Nothing comes of continuity or of the ring-fence without the other: 10 of both, and 1 of joint work."""
    return 10.0 * ({"continuity", "ring_fence"} <= names) + ("joint_response" in names)


def shared(monkeypatch, worth, names=THREE, **options):
    asked = play(monkeypatch, worth)
    options = {"runs": 3, "years": 1, "outcomes": ["care_starts", "tally_contacts"], "snapshot": past()} | options
    return attribute("Wakefield", STATUS_QUO, world(*names), **options), asked


@pytest.mark.parametrize("orders", [0, 2, 6])
def test_the_parts_add_up_to_the_whole_difference_exactly(monkeypatch, orders):
    found, _ = shared(monkeypatch, crooked, tuple(LEVER_TITLES)[:5], orders=orders)
    assert found.whole.any()
    assert found.parts.sum(axis=1) == pytest.approx(found.whole, abs=1e-9)
    rows = found.by_lever[found.by_lever["outcome"] == "care_starts"]
    assert rows["part"].sum() == pytest.approx(found.together.loc["care_starts", "whole"])


def test_what_takes_two_is_shared_in_halves_and_what_one_does_alone_is_its_own(monkeypatch):
    found, _ = shared(monkeypatch, product)
    rows = found.by_lever[found.by_lever["outcome"] == "care_starts"].set_index("lever")
    assert rows["part"].to_dict() == pytest.approx({"continuity": 5.0, "ring_fence": 5.0, "joint_response": 1.0})
    assert rows["alone"].to_dict() == pytest.approx({"continuity": 0.0, "ring_fence": 0.0, "joint_response": 1.0})
    assert rows["last"].to_dict() == pytest.approx({"continuity": 10.0, "ring_fence": 10.0, "joint_response": 1.0})


def test_the_exact_parts_are_the_mean_over_every_order():
    names, ask = tuple(LEVER_TITLES)[:4], SimpleNamespace(number=1)
    worth = {frozenset(s): np.array([crooked(set(s), ask)]) for k in range(5) for s in combinations(names, k)}
    every = [list(order) for order in permutations(names)]
    walked = attribution.sampled_parts(names, worth, every)
    assert attribution.exact_parts(names, worth) == pytest.approx(walked)


def test_the_interaction_is_what_the_whole_has_beyond_each_change_alone(monkeypatch):
    row = shared(monkeypatch, product)[0].together.loc["care_starts"]
    assert (row["whole"], row["sum_alone"], row["interaction"]) == (11.0, 1.0, 10.0)
    row = shared(monkeypatch, lambda names, ask: float(len(names)))[0].together.loc["care_starts"]
    assert (row["whole"], row["sum_alone"], row["interaction"]) == (3.0, 3.0, 0.0)


def test_drawn_orders_are_unbiased_and_every_second_one_is_the_first_walked_backwards(monkeypatch):
    names = tuple(LEVER_TITLES)
    orders = attribution.orders_of(names, 6, 1, 1)
    assert all(orders[at + 1] == orders[at][::-1] for at in (0, 2, 4)) and orders[0] != orders[2]
    assert attribution.orders_of(names, 6, 1, 2) != orders

    def worth(present: set[str], ask) -> float:
        return crc32(f"{sorted(present)}".encode()) % 1000 / 7.0

    exact = shared(monkeypatch, worth, names[:5], runs=1)[0].parts[0, :, 0]
    drawn = shared(monkeypatch, worth, names[:5], runs=150, orders=2)[0].parts[:, :, 0]
    error = drawn.std(axis=0, ddof=1) / np.sqrt(150)
    assert (
        np.abs(drawn.mean(axis=0) - exact) < 4.5 * error
    ).all()  # five means at a fixed seed: a wrong alarm in one seed of 30,000
    assert (error < 20.0).all()


def test_each_lever_is_moved_alone_and_all_others_stay_as_they_were(monkeypatch):
    whole = find("whole-system")
    _, asked = shared(monkeypatch, crooked, runs=1, method="one-at-a-time")
    assert sorted(map(sorted, map(moved, asked))) == sorted(
        [[], sorted(THREE), *([name] for name in THREE), *(sorted(set(THREE) - {name}) for name in THREE)]
    )
    for name in LEVER_TITLES:
        alone = attribution.world_of(STATUS_QUO, whole, frozenset([name]), DEFAULT)
        assert dict(alone.levers) == {name: whole.levers[name]}
    assert len(attribution.one_at_a_time(list(LEVER_TITLES))) == 18


def test_the_ends_are_the_two_worlds_themselves_by_address():
    whole = find("whole-system")
    ends = [
        attribution.world_of(STATUS_QUO, whole, subset, DEFAULT) for subset in (frozenset(), frozenset(LEVER_TITLES))
    ]
    assert [end.as_address() for end in ends] == [STATUS_QUO.as_address(), whole.as_address()]


def test_a_lever_that_both_worlds_leave_alone_takes_no_part(monkeypatch):
    found, asked = shared(monkeypatch, crooked, runs=2)
    assert set(found.players) == set(THREE) and len(asked) == 2 * 2**3 == found.lived
    base = {name: DEFAULT[f"base.{name}"] for name in LEVER_TITLES}
    with pytest.raises(InputError, match="do not differ; there is nothing to share out"):
        attribution.players_of(STATUS_QUO, replace(STATUS_QUO, levers=base), DEFAULT)


def test_shocks_and_a_head_start_are_everything_else(monkeypatch):
    shock = Shock("need", "all", 1.6, 26, 26)
    other = world("continuity", shocks=(shock,), maturity=0.5)
    assert attribution.players_of(STATUS_QUO, other, DEFAULT) == ("continuity", EVERYTHING_ELSE)
    alone = attribution.world_of(STATUS_QUO, other, frozenset([EVERYTHING_ELSE]), DEFAULT)
    assert (alone.shocks, alone.maturity, dict(alone.levers)) == ((shock,), 0.5, {})
    spiked = attribution.players_of(STATUS_QUO, find("spike-whole-system"), DEFAULT)
    assert spiked == (*LEVER_TITLES, EVERYTHING_ELSE)


def test_every_lever_has_one_owner():
    held = [name for _, group in OWNERS.values() for name in group]
    assert sorted(held) == sorted([*LEVER_TITLES, EVERYTHING_ELSE])


def test_the_control_share_is_an_owners_share_of_all_that_moved_an_outcome(monkeypatch):
    gains = {"continuity": -3.0, "unit_model": -1.0, "ring_fence": 2.0, "no_wrong_door": 10.0}
    found, _ = shared(monkeypatch, lambda names, ask: sum(gains[name] for name in names), tuple(gains))
    rows = found.by_owner[found.by_owner["outcome"] == "care_starts"].set_index("owner")
    assert rows["part"].to_dict() == pytest.approx({"services": -4.0, "council": 2.0, "partnership": 10.0})
    assert rows["control_share"].to_dict() == pytest.approx({"services": 25.0, "council": 12.5, "partnership": 62.5})
    assert rows["control_share_low"].to_dict() == pytest.approx(rows["control_share_high"].to_dict())
    assert "25% (25 to 25%) lies with children's services alone" in study_words.control(
        "care_starts", rows.reset_index()
    )


def test_no_life_is_lived_twice(monkeypatch):
    asked = play(monkeypatch, crooked)
    first = attribute("Wakefield", STATUS_QUO, world(*THREE), runs=2, years=1, snapshot=past())
    assert len(asked) == 16
    again = attribute("Wakefield", STATUS_QUO, world(*THREE), runs=3, years=1, snapshot=past(), workers=1)
    assert len(asked) == 24
    assert again.parts[:2].tolist() == first.parts.tolist() and again.address != first.address


def test_an_interruption_keeps_the_lucks_that_had_finished_in_every_world(monkeypatch):
    def stop(finished: int, asked: int) -> None:
        if finished == 11:
            raise KeyboardInterrupt

    found, _ = shared(monkeypatch, crooked, workers=1, done=stop)
    assert found.numbers == (1,) and found.asked == 3 and found.parts.shape == (1, 3, 2)


def test_a_measure_with_nothing_to_divide_by_is_left_out_of_the_mean_of_its_luck(monkeypatch):
    found, _ = shared(monkeypatch, lambda names, ask: float("nan") if ask.number == 2 else float(len(names)))
    assert found.together.loc["care_starts", "whole"] == 3.0
    nothing, _ = shared(monkeypatch, lambda names, ask: float("nan"))
    assert np.isnan(nothing.together.loc["care_starts", "whole"])
    assert "nothing to show" in study_words.together("care_starts", nothing.together.loc["care_starts"])
    assert "nobody's hands" in study_words.control("care_starts", nothing.by_owner)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"orders": 3}, "orders = 3 is odd"),
        ({"orders": -2}, "orders = -2 is not accepted"),
        ({"method": "shapely"}, "method = 'shapely' is not known; shapley or one-at-a-time"),
        ({"outcomes": ["care_start"]}, "did you mean care_starts"),
        ({"outcomes": [""]}, "measure '' is not known"),
        ({"runs": 0}, "runs = 0"),
        ({"years": 99}, "years = 99"),
        ({"b": "hole-system"}, "whole-system"),
    ],
)
def test_bad_input_is_one_sentence(options, words):
    with pytest.raises(InputError, match=words):
        attribute("Wakefield", **options, snapshot=past())


def together(whole: float, rest: tuple[float, float, float], lucks: int = 10, players: int = 8) -> str:
    row = {"whole": whole, "whole_low": whole - 1, "whole_high": whole + 1, "sum_alone": whole - rest[0],
           "interaction": rest[0], "interaction_low": rest[1], "interaction_high": rest[2], "lucks": lucks,
           "players": players, "unit": "per 10,000 children a year"}  # fmt: skip
    return study_words.together("care_starts", pd.Series(row))


def test_acting_together_is_said_to_do_more_or_less_only_where_luck_cannot_have_done_it():
    assert "does more than the sum of the parts: what remains is −2.0 (−3.0 to −1.0)" in together(
        -10.0, (-2.0, -3.0, -1.0)
    )
    assert "does less than the sum of the parts" in together(-10.0, (2.0, 1.0, 3.0))
    assert "does more than the sum" in together(10.0, (2.0, 1.0, 3.0))
    assert "moves it by −12.0 (−13.0 to −11.0) beyond the sum of the parts" in together(-10.0, (-12.0, -13.0, -11.0))
    assert "moves it by −2.0 (−3.0 to −1.0) beyond" in together(-0.5, (-2.0, -3.0, -1.0))
    assert "cannot tell whether acting together adds" in together(-10.0, (-2.0, -3.0, 0.5))
    assert "5 lucks are too few to tell" in together(-10.0, (-2.0, -3.0, -1.0), lucks=5)
    assert "add up to the whole" in together(-10.0, (0.0, 0.0, 0.0))
    assert "nothing to act together with" in together(-10.0, (0.0, 0.0, 0.0), players=1)
    assert together(-10.0, (-2.0, -3.0, -1.0)).startswith("Acted upon together, 8 changes moved children starting")


@pytest.mark.slow
def test_the_page_shows_every_part_and_is_the_same_byte_for_byte_when_made_again(monkeypatch, tmp_path):
    found, _ = shared(monkeypatch, product, runs=6, outcomes=["tally_contacts"])
    written = study.write_attribution(found, tmp_path / "new")
    files = {path.name: path.read_bytes() for path in (tmp_path / "new").iterdir()}
    assert set(files) == {"attribution.html", "together.csv", "levers.csv", "owners.csv", "lucks.csv"}
    text = written.read_text(encoding="utf-8")
    assert worlds.STATUS_LINE in text and "Whole-family joint response" in text and "+11" in text
    assert "http://www.w3.org/2000/svg" in text and "https://" not in text and "<script" not in text
    assert "familyabm attribute Wakefield --a status-quo" in text and "--method shapley" in text
    ids = [part.split('"')[0] for part in text.split(' id="')[1:]]
    assert len(ids) == len(set(ids))
    study.write_attribution(found, tmp_path / "new")
    assert files == {path.name: path.read_bytes() for path in (tmp_path / "new").iterdir()}
    levers = pd.read_csv(tmp_path / "new" / "levers.csv")
    assert levers["part"].tolist() == pytest.approx(found.by_lever["part"].tolist())


def test_a_page_of_one_at_a_time_has_no_parts_and_says_so(monkeypatch):
    found, _ = shared(monkeypatch, product, method="one-at-a-time", outcomes=["spend"])
    assert found.parts is None and found.by_owner.empty and found.by_lever["part"].isna().all()
    text = study.html(found, study.attribution_page(found))
    assert not re.search(r"<th[^>]*>\s*</th>", text) and '<th role="columnheader" scope="col">Lever</th>' in text
    assert "as the first to be made" in text and "Its part" not in text and 'id="owners"' not in text


@pytest.mark.slow
def test_the_whole_is_the_difference_that_compare_finds():
    ours = snapshot()
    names = ["care_starts", "spend", "tally_contacts"]
    found = attribute(ours.area, "status-quo", world(*THREE), runs=2, years=2, outcomes=names, snapshot=ours)
    same = worlds.compare(ours.area, "status-quo", world(*THREE), runs=2, years=2, snapshot=ours)
    assert found.together.loc["spend", "whole"] == pytest.approx(same.table.loc["spend", "difference"])
    assert found.together.loc["care_starts", "a"] == pytest.approx(same.table.loc["care_starts", "a"])
    assert found.together.loc["tally_contacts", "whole"] == pytest.approx(-same.avoidable.loc["contacts", "net"])
    assert found.parts.sum(axis=1) == pytest.approx(found.whole)
    assert np.abs(found.parts).sum() > 0.0


@pytest.mark.slow
def test_the_command_prints_the_interaction_first_and_json_holds_it_all(monkeypatch, capsys, tmp_path):
    words = ["familyabm", "attribute", "Wakefield", "--scale", "0.01", "--years", "1", "--runs", "2", "--measures",
             "contacts,spend", "--method", "one-at-a-time"]  # fmt: skip

    def call(*more: str) -> str:
        monkeypatch.setattr("sys.argv", [*words, *more])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        assert not stopped.value.code
        return capsys.readouterr().out

    lines = call("--out", str(tmp_path / "kept")).splitlines()
    assert lines[0] == worlds.STATUS_LINE and lines[1].startswith("Acted upon together, 8 changes moved")
    assert (tmp_path / "kept" / "attribution.html").exists()
    whole = json.loads(call("--json"))
    assert {row["outcome"] for row in whole["together"]} == {"contacts", "spend"} and len(whole["levers"]) == 16
    assert whole["lives"] == 36 and whole["status"] == worlds.STATUS_LINE
