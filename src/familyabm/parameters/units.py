"""Numbers of organisation: social work units, managers, support units, training, time and waste."""
# fmt: off

from familyabm.parameters.register import Group, param

HACKNEY = "Cross, Hubbard and Munro 2010; Community Care 2008-13 (Hackney units)"
BASW = "BASW 80-20 (2018): 11 of 45 hours direct, a third with no reflection time"
CHOSEN = "assumption"


class Units(Group):
    """Social work units: who belongs to one, what it costs and where it binds."""

    name = "units"
    practitioner_fte = param(1.0, "FTE/unit", (0.0, 2.0), "C", HACKNEY, "Children's practitioners in a unit")
    clinician_fte = param(0.5, "FTE/unit", (0.0, 1.0), "C", HACKNEY, "Clinicians in a unit")
    coordinator_fte = param(1.0, "FTE/unit", (0.0, 1.5), "C", HACKNEY, "Unit coordinators in a unit")
    practitioner_pay = param(0.60, "ratio", (0.4, 0.8), "C", "National Joint Council pay scales 2024-25", "Cost of a children's practitioner, to a social worker")
    clinician_pay = param(1.15, "ratio", (0.9, 1.6), "C", "PSSRU unit costs", "Cost of a clinician, to a social worker")
    coordinator_pay = param(0.33, "ratio", (0.3, 0.7), "C", HACKNEY, "Cost of a unit coordinator, to a social worker")
    practitioner_replaces = param(0.80, "ratio", (0.3, 1.0), "D", CHOSEN, "Hours of a social worker that a children's practitioner's hour replaces")
    practitioner_most = param(0.40, "share", (0.0, 0.6), "D", CHOSEN, "Most of the hours for children in need and on plans that a practitioner may give")
    coordinator_absorbs = param(0.65, "share", (0.0, 0.8), "C", HACKNEY + " (60-70%)", "Share of a unit's administration that its coordinator takes on, hours permitting")
    meeting = param(3.5, "hours/week", (0.0, 5.0), "C", HACKNEY, "Hours of each member in the unit's weekly meeting")
    consultant_caseload = param(0.8, "ratio", (0.5, 1.0), "D", CHOSEN, "A consultant social worker's caseload in a unit, to full")
    enquiry_holders = param(2, "workers/unit", (0, 8), "C", HACKNEY, "Members of a unit who may hold section 47 enquiries; 0 for no limit")


class Team(Group):
    """Cohesion of a team, and differences between its members."""

    name = "team"
    cohesion_usual = param(0.46, "share", (0.2, 0.8), "D", "status quo of the model", "Cohesion that a typical team has")
    cohesion_grows = param(0.012, "1/week", (0.0, 0.05), "D", CHOSEN, "Weekly share of the way to full cohesion while nobody comes or goes")
    cohesion_lost = param(0.75, "share", (0.0, 1.0), "D", CHOSEN, "Cohesion lost if every member left at once, in proportion for one")
    cohesion_shields = param(0.12, "stress", (0.0, 0.3), "C", "Kim and Kao 2014 (peer support)", "Stress that full cohesion takes away, to none")
    supervision_usual = param(0.80, "share", (0.3, 1.0), "D", "status quo of the model", "Supervision given to what is wanted, in a typical authority")
    supervision_stress = param(0.10, "stress", (0.0, 0.3), "C", "Kim and Kao 2014 (supervisory support)", "Stress of a worker who gets none of it, to all of it")
    pace_spread = param(0.10, "ratio", (0.0, 0.3), "D", "model specification (0.25 in all, with differences in caseloads)", "Spread of how far workers get alone with the same hours")
    skill_spread = param(0.10, "ratio", (0.0, 0.3), "D", CHOSEN, "Spread of each skill between workers")
    skill_match = param(0.5, "exponent", (0.0, 1.0), "D", CHOSEN, "How the worth of an hour follows the skill that the family's known factors call for")
    skill_assess = param(0.5, "ratio", (0.0, 1.0), "D", CHOSEN, "How far skill in assessment narrows the spread of judgement")
    caution_spread = param(0.10, "risk aversion", (0.0, 0.3), "D", CHOSEN, "Spread of workers' own aversion to risk around the organisation's")


