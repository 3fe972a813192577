"""Numbers of permission: panels, the decision matrix, complaints, chasing and trust."""
# fmt: off

from familyabm.parameters.register import Group, param

STUDY = "model specification, prototype value to be calibrated"
GUIDE = "Getting the Best from Complaints (DfES 2006), SI 2006/1738"


class Rights(Group):
    """Share of each kind of decision that a practitioner may take without permission where no lever acts."""

    name = "rights"
    contact_outcome = param(0.10, "share", (0.0, 0.6), "D", "assumption", "A screening worker decides a contact without a manager")
    start_early_help = param(0.05, "share", (0.0, 0.5), "D", "assumption", "A lead professional starts early help without a panel")
    flexible_spend = param(0.0, "share", (0.0, 0.5), "D", "assumption", "A worker spends up to GBP 500 on a family without asking")
    end_assessment = param(0.20, "share", (0.0, 0.8), "D", "assumption", "A social worker ends an assessment without a manager's signature")
    accommodate = param(0.05, "share", (0.0, 0.4), "D", "assumption", "A group manager agrees to accommodation or an edge-of-care package")
    tripartite = param(0.0, "share", (0.0, 0.4), "D", "assumption", "One budget holder agrees to joint funding")
    placement_change = param(0.05, "share", (0.0, 0.4), "D", "assumption", "A needs-led review agrees to a step-down from a children's home")


class Hierarchy(Group):
    """What it takes to send a decision up."""

    name = "hierarchy"
    tiers = param(4, "tiers", (3, 6), "C", "model specification; sector practice", "Tiers between a practitioner and the director")
    weeks_per_tier = param(0.4, "weeks", (0.0, 1.5), "D", STUDY, "A decision waits at each tier that it goes up")
    hours_per_tier = param(1.2, "hours", (0.3, 3.0), "D", STUDY, "Managers' time at each tier that a decision goes up")
    contact_hours = param(0.2, "hours", (0.05, 0.6), "D", "assumption", "A manager's time to sign off one contact")
    changes = param(0.08, "probability", (0.0, 0.3), "D", "assumption", "A manager sends a decision back for more work or turns it down")
    service_manager = param(2, "tiers", (1, 3), "D", STUDY, "Tiers up to whoever may spend GBP 500 (service manager)")
    more_work = param(1, "weeks", (1, 4), "D", "assumption", "Weeks added to an assessment that is sent back")


class Panels(Group):
    """The panels that hear requests: early help, resources, joint funding and the legal gateway."""

    name = "panels"
    resource_slots = param(12, "cases/60,000 children/week", (4, 25), "D", STUDY, "Cases that the Weekly Resource Panel hears")
    joint_slots = param(10, "cases/60,000 children/month", (3, 20), "D", STUDY, "Cases that the Joint Resource Allocation Panel hears")
    legal_slots = param(4, "families/60,000 children/week", (2, 12), "D", STUDY, "Families that the legal gateway hears")
    early_help_weeks = param(3, "weeks", (1, 5), "C", "early help panels, local practice", "Longest wait for the early help panel")
    resource_weeks = param(3, "weeks", (1, 6), "D", STUDY, "Longest time to the Weekly Resource Panel, its queue apart")
    legal_weeks = param(4, "weeks", (1, 5), "D", STUDY, "Number of weeks, this one the first, over which legal papers get ready")
    defer = param(0.25, "probability", (0.0, 0.5), "D", STUDY, "A panel wants more information and defers")
    defer_weeks = param(2, "weeks", (1, 4), "D", "assumption", "Longest time until a deferred paper is back")
    refuse = param(0.10, "probability", (0.0, 0.3), "D", STUDY, "A panel refuses")
    appeal = param(0.30, "probability", (0.0, 0.8), "D", "assumption", "A refusal is appealed; the rest drift")
    appeal_weeks = param(2, "weeks", (1, 6), "D", "assumption", "Weeks to an appeal")
    prep = param(6.0, "hours", (2.0, 12.0), "D", STUDY, "Preparing a paper for a panel")
    prep_early_help = param(1.5, "hours", (0.5, 4.0), "D", "assumption", "Preparing an early help panel's form")
    disputed = param(0.5, "probability", (0.1, 0.9), "D", "assumption", "Funders dispute who pays for a joint package")
    dispute_weeks = param(8, "weeks", (2, 20), "D", STUDY, "Mean length of a dispute between funders")
    dispute_longest = param(52, "weeks", (26, 104), "D", "assumption", "Longest dispute")
    provider_least = param(4, "weeks", (1, 8), "D", STUDY, "Shortest time for a provider to arrange a step-down")
    provider_most = param(26, "weeks", (12, 40), "D", STUDY, "Longest time for a provider to arrange a step-down")
    needs_led_most = param(6, "weeks", (3, 10), "D", STUDY, "Longest time to a step-down after a needs-led review")
    grave = param(0.6, "harm", (0.5, 0.75), "D", STUDY, "Judged need at which a child cannot wait for a panel")
    emergency = param(1.5, "ratio", (1.0, 3.0), "D", STUDY, "Chance of an emergency placement while a grave case waits, to the ordinary")


