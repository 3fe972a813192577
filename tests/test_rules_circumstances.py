"""Rules worked by hand: adults' risk factors come and go (P2), and children feel it (P3)."""

import math

import numpy as np
import pytest
from test_rules_common import WEEK, fresh, home, lever, put, rules

from familyabm.codes import Factor, Legal, Placement, Status, Treatment
from familyabm.luck import fate_of

circumstances, harm, households = rules("circumstances"), rules("harm"), rules("households")


def pushed(levels=(1, 2, 0, 3)):
    """Return a family with these levels, whose couplings are 0.1 from row to column everywhere but on itself."""
    town, family, _ = home(5)
    town.p.chances[0].coupling[:] = 0.1 * (1 - np.eye(4))
    family.level[:] = levels
    return town, family


def test_each_factor_is_pushed_up_by_the_others_and_not_by_itself():
    town, family = pushed()
    put(town, circumstances__coupling_ceiling=0.9)
    assert circumstances.push_on(town, family, Factor.HOUSING) == pytest.approx(0.9 * (1 - math.exp(-0.5 / 0.9)))
    assert circumstances.push_on(town, family, Factor.DOMESTIC_ABUSE) == pytest.approx(0.9 * (1 - math.exp(-0.3 / 0.9)))
    family.level[:] = 0
    assert circumstances.push_on(town, family, Factor.HOUSING) == 0.0


def test_the_push_goes_from_row_to_column():
    town, family = pushed((2, 0, 0, 0))
    town.p.chances[0].coupling[:] = 0.0
    town.p.chances[0].coupling[Factor.HOUSING, Factor.MENTAL_HEALTH] = 0.05
    assert circumstances.push_on(town, family, Factor.MENTAL_HEALTH) == pytest.approx(0.9 * (1 - math.exp(-0.1 / 0.9)))
    assert circumstances.push_on(town, family, Factor.HOUSING) == 0.0


@pytest.mark.parametrize(
    ("status", "treatment", "total"),
    [(Status.UNIVERSAL, Treatment.ACTIVE, 0.25), (Status.EARLY_HELP, Treatment.WAITING, 0.25),
     (Status.EARLY_HELP, Treatment.ACTIVE, 0.1 + 0.15 * (1 - 0.5 * 0.6))],
)  # fmt: skip
def test_the_drag_of_a_factor_on_another_is_lifted_in_part_where_it_is_treated_within_a_joint_plan(
    status, treatment, total
):
    town, family = pushed()
    put(town, circumstances__drag_ratio=0.5, circumstances__drag_ceiling=0.5, effects__joint_drag=0.5)
    lever(town, joint_response=0.6)
    family.status, family.treatment[Factor.DOMESTIC_ABUSE] = status, treatment
    assert circumstances.drag_on(town, family, Factor.HOUSING) == pytest.approx(0.5 * (1 - math.exp(-total / 0.5)))


def test_help_felt_is_help_times_responsiveness_times_reach():
    town, family = pushed()
    put(town, circumstances__help_base=0.8, effects__joint_help=0.1)
    lever(town, joint_response=0.5)
    family.help, family.responsiveness = 0.4, 1.5
    assert circumstances.help_felt(town, family) == pytest.approx(0.4 * 1.5 * 0.85)


def test_the_ordinary_rise_multiplies_onset_deprivation_frailty_and_the_weeks_shock():
    town, family = pushed()
    chances = town.p.chances[0]
    chances.rise[Factor.HOUSING, 1], chances.decile_rise[Factor.HOUSING, 1, 8] = 0.01, 1.3
    family.deprivation_decile, family.frailty = 8, 2.0
    town.shocks[WEEK - 10, Factor.HOUSING], town.authority[0].first_week = 1.6, 10
    assert circumstances.ordinary_rise(town, family, WEEK, Factor.HOUSING, 1) == pytest.approx(0.01 * 1.3 * 2 * 1.6)


@pytest.mark.parametrize("level", [0, 1, 2])
def test_prevention_slows_onset_and_early_worsening_only(level):
    town, family = pushed((0, 0, 0, 0))
    town.p.chances[0].rise[Factor.HOUSING] = 0.01
    town.p.chances[0].decile_rise[:] = 1.0
    put(
        town,
        circumstances__prevention_on_onset=0.2,
        circumstances__help_on_rise=0.5,
        circumstances__help_base=1.0,
    )
    lever(town, joint_response=0.0)
    family.help, town.authority[0].prevention = 0.4, 1.5
    exponent = -0.5 * 0.4 - (0.2 * 0.5 if level < 2 else 0.0)
    expected = 1 - math.exp(-0.01 * math.exp(exponent))
    assert circumstances.rising(town, family, WEEK, Factor.HOUSING, level) == pytest.approx(expected)