class Training(Group):
    """Training, development and the method of practice."""

    name = "training"
    weekly = param(1.0, "hours/week", (0.0, 6.0), "D", "Social Work England; employers' standards", "Training hours of a worker; the usual hour is within leave and training")
    usual = param(1.0, "hours/week", (0.5, 2.0), "D", "employers' standards", "Training hours in a typical authority")
    experience = param(0.15, "years/hour a week", (0.0, 0.5), "D", CHOSEN, "Years of experience gained in a year by each further weekly hour")
    fidelity = param(0.007, "1/hour", (0.0, 0.02), "D", CHOSEN, "Fidelity to the method gained by an hour of training")
    half_life = param(40, "weeks", (10, 104), "D", "model specification (Post-it glue)", "Half-life of what training leaves behind")
    method = param(1, "PracticeModel", (0, 3), "D", "most authorities name a strengths-based model", "Method of practice: 0 none, 1 strengths-based, 2 systemic, 3 motivational")
    strengths_based = param(0.0, "ratio", (-0.05, 0.10), "B", "Signs of Safety evaluations (Cardiff; What Works 2021): no effect found", "Worth of help added by full fidelity to a strengths-based model")
    systemic = param(0.10, "ratio", (0.0, 0.15), "C", "Hackney and its successors, before and after", "Worth of help added by full fidelity to systemic practice")
    motivational = param(0.12, "ratio", (0.0, 0.15), "C", "Family Safeguarding evaluations, before and after", "Worth of help added by full fidelity to motivational practice")
    action_learning = param(0.0, "hours/week", (0.0, 4.0), "D", "none in a typical authority", "Managers' hours in action learning")
    action_learning_works = param(0.15, "share/hour", (0.0, 0.3), "D", CHOSEN, "Share of unread reports and unchanged approvals that an hour of it does away with")


class WorkingTime(Group):
    """How the hours present are spent, when people are away, and what interrupts."""

    name = "working_time"
    august = param(1.8, "ratio", (1.0, 2.5), "D", CHOSEN, "Leave in the weeks of August to an ordinary week's; the year's leave stays")
    phased_weeks = param(4, "weeks", (0, 8), "D", "common policy", "Weeks of a phased return after long sickness")
    phased_hours = param(0.5, "share", (0.2, 1.0), "D", "common policy", "Hours worked during a phased return, to full")
    supervision = param(0.04, "share", (0.01, 0.08), "D", "employers' standards", "Paid hours in supervision")
    travel = param(0.08, "share", (0.02, 0.15), "C", BASW, "Paid hours travelling")
    court = param(0.02, "share", (0.0, 0.06), "D", CHOSEN, "Paid hours at court and preparing for it")
    audit = param(0.04, "share", (0.0, 0.10), "D", CHOSEN, "Paid hours on audit and reporting at the usual bureaucracy and targets")
    audit_targets = param(0.5, "ratio", (0.0, 1.5), "D", CHOSEN, "Rise of audit and reporting per unit of target pressure")
    casework_least = param(0.05, "share", (0.02, 0.12), "D", CHOSEN, "Least of paid hours on statutory records and planning; all else gives way to it")
    squeezes = param(0.25, "ratio", (0.0, 1.0), "D", CHOSEN, "Share of the hours of rework beyond the usual that come out of time with families")
    usual_rework = param(0.042, "share", (0.0, 0.2), "D", "status quo of the model", "Hand-overs, repeated assessments, panels and other rework in paid hours, as usual")
    usual_chasing = param(0.09, "share", (0.0, 0.2), "D", "hours.chasing_waste in a typical authority", "Chasing partners in paid hours, as usual")
    enquiry_interrupts = param(0.12, "1/day", (0.0, 0.5), "D", CHOSEN, "Urgent interruptions a day for each section 47 enquiry held")
    family_interrupts = param(0.02, "1/day", (0.0, 0.1), "D", CHOSEN, "Urgent interruptions a day for each family held, at a load of one")
    interrupted = param(0.5, "days", (0.0, 1.0), "D", "model specification", "How planned visits fall with interruptions a day: exp(-this x interruptions)")
    usual_visits = param(0.84, "share", (0.6, 1.0), "D", "status quo of the model", "Planned visits kept in a typical authority")
    record_bureaucracy = param(0.15, "share", (0.0, 0.4), "D", CHOSEN, "Quality of records lost from little to full bureaucracy: more is written, less is found")
    record_load = param(0.30, "share", (0.0, 0.6), "D", CHOSEN, "Quality of records lost per unit of excess load")
    record_agency = param(0.30, "share", (0.0, 0.6), "D", CHOSEN, "Quality of records lost if all workers were from agencies")
    record_base = param(0.75, "share", (0.5, 1.0), "D", CHOSEN, "Quality of records with none of these")
    record_usual = param(0.60, "share", (0.3, 0.9), "D", "status quo of the model", "Quality of records in a typical authority")
    record_keeps = param(0.30, "ratio", (0.0, 0.8), "D", CHOSEN, "How far better records save what a change of worker loses")
    held_by_others = param(0.40, "share", (0.0, 0.7), "B", "DfE workforce and CIN 2025 (321,661 cases held, about 400,000 children in need)", "Children in need without a plan or care who are held by others than case-holding social workers")


