"""Names that experiments ask for and that a model may not have: one home for all of them.

A name with a dot is a field of a table of one row, read at year ends; the others are measures. A name that the model
does not have makes an experiment "not available", never a failure of the run.
"""

from familyabm import levers
from familyabm.levers import Scenario

ABSENCE_ALL = "absence_all"
ABSENCE_IN_NEED = "absence_in_need"
SEVERE_ABSENCE_IN_NEED = "severe_absence_in_need"
SEVERE_ABSENCE_PLAN = "severe_absence_plan"
ABSENCE_LOOKED_AFTER = "absence_looked_after"
INCIDENTS_KNOWN = "incidents_known"
INCIDENTS_BELOW = "incidents_below"
GRADE = "authority.grade"
CHILDREN_OF_ALL = "facts.whole"
BOUNCED = "adult_bounced"
DISCUSSIBILITY = "authority.discuss_ease"
BUREAUCRACY = "authority.bureaucracy"
WASTE = "practice_waste"

SCENARIOS = {"S0": "status-quo", "S2": "whole-system", "S6": "inadequate", "S6b": "media-storm"}
"""The scenarios that experiments ask for by code, where a scenario does not bear its code itself."""


def scenario(code: str) -> Scenario | None:
    """Return the packaged scenario of a code, or None if there is none."""
    for name in levers.names():
        found = levers.find(name)
        if getattr(found, "code", "") == code or name == SCENARIOS.get(code):
            return found
    return None
