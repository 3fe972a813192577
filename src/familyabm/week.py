"""The week, as one visible list: CONCEPT processes P1 to P20 in their strict order.

Within a process all agents read, then write, unless it is a queue: then priority, waiting time and key order it.
"""

from familyabm.compiled import rule
from familyabm.rules import (
    adult_services,
    allocation,
    assessment,
    circumstances,
    complaints,
    court,
    early_help,
    environment,
    front_door,
    harm,
    hours,
    households,
    improvement,
    ledger,
    money,
    noticing,
    panels,
    placements,
    plans,
    workforce,
)
from familyabm.town import Town

SCHEDULE = (
    ("P1", "households", "children are born and come of age, families and partners come and go", households.change),
    ("P2", "circumstances", "adults' risk factors escalate or resolve", circumstances.escalate_or_resolve),
    ("P3", "harm", "children feel it, later", harm.follow),
    ("P4", "noticing", "schools, police, health, neighbours and families get in touch", noticing.contact),
    ("P5", "front door", "no further action, early help, referral or enquiry", front_door.decide),
    ("P6", "adult services", "services for adults accept, queue, treat or turn away", adult_services.serve),
    ("P7", "workforce", "workers feel the load, fall ill, leave and join", workforce.change),
    ("P8", "hours", "how many hours there are and what they are worth", hours.budget),
    ("P9", "allocation", "families get workers, hours go to the most urgent first", allocation.prioritise),
    ("P10", "early help", "places are filled, help is given, cases end", early_help.give),
    ("P11", "assessment", "assessments, section 47 enquiries and conferences", assessment.assess),
    ("P12", "plans", "work under plans, reviews, step-down and closure", plans.review),
    ("P13", "panels", "panels and the legal gateway hear requests", panels.sit),
    ("P14", "court", "pre-proceedings, proceedings and orders", court.hear),
    ("P15", "placements", "the edge of care, placements and ways out", placements.care),
    ("P16", "complaints", "families complain, chase, and trust more or less", complaints.listen),
    ("P17", "improvement", "problems are raised, practice learns and follows policy", improvement.practise),
    ("P18", "environment", "incidents, reviews, inspection and media", environment.press),
    ("P19", "money", "spending, forecasts and what the council does about them", money.settle),
    ("P20", "ledger", "the week is counted", ledger.close_week),
)  # fmt: skip
"""The schedule as data: code, name, what happens, and the process itself."""


@rule
def live_one_week(town: Town, week: int) -> None:
    """Let the town live through one week."""
    households.change(town, week)
    circumstances.escalate_or_resolve(town, week)
    harm.follow(town, week)
    noticing.contact(town, week)
    front_door.decide(town, week)
    adult_services.serve(town, week)
    workforce.change(town, week)
    hours.budget(town, week)
    allocation.prioritise(town, week)
    early_help.give(town, week)
    assessment.assess(town, week)
    plans.review(town, week)
    panels.sit(town, week)
    court.hear(town, week)
    placements.care(town, week)
    complaints.listen(town, week)
    improvement.practise(town, week)
    environment.press(town, week)
    money.settle(town, week)
    ledger.close_week(town, week)
