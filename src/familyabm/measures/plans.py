"""Section 47 enquiries, conferences, child protection plans and children in need (K9 to K16)."""

from familyabm.codes import Category, Event, Failure, Legal
from familyabm.measures.years import Definition, Year, children_share, rate, share


def _on_plans(year: Year) -> float:
    return float(year.last("legal")[Legal.CHILD_PROTECTION_PLAN])


def _of_plans(category: Category) -> Definition:
    return lambda year: share(float(year.last("plan_category")[category]), _on_plans(year))


def _again_soon(year: Year) -> float:
    """Return the share of plans that are for the same kind of harm as one that ended within two years."""
    again = float(year.rows["demand_count"][:, Failure.F9_BROKEN_SOLUTION, Event.PLAN_STARTED].sum())
    return share(again, year.children(Event.PLAN_STARTED))


DEFINITIONS: dict[str, Definition] = {
    "section_47": rate(Event.SECTION_47_STARTED),
    "section_47_per_referral": children_share(Event.REFERRAL, Event.SECTION_47_STARTED),
    "section_47_to_conference": children_share(Event.SECTION_47_STARTED, Event.CONFERENCE),
    "conferences_in_time": children_share(Event.CONFERENCE, Event.CONFERENCE_IN_TIME),
    "plans": lambda y: y.stock(_on_plans(y)),
    **{f"plans_{kind.name.lower()}": _of_plans(kind) for kind in Category if kind != Category.NONE},
    "plan_starts": rate(Event.PLAN_STARTED),
    "plans_again": children_share(Event.PLAN_STARTED, Event.PLAN_AGAIN),
    "plans_again_soon": _again_soon,
    "plans_two_years": lambda y: share(float(y.last("long_plans")), _on_plans(y)),
    "reviews_in_time": lambda y: share(y.events(Event.REVIEW_IN_TIME), y.total("plan_reviews")),
    "in_need": lambda y: y.stock(y.last("open_children")),
}
