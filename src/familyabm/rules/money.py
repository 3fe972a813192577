"""P19: what the week cost, who paid, and how a council that overspends takes from early help unless it is fenced.

All amounts are whole pence held in 8-byte floats, which add up exactly.
"""

import math

from familyabm.codes import Event, Outside, Phase, Placement, Worker
from familyabm.compiled import rule
from familyabm.journal import events_of, totals
from familyabm.rules.bail_outs import give_back, settle_between
from familyabm.rules.carers import homes_there
from familyabm.rules.common import looked_after
from familyabm.rules.each_lever import N_LEVERS, value_of
from familyabm.rules.family_help import places_taken
from familyabm.rules.needs_led import yearly_cost
from familyabm.rules.outside import outside_now
from familyabm.rules.units import holds_cases, pay_of
from familyabm.tables import Row
from familyabm.town import Town

PENCE = 100.0
WEEKS_A_YEAR = 52.0
MONTHLY = 13
"""A settlement every 13th of a quarter: weeks 4, 8 and 13, twelve a year."""


@rule
def pence(pounds: float) -> float:
    """Round pounds to whole pence."""
    return float(round(pounds * PENCE))


@rule
def month_ends(week: int) -> bool:
    """Tell whether this week ends a month of the financial year."""
    now = week % MONTHLY
    return now == 3 or now == 7 or now == 12


@rule
def weekly_price(town: Town, placement: int) -> float:
    """Return the weekly cost of a placement in pounds."""
    facts, p = town.facts[0], town.p.prices[0]
    if placement == Placement.KINSHIP_FOSTER:
        return p.kinship
    if placement == Placement.IN_HOUSE_FOSTER:
        return facts.foster_cost
    if placement == Placement.AGENCY_FOSTER:
        return facts.foster_cost * p.agency_foster * town.authority[0].agency_price
    if placement == Placement.CHILDRENS_HOME:
        return facts.homes_cost * town.money[0].scarcity * town.authority[0].homes_price
    if placement == Placement.SUPPORTED:
        return p.supported
    if placement == Placement.SECURE:
        return p.secure
    return p.crisis if placement == Placement.CRISIS else p.at_home


@rule
def placements_cost(town: Town) -> float:
    """Add up the week's placements in pence; homes cost more when the market is overfull."""
    crowded = max(0.0, town.authority[0].homes_used / homes_there(town) - 1.0)
    town.money[0].scarcity = 1.0 + town.p.prices[0].scarcity * crowded
    total = 0.0
    for place in range(town.authority[0].n_known):
        family = town.families[town.known[place]]
        if family.n_away == 0:
            continue
        for row in range(family.first_child, family.first_child + family.n_children):
            child = town.children[row]
            if looked_after(child):
                total += pence(weekly_price(town, child.placement))
    return total


@rule
def staff_cost(town: Town) -> float:
    """Add up the week's staff in pence: case holders, those beside them in units, and those who support and manage."""
    p, posts, total = town.p.money[0], 0.0, 0.0
    for row in range(len(town.workers)):
        worker = town.workers[row]
        if not holds_cases(worker):
            total += pence(p.worker * pay_of(town, worker.role) * worker.fte)
            continue
        posts += worker.fte
        if worker.kind != Worker.VACANT:
            premium = 1.0 + (p.agency_premium if worker.kind == Worker.AGENCY else 0.0)
            total += pence(p.worker * premium * worker.fte)
    return total + pence(p.worker * p.overhead * posts)


@rule
def legal_cost(town: Town, row: Row) -> float:
    """Add up the week's court and conference costs in pence."""
    p = town.p.money[0]
    return pence(p.proceedings * town.authority[0].in_court) + pence(p.conference * events_of(row, Event.CONFERENCE))


@rule
def lever_cost(town: Town, week: int) -> float:
    """Return what the programme of change costs this week in pence: its design, then its levers as far as they act."""
    p, now, base, programme = town.p.lever_costs[0], town.levers[0], town.p.base[0], town.p.programme[0]
    yearly = 0.0
    for lever in range(N_LEVERS):
        yearly += value_of(p, lever) * max(0.0, value_of(now, lever) - value_of(base, lever))
    weekly = (yearly + yearly_cost(town)) / WEEKS_A_YEAR
    if raises_a_lever(town) and town.authority[0].phase == Phase.DESIGN:
        weekly += programme.set_up / max(1.0, programme.design_weeks)
    return pence(weekly * town.facts[0].ten_thousands)


@rule
def raises_a_lever(town: Town) -> bool:
    """Tell whether policy intends more of any lever than there was at the start."""
    raised = 0
    for lever in range(N_LEVERS):
        raised += 1 if value_of(town.policy[0], lever) > value_of(town.p.base[0], lever) else 0
    return raised > 0


@rule
def spend(town: Town, week: int) -> None:
    """Book the week's spending against its budgets; the difference goes to or comes from reserves."""
    row, money = totals(town, week), town.money[0]
    row.spend_placements = placements_cost(town) - row.spend_joint
    row.spend_staff = staff_cost(town)
    row.spend_legal = legal_cost(town, row)
    row.spend_levers = lever_cost(town, week)
    row.spend_early_help = money.early_help_budget
    row.spend_partners = partners_cost(town, row) + row.spend_joint
    row.budget_acute = money.acute_budget
    row.budget_early_help = money.early_help_budget
    acute = row.spend_placements + row.spend_staff + row.spend_legal + row.spend_levers + row.spend_support
    row.grants = town.authority[0].grant
    money.reserves += money.acute_budget - acute + row.grants
    money.year_spent += acute
    money.year_budget += money.acute_budget
    row.reserves = money.reserves


