"""P15, foster households: who fits which child, the strain of caring, who comes and who gives up; the market."""

import math

import numpy as np

from familyabm.codes import NOBODY, Agency, Carer, Event, Outside, Placement
from familyabm.compiled import rule
from familyabm.journal import announce
from familyabm.luck import Block, bell, four, luck
from familyabm.newcomers import CARER_KEY, MARKET_KEY, key_of
from familyabm.rules.common import YEAR, chance
from familyabm.rules.outside import outside_now
from familyabm.tables import Row
from familyabm.town import Town

GOLDEN = 0.6180339887498949
"""Turns one draw into an order in which vacancies happen to come up, one number for each household."""


@rule
def approved(carer: Row) -> bool:
    """Tell whether the household is an approved foster household."""
    return Carer.VACANT <= carer.state <= Carer.STRAINED


@rule
def foster_capacity(town: Town) -> tuple[float, float]:
    """Return the foster places there are: with the authority's own households, and under contract with agencies."""
    own, left = 0.0, outside_now(town, Outside.FOSTER_PLACES)
    for row in range(len(town.carers)):
        if approved(town.carers[row]):
            own += town.carers[row].places
    return own * left, town.facts[0].agency_places * town.authority[0].agency_supply * left


@rule
def age_band(child: Row, week: int) -> int:
    """Return 0 for a child under five, 1 for five to ten, 2 for eleven and over."""
    years = (week - child.born) // YEAR
    return 0 if years < 5 else (1 if years < 11 else 2)


@rule
def fit(town: Town, family: Row, child: Row, week: int, carer: Row) -> float:
    """Return how well a household fits a child: age, difficulties, brothers and sisters, distance."""
    p = town.p.carers[0]
    apart = abs(family.neighbourhood - carer.neighbourhood) / len(town.neighbourhoods)
    score = 1.0 - p.other_age * abs(carer.band - age_band(child, week)) - p.distant * apart
    score -= p.too_hard * max(0.0, child.behaviour / 40.0 - carer.skill)
    return score + (p.sibling if carer.n_children > 0 and carer.family == family.key else 0.0)


@rule
def has_room(town: Town, carer: Row) -> bool:
    """Tell whether the household could take one more child."""
    able = approved(carer) and carer.strain <= town.p.carers[0].too_strained
    return able and carer.n_children < carer.places


@rule
def find_carer(town: Town, family: Row, child: Row, week: int) -> int:
    """Choose a household for a child; the more needs-led placing is, the more fit outweighs what happens to come up."""
    p, best, found = town.p.carers[0], -1.0, NOBODY
    by_need = min(1.0, p.by_need + town.p.effects[0].pooled_match * town.levers[0].pooled_budget)
    comes_up = luck(town.luck, child.key, week, Block.CARER_MATCH, 0)
    for row in range(len(town.carers)):
        carer = town.carers[row]
        if row == child.carer or not has_room(town, carer):
            continue
        suits = fit(town, family, child, week, carer)
        score = by_need * suits + (1.0 - by_need) * ((comes_up + GOLDEN * row) % 1.0)
        if suits >= p.least_fit and score > best:
            best, found = score, row
    return found


@rule
def take_in(town: Town, family: Row, child: Row, row: int) -> None:
    """A household takes a child in."""
    carer = town.carers[row]
    child.carer = row
    carer.n_children += 1
    carer.family = family.key


@rule
def give_up(town: Town, child: Row) -> None:
    """A child leaves the household that cares for it, if it lives with one of the authority's own."""
    if child.carer == NOBODY:
        return
    carer = town.carers[child.carer]
    carer.n_children -= 1
    if carer.n_children == 0:
        carer.family = np.uint64(0)
    child.carer = NOBODY


@rule
def lost_carer(town: Town, child: Row) -> bool:
    """Tell whether the household that cares for the child has given up fostering."""
    return child.carer != NOBODY and town.carers[child.carer].state == Carer.RESIGNED


@rule
def asks(town: Town, child: Row) -> None:
    """Add what a child asks of its carer this week: its difficulties, the more so the worse the match."""
    if child.carer != NOBODY:
        town.carers[child.carer].burden += town.p.carers[0].burden * child.behaviour / 40.0 * (1.4 - child.match)


@rule
def feel_strain(town: Town, carer: Row, week: int) -> None:
    """Move a household's strain a week's way towards what its children ask, less the support that it has."""
    p = town.p.carers[0]
    supported = p.support / max(1.0, town.authority[0].load)
    carer.strain += p.strain_pace * (min(1.0, carer.burden * (1.0 - supported)) - carer.strain)
    carer.burden = 0.0
    before = carer.state
    carer.state = Carer.MATCHED if carer.n_children > 0 else Carer.VACANT
    if carer.strain > p.too_strained:
        carer.state = Carer.STRAINED
    if carer.state != before:
        carer.since = week


@rule
def resigns(town: Town, carer: Row, week: int) -> bool:
    """Tell whether a household gives up this week: strain makes that likelier, children in place less likely."""
    p = town.p.carers[0]
    rate = p.resigns / YEAR * (1.0 + p.resigns_strain * carer.strain)
    rate *= p.resigns_caring if carer.n_children > 0 else 1.0
    return luck(town.luck, carer.key, week, Block.CARER, 0) < chance(rate)


@rule
def resign(town: Town, carer: Row, week: int) -> None:
    """A household gives up fostering; its children move before the week is out."""
    carer.state = Carer.RESIGNED
    carer.since = week
    announce(town, week, Event.CARER_RESIGNED, Agency.COUNCIL, carer.places)


