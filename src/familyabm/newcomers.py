"""Who lives in a home: the family, adults and children that come with a key, drawn once and the same in every world."""

import math

import numpy as np

from familyabm.codes import NEVER, NOBODY, Legal, Skill
from familyabm.compiled import rule
from familyabm.luck import TWO_PI, Block, bell, four
from familyabm.tables import ADULTHOOD, WEEKS_A_YEAR, Row
from familyabm.town import Town

_KIND, _HOME = np.uint64(60), np.uint64(20)
_GENERATION = 256
FAMILY_KEY, CHILD_KEY, ADULT_KEY = 1, 2, 3
WORKER_KEY, SERVICE_KEY, NEIGHBOURHOOD_KEY, POST_KEY = 4, 5, 6, 7
MANAGER_KEY, SUPPORT_KEY = 13, 14
_CHILD_PART, _ADULT_PART, _ADULT_STEP = 16, 128, 32


@rule
def key_of(kind: int, number: int, part: int) -> np.uint64:
    """Return the key of an agent: its kind, the number of its home, post or place, and which holder it is."""
    return (np.uint64(kind) << _KIND) | (np.uint64(number) << _HOME) | np.uint64(part)


@rule
def draw_family(town: Town, family: Row) -> None:
    """Draw a family's lasting traits."""
    p = town.p.population[0]
    a, b, c, d = four(town.births, family.key, 0, Block.FAMILY_TRAITS)
    family.frailty = math.exp(p.frailty_spread * bell(a, b))
    family.resilience = family.frailty ** -town.p.circumstances[0].recovery_by_frailty
    family.network = min(0.98, max(0.02, 0.577 + 0.198 * bell(c, d)))
    a, b, c, d = four(town.births, family.key, 0, Block.FAMILY_TRAITS_2)
    family.responsiveness = 1.0 + math.sqrt(a) * math.cos(TWO_PI * b)
    family.trust = min(0.95, max(0.05, 0.55 + 0.12 * bell(c, d)))


@rule
def forget(family: Row) -> None:
    """Clear everything that services and families have been through."""
    for factor in range(4):
        family.level[factor] = 0
        family.seen[factor] = 0
    family.high_weeks[0] = 0
    family.high_weeks[1] = 0
    family.worker = NOBODY
    family.status = 0
    family.answer = 0
    family.lead = 0
    family.informed = 0
    family.severe = 0
    family.held_back = 0
    family.working_relationship = 0.0
    family.help = 0.0
    family.strain = 0.0
    family.harm = 0.0
    family.judged = 0.0
    family.answer_need = 0.0
    family.missed_need = np.float32(0.0)
    family.n_contacts = 0
    family.n_reviews = 0
    family.n_workers = 0
    family.n_assessments = 0
    family.n_away = 0
    family.n_settled = 0
    family.tender = 0
    family.low_weeks = 0
    family.drift_weeks = 0
    family.last_event = -1


@rule
def no_dates(family: Row, week: int) -> None:
    """Set every date of a family's past to never."""
    family.since = week
    family.due = NEVER
    family.assessed = NEVER
    family.contacted = NEVER
    family.referred = NEVER
    family.answered = NEVER
    family.first_sign = NEVER
    family.first_help = NEVER
    family.missed = NEVER
    family.supervised = NEVER
    family.begun = NEVER
    family.fated = NEVER


@rule
def draw_child(town: Town, child: Row, born: int) -> None:
    """Draw a child: own need, and whether and when care would come that nobody could prevent."""
    p = town.p.population[0]
    child.born = born
    child.harm = 0.0
    child.legal_status = Legal.NONE
    child.placement = 0
    child.n_plans = 0
    child.moves = 0
    child.changes = 0
    child.high_weeks = 0
    child.match = np.float32(0.0)
    child.since = born
    child.placed = NEVER
    child.care_began = NEVER
    child.came_home = NEVER
    child.plan_ended = NEVER
    child.referred = NEVER
    child.broke_down = NEVER
    a, b, c, _ = four(town.births, child.key, 0, Block.CHILD_TRAITS)
    child.own_need = 0.0
    if a < p.own_need_share:
        cube = 1.0 - 1.0 / (9.0 * 2.2) + bell(b, c) / math.sqrt(9.0 * 2.2)
        child.own_need = min(3.0, max(0.05, 2.2 * p.own_need_scale * cube * cube * cube))
    draw_fate(town, child)


