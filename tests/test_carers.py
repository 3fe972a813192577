"""Foster households as agents (P15): who fits whom, strain, recruitment, conservation, and the placement squeeze."""

import numpy as np
import pytest
from test_rules_care import with_carers
from test_rules_common import WEEK, events, fresh, home, lever, put, rules
from towns import live_weeks, young_town

from familyabm.codes import NEVER, NOBODY, Carer, Event, Legal, Placement
from familyabm.parameters import DEFAULT, changed
from familyabm.tables import ADULTHOOD

carers, entry, placements, leaving = rules("carers"), rules("entry"), rules("placements"), rules("leaving_care")
households = rules("households")
FOSTERED = Placement.IN_HOUSE_FOSTER


def fostered(n: int = 6, age: float = 8.0):
    """Return a town with so many foster households and a child in care placed with one of them."""
    town, family, (child,) = home(age, town=with_carers(fresh(), n))
    town.authority[0].in_house_used = 0.0
    put(town, carers__least_fit=0.0)
    child.behaviour = 10.0
    child.legal_status, child.care_began, child.placement = Legal.CARE_ORDER, WEEK - 30, Placement.BEING_PLACED
    family.n_away = 1
    entry.place(town, family, child, WEEK, FOSTERED)
    return town, family, child


def check_carers(town, week: int) -> None:
    """Children placed with each household are its count, within its places, and all are counted once."""
    age = week - town.children["born"].astype(int)
    living = (age >= 0) & (age < ADULTHOOD)
    placed = living & (town.children["placement"] == FOSTERED)
    assert (town.children["carer"][~placed] == NOBODY).all()
    assert (town.children["carer"][placed] >= 0).all()
    count = np.bincount(town.children["carer"][placed], minlength=len(town.carers))
    assert np.array_equal(count, town.carers["n_children"])
    assert (town.carers["n_children"] <= town.carers["places"]).all()
    standing = (town.carers["state"] >= Carer.VACANT) & (town.carers["state"] <= Carer.STRAINED)
    assert (town.carers["n_children"][~standing] == 0).all()
    assert ((town.carers["strain"] >= 0) & (town.carers["strain"] <= 1)).all()
    row = town.weekly[week - int(town.authority[0].first_week)]
    assert row.carers == standing.sum() and row.carer_children == placed.sum() == town.authority[0].in_house_used
    assert row.carer_places == town.carers["places"][standing].sum()


def test_children_placed_with_a_household_are_its_count_every_week():
    changes = {
        "carers.resigns": 0.2, "edge_of_care.entry": 0.008, "edge_of_care.unpreventable": 10.0,
        "placements.breakdown": 0.008, "placements.home": 0.008, "placements.kinship": 0.1,
    }  # fmt: skip
    town = young_town(0.004, seed=3, weeks=40, parameters=changed(DEFAULT, changes))
    rows = np.arange(len(town.children))
    town.children["fated"] = np.where(rows % 6 == 0, 1 + rows % 25, NEVER)
    seen = 0
    for week in range(40):
        if week % 10 == 5:
            for family in town.families[::9]:
                family.level[:] = 3
        live_weeks(town, 1, week)
        check_carers(town, week)
        seen = max(seen, int(town.carers["n_children"].sum()))
    assert seen > 0


@pytest.mark.parametrize("way", ["home", "guardian", "eighteen", "breakdown", "adoption"])
def test_every_way_out_frees_the_foster_place(way):
    town, family, child = fostered()
    before = child.carer
    assert (town.carers[before].n_children, town.authority[0].in_house_used) == (1, 1)
    if way == "home":
        leaving.go_home(town, family, child, WEEK)
    elif way == "guardian":
        leaving.leave_care(town, family, child, WEEK, Event.CARE_ENDED_GUARDIAN, Legal.SPECIAL_GUARDIANSHIP)
    elif way == "eighteen":
        households.come_of_age(town, child, WEEK)
    elif way == "adoption":
        entry.place(town, family, child, WEEK, Placement.FOR_ADOPTION)
    else:
        put(town, placements__kinship=0.0, placements__escalates=0.0, placements__teenager_home=0.0)
        placements.break_down(town, family, child, WEEK)
        assert child.carer not in (before, NOBODY)
    assert town.carers[before].n_children == 0
    assert town.authority[0].in_house_used == town.carers["n_children"].sum()


