"""The signs of the feedback loops R1 to R8 and B1 to B4 (CONCEPT 2.10), each by pushing at one of its links."""

from familyabm.codes import Event
from familyabm.credibility import names
from familyabm.credibility.dynamics import elasticity, moved, together
from familyabm.credibility.experiments import ANY, Claim, Luck, Pattern, World, over, percent
from familyabm.credibility.settings import (
    ANXIOUS,
    BURDENED,
    CUT,
    FLOODED,
    GATED,
    HOMEWARD,
    INADEQUATE,
    MORE_CARE,
    MORE_HOURS,
    PAPER,
    RATIONED,
    STATUS_QUO,
    THRESHOLDS_UP,
    TIGHT,
    UNRATIONED,
    WHOLE_SYSTEM,
)

SOURCE = "Model concept, feedback loops"


def up(statement: str, world: World, measure: str, first: int = 1, last: int = 0) -> Claim:
    """Return the claim that a measure rises."""
    return moved(statement, world, measure, 0.0, ANY, first, last)


def down(statement: str, world: World, measure: str, first: int = 1, last: int = 0) -> Claim:
    """Return the claim that a measure falls."""
    return moved(statement, world, measure, -ANY, 0.0, first, last)


def acute(luck: Luck) -> float:
    """Return the change in acute spending from the third year of an early help cut on, in percent."""
    both = [
        sum(luck[world].total(column, 104) for column in ("spend_staff", "spend_placements", "spend_legal"))
        for world in (CUT, STATUS_QUO)
    ]
    return percent(*both)


def cost_of_a_child(luck: Luck) -> float:
    """Return the change in what a looked-after child's placement costs where more are looked after, in percent."""
    both = [
        over(luck[world].total("spend_placements"), luck[world].total("looked_after"))
        for world in (MORE_CARE, STATUS_QUO)
    ]
    return percent(*both)


def time_for_a_child(luck: Luck) -> float:
    """Return the change in direct hours for each child in need where workers are anxious, in percent."""
    both = [
        over(luck[world].total("direct_hours", 0, 104), luck[world].total("open_children", 0, 104))
        for world in (ANXIOUS, STATUS_QUO)
    ]
    return percent(*both)


def stress(luck: Luck) -> float:
    """Return the change in workers' mean stress over five years of more work per case, in percent."""
    return percent(*(luck[world].total("stress", 0, 260) for world in (BURDENED, STATUS_QUO)))


def drained(luck: Luck) -> float:
    """Return the change in children who went home from care, in the first two years, in percent."""
    return percent(*(luck[world].count(Event.CARE_ENDED_HOME, 0, 104) for world in (HOMEWARD, STATUS_QUO)))


def loop(code: str, statement: str, *claims: Claim) -> Pattern:
    """Return a loop."""
    return Pattern(code, statement, SOURCE, claims, "loop")


LOOPS = (
    loop(
        "R1", "Front-door flood: repeat contacts load the door, thresholds rise, need goes unmet and comes back.",
        up("Contacts flood in for a year: load", FLOODED, "load", 1, 1),
        up("Repeat contacts, in the year of the flood", FLOODED, "repeat_contacts", 1, 1),
        up("Thresholds raised: repeat contacts", THRESHOLDS_UP, "repeat_contacts", 1, 3),
    ),
    loop(
        "R2", "Late-intervention trap: acute overspending takes from early help, and less early help means acute cases.",
        down("Acute budget cut: early help spending", TIGHT, "spend_early_help"),
        together(CUT, acute, "Early help cut: acute spending from year 3", "% change", 0.0),
    ),
    loop(
        "R3", "Workforce spiral: load makes stress, sickness and leavers, and these make hand-offs and load.",
        together(BURDENED, stress, "More work per case: stress", "% change", 0.0),
        up("Sickness", BURDENED, "sickness", 1, 5),
        up("Turnover", BURDENED, "turnover", 1, 5),
        up("Agency workers", BURDENED, "agency", 1, 5),
        up("Changes of social worker", BURDENED, "worker_changes", 1, 5),
    ),
    loop(
        "R4", "Anxiety ratchet: fear raises contacts and enquiries, leaves less time for each child, and misses more.",
        up("Anxious: contacts", ANXIOUS, "contacts", 1, 2),
        up("Enquiries", ANXIOUS, "section_47", 1, 2),
        together(ANXIOUS, time_for_a_child, "Direct hours for each child in need", "% change", -ANY, 0.0),
        up("Omissions", ANXIOUS, "omissions", 1, 2),
    ),
    loop(
        "R5", "Bureaucracy ratchet: failure brings procedure, procedure takes time from families, and that is failure.",
        down("More paper: direct time", PAPER, "direct_time", 1, 5),
        up("More paper: failure demand", PAPER, "failure_demand", 1, 5),
        up("Inadequate: bureaucracy", INADEQUATE, names.BUREAUCRACY, 2, 5),
    ),
    loop(
        "R6", "Threshold ping-pong: adult services turn parents away below their threshold, and children's services get them later.",
        up("Adult services accept less: parents turned away", GATED, names.BOUNCED, 1, 3),
        up("Contacts with children's services", GATED, "contacts", 2, 5),
    ),
    loop(
        "R7", "Placement squeeze: more children in care are matched worse, break down, move to homes and cost more.",
        up("More entries to care: children looked after", MORE_CARE, "looked_after", 2),
        up("Share in children's homes", MORE_CARE, "placed_homes", 2),
        together(MORE_CARE, cost_of_a_child, "Cost of a placement", "% change", 0.0),
        down("Early help spending", MORE_CARE, "spend_early_help", 3),
    ),
    loop(
        "R8", "The undiscussable: blame makes problems hard to speak of, so they surface late and larger.",
        down("Inadequate: discussibility", INADEQUATE, names.DISCUSSIBILITY, 2, 5),
    ),
    loop(
        "B1", "Rationing caps load, and exports harm.",
        moved("Rationing under a spike: load", RATIONED, "load", -ANY, 0.0, 1, 3, UNRATIONED),
        moved("Rationing under a spike: harm that no service knows of", RATIONED, "harm_unknown", 0.0, ANY, 1, 3, UNRATIONED),
    ),
    loop(
        "B2", "Improvement: problems that surface are learnt from, and waste falls.",
        down("Whole system: practice waste", WHOLE_SYSTEM, names.WASTE, 3),
    ),
    loop(
        "B3", "Going home drains care.",
        together(HOMEWARD, drained, "Children who went home, first two years", "% change", 0.0),
        down("Children looked after", HOMEWARD, "looked_after", 2),
    ),
    loop(
        "B4", "Spare capacity lowers thresholds.",
        down("More hours: load", MORE_HOURS, "load", 2),
        up("More hours: referrals accepted", MORE_HOURS, "referrals", 2),
        together(MORE_HOURS, elasticity, "Fall of load, to what the hours added alone would give", "ratio", -ANY, 1.0),
    ),
)  # fmt: skip
