"""What the authority is like before anything has happened: its levers, clocks, ways of working and accounts."""

from familyabm.codes import NEVER, Clock, Grade
from familyabm.parameters import Parameters
from familyabm.tables import AUTHORITY, CLOCK, LEVERS, Row, Table, empty
from familyabm.town import Town


def levers_at_base(parameters: Parameters) -> Table:
    """Return the one-row table of levers where a typical authority stands."""
    table = empty(LEVERS, 1)
    for name in LEVERS:
        table[name] = parameters[f"base.{name}"]
    return table


def clocks_at(parameters: Parameters) -> Table:
    """Return the statutory clocks with what law and guidance lay down, taken to be kept at first."""
    table = empty(CLOCK, len(Clock))
    table["policy"] = [parameters[f"clocks.{clock.name.lower()}"] for clock in Clock]
    table["practice"], table["kept"] = table["policy"], parameters["clocks.usually_kept"]
    return table


def authority_of(parameters: Parameters) -> Table:
    """Return the authority at the start of its past."""
    table = empty(AUTHORITY, 1)
    row = table[0]
    row.load = 1.0
    row.bureaucracy = parameters["hours.bureaucracy"]
    row.prevention = 1.0
    row.hardship = 1.0
    row.homes_opened = 1.0
    row.agency_supply = row.homes_supply = row.agency_price = row.homes_price = 1.0
    row.frozen = 1.0
    row.stress = parameters["workforce.stress_base"]
    row.direct_share = parameters["hours.direct"]
    row.reflection = parameters["hours.reflection"]
    _conditions(row, parameters)
    row.failure_share = parameters["managers.usual_failure"]
    row.record_quality = parameters["working_time.record_usual"]
    return table


def _conditions(row: Row, parameters: Parameters) -> None:
    """Set what the authority is like to work in where a typical one has settled."""
    row.risk_aversion = parameters["environment.usual_risk_aversion"]
    row.discuss_range = parameters["discussing.usual_range"]
    row.discuss_ease = parameters["discussing.usual_ease"]
    row.acting = parameters["discussing.usual_acting"]
    row.practice_quality = parameters["learning.usual_quality"]
    row.trained = parameters["learning.usual_trained"]
    row.evaluation = parameters["learning.usual_evaluation"]
    row.systems_power = 1.0
    row.criticism = parameters["environment.usual_criticism"]
    row.nerve = parameters["environment.usual_nerve"]
    row.stability = parameters["environment.usual_stability"]
    row.grade = Grade.GOOD
    row.inspected = NEVER
    row.next_visit = NEVER
    row.next_inspection = NEVER
    row.seen_again = parameters["inspection.usual_again"]
    row.seen_undone = parameters["inspection.usual_undone"]


def open_accounts(town: Town, parameters: Parameters) -> None:
    """Set the early help budget and the places that it pays for."""
    money = town.money[0]
    money.early_help_budget = town.facts[0].early_help_start
    money.early_help_base = max(1.0, town.facts[0].early_help_start)
    money.scarcity = 1.0
    money.funded = 1.0
    funded = money.early_help_budget / 100.0 * parameters["early_help.targeted_share"]
    town.authority[0].early_help_places = funded / parameters["early_help.place_cost"]