def test_a_household_that_gives_up_takes_no_child_and_its_child_moves_before_the_week_is_out():
    town, family, child = fostered()
    put(town, placements__kinship=0.0, placements__teenager_home=0.0, placements__breakdown=0.0, placements__home=0.0,
        placements__guardian=0.0, placements__arrangements=0.0, placements__relatives=0.0)  # fmt: skip
    before = int(child.carer)
    carers.resign(town, town.carers[before], WEEK)
    assert carers.lost_carer(town, child) and not carers.has_room(town, town.carers[before])
    placements.care_for(town, family, WEEK)
    assert child.carer not in (before, NOBODY) and child.placement == FOSTERED
    assert (town.carers[before].n_children, town.carers[before].state) == (0, Carer.RESIGNED)
    assert events(town, Event.CARER_RESIGNED) == 1


def test_brothers_and_sisters_go_to_the_same_household_where_it_has_room():
    town, family, (one, two) = home(7, 8, town=with_carers(fresh(), 9))
    town.carers["places"] = 2
    put(town, carers__least_fit=0.0, carers__by_need=1.0)
    for child in (one, two):
        child.legal_status, child.placement = Legal.CARE_ORDER, Placement.BEING_PLACED
        entry.place(town, family, child, WEEK, FOSTERED)
    assert one.carer == two.carer
    assert (one.with_sibling, two.with_sibling) == (1, 1)


def test_a_household_fits_the_age_and_the_difficulties_it_is_good_with():
    town, family, child = fostered(1)
    carer = town.carers[0]
    carer.band, carer.skill, carer.neighbourhood, carer.family = 1, 0.3, family.neighbourhood, 0
    child.behaviour = 8.0
    best = carers.fit(town, family, child, WEEK, carer)
    assert best == 1.0
    carer.band = 2
    assert carers.fit(town, family, child, WEEK, carer) == pytest.approx(1.0 - town.p.carers[0].other_age)
    carer.band, child.behaviour = 1, 24.0
    assert carers.fit(town, family, child, WEEK, carer) == pytest.approx(1.0 - 0.3 * town.p.carers[0].too_hard)


def test_a_vacancy_that_fits_nobody_is_not_used():
    town, family, child = fostered(3)
    put(town, carers__least_fit=0.9, placements__kinship=0.0, placements__teenager_home=0.0)
    town.carers["band"], town.carers["n_children"], child.carer = 0, 0, NOBODY
    child.born = WEEK - 12 * 52
    assert carers.find_carer(town, family, child, WEEK) == NOBODY
    assert entry.family_place(town, family, child, WEEK) != FOSTERED


def test_placing_by_need_finds_a_better_fit_on_average():
    found = []
    for pooled in (0.0, 1.0):
        town, family, (child,) = home(8, town=with_carers(fresh(), 12))
        put(town, carers__least_fit=0.0, carers__by_need=0.0, effects__pooled_match=0.5)
        town.carers["band"] = np.arange(12) % 3
        lever(town, pooled_budget=pooled)
        fits = []
        for week in range(3, 119):
            child.born = week - 8 * 52
            row = carers.find_carer(town, family, child, week)
            fits.append(carers.fit(town, family, child, week, town.carers[row]))
        found.append(np.mean(fits))
    assert found[1] > found[0] + 0.02


def test_strain_follows_difficulties_poor_matches_and_lack_of_support_within_bounds():
    strain = {}
    for name, behaviour, match, load in (
        ("easy", 5, 0.8, 1.0), ("hard", 30, 0.8, 1.0), ("poor", 30, 0.3, 1.0), ("alone", 30, 0.3, 2.0),
    ):  # fmt: skip
        town, _, child = fostered()
        child.behaviour, child.match, town.authority[0].load = behaviour, match, load
        carer = town.carers[child.carer]
        for _ in range(60):
            carers.asks(town, child)
            carers.feel_strain(town, carer, WEEK)
        strain[name] = float(carer.strain)
    assert 0.0 < strain["easy"] < strain["hard"] < strain["poor"] < strain["alone"] <= 1.0
    assert carer.state == Carer.STRAINED and not carers.has_room(town, carer)
    carer.n_children = 0
    for _ in range(60):
        carers.feel_strain(town, carer, WEEK)
    assert carer.state == Carer.VACANT and carer.strain < 0.05


def test_strain_makes_households_give_up_and_children_in_place_hold_them():
    def share(strain: float, n: int) -> float:
        town, _, _ = fostered(1)
        put(town, carers__resigns=8.0)
        carer = town.carers[0]
        carer.strain, carer.n_children = strain, n
        given_up = 0
        for number in range(400):
            carer.key = 1000 + number
            given_up += carers.resigns(town, carer, WEEK)
        return given_up / 400

    assert share(1.0, 0) > share(0.0, 0) > share(0.0, 1) > 0.0


