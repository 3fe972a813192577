"""Who lives in a home: the family, adults and children that come with a key, drawn once and the same in every world."""

import math

import numpy as np

from familyabm.codes import N_IN_VIEW, NEVER, NOBODY, Agency, Fate, Legal, Skill
from familyabm.compiled import rule
from familyabm.luck import TWO_PI, Block, bell, four
from familyabm.tables import ADULTHOOD, WEEKS_A_YEAR, Row
from familyabm.town import Town

_KIND, _HOME = np.uint64(60), np.uint64(20)
_GENERATION = 256
ELEVEN, TWELVE = 11 * WEEKS_A_YEAR, 12 * WEEKS_A_YEAR
FAMILY_KEY, CHILD_KEY, ADULT_KEY = 1, 2, 3
WORKER_KEY, SERVICE_KEY, NEIGHBOURHOOD_KEY, POST_KEY = 4, 5, 6, 7
AUTHORITY_KEY, RECOMMENDATION_KEY = 12, 13
CARER_KEY, MARKET_KEY = 14, 15
MANAGER_KEY, SUPPORT_KEY = 9, 10
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
    if four(town.births, family.key, 0, Block.FAMILY_TRAITS_3)[1] < p.entrenched_share:
        family.frailty *= p.entrenched_times
    family.resilience = family.frailty ** -town.p.circumstances[0].recovery_by_frailty
    family.network = min(0.98, max(0.02, 0.577 + 0.198 * bell(c, d)))
    a, b, c, d = four(town.births, family.key, 0, Block.FAMILY_TRAITS_2)
    family.responsiveness = 1.0 + math.sqrt(a) * math.cos(TWO_PI * b)
    family.trust = min(0.95, max(0.05, 0.55 + 0.12 * bell(c, d)))
    family.first_trust = family.trust


@rule
def ask_nothing(family: Row) -> None:
    """Clear what has been asked of panels for the family, permitted to it and complained of by it."""
    family.panel = 0
    family.panel_stage = 0
    family.panel_about = 0
    family.panel_child = NOBODY
    family.deferrals = 0
    family.appealed = 0
    family.permission = 0
    family.flexible = 0
    family.package = 0
    family.complaint = 0
    family.failing = 0
    family.overdue = 0


@rule
def forget(family: Row) -> None:
    """Clear everything that services and families have been through."""
    for factor in range(4):
        family.level[factor] = 0
        family.seen[factor] = 0
        family.treatment[factor] = 0
    family.in_treatment = 0
    family.high_weeks[0] = 0
    family.high_weeks[1] = 0
    family.worker = NOBODY
    family.status = 0
    family.answer = 0
    family.passed_by = Agency.SOCIAL_CARE
    family.lead = 0
    family.plan_fits = 0
    family.informed = 0
    ask_nothing(family)
    family.severe = 0
    family.held_back = 0
    family.working_relationship = 0.0
    family.help = 0.0
    family.strain = 0.0
    family.harm = 0.0
    family.judged = 0.0
    family.answer_need = 0.0
    family.missed_need = 0.0
    family.n_contacts = 0
    family.n_reviews = 0
    family.n_workers = 0
    family.n_assessments = 0
    family.n_away = 0
    family.n_settled = 0
    family.tender = 0
    family.outside = 0
    family.missing = 0
    family.low_weeks = 0
    family.drift_weeks = 0
    family.last_event = -1


@rule
def forget_files(town: Town, row: int) -> None:
    """A family that is new to the area is on nobody's file."""
    record = town.records[row]
    for entry in range(N_IN_VIEW):
        record.level[entry] = 0
        record.week[entry] = NEVER


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
    for factor in range(4):
        family.treatment_since[factor] = NEVER
        family.bounced[factor] = NEVER
    family.panel_since = NEVER
    family.panel_due = NEVER
    family.complaint_since = NEVER
    family.complaint_due = NEVER
    family.handed_over = NEVER
    family.intruded = NEVER


