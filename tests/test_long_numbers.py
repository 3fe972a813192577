"""Counts, weeks, keys and money have room: worked out for the largest authority over the longest years, not run."""

import math
import re

import numpy as np
import pytest
from scipy import stats

from familyabm import areas, codes, simulation, tables, worlds
from familyabm.codes import NEVER
from familyabm.errors import InputError
from familyabm.newcomers import key_of
from familyabm.parameters import DEFAULT, REGISTER
from familyabm.population import homes_for
from familyabm.population.places import families_of
from familyabm.population.services import NEIGHBOURHOODS_PER
from familyabm.rules.households import LATER
from familyabm.rules.money import PENCE, pence
from familyabm.tables import NOTE, WEEK, WEEKS_A_YEAR, dtype_of, people, services
from familyabm.tables import authority as of_authority

LARGEST = max(int(area) for area in areas.table()["children_0_17"])
SPENT = max(float(spent) for spent in areas.table()["spend_total_gbp"])
MOST_SCALE = 20
LAST_WEEK = simulation.PAST_WEEKS + WEEKS_A_YEAR * worlds.MAX_YEARS
ROWS = 3 * LARGEST * MOST_SCALE
"""More rows than any table has at the largest scale: children who will be born included."""
TABLES = {
    name: columns
    for module in (people, services, of_authority)
    for name, columns in vars(module).items()
    if name.isupper() and isinstance(columns, dict) and name != "FACTS"
} | {"NOTE": NOTE}  # fmt: skip

CAPPED = {  # what a rule stops counting at, or what a parameter's range allows
    "high_weeks": 30_000, "low_weeks": 30_000, "n_contacts": 30_000, "n_workers": 30_000, "n_assessments": 30_000, "moves": 100,
    "changes": 100, "n_plans": 100, "deferrals": 200, "mental_high": 255, "substance_high": 255, "n_adults": 3, "n_children": 20,
    "n_away": 20, "n_settled": 20, "overdue": 5, "partners": 255, "generation": LAST_WEEK, "holders": LAST_WEEK, "children": 20,
    "flexible": REGISTER["support.flexible_weeks"].high + 52, "package": REGISTER["support.package_weeks"].high, "role": 20, "kind": 20,
    "in_treatment": 15, "n_teams": ROWS, "age": 130, "decile": 10, "deprivation_decile": 10, "band": 2, "places": 10, "complaint": 20, "seen": 3,
    "n_reviews": LAST_WEEK, "drift_weeks": LAST_WEEK, "over_weeks": LAST_WEEK, "calm_weeks": LAST_WEEK, "n_families": 30_000,
    "answer": 20, "state": 20, "source": 20, "passed_by": 20, "fate": 20, "category": 20, "placement": 20, "legal_status": 20,
}  # fmt: skip
EVENTS = 40 * 3 * LARGEST * MOST_SCALE * LAST_WEEK
"""More events than any run has: forty for every child in every week."""
FAMILY_CAPS = {"high_weeks": 255}
"""Of a family, two counts that stop at 255; of a child, one that stops at 30,000."""
MOST_SERVICES = 32_767
"""Services of a town, beyond which one is refused."""
OF_ALL = ("number", "cause", "last_event")
OF_MEANING = (  # what a column is declared to mean, and the most that is
    (r"\brow of its (adult mental|substance|domestic|school|GP|police|housing|early help)", lambda: min(services_at_most(), MOST_SERVICES)),
    (r"\brow of\b|\bchildren aged\b|case-holding posts|teams managed|families in|families waiting|enquiries this week", lambda: ROWS),
    (r"^1 ", lambda: 1), (r"\blevel\b", lambda: 3), (r"percentage", lambda: 100),
    (r"\bweeks?\b", lambda: max(LATER, LAST_WEEK + tables.ADULTHOOD)),
)  # fmt: skip


def services_at_most() -> int:
    """Return the most services that the largest authority has at the largest scale, with the smallest neighbourhoods."""
    homes = homes_for(LARGEST * MOST_SCALE, DEFAULT)
    places = homes / REGISTER["population.neighbourhood_families"].low
    return math.ceil(sum(max(1.0, places / per) for per in NEIGHBOURHOODS_PER.values())) + len(NEIGHBOURHOODS_PER)


def bound(table: str, name: str, meaning: str) -> float:
    """Return the most that an integer column can come to, from what it is declared to mean."""
    caps = CAPPED | (FAMILY_CAPS if table == "FAMILY" else {})
    code = re.search(r"\(([A-Z]\w+)\)", meaning)
    if name in OF_ALL:
        return EVENTS
    if table == "SERVICE" and name == "n_families":
        return ROWS
    if name in caps:
        return float(caps[name])
    if code:
        return max(int(member) for member in getattr(codes, code[1]))
    return next((most() for pattern, most in OF_MEANING if re.search(pattern, meaning)), math.inf)


