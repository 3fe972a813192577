"""From the model's words to the codes of the returns; what no word of the model says is coded by a rule named here.

Every rule that fills what the model does not simulate is in RULES, which the folder's README and the docs repeat.
"""

from collections.abc import Mapping

import numpy as np

from familyabm.codes import Agency, Category, Event, Fate, Legal, Placement
from familyabm.luck import four
from familyabm.returns.spells import Spell, State

LEGAL: Mapping[int, str] = {
    Legal.SECTION_20: "V2", Legal.EMERGENCY_PROTECTION: "L2", Legal.INTERIM_CARE_ORDER: "C1",
    Legal.CARE_ORDER: "C2", Legal.PLACEMENT_ORDER: "E1",
}  # fmt: skip
PLACE: Mapping[int, tuple[str, str]] = {
    Placement.KINSHIP_FOSTER: ("U3", "PR1"), Placement.IN_HOUSE_FOSTER: ("U6", "PR1"),
    Placement.AGENCY_FOSTER: ("U6", "PR4"), Placement.CHILDRENS_HOME: ("K2", "PR4"),
    Placement.SUPPORTED: ("K3", "PR4"), Placement.WITH_PARENTS: ("P1", "PR0"), Placement.SECURE: ("K1", "PR2"),
    Placement.CRISIS: ("Z1", ""), Placement.FOR_ADOPTION: ("A6", "PR1"), Placement.BEING_PLACED: ("Z1", ""),
}  # fmt: skip
"""Placement type and provider."""
FOSTERED = (Placement.KINSHIP_FOSTER, Placement.IN_HOUSE_FOSTER, Placement.AGENCY_FOSTER)
SOURCE: Mapping[int, str] = {
    Agency.POLICE: "6", Agency.SCHOOL: "2A", Agency.HEALTH: "3F", Agency.HOUSING: "4", Agency.COUNCIL_SERVICES: "5B",
    Agency.PUBLIC: "1B", Agency.FAMILY: "1A",
}  # fmt: skip
UNKNOWN_SOURCE = "10"
OWN_SOURCE = "5A"
"""Source of a record that social care opens itself, with no referral in the model: a child who comes alone, say."""
ABUSE: Mapping[int, str] = {
    Category.NEGLECT: "NEG",
    Category.EMOTIONAL: "EMO",
    Category.PHYSICAL: "PHY",
    Category.SEXUAL: "SAB",
}
BLOCK = 200
"""Decisions of the returns, which take no part in the model."""
FOUR, SIXTEEN = 4 * 52, 16 * 52
SIGNIFICANT, SEVERE = 2, 3
"""Levels of adults' risk factors."""
RULES: tuple[tuple[str, str], ...] = (
    ("Days", "The model knows weeks. Whatever happens to a family in a week is dated on the family's own working day of "
     "the week; births on any day. The one or two days that a year has beyond 52 weeks lie in the week of Christmas."),
    ("Born while the family is assessed", "A child's assessment begins when the family's does, or at its birth if that is "
     "later: it may be in time where the family's, which the model counts, is not."),
    ("Sex", "Filled by a coin with an address (F or M): the model has none. Children who came alone are M, as most are."),
    ("Ethnicity", "NOBT, information not yet obtained: the model has none."),
    ("UPN", "UN1 under the age of five, else UN5: a made-up number could be somebody's."),
    ("Postcodes, URN, LA of placement", "Blank: families and carers have no address in the model."),
    ("Mother, missing, care leavers, adopters", "Blank or empty: not in the model. MOTHER is 0 for girls."),
    ("Category of need", "N8 for children who came alone, N2 where disability was why care began, N5 for other entries that "
     "no service could prevent, N6 for teenagers at significant risk outside the home in care by agreement, else N1."),
    ("Primary need", "N8 and N2 as above; else from what social care had seen of the family: N1 with an enquiry, a plan or "
     "domestic abuse, N3 mental ill-health at a significant level, N4 housing at that level without substance misuse, else N5; N0 before "
     "an assessment."),
    ("Factors at assessment", "What social care had seen by its end: domestic abuse 3B; mental ill-health 4B and substance "
     "misuse, by a coin 1B or 2B and both when severe, from a significant level on; risk outside the home 24A, a child "
     "who came alone 9A; else 21 where the case closed and 20 where it did not. Neglect and the other factors are not "
     "told: no service in the model records them."),
    ("Assessments cut short", "An assessment that an enquiry or entry to care cuts short is left out, as it never ends in "
     "the model; one still under way is returned without an end."),
    ("Referral source", "Health 3F, council services 5B, neighbours 1B, family 1A; 5A for a record that social care opens "
     "itself with no referral in the model; 10 where the referral came before the run."),
    ("Placement", "Kin U3, foster carers U6, homes K2, secure K1, supported accommodation K3, unregistered Z1, placed "
     "for adoption A6, with parents P1; long-term fostering is not told apart."),
    ("Reason for placement change", "After a breakdown CREQB, under four CREQO; CLOSE where the authority's own carer gave up, "
     "else CARPL."),
    ("Reason episode ceased", "Home E4A, adopted E11, special guardian E45 from a kinship carer and else E47, child "
     "arrangements E41, other E3 for children who came alone and E13 under 16; at 18 E17 from a foster placement; else from "
     "16 E5 from supported accommodation and E8 from anywhere else, as the model does not say where they go."),
    ("Reviews of looked-after children", "Filled: due after 20 working days, three months and every six months; in time with "
     "the chance that the run's own clock for them says, else two weeks late. Participation PN0 under four, else PN1."),
    ("SDQ", "The child's difficulties in the model on 31 March, rounded; SDQ1 at 17. All other OC2 fields are blank."),
    ("Adoption", "Decision and best interest on the day of the placement order, match on the day of placement; adopters' "
     "number, sexes and status are filled 2, MF, L11, and never the former carer."),
    ("Previous permanence", "Children who come back from a special guardian or a child arrangements order; else Z1."),
    ("Social workers", "The holder of the case as the model has it; when one who held it as the run began started is not "
     "known, and dated 1 April of the first year."),
    ("Visits, health and dental checks, teams", "Blank: not in the model child by child."),
)  # fmt: skip
"""What is filled or left blank, and by which rule."""