@rule
def draw_child(town: Town, child: Row, born: int) -> None:
    """Draw a child: own need, and whether and when care would come that nobody could prevent."""
    p = town.p.population[0]
    child.born = born
    child.harm = 0.0
    child.legal_status = Legal.NONE
    child.placement = 0
    child.joint_funded = 0
    child.n_plans = 0
    child.moves = 0
    child.changes = 0
    child.high_weeks = 0
    child.match = 0.0
    child.carer = NOBODY
    child.far = 0
    child.with_sibling = 0
    child.category = 0
    child.risk_outside = 0
    child.risk_seen = 0
    child.drinking = 0
    child.since = born
    child.placed = NEVER
    child.care_began = NEVER
    child.came_home = NEVER
    child.plan_ended = NEVER
    child.referred = NEVER
    child.broke_down = NEVER
    child.adopting = NEVER
    a, b, c, _ = four(town.births, child.key, 0, Block.CHILD_TRAITS)
    child.own_need = 0.0
    if a < p.own_need_share:
        cube = 1.0 - 1.0 / (9.0 * 2.2) + bell(b, c) / math.sqrt(9.0 * 2.2)
        child.own_need = min(3.0, max(0.05, 2.2 * p.own_need_scale * cube * cube * cube))
    draw_fate(town, child)
    draw_nature(town, child)
    draw_risks(town, child)


@rule
def draw_fate(town: Town, child: Row) -> None:
    """Draw the week, if any, of an entry to care that no service could prevent; half come at 15 to 17."""
    p = town.p.edge_of_care[0]
    a, b, c, _ = four(town.births, child.key, 0, Block.CHILD_TRAITS_2)
    alone = town.facts[0].arriving_alone / 10_000.0 * 18.0
    child.fated = NEVER
    child.fate = Fate.NONE
    if a < alone:
        child.fated = child.born + 15 * WEEKS_A_YEAR + int(c * 2.7 * WEEKS_A_YEAR)
        child.fate = Fate.ALONE
    elif a < alone + p.unpreventable / 10_000.0 * 18.0:
        child.fated = child.born + int(c * (ADULTHOOD - 1))
        child.fate = Fate.DISABILITY if b < p.disability else Fate.OTHER


@rule
def draw_nature(town: Town, child: Row) -> None:
    """Draw what the child tends to where nothing harms it: development, difficulties and attendance."""
    p = town.p.development[0]
    a, b, c, d = four(town.births, child.key, 0, Block.OUTCOMES)
    shared, own = bell(a, b), bell(c, d)
    child.physical_start = max(p.lowest, min(p.highest, shared))
    emotional = p.together * shared + math.sqrt(1.0 - p.together * p.together) * own
    child.emotional_start = max(p.lowest, min(p.highest, emotional))
    a, b, c, _ = four(town.births, child.key, 1, Block.OUTCOMES)
    temper = p.behaviour_middle * math.exp(p.behaviour_spread * bell(a, b)) + p.behaviour_own * child.own_need
    child.temper = min(40.0, temper)
    child.attends = town.p.schooling[0].intercept - town.p.schooling[0].spread * math.log(c)
    child.physical = child.physical_start
    child.emotional = child.emotional_start
    child.behaviour = child.temper
    child.missed = 0.0
    child.absence = 0.0
    child.grown = child.born


@rule
def week_of_onset(born: int, earliest: int, rate: float, drawn: float) -> int:
    """Return the week at which a steady weekly rate brings something on, or never if that is past childhood.

    born, earliest: week of birth, and the first week in which it can come.
    """
    after = -math.log(drawn) / rate if rate > 0.0 else float(ADULTHOOD)
    return NEVER if after >= born + ADULTHOOD - earliest else earliest + int(after)


@rule
def draw_risks(town: Town, child: Row) -> None:
    """Draw when risk outside the home and drinking would begin if there were no trouble at home."""
    _, _, outside, drinks = four(town.births, child.key, 2, Block.OUTCOMES)
    born = child.born
    child.at_risk = week_of_onset(born, born + ELEVEN, town.p.extra_familial[0].onset, outside)
    child.drinks = week_of_onset(born, born + TWELVE, town.p.young_drinking[0].onset, drinks)


@rule
def draw_adults(town: Town, family: Row, number: int) -> None:
    """Draw the adults of a family: a first parent, a partner who may live elsewhere, perhaps a third."""
    lone = four(town.births, family.key, 0, Block.FAMILY_TRAITS_3)[0] < town.p.population[0].lone_parent
    for place in range(family.n_adults):
        adult = town.adults[family.first_adult + place]
        adult.key = key_of(ADULT_KEY, number, family.generation * _GENERATION + _ADULT_PART + place * _ADULT_STEP)
        a, b, _, _ = four(town.births, adult.key, 0, Block.ADULT_TRAITS)
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
    forget_files(town, row)
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
        child.grown = max(-1, child.born)
        if child.fated != NEVER:
            child.fated -= past
        if child.at_risk != NEVER:
            child.at_risk -= past
        if child.drinks != NEVER:
            child.drinks -= past
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
