"""Numbers of the levers: where a typical authority stands, how practice follows policy, what each lever does and costs."""
# fmt: off

from familyabm.parameters.register import Group, param

STUDY = "model specification, prototype value to be calibrated"
WIDE = "no impact evaluation; wide range"


class Base(Group):
    """Where practice stands in a typical English authority, 0 siloed to 1 whole system."""

    name = "base"
    information_sharing = param(0.35, "share", (0.0, 1.0), "D", STUDY, "Information sharing")
    joint_response = param(0.20, "share", (0.0, 1.0), "D", STUDY, "Whole-family joint response")
    no_wrong_door = param(0.25, "share", (0.0, 1.0), "D", STUDY, "Shared threshold, no wrong door")
    continuity = param(0.30, "share", (0.0, 1.0), "D", STUDY, "Lead professional continuity")
    pooled_budget = param(0.10, "share", (0.0, 1.0), "D", STUDY, "Pooled, needs-led resources")
    ring_fence = param(0.15, "share", (0.0, 1.0), "D", STUDY, "Early help ring-fence")
    unit_model = param(0.10, "share", (0.0, 1.0), "D", STUDY, "Social work units")
    bureaucracy_relief = param(0.25, "share", (0.0, 1.0), "D", STUDY, "Relief from bureaucracy")


class Programme(Group):
    """How practice follows policy."""

    name = "programme"
    set_up = param(90000, "GBP/10,000 children", (0, 250000), "D", "assumption: design team for six months", "Designing a programme of change")
    design_weeks = param(26, "weeks", (0, 52), "D", STUDY, "Weeks of design before practice begins to change")
    matures = param(0.028, "1/week", (0.008, 0.05), "D", STUDY, "Weekly growth of a programme's maturity")
    alone = param(0.35, "ratio", (0.2, 1.0), "D", STUDY, "Growth with no other lever mature, to with all")
    pressure_slows = param(0.5, "ratio", (0.0, 1.0), "D", STUDY, "Growth lost under pressure")
    pressure_above = param(1.15, "load", (1.0, 1.4), "D", STUDY, "Load above which practice slips back")
    slips = param(0.030, "1/week", (0.0, 0.08), "D", STUDY, "Weekly loss of maturity under full pressure")
    slip_pressure = param(0.6, "ratio", (0.2, 1.0), "D", STUDY, "How pressure turns into slipping")