@pytest.mark.parametrize(("weeks", "slower"), [(51, 1.0), (52, 0.5)])
def test_a_year_at_significant_level_makes_recovery_slower(weeks, slower):
    town, family = pushed((2, 0, 0, 0))
    put(town, circumstances__chronicity=0.5, circumstances__recovery_by_network=0.2, circumstances__help_on_recovery=0.3,
        circumstances__help_base=1.0)  # fmt: skip
    lever(town, joint_response=0.0)
    town.p.chances[0].ease[Factor.HOUSING, 2], town.p.chances[0].decile_ease[:] = 0.04, -0.1
    family.network, family.help, family.resilience = 0.5, 0.5, 0.9
    rate = 0.04 * math.exp(0.15 + 0.1 - 0.1) * 0.9 * slower
    assert circumstances.easing(town, family, Factor.HOUSING, 2, weeks) == pytest.approx(1 - math.exp(-rate))


def next_level(town, family, level, luck, exposed=1.0):
    return circumstances.next_level(town, family, WEEK, Factor.HOUSING, level, 0, luck, exposed)


@pytest.mark.parametrize("level", [0, 1, 2])
def test_a_factor_rises_just_below_its_chance_and_not_at_it(level):
    town, family = pushed((level, 0, 0, 0))
    chance = circumstances.rising(town, family, WEEK, Factor.HOUSING, level)
    assert next_level(town, family, level, chance - 1e-12) == level + 1
    assert next_level(town, family, level, chance) == level
    assert next_level(town, family, level, chance / 2, exposed=0.5) == level
    assert next_level(town, family, level, chance / 2 - 1e-12, exposed=0.5) == level + 1


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_factor_eases_with_the_luck_at_the_other_end(level):
    town, family = pushed((level, 0, 0, 0))
    chance = circumstances.easing(town, family, Factor.HOUSING, level, 0)
    assert next_level(town, family, level, 1 - chance + 1e-12) == level - 1
    assert next_level(town, family, level, 1 - chance - 1e-12) == level


def test_nothing_is_worse_than_severe_or_better_than_none():
    town, family = pushed((0, 0, 0, 0))
    assert next_level(town, family, 3, 1e-12) == 3
    assert next_level(town, family, 0, 1 - 1e-12) == 0


@pytest.mark.parametrize(("before", "level", "after"), [(7, 2, 8), (7, 1, 0), (254, 3, 255), (255, 3, 255)])
def test_weeks_at_significant_level_are_counted_up_to_255_and_from_nothing_again(before, level, after):
    assert circumstances.counted(before, level) == after


def test_an_abuse_onset_may_be_a_severe_incident():
    for share, level in ((1.0, 2), (0.0, 1)):
        town, family = pushed((0, 0, 0, 0))
        put(town, circumstances__abuse_severe_onset=share)
        homes, row = len(town.families), int(town.awake[0])
        town.family_hand[:] = 2**31
        town.family_hand[homes + row] = 0
        town.adults[family.first_adult + 1].resident = 1
        circumstances.home_changes(town, family, WEEK, row)
        assert family.level[Factor.DOMESTIC_ABUSE] == level
        assert family.high_weeks[1] == (1 if level == 2 else 0)


def test_the_family_has_the_level_of_its_worst_resident_adult():
    town, family = pushed((0, 0, 0, 0))
    one, two = (town.adults[family.first_adult + place] for place in (0, 1))
    one.resident, one.mental_health, one.substance_misuse = 1, 1, 2
    two.resident, two.mental_health, two.substance_misuse = 0, 3, 3
    circumstances.worst_of_adults(town, family)
    assert family.level[1:3].tolist() == [1, 2]
    two.resident = 1
    circumstances.worst_of_adults(town, family)
    assert family.level[1:3].tolist() == [3, 3]


def test_a_quiet_family_rests_only_in_weeks_in_which_nothing_would_have_changed():
    random, skipped, changed = np.random.default_rng(1), 0, 0
    town = fresh()
    town.p.chances[0].rise *= 25.0
    for week in range(30):
        town.luck[:] = fate_of(int(random.integers(2**32)), 1)
        town.authority[0].prevention = random.uniform(0.0, 1.5)
        town.shocks[week] = random.uniform(0.5, 3.0, 4)
        households.deal_luck(town, week)
        circumstances.set_limits(town, week)
        dealt = 0
        for row, family in enumerate(town.families):
            dealt = circumstances.deal_adults(town, family, week, dealt)
            rests = circumstances.untouched(town, family, week, row)
            mine = slice(family.first_adult, family.first_adult + family.n_adults)
            before = family.tobytes(), town.adults[mine].tobytes()
            circumstances.home_changes(town, family, week, row)
            for place in range(mine.start, mine.stop):
                circumstances.adult_changes(town, family, week, place)
            circumstances.worst_of_adults(town, family)
            same = (family.tobytes(), town.adults[mine].tobytes()) == before
            assert same or not rests
            skipped, changed = skipped + rests, changed + (not same)
            family.level[:], family.high_weeks[:] = 0, 0
            for name in ("mental_health", "substance_misuse", "mental_high", "substance_high"):
                town.adults[mine][name] = 0
    assert skipped > 1000 and changed > 500


