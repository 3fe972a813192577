"""P13: the early help panel, the Weekly Resource Panel, the joint panel and the legal gateway hear what is asked.

Queues go urgent first, then the longest wait, then the key. A grave case is neither deferred nor refused.
"""

import math

import numpy as np

from familyabm.codes import Agency, Decision, Event, Legal, Panel, Permission, Placement, Stage, Status
from familyabm.compiled import rule
from familyabm.journal import demand, note, note_child, totals
from familyabm.luck import Block, four, luck
from familyabm.rules.coding import of_paper
from familyabm.rules.common import is_open
from familyabm.rules.entry import enter_care, family_place, place
from familyabm.rules.money import month_ends
from familyabm.rules.panel_requests import (
    ask,
    ask_for_what_is_needed,
    clear,
    concerned,
    prep_hours,
    propose,
    secretary,
    still_wanted,
    to_be_shared,
    withdraw,
)
from familyabm.rules.plans import enter_pre_proceedings
from familyabm.rules.rights import coin, come_back, decision_rights
from familyabm.rules.sign_off import pay_jointly, sign_off, support_runs
from familyabm.rules.trust import refused_by_panel
from familyabm.tables import Row
from familyabm.town import Town

SIXTY_THOUSAND = 6.0
"""Ten thousands of children in the authority for which panels' slots are given."""


@rule
def decided_without(town: Town, family: Row, week: int) -> bool:
    """Tell whether whoever proposes this may also decide it."""
    key = town.children[family.panel_child].key if family.panel_child >= 0 else family.key
    about = family.panel_about
    return coin(town, key, week, about) < decision_rights(town, about)


@rule
def provider_weeks(town: Town, family: Row, week: int, own: bool) -> int:
    """Return the weeks until a family is found for a child in a home: few after a needs-led review."""
    p, luck_now = town.p.panels[0], luck(town.luck, family.key, week, Block.PANEL_HEARS, 3)
    if own:
        return 1 + int(p.needs_led_most * luck_now)
    return int(p.provider_least + (p.provider_most + 1.0 - p.provider_least) * luck_now)


@rule
def share_the_cost(town: Town, family: Row, asked: int) -> None:
    """Health and education pay their part for the child asked for and others of that week who call for it."""
    placed = town.children[asked].placed
    for row in range(family.first_child, family.first_child + family.n_children):
        child = town.children[row]
        together = child.placement == Placement.CHILDRENS_HOME and child.placed == placed
        if row == asked or (together and to_be_shared(town, child)):
            child.joint_funded = 1


@rule
def carry_out(town: Town, family: Row, week: int, own: bool) -> None:
    """Do what was agreed."""
    about, row = family.panel_about, family.panel_child
    if about == Decision.PLACEMENT_CHANGE:
        family.panel_stage = Stage.ARRANGED
        family.panel_due = week + provider_weeks(town, family, week, own)
        return
    clear(family)
    if about == Decision.START_EARLY_HELP:
        family.permission = Permission.OWN if own else Permission.ABOVE
    elif about == Decision.TRIPARTITE:
        share_the_cost(town, family, row)
    elif about == Decision.ISSUE:
        through_the_gateway(town, family, week)
    elif row >= 0:
        enter_care(town, family, town.children[row], week, Legal.SECTION_20)
    else:
        family.package = int(town.p.support[0].package_weeks)


@rule
def through_the_gateway(town: Town, family: Row, week: int) -> None:
    """The legal gateway agrees: pre-proceedings begin, or proceedings may be issued."""
    if family.status == Status.PRE_PROCEEDINGS:
        family.permission = Permission.ABOVE
    else:
        enter_pre_proceedings(town, family, week)


@rule
def went_up(panel: int) -> bool:
    """Tell whether papers for this panel are signed at every tier."""
    return panel == Panel.RESOURCE or panel == Panel.JOINT