def test_households_come_forward_are_assessed_for_half_a_year_and_then_approved():
    town, _, _ = fostered(2)
    town.authority[0].raids = 1
    put(town, carers__approved=1e6, carers__resigns=0.0)
    town.carers[1].state = Carer.RESIGNED
    key = int(town.carers[1].key)
    carers.change(town, WEEK)
    assert town.carers[1].state == Carer.ENQUIRY and int(town.carers[1].key) != key
    assert not carers.has_room(town, town.carers[1])
    carers.change(town, WEEK + 25)
    assert town.carers[1].state == Carer.ENQUIRY
    carers.change(town, WEEK + 26)
    assert town.carers[1].state == Carer.VACANT and town.weekly[WEEK + 26].events[Event.CARER_APPROVED].sum() == 1
    assert carers.foster_capacity(town)[0] == town.carers["places"].sum()


def test_while_the_past_is_lived_those_who_give_up_are_replaced():
    town = young_town(0.02, weeks=130)
    put(town, carers__resigns=2.0)
    n = int(town.facts[0].carers)
    assert (town.carers["state"] == Carer.VACANT).sum() == n
    assert abs(town.carers["places"][:n].sum() - town.facts[0].in_house_places) <= 0.15 * n + 1
    for week in range(130):
        carers.change(town, week)
    standing = ~np.isin(town.carers["state"], [Carer.NONE, Carer.RESIGNED])
    assert abs(standing.sum() - n) <= 3
    assert town.weekly["events"][:, Event.CARER_RESIGNED].sum() > 0


def test_contracts_are_let_anew_only_when_they_end_and_alike_in_both_worlds():
    first, second = fresh(), fresh()
    second.authority[0].load = 3.0
    for week in (100, 103):
        carers.let_contracts(first, week)
        assert first.authority[0].agency_price == 1.0
    for town in (first, second):
        carers.let_contracts(town, 104 * 2)
    for name in ("agency_supply", "homes_supply", "agency_price", "homes_price"):
        assert first.authority[0][name] == second.authority[0][name] != 1.0
        assert 0.7 < first.authority[0][name] < 1.4


def squeezed(vacant: int) -> tuple[float, float, float]:
    """Return the mean match, breakdown rate and weekly price of a difficult child's placements with so many vacancies."""
    found = []
    for week in range(4, 50):
        town, family, (child,) = home(12, week=week, town=with_carers(fresh(), 30))
        put(town, carers__by_need=0.8, carers__least_fit=0.6, placements__kinship=0.0, placements__teenager_home=0.0)
        town.facts[0].agency_places, town.facts[0].homes_places = 0.0, 10.0
        town.carers["band"], town.carers["skill"] = np.arange(30) % 3, 0.3 + 0.02 * (7 * np.arange(30) % 30)
        town.carers["n_children"] = (np.arange(30) + 5 * week) % 30 >= vacant
        town.authority[0].in_house_used, town.authority[0].homes_used = 30.0 - vacant, 0.0
        child.behaviour, child.legal_status, family.n_away = 24.0, Legal.CARE_ORDER, 1
        entry.place(town, family, child, week, entry.choose_place(town, family, child, week))
        price = rules("money").weekly_price(town, child.placement)
        found.append((child.match, placements.breakdown_rate(town, child, week), price))
    match, breaks, price = np.mean(found, axis=0)
    return float(match), float(breaks), float(price)


def test_fewer_foster_places_mean_worse_matches_more_breakdown_and_dearer_placements():
    """R7, the placement squeeze: the same children with fewer vacancies to choose from."""
    (match, breaks, price), (poorer, more, dearer) = squeezed(30), squeezed(2)
    assert poorer < match and more > breaks and dearer >= price
    assert squeezed(1)[2] >= dearer


def test_homes_open_slowly_while_more_places_are_sought_than_there_are():
    town = fresh()
    put(town, market__opens=0.52)
    town.facts[0].homes_places, authority = 10.0, town.authority[0]
    authority.homes_supply, authority.homes_opened, authority.raids = 1.0, 1.0, 1
    authority.homes_used = 10.0
    carers.open_homes(town)
    assert authority.homes_opened == 1.0, "there are enough"
    authority.homes_used = 15.0
    carers.open_homes(town)
    assert authority.homes_opened == pytest.approx(1.0 + 0.52 * 0.5 / 52.0)
    assert carers.homes_there(town) == pytest.approx(10.0 * authority.homes_opened)
    authority.raids, before = 0, authority.homes_opened
    carers.open_homes(town)
    assert authority.homes_opened == before, "the past ends in a typical market"


def test_bought_placements_match_worse_when_they_are_nearly_full():
    town, family, child = fostered()
    child.carer, child.placement = NOBODY, Placement.AGENCY_FOSTER
    town.facts[0].agency_places, town.authority[0].agency_used = 100.0, 50.0
    roomy = entry.match_found(town, family, child, WEEK)
    town.authority[0].agency_used = 100.0
    assert entry.match_found(town, family, child, WEEK) < roomy
