"""Partners as agents: load, fear, posture, relationships, and who bails out whom (P4, P6, P19)."""

import numpy as np
import pytest
from test_rules_common import WEEK, events, fresh, heads, home, lever, put, rules
from towns import live_weeks, with_journal, young_town

from familyabm import network
from familyabm.codes import NEVER, Agency, Answer, Event, Factor, Failure, Posture, Service, Silo, Status
from familyabm.measures import MEASURES, of_weeks
from familyabm.tables import WEEK as COLUMNS
from familyabm.tables import empty

partners, bail_outs, attendance, noticing, door = (
    rules(n) for n in ("partners", "bail_outs", "attendance", "noticing", "front_door")
)  # fmt: skip
money = rules("money")


def of_kind(town, kind: Service):
    """Return the first service of a kind."""
    return town.services[int(np.flatnonzero(town.services["kind"] == kind)[0])]


def for_adults(town) -> np.ndarray:
    kinds = town.services["kind"]
    return np.flatnonzero((kinds >= Service.HOUSING_OFFICE) & (kinds <= Service.DOMESTIC_ABUSE))


def funded(town, pence: float = 100_000.0) -> None:
    """Give every service for adults this budget, all of it the council's."""
    town.services["budget"][for_adults(town)] = pence
    town.p.chances[0].council_share[:] = 1.0


def test_the_load_of_a_service_for_adults_is_one_when_it_is_full_and_the_wait_is_the_usual():
    town = fresh()
    service = of_kind(town, Service.ADULT_MENTAL_HEALTH)
    put(town, adult_services__stay=18.0)
    town.p.chances[0].usual_wait[Factor.MENTAL_HEALTH] = 9.0
    service.places, service.n_treated, service.n_waiting = 10.0, 10, 5
    assert partners.demand_to_capacity(town, service) == pytest.approx(1.0)
    service.n_waiting = 20
    assert partners.demand_to_capacity(town, service) == pytest.approx(2.0)


def test_the_load_of_a_service_that_gets_in_touch_is_hours_to_hours():
    town = fresh()
    team = of_kind(town, Service.POLICE_TEAM)
    team.demand, team.capacity = 30.0, 20.0
    assert partners.demand_to_capacity(town, team) == pytest.approx(1.5)
    town.authority[0].load = 1.3
    assert partners.demand_to_capacity(town, of_kind(town, Service.FRONT_DOOR)) == 1.3


def test_a_service_buckles_after_eight_weeks_of_too_much_and_says_so_once():
    town = fresh()
    team = of_kind(town, Service.POLICE_TEAM)
    put(town, partners__smooths=0.5, partners__buckles_above=1.25, partners__buckles_after=8.0)
    team.load, team.demand, team.capacity = 2.0, 40.0, 20.0
    for week in range(12):
        partners.feel_the_load(town, team, week)
        assert events(town, Event.BUCKLED, week) == (1 if week == 7 else 0)
    team.demand = 0.0
    partners.feel_the_load(town, team, 12)
    assert team.load == pytest.approx(1.0) and team.over_weeks == 0


def test_load_or_fear_makes_a_service_defensive_and_only_thirteen_calm_weeks_make_it_collaborative_again():
    town = fresh()
    team = of_kind(town, Service.POLICE_TEAM)
    put(town, partners__defensive_above=1.2, partners__fearful_above=0.4, partners__calm_weeks=13.0,
        partners__fear_follows=0.5)  # fmt: skip
    team.readiness, team.load = 1.0, 1.21
    team.risk_aversion = town.authority[0].risk_aversion = 0.0
    partners.take_a_posture(town, team)
    assert team.posture == Posture.DEFENSIVE
    team.load = 1.0
    for _ in range(12):
        partners.take_a_posture(town, team)
        assert team.posture == Posture.DEFENSIVE
    partners.take_a_posture(town, team)
    assert team.posture == Posture.COLLABORATIVE
    town.authority[0].risk_aversion = 1.0
    partners.take_a_posture(town, team)
    assert team.risk_aversion == pytest.approx(0.5) and team.posture == Posture.DEFENSIVE


