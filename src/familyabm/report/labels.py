"""What the page shows of all there is, and what it calls it."""

SUBJECTS = {
    "contacts": "Contacts",
    "looked_after": "Children looked after",
    "failure_demand": "Failure demand",
    "early_help": "Early help begun",
    "care_starts": "Starting to be looked after",
    "spend": "Council spending",
    "harm": "Significant harm",
    "reserves": "Reserves",
}
TRENDS = ("contacts", "looked_after", "failure_demand", "early_help")
DIFFERENCES = ("looked_after", "spend")
DOTS = ("care_starts", "looked_after", "failure_demand", "early_help", "harm", "spend")
HEADLINES = ("looked_after", "failure_demand", "harm", "spend")
PAYERS = {
    "spend_placements": ("Placements", "council"),
    "spend_staff": ("Social work staff", "council"),
    "spend_early_help": ("Early help and prevention", "council"),
    "spend_legal": ("Legal", "council"),
    "spend_support": ("Flexible help and packages", "council"),
    "spend_levers": ("The levers themselves", "council"),
    "spend_partners": ("Time on contacts, joint packages", "partners"),
}
SOURCES = {
    "police": "Police", "school": "Schools", "health": "Health services", "housing": "Housing services",
    "council_services": "Other council services", "public": "Neighbours, charities, others",
    "family": "The family itself",
}  # fmt: skip
OUTCOMES = {
    "forwarded": "Passed to whoever already works with them",
    "contact_closed": "Closed with no help given",
    "signposted": "Told of a service, with no follow-through",
    "early_help_offered": "Offered early help",
    "referral": "Referred to social care",
}
KINDS = {
    "contacts": "Contacts",
    "referrals": "Children referred",
    "section_47": "Children in section 47 enquiries",
    "plans": "Child protection plans started",
    "care_entries": "Entries to care",
    "failure_hours": "Hours of failure demand",
    "demand_hours": "Hours of all demand",
    "harm_weeks": "Weeks of significant harm",
}
GROUPS = {
    "Contacts and referrals": "contacts",
    "Assessment and child protection": "assessments_in_time",
    "Children looked after": "looked_after",
    "Court": "proceedings",
    "Early help and the time it takes": "early_help",
    "Workforce": "caseload",
    "Failure demand": "failure_demand",
    "Errors of omission and commission": "omissions",
    "Money": "spend",
    "Harm": "harm",
    "Complaints and trust": "complaints",
}
"""Headings of the full table, each with the measure it begins at."""
