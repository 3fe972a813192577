"""What only the ledger knows: true need at the moments when services answer, and errors against it.

Nothing here decides for anybody. These notes feed measures and the families' own readiness to come back.
"""

from familyabm.codes import Agency, Answer, Event
from familyabm.compiled import rule
from familyabm.journal import note, note_child
from familyabm.rules.common import children_at_home, lives_at_home
from familyabm.tables import Row
from familyabm.town import Town


@rule
def worst_child(town: Town, family: Row, week: int) -> float:
    """Return the harm of the child at home who is harmed most."""
    worst = 0.0
    for row in range(family.first_child, family.first_child + family.n_children):
        child = town.children[row]
        if lives_at_home(child, week) and child.harm > worst:
            worst = child.harm
    return worst


@rule
def answer_without_help(town: Town, family: Row, week: int, answer: int) -> None:
    """Remember that the family heard an answer that brought no help, and whether a chance was missed."""
    family.answer = answer
    family.answered = week
    family.passed_by = Agency.SOCIAL_CARE
    family.answer_need = family.harm
    if family.harm >= town.p.harm[0].level_2:
        family.missed = week
        family.missed_need = family.harm


@rule
def ended_answer(town: Town, family: Row, week: int) -> None:
    """Remember how a spell of help ended: with needs met or not."""
    if family.harm < town.p.early_help[0].met_below:
        family.answer = Answer.ENDED_MET
        family.answered = week
    else:
        answer_without_help(town, family, week, Answer.ENDED_UNMET)


@rule
def not_called_for(town: Town, family: Row, week: int) -> bool:
    """Note an enquiry where true need is below level 3 (commission); tell whether it was one."""
    if worst_child(town, family, week) >= town.p.assessment[0].commission_enquiry:
        return False
    at_home = children_at_home(town, family, week)
    note(town, week, family, Event.COMMISSION_ENQUIRY, Agency.SOCIAL_CARE, at_home)
    return True


@rule
def check_plan(town: Town, family: Row, child: Row, week: int) -> None:
    """Note a protection plan for a child whose true harm did not call for one (commission)."""
    if child.harm < town.p.assessment[0].commission_plan:
        note_child(town, week, family, Event.COMMISSION_PLAN, Agency.SOCIAL_CARE, child)


@rule
def check_entry(town: Town, family: Row, child: Row, week: int) -> None:
    """Note an entry to care that true harm did not call for (commission); unpreventable ones are no error."""
    if child.harm < town.p.assessment[0].commission_care and child.fated != week:
        note_child(town, week, family, Event.COMMISSION_CARE, Agency.SOCIAL_CARE, child)