INTEGERS = [
    (table, name, entry)
    for table, columns in TABLES.items() for name, entry in columns.items()
    if isinstance(entry[0], str) and entry[0][0] in "iu" and entry[0] != "i8" and name not in ("key", "post", "family", "child", "worker")
]  # fmt: skip


@pytest.mark.parametrize(("table", "name", "entry"), INTEGERS, ids=[f"{table}.{name}" for table, name, _ in INTEGERS])
def test_an_integer_has_room_for_the_most_it_can_come_to(table: str, name: str, entry: tuple):
    room = np.iinfo(np.dtype(entry[0]))
    most = bound(table, name, entry[1])
    assert most <= room.max, f"{table}.{name} ({entry[1]}): {most:,.0f} does not fit {entry[0]}"
    if re.search(r"\bweek\b", entry[1]) and entry[0][0] == "i":
        assert room.min <= NEVER


def test_a_town_with_more_services_than_a_family_can_name_is_refused():
    assert 0 < services_at_most() < 2**31
    few, many = (tables.empty(tables.NEIGHBOURHOOD, 1), tables.empty(tables.SERVICE, MOST_SERVICES + 1))
    with pytest.raises(InputError, match="32,768 services; 32,767 are accepted"):
        families_of(DEFAULT, 1, few, many, np.zeros(2, np.uint64))


def test_numbers_of_events_and_what_is_counted_fit_eight_bytes():
    assert np.iinfo(np.int64).max > EVENTS
    assert EVENTS < 2**53  # and stay whole where a frame makes floats of them


def test_keys_of_the_largest_town_after_all_its_generations_are_its_own():
    far = key_of(1, ROWS, 0), key_of(1, ROWS + 1, 0), key_of(2, ROWS, 0), key_of(1, ROWS, LAST_WEEK)
    assert len({int(key) for key in far}) == 4
    assert all(int(key) < 2**64 for key in far)
    assert ROWS < 2**32
    assert simulation.MAX_SEED < 2**32


def test_a_home_has_seen_fewer_partners_than_a_byte_counts():
    """Nothing stops that count: it is the chance of a partner a week, at the most that is plausible, that does."""
    assert stats.poisson.sf(255, REGISTER["circumstances.partner_joins"].high * LAST_WEEK) < 1e-30


@pytest.mark.parametrize("pounds", [0.0, 0.004, 0.005, 0.015, 1.005, 1234.567, 123_456_789.125])
def test_every_cost_is_whole_pence(pounds: float):
    plain = getattr(pence, "py_func", pence)
    assert plain(pounds) == round(pounds * PENCE)
    assert plain(pounds) % 1.0 == 0.0


def test_money_is_exact_over_fifty_years_of_the_largest_authority_at_the_largest_scale():
    """Whole pence in a float of 8 bytes are exact as long as their sum is, in whatever order they are added."""
    spent = 3.0 * PENCE * SPENT * MOST_SCALE * worlds.MAX_YEARS  # three times as dear as now
    assert spent < 2**53


def test_counts_of_a_week_are_whole_in_the_floats_that_hold_them():
    small = {name for name, entry in WEEK.items() if entry[0] == "f4"}
    assert small  # else this test has nothing to look at
    assert LARGEST * MOST_SCALE < 2**24  # one more is still one more in a float of 4 bytes
    money = [name for name, entry in WEEK.items() if "GBP" in entry[1] or "pence" in entry[1]]
    assert len(money) > 5
    assert all(WEEK[name][0] == "f8" for name in money)


SHORT = {
    "FAMILY": {"frailty", "resilience", "responsiveness", "network", "first_trust"},
    "CHILD": {"own_need", "physical", "emotional", "physical_start", "emotional_start", "temper", "attends"},
}  # fmt: skip
"""Traits that are drawn once, and the development that tends to them: seven digits of them are plenty."""


def test_what_decisions_read_is_kept_in_eight_bytes():
    """So that compiled and plain Python, and one processor and another, decide alike."""
    for table, columns in TABLES.items():
        short = {name for name, entry in columns.items() if entry[0] in ("f2", "f4", "f")}
        assert short == SHORT.get(table, set()), table


def test_tables_have_no_field_whose_size_depends_on_the_machine():
    for table, columns in (TABLES | {"WEEK": WEEK}).items():
        dtype = dtype_of(columns)
        for name in dtype.names or ():
            kind = dtype[name].base
            assert kind == kind.newbyteorder("<") or kind.itemsize == 1, f"{table}.{name}"
            assert kind.char not in "lLgGpP" or kind.itemsize == 8, f"{table}.{name}"
