"""P13, first half: what workers ask of panels, how it gets ready, and what becomes of it when it is overtaken.

A family has one paper before a panel at a time: an urgent one takes the place of another.
"""

from familyabm.codes import Agency, Decision, Event, Legal, Panel, Placement, Stage, Status
from familyabm.compiled import rule
from familyabm.journal import note, totals
from familyabm.luck import Block, luck
from familyabm.rules.common import children_at_home, lives_at_home, looked_after
from familyabm.rules.entry import enter_care, place
from familyabm.rules.rights import send_up, to_start_help_without_a_form
from familyabm.tables import Row
from familyabm.town import Town

NO_CHILD = -1


@rule
def propose(family: Row, panel: int, about: int, child: int, week: int) -> None:
    """A worker proposes something that is for a panel to decide."""
    family.panel = panel
    family.panel_stage = Stage.PROPOSED
    family.panel_about = about
    family.panel_child = child
    family.panel_since = week
    family.panel_due = week
    family.deferrals = 0
    family.appealed = 0


@rule
def clear(family: Row) -> None:
    """Take the family off every panel's list."""
    family.panel = Panel.NONE
    family.panel_stage = Stage.PROPOSED
    family.panel_child = NO_CHILD
    family.deferrals = 0
    family.appealed = 0


@rule
def secretary(panel: int) -> int:
    """Return the agency under which a panel's doings are entered in the journal."""
    if panel == Panel.EARLY_HELP:
        return Agency.EARLY_HELP
    if panel == Panel.JOINT:
        return Agency.COUNCIL
    return Agency.COURT if panel == Panel.LEGAL else Agency.SOCIAL_CARE


@rule
def concerned(town: Town, family: Row, week: int) -> int:
    """Count the children whom the paper is about."""
    return 1 if family.panel_child >= 0 else children_at_home(town, family, week)


@rule
def prep_hours(town: Town, panel: int) -> float:
    """Return the hours that a paper for a panel takes; less where papers are shorter."""
    p = town.p.panels[0]
    hours = p.prep_early_help if panel == Panel.EARLY_HELP else p.prep
    return hours * (1.0 - town.p.effects[0].relief_prep * town.levers[0].bureaucracy_relief)


@rule
def weeks_to_be_ready(town: Town, family: Row, week: int) -> int:
    """Return the weeks until a paper can be heard."""
    p, luck_now = town.p.panels[0], luck(town.luck, family.key, week, Block.PANEL, 0)
    if family.panel == Panel.EARLY_HELP:
        return int(p.early_help_weeks * luck_now)
    if family.panel == Panel.RESOURCE:
        return int(p.resource_weeks * luck_now)
    return int(p.legal_weeks * luck_now) if family.panel == Panel.LEGAL else 0


@rule
def ask(town: Town, family: Row, week: int) -> None:
    """A paper is written and goes up, signed at each tier if it asks for money."""
    panel = family.panel
    family.panel_stage = Stage.QUEUED
    family.panel_since = week
    family.panel_due = week + weeks_to_be_ready(town, family, week)
    note(town, week, family, Event.PANEL_ASKED, secretary(panel), concerned(town, family, week))
    totals(town, week).panel_prep_hours += prep_hours(town, panel)
    if panel == Panel.RESOURCE or panel == Panel.JOINT:
        send_up(town, family, week, town.p.hierarchy[0].tiers - 1.0)


@rule
def withdraw(town: Town, family: Row, week: int) -> None:
    """Take a paper back: it is overtaken, or something more urgent comes first."""
    waiting = family.panel_stage == Stage.QUEUED or family.panel_stage == Stage.DISPUTED
    if family.panel != Panel.NONE and waiting:
        note(town, week, family, Event.PANEL_WITHDRAWN, secretary(family.panel), concerned(town, family, week))
    clear(family)


@rule
def still_wanted(town: Town, family: Row, week: int) -> bool:
    """Tell whether what was asked for still makes sense."""
    about, status = family.panel_about, family.status
    if about == Decision.START_EARLY_HELP:
        return status == Status.EARLY_HELP_WAITING
    if about == Decision.ISSUE:
        in_process = status == Status.CHILD_PROTECTION or status == Status.PRE_PROCEEDINGS
        return in_process and children_at_home(town, family, week) > 0
    if family.panel_child < 0:
        return Status.CHILD_IN_NEED <= status <= Status.PRE_PROCEEDINGS
    child = town.children[family.panel_child]
    if about == Decision.ACCOMMODATE:
        return lives_at_home(child, week) and Status.EARLY_HELP <= status <= Status.PRE_PROCEEDINGS
    return looked_after(child) and child.placement == Placement.CHILDRENS_HOME