class Managers(Group):
    """Team and group managers: span, and what their week goes to."""

    name = "managers"
    hour = param(56, "GBP/hour", (45, 75), "C", "PSSRU unit costs (team leader)", "An hour of a manager, for the cost of waste")
    span = param(6, "teams", (5, 8), "C", HACKNEY, "Teams or units under a group manager")
    fire_fighting = param(0.22, "share", (0.0, 0.5), "D", CHOSEN, "Hours pulled into what went wrong, at the usual failure demand")
    usual_failure = param(0.36, "share", (0.1, 0.7), "D", "status quo of the model", "Failure demand to all demand, in hours, as usual")
    reports = param(0.16, "share", (0.0, 0.4), "D", CHOSEN, "Hours on reports at the usual bureaucracy")
    unread = param(0.4, "share", (0.0, 0.9), "D", CHOSEN, "Reports that lead to no decision by anybody")
    decision_hours = param(1.2, "hours", (0.5, 3.0), "D", "model specification", "A manager's hours on one decision sent up, at each tier")
    tiers = param(2, "tiers", (1, 5), "D", CHOSEN, "Tiers that a decision sent up goes through")
    service = param(0.22, "share", (0.1, 0.4), "D", CHOSEN, "Hours of running the service: panels, partners, staffing, budget")
    supervision = param(0.50, "share", (0.2, 0.6), "D", CHOSEN, "Hours of supervision that are wanted")
    memory = param(0.9, "share", (0.5, 0.98), "D", CHOSEN, "Weight of the past in the failure demand and rework that people plan by")


class SupportUnits(Group):
    """Business support, legal, technology, recruitment, placements team and contact centre."""

    name = "support_units"
    level = param(1.0, "ratio", (0.3, 2.0), "D", "a typical authority", "Capacity of the support units, to what there is")
    business_support = param(1.15, "ratio", (0.8, 2.0), "D", CHOSEN, "Its capacity to its usual work")
    legal = param(1.10, "ratio", (0.8, 2.0), "D", CHOSEN, "Its capacity to its usual work")
    technology = param(1.20, "ratio", (0.8, 2.0), "D", CHOSEN, "Its capacity to its usual work")
    recruitment = param(1.10, "ratio", (0.8, 2.0), "D", CHOSEN, "Its capacity to its usual work")
    placements_team = param(1.10, "ratio", (0.8, 2.0), "D", CHOSEN, "Its capacity to its usual work")
    contact_centre = param(1.15, "ratio", (0.8, 2.0), "D", CHOSEN, "Its capacity to its usual work")
    drag = param(0.015, "share/week", (0.0, 0.05), "D", CHOSEN, "Social workers' hours lost for each week that their jobs for support units wait")
    longest_wait = param(6, "weeks", (2, 13), "D", CHOSEN, "Wait at which people stop asking and do it themselves")


class Hiring(Group):
    """How posts are filled."""

    name = "hiring"
    lead_weeks = param(12, "weeks", (0, 26), "C", "sector practice; model specification", "Weeks from appointment to first day")
    agency_cap = param(0.45, "share", (0.05, 0.6), "D", "model specification; statutory rules on agency use 2024", "Agency workers to posts at which no more are taken on")