class Support(Group):
    """What is asked for: flexible spending, edge-of-care packages, joint funding."""

    name = "support"
    flexible_rate = param(0.02, "1/week", (0.0, 0.08), "D", "assumption", "A worker wants to buy something for a family outside the standard offer")
    flexible_limit = param(500, "GBP", (100, 500), "D", STUDY, "Most that may be spent so")
    flexible_weeks = param(13, "weeks", (4, 26), "D", "assumption", "Weeks over which it helps")
    flexible_match = param(0.10, "share", (0.0, 0.4), "D", "assumption; wide, no trial", "Share of the misfit of the offer that it removes")
    package_above = param(0.6, "harm", (0.45, 0.75), "D", "assumption", "Judged need at which an edge-of-care package is sought")
    package_rate = param(0.05, "1/week", (0.0, 0.2), "D", "assumption", "It is sought, in a week")
    package_weeks = param(13, "weeks", (6, 26), "C", "edge of care services, DfE Innovation Programme", "Length of a package")
    package_cost = param(350, "GBP/week", (100, 900), "D", "assumption", "Cost of a package")
    package_averts = param(0.10, "share", (0.0, 0.5), "D", "evaluations are mixed and mostly uncontrolled", "Share of entries by agreement that a package averts")
    joint_share = param(0.15, "share", (0.05, 0.5), "D", "assumption", "Children newly in a home whose package health and education should share")
    joint_others = param(0.35, "share", (0.1, 0.67), "D", "assumption", "Share that the other two funders pay of a joint package")


class Leads(Group):
    """Who takes the lead with a family."""

    name = "leads"
    school = param(0.5, "probability", (0.1, 0.9), "D", STUDY, "A school that raised a concern leads")
    health = param(0.4, "probability", (0.05, 0.8), "D", STUDY, "A health service that raised a concern leads (visitor .4, GP .05)")
    elsewhere = param(0.05, "probability", (0.0, 0.3), "D", STUDY, "Another service that raised a concern leads")
    early_help = param(0.85, "probability", (0.5, 1.0), "D", "assumption; willing but short of hours", "An early help worker leads where nobody else does, in a week")
    no_lead = param(0.6, "ratio", (0.3, 1.0), "D", "assumption", "Worth of early help that nobody leads")


class Complaints(Group):
    """Complaints and chasing."""

    name = "complaints"
    base_rate = param(0.0006, "1/week", (0.0001, 0.003), "D", STUDY, "An open family complains, nothing amiss")
    overdue = param(0.004, "1/week", (0.0, 0.02), "D", STUDY, "Further chance per overdue action")
    commission = param(0.006, "1/week", (0.0, 0.03), "D", STUDY, "Further chance after an enquiry that was not called for")
    commission_weeks = param(26, "weeks", (8, 52), "D", "assumption", "Weeks over which that rankles")
    worker_change = param(0.002, "1/week", (0.0, 0.01), "D", STUDY, "Further chance after a change of worker")
    worker_change_weeks = param(13, "weeks", (4, 26), "D", "assumption", "Weeks over which that rankles")
    to_stage_2 = param(0.12, "probability", (0.03, 0.3), "C", STUDY, "A stage 1 answer is taken further")
    to_stage_3 = param(0.15, "probability", (0.03, 0.4), "C", STUDY, "A stage 2 answer is taken to a panel")
    to_ombudsman = param(0.15, "probability", (0.02, 0.5), "C", STUDY, "A panel's answer is taken to the ombudsman")
    content = param(0.5, "ratio", (0.2, 1.0), "D", "assumption", "Chance that an upheld complaint goes further, to one not upheld")
    stage_1_weeks = param(4, "weeks", (2, 4), "B", GUIDE + " (10, at most 20 working days)", "Limit of stage 1")
    stage_2_weeks = param(13, "weeks", (5, 13), "B", GUIDE + " (25, at most 65 working days)", "Limit of stage 2")
    stage_3_weeks = param(6, "weeks", (6, 6), "B", GUIDE + " (30 working days)", "Limit of stage 3")
    ombudsman_weeks = param(26, "weeks", (13, 52), "C", "Local Government and Social Care Ombudsman", "Usual limit of the ombudsman")
    shortest = param(0.3, "ratio", (0.1, 0.8), "D", "assumption", "Shortest answer, to the limit, at a load of one")
    spread = param(0.9, "ratio", (0.3, 1.5), "D", "assumption", "Longest answer less the shortest, to the limit")
    stage_1_hours = param(6, "hours", (2, 15), "D", STUDY, "Work of a stage 1 complaint")
    stage_2_hours = param(40, "hours", (20, 80), "D", STUDY, "Work of a stage 2 investigation")
    stage_3_hours = param(60, "hours", (25, 100), "D", STUDY, "Work of a review panel or an ombudsman's enquiry")
    help_wait = param(2, "weeks", (1, 6), "D", STUDY, "Weeks of waiting for early help that count as overdue")
    panel_wait = param(3, "weeks", (1, 8), "D", "assumption", "Weeks of waiting for a panel that count as overdue")
    chase = param(0.35, "1/week", (0.1, 1.0), "D", STUDY, "Calls that each overdue action brings")
    chase_hours = param(0.4, "hours", (0.1, 1.0), "D", "assumption", "Time of one such call")
    tells = param(0.02, "1/week", (0.0, 0.1), "D", "assumption", "An open family of full trust says how it is helped")


class Trust(Group):
    """How families' trust in services comes and goes."""

    name = "trust"
    drifts_back = param(0.004, "1/week", (0.0, 0.03), "D", "assumption", "Weekly share of the way back to the trust a family came with")
    upheld = param(0.02, "trust", (0.0, 0.06), "D", "assumption", "Trust regained when a complaint is upheld")
    not_upheld = param(0.01, "trust", (0.0, 0.04), "D", "assumption", "Trust lost when it is not")
    refused_by_panel = param(0.01, "trust", (0.0, 0.04), "D", "assumption", "Trust lost when a panel refuses")
