"""The words of the pages that are not the words of a result: names of things, hints, and what terms mean."""

from familyabm import shocks
from familyabm.shocks import Shock

PAGES = (
    ("/", "Home"), ("/settings", "Settings"), ("/watch", "Watch"), ("/compare", "Compare"), ("/family", "One family"),
    ("/demand", "Demand"), ("/sure", "How sure"), ("/try", "Try settings"), ("/report", "Report"), ("/about", "About"),
)  # fmt: skip
"""Pages in the order of the navigation."""
LEVERS = {
    "information_sharing": "How much services tell one another about a family",
    "joint_response": "Services visit and plan with the whole family, together",
    "no_wrong_door": "One shared bar for help, whoever the family turns to",
    "continuity": "One lead professional stays with the family",
    "pooled_budget": "Money follows the family's need across services",
    "ring_fence": "Early help money is not taken to pay for overspends",
    "unit_model": "Small social work teams know each family together",
    "bureaucracy_relief": "Less recording and checking, more time with families",
}
SHOCKS = {
    "need": ("Need arises in families", "times the usual"),
    "contacts": ("Contacts come in", "times the usual"),
    "early_help_funding": ("Funding of early help", "times the usual"),
    "foster_places": ("Foster places", "times the usual"),
    "workers": ("Recruitment of social workers", "times the usual"),
    "court_places": ("Families the court can hear", "times the usual"),
    "poverty": ("Child poverty", "percentage points added"),
    "inspection": ("An inspection judges the authority", "grade, 1 outstanding to 4 inadequate"),
}
"""Shocks that the page offers in rows of a form; a link may hold any kind."""
BETS = {
    "fewer": "Less work that came back because it was not sorted",
    "same": "About the same",
    "more": "More work that came back because it was not sorted",
}
GLOSSARY = (
    ("Came back because it was not sorted (failure demand)", "Work that a service would not have had if an earlier answer had met the need. The model counts nine kinds of it."),
    ("New need (value demand)", "Work that comes from a family's need itself, or that was planned."),
    ("Contact", "Somebody tells children's social care about a child: a school, the police, a neighbour, the family."),
    ("Referral", "A contact that social care takes on, to find out more."),
    ("Closed with no help given", "What became of a contact when nobody helped. In official figures: no further action."),
    ("Passed on", "One service tells another that a family is now theirs to help. Also called a hand-off."),
    ("Early help", "Help for a family before its difficulties become serious, agreed with the family."),
    ("Child in need", "A child who, by law, needs services to develop well (Children Act 1989, section 17)."),
    ("Section 47 enquiry", "Finding out whether a child is suffering, or likely to suffer, significant harm (Children Act 1989)."),
    ("Child protection plan", "A plan, made at a conference, to keep a child safe who is suffering or likely to suffer significant harm."),
    ("Child looked after", "A child in the care of the council, by agreement or by a court's order."),
    ("World", "The same made-up area and families under one way of working. A page compares world A with world B."),
    ("Pair of runs", "The same families lived twice with the same luck: once in world A and once in world B."),
    ("Luck number", "Names one draw of made-up families, with their past, and all that chance decides after it. The same number gives the same result."),
    ("The range", "What the difference was between in 95 of 100 pairs of runs. It shows luck alone: all pairs share one draw of families."),
    ("Unknown settings", "Numbers of the model that nobody has measured. Other sets of them that fit England’s figures as well show how far they move a result."),
    ("Chance that the sign is wrong", "How likely it is that the mean difference, if it were known exactly, would point the other way."),
    ("Pairs still needed", "How many more pairs of runs it would take to know the mean difference to within half of itself."),
    ("Practice", "What staff do, as against what policy says. Practice follows policy slowly, and can slip back."),
    ("Take out an assumption", "Live both worlds again as if one of the model's ideas were wrong, to see what rests on it."),
)  # fmt: skip
FAILURES = {
    1: "Back again after no help", 2: "Calls to chase what is overdue", 3: "Back after a service refused",
    4: "Told without need, to be safe", 5: "Told twice about the same", 6: "After a missed chance to help",
    7: "Work done again", 8: "Complaints", 9: "A solution that broke",
}  # fmt: skip
"""The nine codes of failure demand, as pages write them."""


def duration(seconds: float) -> str:
    """Say how long something takes, roughly, as people do."""
    if seconds < 1.5:
        return "about a second"
    if seconds < 100.0:
        return f"about {seconds:.0f} seconds"
    return f"about {seconds / 60.0:.0f} minutes"


def as_row(text: str) -> Shock | None:
    """Return a shock that a row of the form can show, or None."""
    shock = shocks.written(text)
    plain = shock.which == "all" and not shock.hold and shock.shape in ("step", "pulse") and shock.what in SHOCKS
    return shock if plain else None


def of_row(what: str, size: str, week: str, weeks: str) -> str:
    """Write a row of the form as a shock is written."""
    lasts = "" if what == "inspection" else f"+{weeks or '26'}w"
    return f"{what}:{size}@{week or '0'}{lasts}"
