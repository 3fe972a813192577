"""Numbers of practice: workers, their hours, early help, assessment, enquiries, plans and reviews."""
# fmt: off

from familyabm.parameters.register import Group, param

STUDY = "model specification, prototype value to be calibrated"
CIN = "DfE, Children in need 2025"
WORKFORCE = "DfE, Children's social work workforce 2025"


class Workforce(Group):
    """Social workers: stress, sickness, leaving and joining."""

    name = "workforce"
    stress_moves = param(0.06, "1/week", (0.02, 0.15), "D", STUDY, "Weekly share of the way to the stress that conditions produce")
    stress_base = param(0.42, "stress", (0.2, 0.6), "D", STUDY, "Stress at a load of one")
    stress_load = param(0.3, "stress/load", (0.1, 0.9), "C", "Kim and Kao 2014; DfE longitudinal study", "Stress added per unit of load above one")
    stress_risk_aversion = param(0.30, "stress", (0.0, 0.6), "D", STUDY, "Stress added per unit of risk aversion")
    stress_targets = param(0.15, "stress", (0.0, 0.4), "D", STUDY, "Stress added at full target pressure")
    target_pressure = param(0.4, "share", (0.0, 1.0), "D", STUDY, "Pressure of timeliness targets on practice")
    sick_start = param(0.0051, "1/week", (0.001, 0.008), "B", WORKFORCE, "A sickness spell begins, no stress")
    sick_stress = param(1.2, "log points", (0.5, 2.5), "C", "Hackney units 2008-10", "Rise of that chance with full stress")
    sick_short = param(0.8, "share", (0.6, 0.95), "D", STUDY, "Spells that last one or two weeks")
    sick_long_weeks = param(9, "weeks", (4, 16), "D", STUDY, "Mean length of a long spell")
    case_holders_own = param(0.3, "ratio", (0.0, 1.0), "C", WORKFORCE + "; regression over 77 authorities of the holders that cases and caseloads imply on the share returned", "How much of an authority's own share of case holders is more than a habit of recording")
    quit_base = param(0.066, "1/year", (0.03, 0.12), "B", WORKFORCE, "A permanent worker leaves, no stress")
    quit_stress = param(0.113, "1/year", (0.0, 0.3), "C", "Kim and Kao 2014", "Further chance of leaving at full stress")
    quit_new = param(0.08, "1/year", (0.0, 0.2), "D", STUDY, "Further chance in the assessed and supported first year")
    quit_agency = param(0.45, "1/year", (0.1, 1.0), "D", "assumption", "Further chance for agency workers")
    hire = param(0.0192, "1/week", (0.01, 0.06), "D", STUDY, "A vacancy is filled by a permanent worker, ordinary attraction")
    attract_base = param(1.5, "ratio", (1.0, 2.0), "D", STUDY, "Attraction of the authority with unstressed staff")
    attract_stress = param(0.6, "ratio", (0.0, 1.5), "D", STUDY, "Attraction lost at full stress")
    newly_qualified = param(0.5, "share", (0.2, 0.8), "D", STUDY, "New permanent workers in their first year of practice")
    agency_fill = param(0.295, "1/week", (0.0, 0.3), "B", WORKFORCE + " (74% of vacancies covered)", "A vacancy is filled by an agency worker")
    agency_start_relationship = param(0.1, "share", (0.0, 0.3), "D", STUDY, "Relationship with which an agency worker starts")
    first_year_caseload = param(0.6, "ratio", (0.4, 0.9), "C", "ASYE guidance", "Caseload of a first-year worker, to full")
    competence_gap = param(0.35, "share", (0.1, 0.6), "D", STUDY, "Competence that a new worker lacks")
    competence_years = param(2.0, "years", (1.0, 5.0), "D", STUDY, "Years in which most of that gap closes")
    mean_experience = param(6.0, "years", (3.0, 12.0), "B", WORKFORCE, "Mean experience of permanent workers at the start")
    posts_per_team = param(7, "posts", (5, 10), "C", "sector practice", "Case-holding posts in a team")