def test_shared_thresholds_and_budgets_lower_the_level_of_acceptance_and_defence_raises_it():
    town = fresh()
    service = of_kind(town, Service.DOMESTIC_ABUSE)
    put(town, effects__door_accepts=1.0, effects__pooled_accepts=0.5, partners__defensive_level=0.4)
    lever(town, no_wrong_door=0.3, pooled_budget=0.2)
    town.p.chances[0].accept_level[Factor.DOMESTIC_ABUSE] = 2.2
    partners.set_threshold(town, service)
    assert service.accept_level == pytest.approx(1.8)
    service.posture = Posture.DEFENSIVE
    partners.set_threshold(town, service)
    assert service.accept_level == pytest.approx(2.2)


def test_a_defensive_service_shares_less_and_gets_in_touch_more():
    town, family, _ = home(7)
    put(town, partners__defensive_sharing=0.6, partners__defensive_contacts=1.3, noticing__police_notify=0.5)
    family.harm, family.level[:] = 0.5, 2
    calm, wary = np.zeros(7), np.zeros(7)
    noticing.rates(town, family, 2, calm)
    shared = partners.shares(town, family.gp_practice)
    town.services["posture"] = Posture.DEFENSIVE
    noticing.rates(town, family, 2, wary)
    for source in (Agency.POLICE, Agency.SCHOOL, Agency.HEALTH, Agency.HOUSING):
        assert wary[source] == pytest.approx(1.3 * calm[source]) and calm[source] > 0.0
    for source in (Agency.COUNCIL_SERVICES, Agency.PUBLIC, Agency.FAMILY):
        assert wary[source] == calm[source]
    assert partners.shares(town, family.gp_practice) == pytest.approx(0.6 * shared)


def test_police_never_notify_more_homes_than_they_attend():
    town, family, _ = home(5)
    put(town, noticing__police_notify=0.9, partners__defensive_contacts=1.3)
    town.services["posture"] = Posture.DEFENSIVE
    assert attendance.notified(town, family) == 1.0


def test_police_attend_homes_at_the_rate_they_are_called_to_whether_they_notify_or_not():
    """Binomial, 6,000 weeks: beyond four standard errors fewer than once in ten thousand; the seed is fixed."""
    town, family, _ = home(5)
    put(town, noticing__police_notify=0.25, noticing__police_abuse=0.05, noticing__police_abuse_shape=1.0)
    town.services["readiness"] = 1.0
    family.level[:] = (0, 0, 0, 2)
    expected = 1 - np.exp(-0.1 * 0.75)
    for week in range(6000):
        town.authority[0].first_week = week - WEEK
        attendance.attend_untold(town, family, week)
    found = events(town, Event.ATTENDED) / 6000
    assert found == pytest.approx(expected, abs=4 * np.sqrt(expected / 6000))
    assert attendance.called(town, family) * attendance.notified(town, family) == pytest.approx(0.25 * 0.1)


def test_police_who_notify_have_been_at_the_home_and_it_is_their_work():
    town, family, _ = home(5)
    put(town, partners__attended_hours=3.0, front_door__partner_hours=1.5)
    family.status = Status.UNIVERSAL
    noticing.get_in_touch(town, family, WEEK, Agency.POLICE, False)
    assert events(town, Event.ATTENDED) == events(town, Event.CONTACT) == 1
    assert town.services[family.police_team].demand == 4.5
    assert town.weekly[WEEK].demand_hours[:, Event.ATTENDED].sum() == 3.0


@pytest.mark.parametrize(
    ("bounced", "level", "answer", "code"),
    [(Factor.DOMESTIC_ABUSE, 1, 0, Failure.F3_BOUNCE), (Factor.SUBSTANCE_MISUSE, 1, 0, Failure.F3_BOUNCE),
     (Factor.HOUSING, 1, 0, Failure.VALUE), (Factor.DOMESTIC_ABUSE, 0, 0, Failure.VALUE),
     (None, 2, Answer.SIGNPOSTED, Failure.F1_REPEAT)],
)  # fmt: skip
def test_police_called_again_after_a_service_refused_is_failure_demand(bounced, level, answer, code):
    town, family, _ = home(5)
    family.level[:] = level
    family.bounced[:] = NEVER
    if bounced is not None:
        family.bounced[bounced] = WEEK - 26
    family.answer, family.answered, family.answer_need = answer, WEEK - 10, 0.4
    attendance.attend(town, family, WEEK)
    assert town.weekly[WEEK].demand_count[code, Event.ATTENDED] == 1