@rule
def approve(town: Town, family: Row, week: int) -> None:
    """A panel agrees."""
    panel = family.panel
    note(town, week, family, Event.PANEL_APPROVED, secretary(panel), concerned(town, family, week))
    totals(town, week).panel_weeks[panel] += week - family.panel_since
    if went_up(panel):
        come_back(town, family, week, family.deferrals > 0)
    carry_out(town, family, week, False)


@rule
def defer(town: Town, family: Row, week: int, luck_now: float) -> None:
    """A panel wants more information: the paper is written again."""
    hours = prep_hours(town, family.panel)
    family.deferrals = min(200, family.deferrals + 1)
    family.panel_due = week + 1 + int(town.p.panels[0].defer_weeks * luck_now)
    totals(town, week).panel_prep_hours += hours
    agency, children = secretary(family.panel), concerned(town, family, week)
    code = of_paper(family)
    demand(town, week, family, Event.PANEL_DEFERRED, agency, children, code, hours, np.uint64(0))


@rule
def refuse(town: Town, family: Row, week: int) -> None:
    """A panel refuses: an appeal, or the case drifts."""
    panel, about, child = family.panel, family.panel_about, family.panel_child
    appeals = luck(town.luck, family.key, week, Block.PANEL, 1) < town.p.panels[0].appeal and family.appealed == 0
    note(town, week, family, Event.PANEL_REFUSED, secretary(panel), concerned(town, family, week))
    come_back(town, family, week, True)
    refused_by_panel(town, family)
    clear(family)
    if appeals:
        propose(family, panel, about, child, week)
        ask(town, family, week)
        family.appealed = 1
        family.panel_due = week + int(town.p.panels[0].appeal_weeks)


@rule
def dispute(town: Town, family: Row, week: int) -> bool:
    """The funders may dispute who pays; with pooled money they settle sooner. The authority pays meanwhile."""
    p = town.p.panels[0]
    _, argues, length, _ = four(town.luck, family.key, week, Block.FUNDERS)
    if argues >= p.disputed:
        return False
    mean = p.dispute_weeks * (1.0 - town.p.effects[0].pooled_dispute * town.levers[0].pooled_budget)
    family.panel_stage = Stage.DISPUTED
    family.panel_due = week + int(min(p.dispute_longest, 1.0 - mean * math.log(length)))
    note(town, week, family, Event.PANEL_DISPUTED, secretary(family.panel), 1)
    return True


@rule
def urgent(town: Town, family: Row) -> bool:
    """Tell whether the paper is about a child at home in what is judged grave need."""
    accommodate = family.panel_about == Decision.ACCOMMODATE and family.panel_child >= 0
    return (family.panel == Panel.LEGAL or accommodate) and family.judged > town.p.panels[0].grave


@rule
def hear(town: Town, family: Row, week: int) -> None:
    """Hear one paper."""
    p = town.p.panels[0]
    defers, refuses, how_long, _ = four(town.luck, family.key, week, Block.PANEL_HEARS)
    likely = p.defer * (1.0 - town.p.effects[0].pooled_defer * town.levers[0].pooled_budget)
    if family.panel == Panel.LEGAL or urgent(town, family):
        approve(town, family, week)
    elif defers < likely:
        defer(town, family, week, how_long)
    elif refuses < p.refuse:
        refuse(town, family, week)
    elif family.panel != Panel.JOINT or not dispute(town, family, week):
        approve(town, family, week)


@rule
def settle(town: Town, family: Row, week: int) -> None:
    """The funders' dispute is settled."""
    note(town, week, family, Event.PANEL_SETTLED, secretary(family.panel), 1)
    approve(town, family, week)


@rule
def step_down(town: Town, family: Row, week: int) -> None:
    """A child in a home moves to a family, if one has been found."""
    child = town.children[family.panel_child]
    where = family_place(town, family, child, week)
    if where == Placement.IN_HOUSE_FOSTER or where == Placement.AGENCY_FOSTER:
        note_child(town, week, family, Event.PLACEMENT_STEPPED_DOWN, Agency.SOCIAL_CARE, child)
        place(town, family, child, week, where)
    clear(family)