class Hours(Group):
    """A worker's week: paid hours, direct work, and what each kind of case needs."""

    name = "hours"
    week = param(37, "hours", (35, 40), "B", "national agreement", "Paid hours of a full-time week")
    leave = param(0.14, "share", (0.1, 0.2), "D", STUDY, "Share of the year on leave and training")
    direct = param(0.24, "share", (0.14, 0.40), "C", "BASW 80-20 (11 of 45 hours)", "Share of paid hours with families")
    direct_bureaucracy = param(0.10, "share", (0.0, 0.25), "D", STUDY, "Direct share lost per unit of bureaucracy")
    direct_targets = param(0.05, "share", (0.0, 0.15), "D", STUDY, "Direct share lost to full target pressure")
    bureaucracy = param(0.55, "share", (0.1, 1.0), "D", STUDY, "Bureaucracy load of a typical authority")
    potency_direct = param(0.5, "exponent", (0.3, 1.0), "D", STUDY, "How the worth of an hour rises with the direct share")
    potency_load = param(0.05, "exponent", (0.0, 1.2), "D", STUDY, "How the worth of an hour falls with load")
    potency_ceiling = param(1.15, "ratio", (1.0, 1.4), "D", STUDY, "Most that spare time adds to the worth of an hour")
    potency_agency = param(0.25, "share", (0.0, 0.5), "D", STUDY, "Worth lost where the worker is from an agency")
    reflection = param(0.06, "share", (0.0, 0.12), "D", STUDY, "Share of hours for reflection at a load of one")
    reflection_load = param(0.05, "share", (0.0, 0.1), "D", STUDY, "Reflection squeezed out by a unit of excess load")
    recording_waste = param(0.20, "share", (0.05, 0.4), "D", STUDY, "Hours in excess recording at the usual bureaucracy")
    chasing_waste = param(0.076, "share", (0.0, 0.2), "D", STUDY, "Hours chasing partners in a typical authority")
    referral = param(2.0, "hours/week", (0.5, 4.0), "D", STUDY, "Work of a family awaiting allocation")
    assessment = param(4.6, "hours/week", (2.0, 8.0), "D", STUDY, "Work of a family under assessment")
    enquiry = param(9.0, "hours/week", (5.0, 15.0), "D", STUDY, "Work of a family under section 47 enquiry or before conference")
    in_need = param(2.0, "hours/week", (1.0, 4.0), "D", STUDY, "Work of a family with children in need")
    protection = param(4.6, "hours/week", (2.5, 8.0), "D", STUDY, "Work of a family with a child protection plan")
    pre_proceedings = param(6.5, "hours/week", (4.0, 12.0), "D", STUDY, "Work of a family in pre-proceedings")
    proceedings = param(8.5, "hours/week", (5.0, 15.0), "D", STUDY, "Work of a family in care proceedings")
    harder = param(2.0, "ratio/harm", (0.0, 4.0), "D", "assumption: complex families take more visits", "Rise of an assessment's or a child in need plan's work with judged need")
    usual_need = param(0.45, "harm", (0.3, 0.6), "D", "assumption", "Judged need of a case that takes the usual hours")
    looked_after = param(1.35, "hours/week", (0.7, 3.0), "D", STUDY, "Work of a child looked after")
    need_bureaucracy = param(0.25, "ratio", (0.0, 0.5), "D", STUDY, "Rise of work per case per unit of bureaucracy")
    need_risk_aversion = param(0.10, "ratio", (0.0, 0.3), "D", STUDY, "Rise of work per case per unit of risk aversion")
    workload = param(0.797, "ratio", (0.4, 1.6), "D", "calibrated so that a typical authority's load is just above one", "Scale of the work that every case needs")
    load_memory = param(0.8, "share", (0.5, 0.95), "D", STUDY, "Weight of last week in the load that people feel")
    caseload_norm = param(12, "families/FTE", (6, 18), "D", "assumption from DfE caseload 15.2 children", "Families that a full-time worker can hold")
    overflow = param(1.6, "ratio", (1.2, 2.5), "D", STUDY, "Caseload to norm at which a family waits unallocated")