@pytest.mark.parametrize(
    ("source", "kinds"),
    [(Agency.SCHOOL, {Service.SCHOOL}), (Agency.HEALTH, {Service.GP_PRACTICE, Service.HOSPITAL}),
     (Agency.HOUSING, {Service.HOUSING_OFFICE}), (Agency.COUNCIL_SERVICES, {None, Service.PROBATION}),
     (Agency.PUBLIC, {None, Service.VOLUNTARY_SECTOR, Service.HELPLINE}), (Agency.FAMILY, {None})],
)  # fmt: skip
def test_each_contact_takes_the_time_of_the_service_it_comes_through(source, kinds):
    town, family, _ = home(5)
    rows = {attendance.through(town, family, week, source) for week in range(300)}
    assert {Service(town.services[row].kind) if row >= 0 else None for row in rows} == kinds


def test_relationships_grow_where_services_share_families_and_go_with_those_who_leave():
    town = fresh()
    school = of_kind(town, Service.SCHOOL)
    put(town, partners__relation_grows=0.01, partners__relation_falls=0.4, effects__joint_relationship=0.2,
        effects__door_relationship=0.1)  # fmt: skip
    lever(town, joint_response=0.5, no_wrong_door=1.0)
    school.relationship, school.rapport, school.cases = 0.5, 1.0, 3.0
    partners.work_together(town, school)
    assert school.relationship == pytest.approx(0.5 + 0.01 * 0.2 * 0.5)
    school.relationship, school.cases = 0.5, 0.0
    partners.work_together(town, school)
    assert school.relationship == 0.5
    town.authority[0].turnover = 0.01
    partners.work_together(town, school)
    assert school.relationship == pytest.approx(0.5 * (1 - 0.004))


def test_partners_feel_turnover_a_week_later_and_smoothed():
    town = fresh()
    put(town, partners__turnover_follows=0.1)
    town.weekly[WEEK - 1].leavers = 0.5 * town.workers["fte"].sum()
    partners.feel_turnover(town, WEEK)
    assert town.authority[0].turnover == pytest.approx(0.05)


def test_cases_are_counted_at_every_service_of_an_open_family_and_nowhere_else():
    town, family, _ = home(5)
    family.status = Status.EARLY_HELP
    partners.count_cases(town)
    mine = {int(family[column]) for column in network.FAMILY_EDGES}
    alone = set(np.flatnonzero(town.services["kind"] >= Service.FRONT_DOOR).tolist())
    assert set(np.flatnonzero(town.services["cases"]).tolist()) == mine | alone


def test_procedure_grows_in_defence_and_fades_no_lower_than_the_usual():
    town = fresh()
    service = of_kind(town, Service.HOUSING_OFFICE)
    put(town, partners__bureaucracy=0.5, partners__bureaucracy_grows=0.002, partners__bureaucracy_fades=0.002)
    service.bureaucracy, service.posture, service.risk_aversion = 0.5, Posture.DEFENSIVE, 0.5
    partners.add_procedure(town, service)
    assert service.bureaucracy == pytest.approx(0.5 + 0.002 * 0.5 * 2.0)
    service.posture = Posture.COLLABORATIVE
    for _ in range(9000):
        partners.add_procedure(town, service)
    assert service.bureaucracy == pytest.approx(0.5) and service.bureaucracy >= 0.5


def test_places_fit_demand_in_the_past_and_the_budget_afterwards_and_close_only_as_they_fall_empty():
    town = fresh()
    service = of_kind(town, Service.SUBSTANCE_MISUSE)
    put(town, adult_services__fits=0.5, adult_services__stay=10.0, partners__reopens=20.0)
    town.p.chances[0].usual_wait[Factor.SUBSTANCE_MISUSE] = 10.0
    town.p.chances[0].place_cost[Factor.SUBSTANCE_MISUSE] = 50.0
    service.places, service.n_treated, service.n_waiting = 4.0, 8, 8
    partners.fund(town, service)
    assert service.places == 6.0 and service.budget == service.spent == 30_000.0
    town.authority[0].raids = 1
    service.places, service.budget = 9.0, 25_000.0
    partners.fund(town, service)
    assert service.places == 8.0
    service.n_treated = 2
    partners.fund(town, service)
    assert service.places == 5.0
    service.budget = 35_000.0
    partners.fund(town, service)
    assert service.places == pytest.approx(5.1)