class Effects(Group):
    """What each lever does, at full strength, wherever it may act and nowhere else."""

    name = "effects"
    sharing_noticed = param(0.14, "share", (0.0, 0.5), "D", WIDE + "; a prototype of this model had 8% more contacts with sharing alone", "More is noticed where information is shared", "L1")
    sharing_backlog = param(0.4, "share", (0.0, 1.0), "C", "Hood et al. 2020; Troubled Families 2019 (more statutory work at first)", "While sharing is new, partners bring what they had kept to themselves", "L1")
    sharing_noise = param(0.25, "share", (0.0, 0.8), "D", WIDE + "; no evaluation found an effect of shared information alone on outcomes (P072), and this much takes 2% off weeks of harm by itself", "Screening is less noisy where information is shared", "L1")
    sharing_seen = param(0.3, "share", (0.0, 1.0), "D", WIDE, "Other services' knowledge reaches the decision", "L1")
    sharing_late = param(0.4, "share", (0.0, 1.0), "D", WIDE, "Partners' reports come in time", "L1")
    sharing_chasing = param(0.3, "share", (0.0, 1.0), "D", WIDE, "Less chasing of partners", "L1")
    joint_help = param(0.34, "ratio", (0.0, 0.45), "C", "Troubled Families 2019; FDAC", "Help reaches adults when services act together", "L2")
    joint_drag = param(0.6, "share", (0.0, 0.8), "D", STUDY, "Treating a factor within a joint plan lifts its drag on the others", "L2")
    joint_asking = param(0.016, "1/week", (0.0, 0.04), "D", STUDY, "Open cases are put forward to adult services", "L2")
    joint_wait = param(0.5, "share", (0.0, 0.8), "D", STUDY, "Adult services assess within the joint plan: less time before treatment can begin", "L2")
    joint_relationship = param(0.11, "share", (0.0, 0.5), "D", STUDY, "Services that share families' plans come to know one another", "L2")
    joint_match = param(0.5, "share", (0.0, 1.0), "D", STUDY, "The early help offer fits the family", "L2")
    joint_chasing = param(0.7, "share", (0.0, 1.0), "D", STUDY, "Less chasing of partners", "L2")
    joint_conference = param(0.4, "ratio", (0.0, 1.0), "A", "Taylor et al. 2024", "Family group decisions are prepared by all", "L2")
    joint_issue = param(0.01, "harm", (0.0, 0.1), "D", STUDY, "Rise of the threshold for issuing proceedings", "L2")
    joint_pre = param(3.0, "weeks", (0.0, 8.0), "D", STUDY, "Pre-proceedings are shorter", "L2")
    joint_court = param(6.0, "weeks", (0.0, 12.0), "D", STUDY, "Kin are assessed early and hearings take less time", "L2")
    joint_edge = param(0.05, "share", (0.0, 0.3), "D", STUDY, "Fewer children enter care by agreement", "L2")
    joint_kinship = param(0.05, "share", (0.0, 0.15), "D", STUDY, "More placements with kin", "L2")
    joint_home = param(0.15, "ratio", (0.0, 0.5), "D", STUDY, "More children go home", "L2")
    joint_surfaces = param(0.08, "harm", (0.0, 0.3), "C", "MHCLG 2019 (more plans at 7 to 18 months with a key worker); set with that study in view", "A review of a plan that services share leads to an enquiry at lesser harm", "L2")
    joint_step = param(0.3, "ratio", (0.0, 1.0), "D", STUDY, "More step-downs from residential care", "L2")
    door_asking = param(3, "ratio", (0.0, 4.0), "D", STUDY, "More families ask for help themselves", "L3")
    door_connects = param(0.60, "probability", (0.0, 0.75), "D", STUDY, "More families below the threshold are connected to help", "L3")
    door_calms = param(0.5, "share", (0.0, 1.0), "D", STUDY, "Fewer repeat contacts after an answer", "L3")
    door_accepts = param(1.1, "level", (0.0, 2.0), "D", STUDY, "Adult services accept a family earlier", "L3")
    door_relationship = param(0.11, "share", (0.0, 0.5), "D", STUDY, "Services that share a threshold come to know one another", "L3")
    door_step_down = param(0.50, "probability", (0.0, 0.7), "D", STUDY, "More families step down into help after assessment", "L3")
    door_closure = param(0.60, "probability", (0.0, 0.75), "D", STUDY, "More families step down into help after a plan", "L3")
    continuity_lead = param(0.45, "share", (0.0, 0.8), "D", STUDY, "Concerns go to the lead instead of the front door", "L4")
    continuity_feedback = param(0.6, "probability", (0.0, 0.65), "D", STUDY, "Those who get in touch are told what happened", "L4")
    continuity_potency = param(0.28, "ratio", (0.0, 0.8), "C", "Flower et al. 2005 (one worker, two workers)", "An hour is worth more with one lead throughout", "L4")
    continuity_grows = param(0.6, "ratio", (0.0, 1.0), "D", STUDY, "The working relationship grows faster", "L4")
    continuity_change = param(0.30, "1/year", (0.0, 0.6), "D", STUDY, "Fewer changes of worker for the service's own reasons", "L4")
    continuity_keeps = param(0.5, "share", (0.0, 0.8), "D", STUDY, "Less of the relationship is lost at a hand-over", "L4")
    pooled_accepts = param(0.3, "level", (0.0, 1.0), "D", STUDY, "Adult services accept a family earlier", "L5")
    pooled_shields = param(3.33, "ratio", (0.0, 5.0), "D", STUDY, "Services for adults do not pay for the council's overspends (none do from a pooling of 0.3)", "L5")
    pooled_match = param(0.5, "share", (0.0, 0.5), "D", STUDY, "Child and carer are better matched", "L5")
    pooled_step_down = param(2.9, "ratio", (0.0, 3.0), "D", STUDY, "Needs-led reviews step children down from homes", "L5")
    pooled_defer = param(1.0, "share", (0.0, 1.0), "D", WIDE, "Panels defer less", "L5")
    pooled_dispute = param(0.7, "share", (0.0, 1.0), "D", WIDE, "Disputes between funders are shorter", "L5")
    rights_contact_sharing = param(0.3, "share", (0.0, 0.5), "D", WIDE, "Partners in the room: contacts are decided at once", "L1")
    rights_contact_door = param(0.4, "share", (0.0, 0.5), "D", WIDE, "One conversation: contacts are decided at once", "L3")
    rights_help_door = param(0.5, "share", (0.0, 0.6), "D", WIDE, "Any lead professional may start early help", "L3")
    rights_help_relief = param(0.4, "share", (0.0, 0.5), "D", WIDE, "Early help starts without a panel's form", "L8")
    rights_spend_pooled = param(0.5, "share", (0.0, 0.5), "D", WIDE, "Flexible money is with the worker", "L5")
    rights_spend_relief = param(0.5, "share", (0.0, 0.5), "D", WIDE, "Small sums need no permission", "L8")
    rights_assessment_unit = param(0.6, "share", (0.0, 0.8), "D", WIDE, "The unit's meeting ends an assessment", "L7")
    rights_package_pooled = param(0.4, "share", (0.0, 0.5), "D", WIDE, "A group manager holds the money for packages", "L5")
    rights_package_unit = param(0.4, "share", (0.0, 0.5), "D", WIDE, "The unit and its group manager decide", "L7")
    rights_joint_pooled = param(0.8, "share", (0.0, 1.0), "D", WIDE, "One pooled budget holder instead of three funders", "L5")
    rights_place_pooled = param(0.7, "share", (0.0, 0.9), "D", WIDE, "Needs-led reviews decide on step-downs", "L5")
    relief_prep = param(0.5, "share", (0.0, 1.0), "D", STUDY, "Papers for panels are shorter", "L8")
    unit_calls = param(0.6, "share", (0.0, 1.0), "C", "Cross, Hubbard and Munro 2010", "The unit coordinator answers the phone: fewer chase calls", "L7")
    fence_protects = param(1.0, "share", (0.0, 1.0), "D", STUDY, "Early help is not taken to pay for overspends", "L6")
    fence_reinvests = param(1.0, "share", (0.0, 1.0), "D", STUDY, "Savings move to early help", "L6")
    fence_slipping = param(0.6, "share", (0.0, 1.0), "D", STUDY, "Programmes slip less under pressure", "L6")
    unit_clinician = param(1.0, "share", (0.0, 1.0), "C", "Cross, Hubbard and Munro 2010; Forrester et al. 2013", "Teams that are units have a clinician who treats without a wait", "L7")
    unit_stress = param(0.06, "stress", (0.0, 0.5), "C", "Cross, Hubbard and Munro 2010", "Less stress in units", "L7")
    unit_direct = param(0.015, "share", (0.0, 0.15), "D", STUDY, "More direct time in units", "L7")
    unit_need = param(0.02, "share", (0.0, 0.25), "D", STUDY + "; children's practitioners apart", "A case takes fewer hours in a unit", "L7")
    unit_pool = param(1.0, "share", (0.0, 1.0), "D", STUDY, "Hours are pooled within the unit", "L7")
    unit_hand_over = param(0.55, "share", (0.0, 0.8), "D", STUDY, "The unit knows the family: less is lost at a change of worker", "L7")
    relief_stress = param(0.04, "stress", (0.0, 0.3), "D", STUDY, "Less stress with less bureaucracy", "L8")
    relief_direct = param(0.02, "share", (0.0, 0.2), "D", STUDY, "More direct time with less bureaucracy", "L8")
    relief_need = param(0.02, "share", (0.0, 0.25), "D", STUDY, "A case takes fewer hours with less bureaucracy", "L8")
    relief_recording = param(0.8, "share", (0.0, 1.0), "D", STUDY, "Less excess recording", "L8")
    relief_prunes = param(0.0056, "1/week", (0.0, 0.01), "D", STUDY + " (0.0022 without recommendations)", "Procedure is cut back", "L8")
    pooled_horizon = param(71.5, "weeks", (0.0, 143.0), "D", STUDY, "Money is planned further ahead", "L5")
    fence_horizon = param(71.5, "weeks", (0.0, 143.0), "D", STUDY, "Money is planned further ahead", "L6")