@rule
def draw_fate(town: Town, child: Row) -> None:
    """Draw the week, if any, of an entry to care that no service could prevent; half come at 15 to 17."""
    a, b, c, _ = four(town.births, child.key, 0, Block.CHILD_TRAITS_2)
    child.fated = NEVER
    if a < town.p.edge_of_care[0].unpreventable / 10_000.0 * 18.0:
        late = b < 0.5
        age = 15 * WEEKS_A_YEAR + c * 2.7 * WEEKS_A_YEAR if late else c * (ADULTHOOD - 1)
        child.fated = child.born + int(age)


@rule
def draw_adults(town: Town, family: Row, number: int) -> None:
    """Draw the adults of a family: a first parent, a partner who may live elsewhere, perhaps a third."""
    lone = four(town.births, family.key, 0, Block.FAMILY_TRAITS_3)[0] < town.p.population[0].lone_parent
    for place in range(family.n_adults):
        adult = town.adults[family.first_adult + place]
        adult.key = key_of(ADULT_KEY, number, family.generation * _GENERATION + _ADULT_PART + place * _ADULT_STEP)
        a, b, _, _ = four(town.births, adult.key, 0, Block.ADULT_TRAITS)
        town.adult_keys[family.first_adult + place] = adult.key
        adult.age = int(max(17.0, 29.0 + 5.8 * bell(a, b))) + (24 if place == 2 else 0)
        adult.role = place
        adult.resident = 0 if place == 1 and lone else 1
        adult.mental_health = 0
        adult.substance_misuse = 0
        adult.mental_high = 0
        adult.substance_high = 0
        adult.partners = 0


@rule
def gap_between(town: Town, child: Row) -> int:
    """Draw the weeks between a child and the next older one."""
    spread = 3.0 * (four(town.births, child.key, 1, Block.CHILD_TRAITS)[0] - 0.5)
    return int(WEEKS_A_YEAR * (town.p.population[0].years_between_births + spread))


@rule
def begin(town: Town, row: int, week: int, generation: int) -> int:
    """Put a new family into a home with a first child born this week; return the week it will leave."""
    family = town.families[row]
    number = row if family.key == 0 else int((family.key >> _HOME) & np.uint64(0xFFFFFFFF))
    family.generation = generation
    family.key = key_of(FAMILY_KEY, number, generation * _GENERATION)
    forget(family)
    no_dates(family, week)
    draw_family(town, family)
    draw_adults(town, family, number)
    born = week
    for place in range(family.n_children):
        child = town.children[family.first_child + place]
        child.key = key_of(CHILD_KEY, number, generation * _GENERATION + _CHILD_PART + place)
        child.family = row
        if place > 0:
            born += max(45, gap_between(town, child))
        draw_child(town, child, born)
        if child.own_need > 0.0:
            family.tender = 1
    family.arrived = week
    family.stirs = week
    town.family_keys[row] = family.key
    family.leaves = born + ADULTHOOD
    return family.leaves


@rule
def arrive(town: Town, row: int, week: int) -> None:
    """Let a new family move into a home that has fallen empty."""
    begin(town, row, week, town.families[row].generation + 1)


@rule
def settle(town: Town, row: int) -> None:
    """Put a first family into a home, somewhere along its life with children."""
    stay = begin(town, row, 0, 0)
    family = town.families[row]
    past = int(four(town.births, family.key, 0, Block.HOME_TRAITS)[1] * stay)
    for place in range(family.n_children):
        child = town.children[family.first_child + place]
        child.born -= past
        child.since -= past
        if child.fated != NEVER:
            child.fated -= past
    family.arrived -= past
    family.leaves -= past
    family.stirs = 0


@rule
def settle_all(town: Town) -> None:
    """Settle a family in every home."""
    for row in range(len(town.families)):
        settle(town, row)


@rule
def draw_traits(town: Town, worker: Row) -> None:
    """Draw what a holder brings and keeps: pace, skills and caution."""
    p = town.p.team[0]
    a, b, c, d = four(town.luck, worker.key, 0, Block.UNIT)
    e, f, g, h = four(town.luck, worker.key, 1, Block.UNIT)
    i, j, _, _ = four(town.luck, worker.key, 2, Block.UNIT)
    worker.pace = max(0.4, min(1.6, 1.0 + p.pace_spread * bell(a, b)))
    worker.skill[Skill.ASSESS] = max(0.5, min(1.5, 1.0 + p.skill_spread * bell(c, d)))
    worker.skill[Skill.ENGAGE] = max(0.5, min(1.5, 1.0 + p.skill_spread * bell(e, f)))
    worker.skill[Skill.SPECIALIST] = max(0.5, min(1.5, 1.0 + p.skill_spread * bell(g, h)))
    worker.caution = p.caution_spread * bell(i, j)