class EarlyHelp(Group):
    """Early help: places, the offer and what it does."""

    name = "early_help"
    place_cost = param(190, "GBP/week", (80, 300), "D", "assumption from spend on family support 2024-25", "Cost of one family's early help place")
    targeted_share = param(0.24, "share", (0.2, 0.8), "D", "assumption", "Share of early help and prevention spend on places for families")
    drop_out = param(0.02, "1/week", (0.005, 0.05), "D", STUDY, "A waiting family drops out")
    dose = param(0.56, "help", (0.3, 0.8), "D", STUDY + ", set with Bennett et al. 2021 in view (entries at 16 and 17 after cuts)", "Strength of a well-matched offer")
    match_base = param(0.62, "share", (0.4, 0.9), "D", STUDY, "Fit of the services' standard offer to a family's needs at its worst")
    paper_base = param(0.85, "ratio", (0.6, 1.0), "D", STUDY, "Worth of early help at full bureaucracy")
    paper_relief = param(0.3, "ratio", (0.0, 0.5), "D", STUDY, "Further worth with no bureaucracy")
    relationship_base = param(0.55, "ratio", (0.3, 0.8), "D", STUDY, "Worth of help with no working relationship")
    relationship_gain = param(0.6, "ratio", (0.2, 0.8), "D", STUDY, "Further worth at a full working relationship")
    relationship_grows = param(0.03, "1/week", (0.01, 0.08), "D", STUDY, "Weekly growth of a working relationship")
    continuity_base = param(0.6, "ratio", (0.3, 1.0), "D", STUDY, "Share of that growth without continuity")
    potency_base = param(0.8, "ratio", (0.5, 1.0), "D", STUDY, "Worth of early help where the lead keeps changing")
    small_first = param(75, "weeks", (0, 100), "D", "assumption; Bennett et al. 2021 (no loss under five when prevention is cut)", "Weeks of waiting for a place that a child under five is worth in the queue")
    review_weeks = param(6, "weeks", (4, 12), "C", "local practice", "Team around the family review")
    review_noise = param(0.04, "harm", (0.0, 0.2), "D", STUDY, "Spread of judgement at an early help review")
    met_below = param(0.117, "harm", (0.1, 0.2), "D", STUDY, "Harm below which needs count as met")
    shortest = param(20, "weeks", (8, 26), "D", STUDY, "Earliest closure with needs met")
    longest = param(36, "weeks", (16, 52), "D", STUDY, "Closure regardless")
    trust_gain = param(0.004, "trust/week", (0.0, 0.02), "D", STUDY, "Trust gained while help works")
    hours = param(2.0, "hours/week", (1.0, 4.0), "D", STUDY, "Work of a family in early help")


