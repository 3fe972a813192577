"""State variables of the authority as a whole: levers, conditions, published facts and money."""

from familyabm.codes import Legal

LEVERS = {
    "information_sharing": ("f8", "L1"),
    "joint_response": ("f8", "L2"),
    "no_wrong_door": ("f8", "L3"),
    "continuity": ("f8", "L4"),
    "pooled_budget": ("f8", "L5"),
    "ring_fence": ("f8", "L6"),
    "unit_model": ("f8", "L7"),
    "bureaucracy_relief": ("f8", "L8"),
}

AUTHORITY = {
    "first_week": ("i8", "week of the first row of the weekly table"),
    "events": ("i8", "journal events so far"),
    "children": ("i8", "children aged 0 to 17"),
    "noted": ("i8", "rows of the journal's page in use"),
    "n_awake": ("i8", "families with anything going on"),
    "n_queue": ("i8", "rows of the working queue in use"),
    "load": ("f8", "need for social workers' hours to hours there are, smoothed"),
    "risk_aversion": ("f8", "0 to 1.5"),
    "bureaucracy": ("f8", "0.1 to 1"),
    "policy_shift": ("f8", "thresholds raised or lowered on purpose"),
    "prevention": ("f8", "community prevention relative to the start"),
    "deal_credit": ("f8", "screening capacity carried over, in families"),
    "early_help_places": ("f8", "funded places for families"),
    "early_help_used": ("f8", "places in use"),
    "in_house_used": ("f8", "in-house foster places in use"),
    "agency_used": ("f8", "independent foster places in use"),
    "homes_used": ("f8", "children's home places in use"),
    "agency_supply": ("f8", "independent foster places under contract to the ordinary number"),
    "homes_supply": ("f8", "children's home places under contract to the ordinary number"),
    "agency_price": ("f8", "price of independent fostering under contract to the ordinary price"),
    "homes_price": ("f8", "price of children's homes under contract to the ordinary price"),
    "in_court": ("f8", "families in proceedings"),
    "frozen": ("f8", "recruitment to ordinary, under a freeze"),
    "stress": ("f8", "mean stress of workers"),
    "direct_share": ("f8", "direct hours to paid hours"),
    "reflection": ("f8", "share of hours for reflection"),
    "raids": ("i8", "1 where months are settled: off while the past is lived"),
    "placebo": ("i8", "1 while a contact waits to be put off by a week"),
    "legal": ("f8", "children by legal status at week's end", (len(Legal),)),
}

FACTS = {
    "children": ("f8", "children aged 0 to 17 for rates"),
    "ten_thousands": ("f8", "the same in ten thousands"),
    "screeners": ("f8", "screening workers at the front door"),
    "in_house_places": ("f8", "usable in-house foster places at the start"),
    "carers": ("f8", "foster households at the start"),
    "arriving_alone": ("f8", "unaccompanied children entering care, per 10,000 children a year"),
    "agency_places": ("f8", "independent foster places at the ordinary price"),
    "homes_places": ("f8", "children's home places at the ordinary price"),
    "court_places": ("f8", "families that the court can hear at a time"),
    "foster_cost": ("f8", "GBP a week, in-house foster place"),
    "homes_cost": ("f8", "GBP a week, children's home place"),
    "mental_onset": ("f8", "the area's multiplier on onset of mental illness"),
    "housing_onset": ("f8", "the area's multiplier on onset of housing trouble"),
    "source": ("f8", "the area's multiplier on contacts, by source", (7,)),
    "sickness": ("f8", "the area's sickness to England's"),
    "turnover": ("f8", "the area's turnover to England's"),
    "agency": ("f8", "the area's agency use to England's"),
    "hiring": ("f8", "the area's ease of filling posts to England's"),
    "early_help_start": ("f8", "pence a week of early help and prevention at the start"),
}

MONEY = {
    "early_help_budget": ("f8", "pence a week"),
    "early_help_base": ("f8", "pence a week at the start"),
    "acute_budget": ("f8", "pence a week: staff, placements, legal"),
    "year_spent": ("f8", "pence spent on acute services since 1 April"),
    "year_budget": ("f8", "pence of acute budget since 1 April"),
    "reserves": ("f8", "pence; below zero is a deficit"),
    "scarcity": ("f8", "price of homes to the ordinary price"),
}