@rule
def move_on(town: Town, family: Row, week: int) -> bool:
    """Take a family's paper as far as it gets without a hearing; tell whether it is ready to be heard."""
    if family.panel != Panel.NONE and not still_wanted(town, family, week):
        withdraw(town, family, week)
    if family.panel == Panel.NONE:
        ask_for_what_is_needed(town, family, week)
    if family.panel == Panel.NONE:
        return False
    if family.panel_stage == Stage.PROPOSED:
        if decided_without(town, family, week):
            carry_out(town, family, week, True)
            return False
        ask(town, family, week)
    ready = week >= family.panel_due
    if ready and family.panel_stage != Stage.QUEUED:
        after_the_hearing(town, family, week)
        return False
    return ready and family.panel_stage == Stage.QUEUED and sits(family.panel, week)


@rule
def after_the_hearing(town: Town, family: Row, week: int) -> None:
    """A dispute is settled, or an approved move is made."""
    if family.panel_stage == Stage.DISPUTED:
        settle(town, family, week)
    else:
        step_down(town, family, week)


@rule
def sits(panel: int, week: int) -> bool:
    """Tell whether a panel sits this week: the joint one once a month, the others weekly."""
    return panel != Panel.JOINT or month_ends(week)


@rule
def place_in_queue(town: Town, family: Row, row: int, week: int) -> float:
    """Return the place in the panel's queue: urgent first, then the wait, then the key."""
    first = 2.0 * family.panel + (0.0 if urgent(town, family) else 1.0)
    return (first * 1000.0 + 999.0 - min(999.0, float(week - family.panel_since))) * 4294967296.0 + float(row)


@rule
def make_time(town: Town, week: int) -> None:
    """Give each panel its slots; time that is not used is not saved, except for the odd part of a case."""
    p, slots, scale = town.p.panels[0], town.authority[0].panel_slots, town.facts[0].ten_thousands / SIXTY_THOUSAND
    slots[Panel.RESOURCE] = min(slots[Panel.RESOURCE], 1.0) + p.resource_slots * scale
    slots[Panel.LEGAL] = min(slots[Panel.LEGAL], 1.0) + p.legal_slots * scale
    if month_ends(week):
        slots[Panel.JOINT] = min(slots[Panel.JOINT], 1.0) + p.joint_slots * scale


@rule
def hear_in_order(town: Town, week: int, waiting: int) -> None:
    """Hear papers in their order, as many as each panel has time for; the early help panel reads all it gets."""
    order, slots = np.argsort(town.rank[:waiting]), town.authority[0].panel_slots
    for position in range(waiting):
        family = town.families[town.queue[order[position]]]
        if family.panel == Panel.EARLY_HELP:
            approve(town, family, week)
        elif slots[family.panel] >= 1.0:
            slots[family.panel] -= 1.0
            hear(town, family, week)


@rule
def count_waiting(town: Town, family: Row, week: int) -> None:
    """Count a paper that waits."""
    if family.panel_stage == Stage.QUEUED or family.panel_stage == Stage.DISPUTED:
        totals(town, week).panel_waiting[family.panel] += 1.0


@rule
def sit(town: Town, week: int) -> None:
    """Run P13 over the families with somebody at work, and hear the papers that are ready."""
    waiting = 0
    make_time(town, week)
    for position in range(town.authority[0].n_known):
        row = town.known[position]
        family = town.families[row]
        if not is_open(family) and family.n_away == 0 and family.panel == Panel.NONE:
            continue
        support_runs(town, family, week)
        sign_off(town, family, week)
        pay_jointly(town, family, week)
        if move_on(town, family, week):
            town.queue[waiting] = row
            town.rank[waiting] = place_in_queue(town, family, row, week)
            waiting += 1
    hear_in_order(town, week, waiting)
    for position in range(town.authority[0].n_known):
        family = town.families[town.known[position]]
        if family.panel != Panel.NONE:
            count_waiting(town, family, week)
