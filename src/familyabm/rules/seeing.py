"""The jigsaw: who knows what about a family, how old that is, and what a worker makes of the pieces on the table.

Families' true troubles are out of reach of every rule that decides. Agencies see a part of them in their own work and
keep it on file; social care sees what it is told, what is shared and what its own visits find, and judges from that.
"""

import numpy as np

from familyabm.codes import IN_VIEW, N_KNOWERS, NEVER, Agency, Event, Factor, Knower
from familyabm.compiled import rule, rule_within
from familyabm.journal import note
from familyabm.luck import Block, bell, four, luck
from familyabm.rules.common import harm_from, lives_at_home, strain_of
from familyabm.rules.partners import shares
from familyabm.tables import Row
from familyabm.town import Town

ENTRY = np.array([[IN_VIEW.index((of, what)) if (of, what) in IN_VIEW else -1 for what in Factor] for of in Knower])
"""Where in a family's file an agency's entry about a factor stands, -1 where it has none."""
PARTNERS = 4
"""Agencies that meet families without being asked for help: police, school, health, housing."""


@rule
def in_view(knower: int, factor: int) -> bool:
    """Tell whether an agency's own work brings a factor into its view."""
    return knower >= 0 and ENTRY[knower, factor] >= 0


@rule
def file_of(town: Town, family: Row) -> Row:
    """Return what agencies have on file about the family."""
    return town.records[town.children[family.first_child].family]


@rule
def put_on_file(town: Town, family: Row, knower: int, factor: int, level: int, week: int) -> None:
    """An agency notes what it saw of one factor."""
    record, entry = file_of(town, family), ENTRY[knower, factor]
    record.level[entry] = level
    record.week[entry] = week


@rule
def meet_family(town: Town, family: Row, knower: int, week: int) -> None:
    """An agency meets the family in its own work and notes what is in its view."""
    for factor in range(4):
        if in_view(knower, factor):
            put_on_file(town, family, knower, factor, family.level[factor], week)


@rule_within
def agencies_meet(town: Town, family: Row, week: int, draws: tuple[float, float, float, float]) -> None:
    """School, health and housing may meet a troubled family this week, whether or not they tell anybody.

    draws: the family's luck of `Block.ENCOUNTER`.
    """
    p = town.p.records[0]
    taught, treated, housed, _ = draws
    if taught < p.school:
        meet_family(town, family, Knower.SCHOOL, week)
    if treated < p.health:
        meet_family(town, family, Knower.HEALTH, week)
    if housed < p.housing:
        meet_family(town, family, Knower.HOUSING, week)


@rule
def knower_of(source: int) -> int:
    """Return which agency's files belong to a source of contacts, or -1 for sources that keep none."""
    return source if source <= Agency.HOUSING else -1


@rule
def service_of(family: Row, knower: int) -> int:
    """Return the row of the service in the network that keeps this agency's files on the family."""
    if knower == Knower.SCHOOL:
        return family.school
    if knower == Knower.HEALTH:
        return family.gp_practice
    if knower == Knower.HOUSING:
        return family.housing_office
    if knower == Knower.ADULT_MENTAL_HEALTH:
        return family.mental_health_service
    if knower == Knower.SUBSTANCE_MISUSE:
        return family.substance_service
    return family.abuse_service if knower == Knower.DOMESTIC_ABUSE_SERVICE else family.police_team


@rule
def still_holds(town: Town, level: int, since: int, week: int) -> int:
    """Return what an entry on file says today: an old one counts a level less, a very old one not at all."""
    if since == NEVER:
        return 0
    years = (week - since) / town.p.records[0].stale_weeks
    return max(0, level - int(years))


@rule
def ask_agency(town: Town, family: Row, week: int, knower: int) -> bool:
    """Put one agency's file beside one's own; tell whether it added anything."""
    record, added = file_of(town, family), False
    for factor in range(4):
        if not in_view(knower, factor):
            continue
        entry = ENTRY[knower, factor]
        level = still_holds(town, record.level[entry], record.week[entry], week)
        if level > family.seen[factor]:
            family.seen[factor] = level
            added = True
    return added


@rule
def lay_to_rest(town: Town, family: Row, week: int, knower: int) -> None:
    """A file that is newer than what social care last heard of the family may tell that an old worry is over."""
    record, heard = file_of(town, family), max(family.answered, family.referred)
    for factor in range(4):
        if not in_view(knower, factor):
            continue
        entry = ENTRY[knower, factor]
        if record.week[entry] > heard:
            level = still_holds(town, record.level[entry], record.week[entry], week)
            family.seen[factor] = min(family.seen[factor], level)