def test_strained_services_have_empty_places():
    town = fresh()
    service = of_kind(town, Service.SUBSTANCE_MISUSE)
    put(town, partners__strain_gap=0.5)
    service.places, service.strain = 10.0, 0.4
    assert partners.open_places(town, service) == 8.0


@pytest.mark.parametrize(("pooled", "exposed"), [(0.0, 1.0), (0.1, 0.75), (0.4, 0.0), (0.9, 0.0)])
def test_services_for_adults_pay_for_an_overspend_unless_budgets_are_pooled(pooled, exposed):
    town = fresh()
    funded(town, 100_050.0)
    put(town, partners__contagion=0.3, money__raid_ceiling=0.04, money__raid_rate=0.5, money__overspend_notice=0.05,
        effects__pooled_shields=2.5)  # fmt: skip
    lever(town, pooled_budget=pooled)
    bail_outs.pay_for_overspend(town, WEEK, 0.11)
    taken = np.floor(100_050 * 0.3 * 0.03 * exposed)
    rows = for_adults(town)
    assert (town.services["budget"][rows] == 100_050 - taken).all()
    assert (town.services["lent"][rows] == taken).all()
    assert town.money[0].acute_budget == taken * len(rows) == town.weekly[WEEK].budget_moves
    assert town.weekly[WEEK].moved[:, Silo.ACUTE].sum() == taken * len(rows)
    assert events(town, Event.BAILED_OUT) == (4 if taken else 0)
    assert heads(town, Event.BAILED_OUT) == (len(rows) if taken else 0)


def test_a_service_that_has_buckled_borrows_from_the_one_with_most_to_spare():
    town = fresh()
    funded(town)
    put(town, partners__secondment=0.02, partners__buckles_after=8.0)
    town.services["load"] = 0.9
    borrower, lender = of_kind(town, Service.DOMESTIC_ABUSE), of_kind(town, Service.HOUSING_OFFICE)
    borrower.over_weeks, borrower.load, lender.load = 8, 1.5, 0.5
    bail_outs.second(town, WEEK)
    assert (borrower.budget, lender.budget) == (102_000.0, 98_000.0)
    assert (borrower.lent, lender.lent) == (-2000.0, 2000.0)
    assert town.weekly[WEEK].moved[Silo.HOUSING, Silo.DOMESTIC_ABUSE] == 2000.0


def test_nobody_lends_who_has_nothing_to_spare():
    town = fresh()
    funded(town)
    town.services["load"], town.services["over_weeks"] = 1.1, 9
    bail_outs.second(town, WEEK)
    assert town.weekly[WEEK].moved.sum() == 0.0


def test_what_was_moved_comes_back_by_half_each_april_and_budgets_grow():
    town = fresh()
    funded(town)
    put(town, partners__comes_back=0.5, adult_services__growth=0.01)
    one, other = (town.services[row] for row in for_adults(town)[:2])
    one.lent, other.lent = 600.0, -200.0
    before = town.services["budget"].sum() + town.money[0].acute_budget
    bail_outs.give_back(town, WEEK)
    assert (one.lent, other.lent) == (300.0, -100.0)
    assert one.budget == 100_000 + 300 + 1000 and other.budget == 100_000 - 100 + 1000
    assert town.money[0].acute_budget == -200.0
    grown = 1000.0 * len(for_adults(town))
    assert town.services["budget"].sum() + town.money[0].acute_budget == before + grown


def test_the_months_raid_on_early_help_stands_in_the_matrix():
    town = fresh()
    town.weekly[WEEK].raided = 700.0
    bail_outs.note_raid(town, WEEK)
    assert town.weekly[WEEK].moved[Silo.EARLY_HELP, Silo.ACUTE] == 700.0
    town.weekly[WEEK + 1].reinvested = 300.0
    bail_outs.note_raid(town, WEEK + 1)
    assert town.weekly[WEEK + 1].moved[Silo.ACUTE, Silo.EARLY_HELP] == 300.0
    assert events(town, Event.BAILED_OUT) == 1 and events(town, Event.BAILED_OUT, WEEK + 1) == 0