@rule
def partners_cost(town: Town, row: Row) -> float:
    """Return partners' time on the week's contacts in pence; it falls on their budgets, not the council's."""
    contacts = 0.0
    for agency in range(6):
        contacts += float(row.events[Event.CONTACT, agency])
    return pence(contacts * town.p.front_door[0].partner_hours * town.p.money[0].partner_hour)


@rule
def horizon(town: Town, pooled: float, fenced: float) -> float:
    """Return how many weeks ahead money is planned: further with a pooled budget and with nerve."""
    effects = town.p.effects[0]
    return town.p.money[0].horizon + effects.pooled_horizon * pooled + effects.fence_horizon * fenced


@rule
def within(town: Town, weeks: float) -> float:
    """Return the share of early help's benefit that comes within so many weeks, and so counts when money moves."""
    return 1.0 - math.exp(-weeks / town.p.money[0].benefit_lag)


@rule
def far_sight(town: Town) -> float:
    """Return the share of early help's benefit that the council sees now."""
    return within(town, horizon(town, town.levers[0].pooled_budget, town.levers[0].ring_fence))


@rule
def usual_sight(town: Town) -> float:
    """Return the share that a typical authority sees."""
    return within(town, horizon(town, town.p.base[0].pooled_budget, town.p.base[0].ring_fence))


@rule
def take_from_early_help(town: Town, over: float, week: int) -> None:
    """Overspent: move money from early help to acute services, as far as the ring-fence lets it."""
    p, money = town.p.money[0], town.money[0]
    unfenced = 1.0 - town.p.effects[0].fence_protects * town.levers[0].ring_fence
    share = min(p.raid_ceiling, p.raid_rate * (over - p.overspend_notice)) * unfenced
    share *= (1.0 - far_sight(town)) / (1.0 - usual_sight(town))
    above_floor = max(0.0, money.early_help_budget - p.early_help_floor * money.early_help_base)
    taken = float(math.floor(min(above_floor, share * money.early_help_budget)))
    money.early_help_budget -= taken
    money.acute_budget += taken
    totals(town, week).raided = taken


@rule
def invest_in_early_help(town: Town, over: float, week: int) -> None:
    """Underspent: move part of the saving to early help, as far as the ring-fence holds it for that."""
    p, money = town.p.money[0], town.money[0]
    fenced = town.p.effects[0].fence_reinvests * town.levers[0].ring_fence
    share = min(p.reinvest_ceiling, -p.reinvest_rate * over) * fenced * far_sight(town) / usual_sight(town)
    room = max(0.0, p.growth_ceiling * money.early_help_base - money.early_help_budget)
    moved = float(math.floor(min(room, share * money.early_help_budget)))
    money.early_help_budget += moved
    money.acute_budget -= moved
    totals(town, week).reinvested = moved


@rule
def settle_month(town: Town, week: int) -> None:
    """At a month's end, forecast the year from what has been spent since 1 April, and act on it."""
    money, p, authority = town.money[0], town.p.money[0], town.authority[0]
    over = money.year_spent / money.year_budget - 1.0 if money.year_budget > 0.0 else 0.0
    authority.frozen = p.freeze if over > p.freeze_above else 1.0
    if over > p.overspend_notice:
        take_from_early_help(town, over, week)
    elif over < p.reinvest_below:
        invest_in_early_help(town, over, week)
    settle_between(town, week, over)


@rule
def new_year(town: Town, week: int) -> None:
    """A new budget: growth, and a part of last year's overspend."""
    p, money = town.p.money[0], town.money[0]
    more = float(
        math.floor(p.growth * money.acute_budget + p.rebase * (money.year_spent - money.year_budget) / WEEKS_A_YEAR)
    )
    money.acute_budget += more
    money.year_spent = 0.0
    money.year_budget = 0.0
    totals(town, week).budget_moves += more
    give_back(town, week)


@rule
def fund_places(town: Town) -> None:
    """Early help places follow the budget; a closed place takes half a year to reopen."""
    p, authority = town.p.early_help[0], town.authority[0]
    funded = town.money[0].early_help_budget / PENCE * p.targeted_share / p.place_cost
    funded = max(0.0, funded * outside_now(town, Outside.EARLY_HELP_PLACES) - places_taken(town))
    if funded < authority.early_help_places:
        authority.early_help_places = funded
    else:
        authority.early_help_places += (funded - authority.early_help_places) / town.p.money[0].slot_reopens


@rule
def follow_funding(town: Town) -> None:
    """What comes from outside for early help rises or falls, and its budget with it."""
    money, now = town.money[0], outside_now(town, Outside.EARLY_HELP_FUNDING)
    if now != money.funded:
        money.early_help_budget = float(math.floor(money.early_help_budget * now / money.funded))
        money.funded = now


@rule
def settle(town: Town, week: int) -> None:
    """Run P19."""
    follow_funding(town)
    spend(town, week)
    if town.authority[0].raids == 1:
        if month_ends(week):
            settle_month(town, week)
        if (week + 1) % int(WEEKS_A_YEAR) == 0:
            new_year(town, week)
    fund_places(town)