class Coins:
    """Draws with an address for what the model does not simulate; they take nothing from the model's own luck."""

    def __init__(self, seed: int) -> None:
        """Take the run's seed."""
        self._fate = np.array([seed, 0], dtype=np.uint64)

    def four(self, key: int, lane: int = 0) -> tuple[float, float, float, float]:
        """Return four numbers between 0 and 1 for a person."""
        found: tuple[float, float, float, float] = four(self._fate, np.uint64(key), 0, BLOCK + lane)
        return found


def need_in_care(first: State) -> str:
    """Return the category of need of a period of care, by how it began."""
    by_fate = {Fate.ALONE: "N8", Fate.DISABILITY: "N2", Fate.OTHER: "N5"}
    if first.fate in by_fate and first.fated == first.care_began:
        return by_fate[Fate(first.fate)]
    return "N6" if first.risk_seen >= SIGNIFICANT and first.legal == Legal.SECTION_20 else "N1"


def primary_need(fate: int, seen: tuple[int, int, int, int] | None, protected: bool) -> str:
    """Return the primary need of a child in need; seen: housing, mental health, substance misuse, domestic abuse."""
    if fate in (Fate.ALONE, Fate.DISABILITY):
        return "N8" if fate == Fate.ALONE else "N2"
    housing, mental, substance, abuse = seen or (0, 0, 0, 0)
    if protected or abuse:
        return "N1"
    if seen is None:
        return "N0"
    if mental >= SIGNIFICANT:
        return "N3"
    return "N4" if housing >= SIGNIFICANT and not substance else "N5"


def factors(seen: tuple[int, int, int, int], state_risk: int, fate: int, coin: float, closed: bool) -> list[str]:
    """Return the factors identified at the end of an assessment."""
    _, mental, substance, abuse = seen
    misuses = substance >= SIGNIFICANT
    found = ["1B"] if misuses and (coin < 0.5 or substance == SEVERE) else []
    found += ["2B"] if misuses and (coin >= 0.5 or substance == SEVERE) else []
    found += ["3B"] if abuse else []
    found += ["4B"] if mental >= SIGNIFICANT else []
    found += ["9A"] if fate == Fate.ALONE else []
    found += ["24A"] if state_risk else []
    return found or ["21" if closed else "20"]


def new_episode(spell: Spell) -> str:
    """Return the reason for a new episode (RNE)."""
    first, before = spell.first, spell.before
    if first.week < 0 or before is None:
        if spell.start == first.care_began:
            return "S"
        return "B" if first.placed == first.since else "P" if first.placed > first.since else "L"
    if before.care_began != first.care_began or before.legal not in LEGAL:
        return "S"
    moved, order = before.placed != first.placed, before.legal != first.legal
    return "B" if moved and order else "P" if moved else "L"


def ceased(event: int, last: State, week: int) -> str:
    """Return the reason why a period of care ended (REC), by the event that ended it."""
    if event == Event.CARE_ENDED_GUARDIAN:
        return "E45" if last.placement == Placement.KINSHIP_FOSTER else "E47"
    grown = "E5" if last.placement == Placement.SUPPORTED else "E8"
    if event == Event.CARE_ENDED_EIGHTEEN:
        return "E17" if last.placement in FOSTERED else grown
    if event == Event.CARE_ENDED_OTHER:
        return "E3" if last.fate == Fate.ALONE else grown if week - last.born >= SIXTEEN else "E13"
    return {Event.CARE_ENDED_HOME: "E4A", Event.CARE_ENDED_ADOPTED: "E11", Event.CARE_ENDED_ARRANGEMENTS: "E41"}[
        Event(event)
    ]


def placement_change(last: State, following: State, broke_down: bool) -> str:
    """Return why a placement changed; the behaviour of a child under four is no reason that a carer would give."""
    if broke_down:
        return "CREQB" if following.week - last.born >= FOUR else "CREQO"
    planned = following.placement in (Placement.FOR_ADOPTION, Placement.WITH_PARENTS)
    return "CLOSE" if last.placement == Placement.IN_HOUSE_FOSTER and not planned else "CARPL"