class Assessment(Group):
    """Single assessments, strategy discussions, section 47 enquiries and conferences."""

    name = "assessment"
    weeks = param(5.75, "weeks", (4.0, 8.0), "B", CIN + " (median 34 working days)", "Length of an assessment at ordinary load")
    load_base = param(0.6, "ratio", (0.3, 1.0), "D", STUDY, "Share of that length that does not depend on load")
    spread = param(1.5, "ratio", (0.4, 1.6), "B", CIN + " (quartiles 19 and 44 days)", "Spread of lengths")
    statutory_weeks = param(9, "weeks", (9, 9), "B", "Working Together 2023 (45 working days)", "Statutory limit of an assessment")
    conference_weeks = param(3, "weeks", (3, 3), "B", "Working Together 2023 (15 working days)", "Statutory limit from strategy discussion to conference")
    enquiry_weeks = param(2, "weeks", (1, 3), "D", STUDY, "Length of a section 47 enquiry")
    noise = param(0.25, "harm", (0.05, 0.3), "D", STUDY, "Spread of judgement in an assessment")
    noise_targets = param(0.05, "harm", (0.0, 0.15), "D", STUDY, "Spread added by hurry under full target pressure")
    reflection_calms = param(0.3, "ratio", (0.0, 0.6), "D", STUDY, "Share of that spread removed by full reflection")
    sees_child = param(0.6, "share", (0.3, 0.9), "D", "assumption", "Weight of what the worker sees of the child, to what others say")
    finds_factor = param(0.75, "probability", (0.4, 1.0), "D", "assumption", "An assessment finds an adult's factor that nobody has told of")
    in_need_threshold = param(0.201, "harm", (0.15, 0.35), "D", STUDY, "Judged need at which a child is in need")
    threshold_ration = param(0.7, "ratio", (0.0, 1.0), "D", STUDY, "Policy shift of this threshold, to the front door's")
    anxiety = param(0.05, "harm", (0.0, 0.15), "D", STUDY, "Fall of that threshold per unit of risk aversion")
    enquiry_threshold = param(0.48, "harm", (0.4, 0.7), "D", STUDY, "Judged need at which an assessment becomes a section 47 enquiry")
    enquiry_ration = param(0.15, "ratio", (0.0, 1.0), "D", "judgement: over the austerity decade enquiries rose by half and more while referrals stayed flat, so their threshold gave way little (model specification 6.2, S17); Hood et al. 2020 (screening relative to capacity)", "How far thresholds of enquiries and conferences drift with load, to the referral threshold")
    enquiry_anxiety = param(0.08, "harm", (0.0, 0.2), "D", STUDY, "Fall of that threshold per unit of risk aversion")
    step_down = param(0.12, "probability", (0.05, 0.5), "C", "Action for Children, Revolving Door (one in four)", "A family found not in need is stepped down to early help")
    conference_noise = param(0.09, "harm", (0.02, 0.15), "D", STUDY, "Spread of judgement at the end of an enquiry")
    conference_threshold = param(0.446, "harm", (0.4, 0.7), "D", STUDY, "Judged harm at which a conference is called")
    conference_anxiety = param(0.05, "harm", (0.0, 0.15), "D", STUDY, "Fall of that threshold per unit of risk aversion")
    late_report = param(0.222, "probability", (0.05, 0.4), "B", CIN + " (81.4% in time)", "A partner's report is late and delays the conference")
    plan_made = param(0.909, "probability", (0.8, 0.95), "B", CIN + " (plans to conferences)", "A conference makes a plan")
    sibling_margin = param(0.20, "harm", (0.0, 0.5), "D", "assumption", "A sibling judged this far below the threshold has no plan of its own")
    emergency = param(0.10, "probability", (0.0, 0.2), "D", "assumption from emergency protection counts", "A child judged in the gravest harm is protected at once")
    gravest = param(0.75, "harm", (0.65, 0.95), "D", "assumption", "Judged harm at which immediate protection is considered")
    commission_enquiry = param(0.27, "harm", (0.2, 0.4), "D", STUDY, "Below this true need an enquiry was not called for")
    commission_plan = param(0.40, "harm", (0.3, 0.5), "D", STUDY, "Below this true need a plan was not called for")
    commission_care = param(0.45, "harm", (0.3, 0.6), "D", STUDY, "Below this true need an entry to care was not called for")