def test_a_family_in_which_anything_goes_on_is_awake():
    for change in ({"harm": 0.01}, {"status": 1}, {"n_away": 1}, {"n_settled": 1}, {"tender": 1}, {"outside": 1}, {"fated": WEEK},
                   {"first_sign": 0}, {"help": 0.1}):  # fmt: skip
        _, family, _ = home(5)
        assert not circumstances.awake(family, WEEK)
        for name, value in change.items():
            family[name] = value
        assert circumstances.awake(family, WEEK), change


@pytest.mark.parametrize(("weeks", "expected"), [(51, 1.3), (52, 1.2), (259, 1.2), (260, 1.0), (571, 1.0), (572, 0.8)])
def test_infants_are_hit_hardest_and_teenagers_least(weeks, expected):
    town, _, (child,) = home(5)
    put(town, harm__infant=1.3, harm__toddler=1.2, harm__teenager=0.8)
    child.born = WEEK - weeks
    assert harm.vulnerability(town, child, WEEK) == expected


def test_kin_and_help_shelter_a_child_and_harm_has_a_ceiling():
    town, family, (child,) = home(7)
    put(town, harm__network_shelter=0.4, harm__help_shelter=0.2)
    family.network, family.help = 0.5, 0.5
    assert harm.sheltered(town, family, child, WEEK, 0.5) == pytest.approx(0.5 * 0.8 * 0.9)
    assert harm.sheltered(town, family, child, WEEK, 5.0) == 1.0


@pytest.mark.parametrize(("start", "end"), [(0.1, 0.1 + 0.2 * 0.4), (0.9, 0.9 - 0.1 * 0.4), (0.5, 0.5)])
def test_harm_moves_a_share_of_the_way_up_and_another_share_down(start, end):
    town, family, (child,) = home(7)
    put(town, harm__rises=0.2, harm__falls=0.1)
    child.harm = start
    harm.feel(town, family, child, WEEK, 0.5)
    assert child.harm == pytest.approx(end)


def test_a_trace_of_harm_ends_where_nothing_keeps_it_up():
    town, family, (child,) = home(7)
    child.harm = 0.0100
    harm.feel(town, family, child, WEEK, 0.0)
    assert child.harm == 0.0
    child.harm = 0.02
    harm.feel(town, family, child, WEEK, 0.0)
    assert child.harm == pytest.approx(0.02 * (1 - town.p.harm[0].falls))


def test_a_childs_own_need_adds_to_the_strain_it_feels():
    town, family, (one, two) = home(6, 8)
    put(town, harm__strain_scale=2.0, harm__strain_shape=1.0, harm__rises=0.1, harm__together=0.0)
    two.own_need = 1.0
    family.level[:] = (2, 0, 0, 0)
    town.p.chances[0].weight[:] = 0.5
    harm.feel_at_home(town, family, WEEK)
    assert family.strain == 1.0
    assert one.harm == pytest.approx(0.1 * (1 - math.exp(-0.5)))
    assert two.harm == family.harm == pytest.approx(0.1 * (1 - math.exp(-1.0)))


@pytest.mark.parametrize(
    ("placement", "match", "weeks", "expected"),
    [
        (Placement.IN_HOUSE_FOSTER, 0.8, 13, 0.3), (Placement.IN_HOUSE_FOSTER, 0.8, 14, 0.1),
        (Placement.IN_HOUSE_FOSTER, 0.5, 99, 0.3), (Placement.CRISIS, 0.8, 99, 0.3),
    ],
)  # fmt: skip
def test_care_harms_more_where_it_is_unsuitable_or_has_just_broken_down(placement, match, weeks, expected):
    town, _, (child,) = home(7)
    put(town, harm__in_care=0.1, harm__unsuitable=0.2, placements__settles=13, placements__broken_match=0.6)
    child.placement, child.match, child.broke_down = placement, match, WEEK - weeks
    assert harm.harm_in_care(town, child, WEEK) == pytest.approx(expected)


def test_a_child_away_does_not_feel_its_home_unless_it_is_placed_there():
    for placement, legal, towards in (
        (Placement.IN_HOUSE_FOSTER, Legal.CARE_ORDER, 0.1), (Placement.WITH_PARENTS, Legal.CARE_ORDER, 0.9),
        (Placement.PERMANENT_FAMILY, Legal.ADOPTED, 0.0),
    ):  # fmt: skip
        town, family, (child,) = home(7)
        put(town, harm__in_care=0.1, harm__rises=0.5, harm__falls=0.5)
        child.placement, child.legal_status, child.harm, child.match = placement, legal, 0.5, 0.9
        harm.feel(town, family, child, WEEK, 0.9)
        assert child.harm == pytest.approx(0.5 + 0.5 * (towards - 0.5)), placement
        harm.feel_at_home(town, family, WEEK)
        assert family.harm == 0.0
