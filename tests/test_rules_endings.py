"""What ends is really over: workers, help, places and legal statuses do not outlive the case behind them."""

import numpy as np
from test_rules_common import WEEK, home

from familyabm.codes import Agency, Answer, Event, Legal, Placement, Status
from familyabm.rules import allocation, court, front_door, leaving_care


def test_the_last_child_to_leave_care_frees_the_worker_even_years_after_the_case_closed():
    town, family, (child, *_) = home(5)
    family.status, family.n_away, family.worker = Status.UNIVERSAL, 1, 0
    child.legal_status, child.placement = Legal.CARE_ORDER, Placement.KINSHIP_FOSTER
    leaving_care.leave_care(town, family, child, WEEK, Event.CARE_ENDED_GUARDIAN, Legal.SPECIAL_GUARDIANSHIP)
    assert (family.n_away, family.worker) == (0, -1)


def test_a_child_who_goes_home_while_early_help_is_there_becomes_a_child_in_need_with_a_case():
    town, family, (child, *_) = home(5)
    family.status, family.n_away, town.authority[0].early_help_used = Status.EARLY_HELP, 1, 1.0
    child.legal_status, child.placement = Legal.SECTION_20, Placement.KINSHIP_FOSTER
    leaving_care.go_home(town, family, child, WEEK)
    assert (family.status, child.legal_status) == (Status.CHILD_IN_NEED, Legal.CHILD_IN_NEED)
    assert town.authority[0].early_help_used == 0.0


def test_help_ends_when_a_family_steps_up_out_of_early_help():
    town, family, _ = home(5)
    family.status, family.help, family.lead, town.authority[0].early_help_used = Status.EARLY_HELP, 0.5, 1, 1.0
    front_door.step_out_of_early_help(town, family, WEEK)
    assert (family.status, family.help, family.lead) == (Status.REFERRAL, 0.0, 0)
    assert town.authority[0].early_help_used == 0.0


def test_a_family_that_asked_and_then_declined_was_not_refused():
    town, family, _ = home(5)
    family.source, family.trust = Agency.FAMILY, 0.5
    for name in ("consent_base", "consent_trust"):
        town.p.front_door[name] = 0.0
    front_door.offer_early_help(town, family, WEEK, 0.125)
    assert (family.answer, family.trust) == (Answer.CLOSED_NO_HELP, 0.5)
    front_door.turn_away(town, family, WEEK, Event.CONTACT_CLOSED, 0.125)
    assert family.answer == Answer.REFUSED_REQUEST and family.trust < 0.5


def test_a_post_that_changes_hands_is_a_change_of_worker_for_its_families():
    town, family, _ = home(5)
    family.worker, family.working_relationship = 0, 0.8
    town.workers["started"] = WEEK - 1
    allocation.welcome_new_holder(town, family, WEEK)
    assert family.working_relationship == 0.8
    town.workers["started"][0] = WEEK
    allocation.welcome_new_holder(town, family, WEEK)
    assert family.working_relationship < 0.8


def test_a_plan_resumed_after_pre_proceedings_keeps_its_clocks():
    town, family, _ = home(5)
    family.status, family.due = Status.PRE_PROCEEDINGS, WEEK - 45
    court.resume_plan(town, family, WEEK)
    assert (family.status, family.since) == (Status.CHILD_PROTECTION, WEEK - 45)
    assert family.n_reviews == 2
    assert np.isclose(WEEK - family.since, 45)