def test_a_bail_out_is_in_the_journal_with_its_sum():
    town = with_journal(fresh())
    funded(town)
    put(town, effects__pooled_shields=0.0, partners__contagion=0.5)
    bail_outs.pay_for_overspend(town, WEEK, 0.2)
    page = town.page[: town.authority[0].noted]
    assert (page["event"] == Event.BAILED_OUT).all() and len(page) == 4
    assert page["pence"].sum() == town.weekly[WEEK].moved[:, Silo.ACUTE].sum() > 0


def test_an_overspend_moves_money_at_the_months_end():
    town = fresh()
    funded(town)
    town.money[0].year_budget, town.money[0].year_spent, town.money[0].acute_budget = 1e8, 1.3e8, 1e7
    lever(town, pooled_budget=0.0)
    money.settle_month(town, WEEK)
    assert town.weekly[WEEK].moved[Silo.EARLY_HELP, Silo.ACUTE] == town.weekly[WEEK].raided > 0
    assert town.weekly[WEEK].moved[Silo.HOUSING, Silo.ACUTE] > 0


def test_the_network_joins_families_to_the_services_for_adults():
    town = fresh()
    graph = network.whole(town, only=np.arange(3))
    family = f"family-{int(town.families[0].key)}"
    kinds = {graph.nodes[other]["kind"] for other in graph.neighbors(family)}
    assert {"housing_office", "adult_mental_health", "substance_misuse", "domestic_abuse"} <= kinds
    every = set(dict(graph.nodes(data="kind")).values())
    assert {"hospital", "probation", "voluntary_sector", "helpline"} <= every


def test_partners_measures_read_the_weeks_totals_by_hand():
    rows = empty(COLUMNS, 52)
    rows["children_total"] = 20_000.0
    mental = Agency.ADULT_MENTAL_HEALTH
    for event, number in (
        (Event.ASKED, 4),
        (Event.BOUNCED, 1),
        (Event.TREATMENT_STARTED, 2),
        (Event.TREATMENT_COMPLETED, 1),
    ):
        rows["events"][:, event, mental] = number
    rows["events"][:, Event.ATTENDED, Agency.POLICE] = 3
    rows["treatment_wait"][:, Factor.MENTAL_HEALTH] = 24.0
    rows["spend_adult"][:, Factor.MENTAL_HEALTH] = 100_000.0
    rows["moved"][5, Silo.ADULT_MENTAL_HEALTH, Silo.ACUTE] = 2_000_00.0
    rows["relationship"], rows["buckled"] = 0.4, 2.0
    found = of_weeks(rows, MEASURES)
    assert found["adult_asked"] == found["adult_asked_mental_health"] == pytest.approx(4 * 52 / 2)
    assert found["adult_bounced"] == found["adult_bounced_mental_health"] == pytest.approx(25.0)
    assert found["adult_completed"] == pytest.approx(25.0)
    assert found["adult_wait"] == pytest.approx(12.0)
    assert found["police_attended"] == pytest.approx(3 * 52 / 2)
    assert found["spend_mental_health"] == found["spend_adult_services"] == pytest.approx(52_000 / 20_000)
    assert found["bail_out_mental_health"] == pytest.approx(2000 * 52 / 20_000)
    assert (found["relationships"], found["buckled"]) == pytest.approx((0.4, 2.0))
    assert np.isnan(found["adult_bounced_housing"])


def test_partners_totals_are_services_added_up():
    town = live_weeks(young_town(scale=0.004, weeks=20), 10)
    services, row = town.services, town.weekly[9]
    rows = for_adults(town)
    assert row.treated.sum() == services["n_treated"][rows].sum()
    assert row.waiting.sum() == services["n_waiting"][rows].sum()
    assert row.spend_adult.sum() == services["spent"][rows].sum() > 0
    assert row.relationship == pytest.approx(services["relationship"].mean())
    assert row.defensive == (services["posture"] == Posture.DEFENSIVE).sum()