@rule
def as_told(town: Town, family: Row, week: int, source: int) -> None:
    """The one who gets in touch tells what it sees: an agency what its own work shows, a family what it dares say."""
    if source == Agency.SCHOOL:
        ask_agency(town, family, week, Knower.SCHOOL)
        return
    knower = knower_of(source)
    if knower >= 0:
        meet_family(town, family, knower, week)
    for factor in range(4):
        if (knower >= 0 and in_view(knower, factor)) or (source == Agency.FAMILY and factor != Factor.SUBSTANCE_MISUSE):
            family.seen[factor] = family.level[factor]


@rule
def comes(town: Town, family: Row, week: int, knower: int, block: int) -> bool:
    """Tell whether an agency's file is on the table: as far as sharing and relationships carry it."""
    draws = four(town.luck, family.key, week, block + knower // PARTNERS)
    shared = town.p.effects[0].sharing_seen * town.levers[0].information_sharing
    return draws[knower % PARTNERS] < shared * shares(town, service_of(family, knower))


@rule
def pool_files(town: Town, family: Row, week: int, source: int, block: int) -> None:
    """Ask every other agency for its file: old worries are laid to rest first, then whatever any file tells counts."""
    added = False
    for knower in range(N_KNOWERS):
        if knower != source and comes(town, family, week, knower, block):
            lay_to_rest(town, family, week, knower)
    for knower in range(N_KNOWERS):
        if knower != source and comes(town, family, week, knower, block):
            added = ask_agency(town, family, week, knower) or added
    if added:
        note(town, week, family, Event.INFORMATION_SHARED, Agency.SOCIAL_CARE, 0)


@rule
def find_out(town: Town, family: Row, week: int) -> None:
    """Partners' files tell an assessment some of the adults' troubles; its visits reveal others, or do not."""
    pool_files(town, family, week, -1, Block.SHARED_AT_ASSESSMENT)
    finds = town.p.assessment[0].finds_factor
    draws = four(town.luck, family.key, week, Block.SEEN_AT_ASSESSMENT)
    for factor in range(4):
        if draws[factor] < finds:
            family.seen[factor] = family.level[factor]


@rule
def know_well(family: Row) -> None:
    """A worker who visits week by week knows the adults' troubles as they are."""
    for factor in range(4):
        family.seen[factor] = family.level[factor]


@rule
def seen_strain(town: Town, family: Row) -> float:
    """Return the strain that social care would reckon from what it has seen."""
    seen = family.seen
    return strain_of(
        town, seen[Factor.HOUSING], seen[Factor.MENTAL_HEALTH], seen[Factor.SUBSTANCE_MISUSE],
        seen[Factor.DOMESTIC_ABUSE],
    )  # fmt: skip


@rule
def as_reckoned(town: Town, family: Row, child: Row, sees_child: float) -> float:
    """Return a child's need as reckoned from what is seen of it and what is known of the adults."""
    outside = town.p.extra_familial[0].strain * child.risk_seen
    told = harm_from(town, seen_strain(town, family) + child.own_need + outside)
    return sees_child * child.harm + (1.0 - sees_child) * told


@rule
def as_judged(town: Town, family: Row, week: int, sees_child: float) -> float:
    """Return the family's need as reckoned for its worst-placed child at home, before error."""
    worst = 0.0
    for row in range(family.first_child, family.first_child + family.n_children):
        child = town.children[row]
        if lives_at_home(child, week):
            worst = max(worst, as_reckoned(town, family, child, sees_child))
    return worst


@rule
def home_as_seen(town: Town, family: Row, child: Row) -> float:
    """Return the harm that a child in care would meet at home, as far as workers know parents and kin."""
    kin = 1.0 - town.p.harm[0].network_shelter * family.network
    return kin * harm_from(town, seen_strain(town, family) + child.own_need)


@rule
def need_in_care(child: Row, error: float) -> float:
    """Return the need of a child in care as those who look after it judge it, with their error."""
    return child.harm + error


@rule
def noise(town: Town, family: Row, week: int, block: int, spread: float) -> float:
    """Draw the error of one judgement about a family."""
    first = luck(town.luck, family.key, week, block, 0)
    second = luck(town.luck, family.key, week, block, 1)
    return spread * bell(first, second)