class Plans(Group):
    """Child in need and child protection plans, reviews, hand-overs and closure."""

    name = "plans"
    dose_need = param(0.5, "help", (0.2, 0.8), "D", STUDY, "Strength of help under a child in need plan")
    dose_protection = param(0.8, "help", (0.3, 0.9), "D", STUDY, "Strength of help under a child protection plan")
    dose_assessment = param(0.15, "help", (0.0, 0.4), "D", STUDY, "Strength of help while assessed")
    dose_ceiling = param(0.85, "help", (0.6, 1.0), "D", STUDY, "Most that help can do")
    hours_return = param(0.4, "exponent", (0.3, 1.0), "D", "assumption: the first visits do more than the last", "How help rises with the share of a family's needed hours that its worker has")
    worker_change = param(0.30, "1/year", (0.1, 0.8), "D", STUDY, "A family changes worker for the service's own reasons")
    relationship_start = param(0.25, "share", (0.05, 0.5), "D", "assumption", "Working relationship with a new worker")
    hand_over_keeps = param(0.40, "ratio", (0.2, 0.9), "D", STUDY, "Share of the working relationship that survives a change")
    need_review_weeks = param(6, "weeks", (4, 13), "C", "local practice", "Child in need review")
    first_protection_review = param(13, "weeks", (13, 13), "B", "Working Together 2023 (3 months)", "First review conference")
    protection_review_weeks = param(26, "weeks", (26, 26), "B", "Working Together 2023 (6 months)", "Later review conferences")
    core_group_weeks = param(6, "weeks", (4, 6), "B", "Working Together 2023", "Core group")
    review_noise = param(0.09, "harm", (0.0, 0.15), "D", STUDY, "Spread of judgement at a review")
    need_to_enquiry = param(0.74, "harm", (0.5, 0.8), "D", STUDY, "Judged harm at which a child in need becomes subject to an enquiry")
    need_close = param(0.21, "harm", (0.15, 0.35), "D", STUDY + ", set with returns within a year of closing in view", "Judged harm below which a child in need plan ends")
    need_drift_weeks = param(24, "weeks", (13, 52), "D", STUDY, "Weeks after which a plan may end unmet")
    need_drift_close = param(0.0199, "probability", (0.0, 0.6), "D", STUDY, "A plan past that ends at review whatever the need")
    close_early = param(0.15, "probability/load", (0.0, 0.6), "D", "assumption; Hood et al. 2019 (screen, ration, churn)", "Referrals and long plans closed before their time, for each unit of load above the usual")
    step_down = param(0.12, "probability", (0.05, 0.5), "D", STUDY, "A closed child in need plan steps down to early help")
    protection_end = param(0.415, "harm", (0.3, 0.55), "D", STUDY, "Judged harm below which a child protection plan steps down")
    legal_threshold = param(0.765, "harm", (0.55, 0.95), "D", STUDY, "Judged harm at which the legal gateway is entered")
    legal_anxiety = param(0.065, "harm", (0.0, 0.15), "D", STUDY, "Fall of that threshold per unit of risk aversion")
    long_plan_weeks = param(52, "weeks", (39, 78), "D", STUDY, "A plan this old meets a lower legal threshold")
    long_plan_threshold = param(0.74, "harm", (0.5, 0.9), "D", STUDY, "That lower threshold")
    drift_weeks = param(3, "weeks", (2, 6), "D", STUDY, "Weeks with no direct work that count as drift")
    drift_fill = param(0.15, "share", (0.0, 0.4), "D", "assumption", "Share of needed hours below which a week has no direct work")
    trust_hand_over = param(0.03, "trust", (0.0, 0.08), "D", STUDY, "Trust lost at a change of worker")
    trust_commission = param(0.05, "trust", (0.0, 0.15), "D", STUDY, "Trust lost by an enquiry that was not called for")
    works_above = param(0.30, "help", (0.15, 0.5), "D", STUDY, "Help at or above this counts as effective")
    intensive = param(0.40, "help", (0.25, 0.7), "D", "assumption", "Help at or above this counts as intensive")
    visits_for_review = param(0.5, "share", (0.2, 0.9), "D", "assumption", "Needed hours met, below which a review slips a week")
