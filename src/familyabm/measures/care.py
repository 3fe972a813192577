"""Children looked after, where they live, foster care and the courts (K17 to K26)."""

from familyabm.codes import LOOKED_AFTER, Event, Placement
from familyabm.measures.years import (
    Definition,
    Year,
    children_mean,
    children_share,
    last_share,
    mean_over,
    rate,
    share,
)

_ENDS = {
    "home": Event.CARE_ENDED_HOME,
    "guardian": Event.CARE_ENDED_GUARDIAN,
    "adopted": Event.CARE_ENDED_ADOPTED,
    "arrangements": Event.CARE_ENDED_ARRANGEMENTS,
    "eighteen": Event.CARE_ENDED_EIGHTEEN,
    "other": Event.CARE_ENDED_OTHER,
}
_PLACES = {
    "kinship": (Placement.KINSHIP_FOSTER,),
    "foster": (Placement.IN_HOUSE_FOSTER, Placement.AGENCY_FOSTER),
    "homes": (Placement.CHILDRENS_HOME, Placement.SECURE),
    "supported": (Placement.SUPPORTED,),
    "parents": (Placement.WITH_PARENTS,),
    "crisis": (Placement.CRISIS,),
    "adoption": (Placement.FOR_ADOPTION,),
}


def _looked_after(year: Year) -> float:
    return year.stock(year.last("legal")[[int(status) for status in LOOKED_AFTER]])


def _care_ended(event: Event) -> Definition:
    return lambda year: share(year.children(event), year.children(*_ENDS.values()))


def _placed(*placements: Placement) -> Definition:
    return lambda year: share(
        float(sum(year.last("placement")[place] for place in placements)), float(year.last("placement").sum())
    )


def _of_placed(column: str) -> Definition:
    return lambda year: share(float(year.last(column)), float(year.last("placement").sum()))


def _home_again(column: str) -> Definition:
    return lambda year: share(year.total(column), year.children(Event.CARE_ENDED_HOME))


def _of_carers(event: Event) -> Definition:
    return lambda year: share(year.events(event) / year.years, year.mean("carers"))


_FOSTERING: dict[str, Definition] = {
    "foster_households": lambda y: y.stock(y.last("carers")),
    "foster_places": lambda y: y.stock(y.last("carer_places")),
    "foster_occupancy": last_share("carer_children", "carer_places"),
    "foster_strain": last_share("carers_strained", "carers"),
    "foster_approved": _of_carers(Event.CARER_APPROVED),
    "foster_resigned": _of_carers(Event.CARER_RESIGNED),
}
_COURT: dict[str, Definition] = {
    "proceedings": rate(Event.PROCEEDINGS_STARTED),
    "proceedings_weeks": children_mean("proceedings_weeks", Event.PROCEEDINGS_ENDED),
    "proceedings_in_time": children_share(Event.PROCEEDINGS_ENDED, Event.PROCEEDINGS_IN_TIME),
    "pre_proceedings_weeks": mean_over("pre_weeks", Event.PRE_PROCEEDINGS_ENDED),
}

DEFINITIONS: dict[str, Definition] = {
    "looked_after": _looked_after,
    "care_starts": rate(Event.CARE_STARTED),
    "starts_unpreventable": lambda y: share(y.total("unpreventable"), y.children(Event.CARE_STARTED)),
    "starts_alone": rate(Event.ARRIVED_ALONE),
    "care_ceased": rate(*_ENDS.values()),
    **{f"ceased_{way}": _care_ended(event) for way, event in _ENDS.items()},
    **{f"placed_{name}": _placed(*places) for name, places in _PLACES.items()},
    "placed_far": _of_placed("far_placed"),
    "placed_with_siblings": last_share("siblings_together", "siblings_away"),
    **_FOSTERING,
    "three_placements": _of_placed("moved_often"),
    "long_placed": last_share("long_placed", "long_care"),
    "adoption_placed_weeks": children_mean("adoption_placed_weeks", Event.CARE_ENDED_ADOPTED),
    "adoption_order_weeks": children_mean("adoption_order_weeks", Event.CARE_ENDED_ADOPTED),
    **{f"home_again_{years}": _home_again(f"home_again_{years}") for years in (1, 2, 5)},
    **_COURT,
}