@rule
def row_of(town: Town, family: Row, child: Row) -> int:
    """Find the row of one of the family's children."""
    for row in range(family.first_child, family.first_child + family.n_children):
        if town.children[row].key == child.key:
            return row
    return NO_CHILD


@rule
def waits_for_care(family: Row) -> bool:
    """Tell whether a panel is to decide on accommodation of a child of the family."""
    asked = family.panel == Panel.RESOURCE and family.panel_about == Decision.ACCOMMODATE
    return asked and family.panel_child >= 0


@rule
def held_up(town: Town, family: Row) -> float:
    """Return the chance of care now, to the ordinary: higher while a grave case waits, lower with a package."""
    averted = 1.0 - (town.p.support[0].package_averts if family.package > 0 else 0.0)
    grave = waits_for_care(family) and family.judged > town.p.panels[0].grave
    return averted * (town.p.panels[0].emergency if grave else 1.0)


@rule
def ask_for_care(town: Town, family: Row, child: Row, week: int) -> None:
    """A child can stay at home no longer: a paper for the panel, or if one waits and the case is grave, at once."""
    held = waits_for_care(family) or family.panel == Panel.LEGAL
    if held and family.judged > town.p.panels[0].grave:
        if family.panel_child == row_of(town, family, child):
            withdraw(town, family, week)
        enter_care(town, family, child, week, Legal.SECTION_20)
        place(town, family, child, week, Placement.CRISIS)
    elif not held:
        withdraw(town, family, week)
        propose(family, Panel.RESOURCE, Decision.ACCOMMODATE, row_of(town, family, child), week)


@rule
def ask_for_step_down(town: Town, family: Row, child: Row, week: int) -> None:
    """A child in a children's home could live with a family: a paper for the panel."""
    if family.panel == Panel.NONE:
        propose(family, Panel.RESOURCE, Decision.PLACEMENT_CHANGE, row_of(town, family, child), week)


@rule
def ask_for_legal_gateway(town: Town, family: Row, week: int) -> None:
    """The legal gateway is asked to let the family into pre-proceedings, or to issue."""
    if family.panel == Panel.LEGAL:
        return
    withdraw(town, family, week)
    propose(family, Panel.LEGAL, Decision.ISSUE, NO_CHILD, week)


@rule
def ask_for_early_help(town: Town, family: Row, week: int) -> None:
    """A waiting family needs the early help panel's leave, unless leave has been done away with."""
    if luck(town.luck, family.key, week, Block.PANEL, 3) < to_start_help_without_a_form(town):
        family.permission = 1
    else:
        propose(family, Panel.EARLY_HELP, Decision.START_EARLY_HELP, NO_CHILD, week)


@rule
def ask_for_package(town: Town, family: Row, week: int) -> None:
    """The worker of a family near the edge of care may seek an edge-of-care package."""
    p = town.p.support[0]
    near = family.package == 0 and family.judged > p.package_above
    if near and luck(town.luck, family.key, week, Block.PANEL, 2) < p.package_rate:
        propose(family, Panel.RESOURCE, Decision.ACCOMMODATE, NO_CHILD, week)


@rule
def to_be_shared(town: Town, child: Row) -> bool:
    """Tell whether health and education should share the cost of a child's place in a home."""
    return luck(town.luck, child.key, child.placed + 1, Block.FUNDERS, 0) < town.p.support[0].joint_share


@rule
def ask_for_joint_funding(town: Town, family: Row, week: int) -> None:
    """Health and education should share the cost of some children's homes places: three funders have to agree."""
    for row in range(family.first_child, family.first_child + family.n_children):
        child = town.children[row]
        new = child.placement == Placement.CHILDRENS_HOME and week - child.placed == 1 and child.joint_funded == 0
        if new and to_be_shared(town, child):
            propose(family, Panel.JOINT, Decision.TRIPARTITE, row, week)


@rule
def ask_for_what_is_needed(town: Town, family: Row, week: int) -> None:
    """Workers of a family with nothing before a panel consider what to ask for."""
    if family.status == Status.EARLY_HELP_WAITING:
        if family.permission == 0:
            ask_for_early_help(town, family, week)
    elif Status.CHILD_IN_NEED <= family.status <= Status.PRE_PROCEEDINGS:
        ask_for_package(town, family, week)
    if family.panel == Panel.NONE and family.n_away > 0:
        ask_for_joint_funding(town, family, week)
