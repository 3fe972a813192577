"""The data of the workshop: words, minutes, and that every option changes the model as its file says."""

import pytest

from familyabm import areas, measures, simulation
from familyabm.changes import Change
from familyabm.errors import InputError
from familyabm.levers import Scenario, read
from familyabm.parameters import DEFAULT
from familyabm.workshop import choices, plan
from familyabm.workshop.choices import LENGTHS, OWN, PLAN, SHARED, Option, workshop

LUCKS, SCALE, PAST = 3, 0.04, 1


@pytest.fixture(scope="module")
def snapshot() -> simulation.Snapshot:
    return simulation.past(areas.find("Wakefield"), DEFAULT, PAST, SCALE)


def test_the_minutes_of_each_length_add_up_and_a_third_or_more_is_debrief():
    stages = {stage.name: stage for stage in workshop().stages}
    for length in LENGTHS:
        assert sum(stage.lasts(length) for stage in workshop().stages) == length
        assert stages["debrief"].lasts(length) >= length / 3
    assert [len(workshop().rounds_of(length)) for length in LENGTHS] == [3, 4, 4]


def test_five_seats_and_two_that_may_be_left_out_each_with_three_options_of_its_own():
    seats = workshop().seats
    assert [seat.optional for seat in seats] == [False] * 5 + [True] * 2
    for seat in seats:
        assert len(workshop().open_to(seat.name, OWN)) == 3
        assert len(workshop().open_to(seat.name, SHARED)) in (2, 3)
        assert seat.strategy in [option.name for option in workshop().open_to(seat.name, OWN)]
    assert len(workshop().open_to("schools", PLAN)) == 4


def test_every_option_says_what_it_costs_and_differs_from_its_neighbours():
    for seat in workshop().seats:
        for kind in (OWN, SHARED):
            options = workshop().open_to(seat.name, kind)
            effects = [(o.hours, o.shocks, tuple(o.levers.items()), tuple(o.lifts.items())) for o in options]
            assert len(set(effects)) == len(options)
            assert all(option.costs.endswith(".") and option.words and option.explains for option in options)


def test_the_file_is_refused_where_its_minutes_do_not_add_up_or_an_option_changes_what_there_is_not():
    from importlib import resources

    text = (resources.files("familyabm.workshop") / "choices.toml").read_text(encoding="utf-8")
    with pytest.raises(InputError, match="add up to 61"):
        choices.read(text.replace("minutes = [5, 7, 10]", "minutes = [6, 7, 10]"), "here")
    with pytest.raises(InputError, match="what = 'contact' is not known"):
        choices.read(text.replace('what = "contacts", which = "school"', 'what = "contact", which = "school"'), "here")


# --- What an option does ------------------------------------------------------------------------------------------------


def year_of(snapshot: simulation.Snapshot, option: Option | None, luck: int) -> dict[str, float]:
    """Live a year as it is and one under an option, and return the second year's measures."""
    taken = plan.Taken(1, {option.seat: option.name} if option else {}, option.kind if option else OWN)
    world = plan.world([taken], "tried", "Tried")
    run = simulation.live(snapshot, world, 104, luck)
    names = ["contacts", "spend_levers", "referrals", "spend_early_help"]
    names += [f"contacts_{source}" for source in ("school", "health", "police", "housing", "family")]
    return {name: float(value) for name, value in measures.by_year(run.weekly, names).loc[2].items()}


@pytest.fixture(scope="module")
def unchanged(snapshot) -> list[dict[str, float]]:
    return [year_of(snapshot, None, luck) for luck in range(1, LUCKS + 1)]


@pytest.mark.parametrize("option", workshop().options, ids=lambda o: f"{o.seat}-{o.kind}-{o.name}")
def test_each_option_moves_what_its_file_says_in_its_year(snapshot, unchanged, option):
    """A direction is that of the mean over three lucks against the same lucks; "same" is the same to the byte."""
    tried = [year_of(snapshot, option, luck) for luck in range(1, LUCKS + 1)]
    moved = sum(after[option.measure] - before[option.measure] for after, before in zip(tried, unchanged, strict=True))
    if option.direction == "same":
        assert tried == unchanged
    else:
        assert (moved > 0.0) == (option.direction == "up") and moved != 0.0


def test_hours_that_an_option_takes_are_taken_off_its_service_and_come_back_when_it_ends(snapshot):
    world = Scenario("hours", "Hours", "", changes=(Change(2, {}, {"school": 0.25}), Change(3, {}, {"school": 0.0})))
    tried = simulation.Life(snapshot, world, 4)
    plain = simulation.Life(snapshot, Scenario("plain", "Plain", ""), 4)
    schools = snapshot.tables["services"]["kind"] == 0
    shares = []
    for _ in range(4):
        before = [life.town.services["capacity"][schools].copy() for life in (tried, plain)]
        tried.step()
        plain.step()
        after = [life.town.services["capacity"][schools] for life in (tried, plain)]
        shares.append(float((after[0] / after[1]).mean()))
        assert (before[1] > 0.0).all()
    assert shares[:2] == [1.0, 1.0]
    assert shares[2] == pytest.approx(0.75, abs=0.01)
    assert shares[3] == pytest.approx(1.0, abs=0.01)


def test_a_change_in_a_later_week_leaves_every_week_before_it_as_it_was(snapshot):
    plain = simulation.live(snapshot, Scenario("plain", "Plain", ""), 104, 1)
    world = read("[[changes]]\nfrom_week = 60\n[changes.levers]\ncontinuity = 0.9\n", "late", "late")
    later = simulation.live(snapshot, world, 104, 1)
    assert plain.weekly[:60].tobytes() == later.weekly[:60].tobytes()
    assert plain.weekly.tobytes() != later.weekly.tobytes()
    assert plain.address != later.address


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[changes]]\nfrom_week = 9\n[[changes]]\nfrom_week = 9", "is not after 9"),
        ("[[changes]]\nfrom_week = -1", "outside 0 to 5200"),
        ("[[changes]]\nfrom_week = 1\n[changes.hours]\nlibrary = 0.1", "library is not a field of hours"),
        ("[[changes]]\nfrom_week = 1\n[changes.hours]\nschool = 0.9", "hours.school = 0.9 is outside -0.2 to 0.5"),
        ("[[changes]]\nfrom_week = 1\n[changes.levers]\ncontinuity = 2", "levers.continuity = 2 is outside 0 to 1"),
    ],
)
def test_changes_that_cannot_be_used_are_refused_in_words(text, said):
    with pytest.raises(InputError, match=said):
        read(text, "wrong", "wrong.toml")