class LeverCosts(Group):
    """What a lever costs the council at full strength above a typical authority's, per 10,000 children a year."""

    name = "lever_costs"
    information_sharing = param(60000, "GBP/10,000 children/year", (0, 150000), "D", "assumption: two posts in a joint front door", "Information sharing")
    joint_response = param(120000, "GBP/10,000 children/year", (0, 300000), "D", "assumption: joint meetings and adult workers' time", "Joint response")
    no_wrong_door = param(40000, "GBP/10,000 children/year", (0, 100000), "D", "assumption: training of partners", "No wrong door")
    continuity = param(30000, "GBP/10,000 children/year", (0, 100000), "D", "assumption: lead professionals' co-ordination", "Continuity")
    pooled_budget = param(30000, "GBP/10,000 children/year", (0, 80000), "D", "assumption: needs-led reviewing posts", "Pooled budget")
    ring_fence = param(0, "GBP/10,000 children/year", (0, 20000), "D", "assumption", "Ring-fence; its price is the overspend left standing")
    unit_model = param(20000, "GBP/10,000 children/year", (0, 100000), "D", "assumption: training; units' posts are paid with the staff", "Unit model")
    bureaucracy_relief = param(20000, "GBP/10,000 children/year", (0, 60000), "D", "assumption: redesign of recording", "Bureaucracy relief")