@rule
def places_for(town: Town, drawn: float) -> int:
    """Return how many children a household is approved for."""
    p = town.p.carers[0]
    if drawn < p.one_place:
        return 1
    return 2 if drawn < p.one_place + p.two_places else 3


@rule
def come_forward(town: Town, row: int, week: int) -> None:
    """Another household enquires about fostering."""
    carer, p = town.carers[row], town.p.carers[0]
    carer.holders += 1
    carer.key = key_of(CARER_KEY, row, carer.holders)
    places, band, skill, where = four(town.births, carer.key, 0, Block.CARER)
    carer.state = Carer.ENQUIRY
    carer.since = week
    carer.places = places_for(town, places)
    carer.band = int(3.0 * band)
    carer.skill = p.skill_least + p.skill_spread * skill
    carer.neighbourhood = int(where * len(town.neighbourhoods))
    carer.family = np.uint64(0)
    carer.strain = 0.0
    carer.burden = 0.0
    carer.n_children = 0


@rule
def approve(town: Town, carer: Row, week: int) -> None:
    """The fostering panel approves a household."""
    carer.state = Carer.VACANT
    carer.since = week
    carer.approved = week
    announce(town, week, Event.CARER_APPROVED, Agency.COUNCIL, carer.places)


@rule
def enquiry_chance(town: Town) -> float:
    """Return the chance that a free row of the table is taken by an enquiry this week.

    While the past is lived, those who give up are replaced, so that it ends with the households there really are.
    """
    standing, open_rows = 0, 0
    for row in range(len(town.carers)):
        state = town.carers[row].state
        if state == Carer.NONE or state == Carer.RESIGNED:
            open_rows += 1
        else:
            standing += 1
    if open_rows == 0:
        return 0.0
    if town.authority[0].raids == 0:
        return min(1.0, max(0.0, town.facts[0].carers - standing) / open_rows)
    return min(1.0, town.p.carers[0].approved / YEAR * standing / open_rows)


@rule
def change(town: Town, week: int) -> None:
    """A week of foster households: enquiries, approvals, strain and resignations."""
    enquires = enquiry_chance(town)
    for row in range(len(town.carers)):
        carer = town.carers[row]
        if approved(carer):
            feel_strain(town, carer, week)
            if resigns(town, carer, week):
                resign(town, carer, week)
        elif carer.state == Carer.ENQUIRY:
            if week - carer.since >= town.p.carers[0].assessment_weeks:
                approve(town, carer, week)
        elif luck(town.luck, carer.key, week, Block.CARER, 1) < enquires:
            come_forward(town, row, week)


@rule
def homes_there(town: Town) -> float:
    """Return the places in children's homes that the authority can buy at the ordinary price."""
    authority = town.authority[0]
    return town.facts[0].homes_places * authority.homes_supply * authority.homes_opened


@rule
def open_homes(town: Town) -> None:
    """Providers open homes, slowly, while more places are sought than there are; none did while the past was lived."""
    authority = town.authority[0]
    scarce = authority.homes_used / homes_there(town) - 1.0
    if authority.raids == 1 and scarce > 0.0:
        authority.homes_opened *= 1.0 + town.p.market[0].opens * scarce / YEAR


@rule
def let_contracts(town: Town, week: int) -> None:
    """When contracts end they are let anew: places and prices come out a little different, and nobody chooses how."""
    p, authority = town.p.market[0], town.authority[0]
    if week % int(p.contract_weeks) != 0:
        return
    key = key_of(MARKET_KEY, 0, 0)
    a, b, c, d = four(town.luck, key, week, Block.CARER)
    authority.agency_supply = math.exp(p.supply_spread * bell(a, b))
    authority.agency_price = math.exp(p.price_spread * bell(c, d))
    a, b, c, d = four(town.luck, key, week, Block.CARER_MATCH)
    authority.homes_supply = math.exp(p.supply_spread * bell(a, b))
    authority.homes_price = math.exp(p.price_spread * bell(c, d))


@rule
def far_chance(town: Town, placement: int) -> float:
    """Return the chance that a placement of this kind is more than 20 miles from home."""
    p = town.p.carers[0]
    if placement == Placement.IN_HOUSE_FOSTER:
        return p.far_in_house
    if placement == Placement.AGENCY_FOSTER:
        return p.far_agency
    if placement == Placement.CHILDRENS_HOME or placement == Placement.SECURE:
        return p.far_homes
    return 0.0 if placement == Placement.WITH_PARENTS else p.far_other


@rule
def sibling_there(town: Town, family: Row, child: Row, week: int, kept: float) -> bool:
    """Tell whether a brother or sister lives in the same placement: the same carer, or one of the same kind."""
    for row in range(family.first_child, family.first_child + family.n_children):
        other = town.children[row]
        if other.key == child.key or other.placement != child.placement:
            continue
        if child.placement == Placement.IN_HOUSE_FOSTER:
            if other.carer == child.carer and child.carer != NOBODY:
                return True
        elif kept < town.p.carers[0].together or child.placement == Placement.WITH_PARENTS:
            return True
    return False


@rule
def describe(town: Town, family: Row, child: Row, week: int) -> None:
    """Note how far from home a new placement is, and whether brothers or sisters are there."""
    _, far, kept, _ = four(town.luck, child.key, week, Block.CARER_MATCH)
    child.far = 1 if far < far_chance(town, child.placement) else 0
    child.with_sibling = 1 if sibling_there(town, family, child, week, kept) else 0
    if child.with_sibling == 1:
        for row in range(family.first_child, family.first_child + family.n_children):
            if town.children[row].placement == child.placement and town.children[row].carer == child.carer:
                town.children[row].with_sibling = 1
