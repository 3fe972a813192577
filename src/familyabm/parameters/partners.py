"""Numbers of partners: adult services' thresholds, places and waits, and how partners buckle under load."""
# fmt: off

from familyabm.parameters.register import Group, param

STUDY = "model specification, prototype value to be calibrated"
TALKING = "NHS England, Talking Therapies 2023-24 (37% of referrals complete; Nuffield Trust 2024)"
REFUGE = "Women's Aid, Annual Audit 2023 and 2024 (60 to 64% of refuge referrals fail)"
GATE = "Women's Aid, No Woman Turned Away 2018 (half kept from a homeless application)"
DRUGS = "OHID, NDTMS 2023-24 (most start within three weeks)"


class AdultServices(Group):
    """Services for adults: who is accepted, how long it takes, what it does."""

    name = "adult_services"
    housing_level = param(2.6, "level", (1.0, 3.0), "D", STUDY + "; " + GATE, "Level at which housing accepts a family, in writing, with no shared threshold")
    mental_level = param(2.4, "level", (1.0, 3.0), "D", STUDY, "Level at which adult mental health services accept")
    substance_level = param(1.8, "level", (0.5, 3.0), "D", STUDY, "Level at which substance misuse services accept")
    abuse_level = param(2.2, "level", (1.0, 3.0), "D", STUDY + "; " + REFUGE, "Level at which domestic abuse services accept")
    housing_wait = param(26, "weeks", (4, 104), "D", STUDY + "; CIH 2025 (long stays in temporary accommodation)", "Usual wait for a housing service's help")
    mental_wait = param(16, "weeks", (3, 52), "C", STUDY + "; NHS England (90% of Talking Therapies start within 6 weeks; secondary care far later)", "Usual wait for mental health treatment")
    substance_wait = param(5, "weeks", (1, 26), "D", DRUGS + "; " + STUDY, "Usual wait for substance misuse treatment")
    abuse_wait = param(5, "weeks", (1, 26), "D", STUDY, "Usual wait for domestic abuse help")
    housing_cost = param(70, "GBP/week", (30, 200), "D", "assumption on homelessness prevention costs per household (MHCLG)", "A place with a housing service")
    mental_cost = param(95, "GBP/week", (40, 250), "D", "assumption from PSSRU unit costs of community teams", "A place in mental health treatment")
    substance_cost = param(65, "GBP/week", (25, 150), "D", "assumption from the public health grant per adult in treatment", "A place in substance misuse treatment")
    abuse_cost = param(80, "GBP/week", (30, 200), "D", "assumption on advocate caseloads (SafeLives)", "A place with a domestic abuse service")
    housing_council = param(1.0, "share", (0.5, 1.0), "D", "assumption", "Share of the housing service's budget that the council holds")
    mental_council = param(0.25, "share", (0.0, 0.5), "D", "assumption: social care staff in health teams", "The same, adult mental health")
    substance_council = param(0.9, "share", (0.5, 1.0), "D", "assumption: public health grant", "The same, substance misuse")
    abuse_council = param(0.7, "share", (0.3, 1.0), "D", "assumption: with police and crime commissioners", "The same, domestic abuse")
    first_places = param(5.0, "places/1,000 families", (1.0, 20.0), "D", "assumption; the past brings places to the area's demand", "Places of each service as its past begins")
    fits = param(0.01, "1/week", (0.0, 0.05), "D", STUDY, "Share of the way to what the usual wait takes that places move in a week of the past")
    growth = param(0.012, "1/year", (-0.03, 0.04), "D", STUDY, "Yearly growth of these services' budgets in real terms once the past is over")
    asks = param(0.006, "1/week", (0.001, 0.02), "D", STUDY, "A family with a factor asks the service for it")
    asks_open = param(0.010, "1/week", (0.0, 0.03), "D", STUDY, "Further asking where children's services work with the family")
    ask_hours = param(2.5, "hours", (1.0, 6.0), "D", "assumption", "Hours that a service takes to answer one request")
    asks_again = param(0.5, "ratio", (0.2, 1.0), "D", STUDY, "Asking after a refusal, to before")
    again_weeks = param(26, "weeks", (8, 52), "D", STUDY, "Weeks for which a refusal keeps a family from asking")
    noise = param(0.5, "level", (0.1, 1.0), "D", STUDY, "Spread of a service's judgement of its own factor's level")
    bounce_trust = param(0.02, "trust", (0.0, 0.06), "D", STUDY, "Trust lost at a refusal")
    treatment_weeks = param(26, "weeks", (12, 52), "D", STUDY, "Longest course of treatment")
    stay = param(18, "weeks", (8, 40), "D", "model, mean over completed and broken-off courses", "Mean weeks that a place is taken, for sizing a service")
    drop = param(0.02, "1/week", (0.005, 0.05), "C", STUDY + "; " + TALKING, "Families give up waiting or treatment, per unit of trust below the next number")
    drop_trust = param(1.3, "trust", (1.0, 2.0), "D", STUDY, "Trust at which nobody would give up")
    strain_drop = param(0.5, "ratio", (0.0, 2.0), "D", "assumption", "Further giving up of treatment where staff are fully strained")
    on_rise = param(0.12, "log points", (0.0, 0.4), "D", STUDY, "Treatment slows worsening")
    on_recovery = param(0.36, "log points", (0.0, 0.9), "C", STUDY + "; Talking Therapies 47% recover to 32% untreated at six months (Whiteford et al. 2013)", "Treatment speeds recovery")
    clinician = param(0.6, "ratio", (0.0, 1.0), "D", STUDY, "What a unit's clinician achieves, to a specialist service")
    clinician_level = param(2.5, "level", (1.5, 3.0), "D", STUDY, "Level, as judged, from which a clinician sends a family on to the specialist service")
    team_abuse = param(0.0, "share", (0.0, 1.0), "C", "Cross, Hubbard and Munro 2010 (units: none); Forrester et al. 2017 (Family Safeguarding: all)", "Teams with clinicians that have workers for domestic abuse too")
    relapse = param(1.3, "ratio", (1.0, 2.0), "D", STUDY, "Worsening after treatment where another factor is at significant level, to without")
    relapse_weeks = param(52, "weeks", (13, 104), "D", STUDY, "Weeks for which that lasts")
    intake = param(0.5, "share", (0.1, 0.9), "D", STUDY, "Share of the usual wait that a service's own assessment takes, whether a place is free or not")


class Partners(Group):
    """Partners' own load, fear and money."""

    name = "partners"
    smooths = param(0.125, "1/week", (0.04, 0.5), "D", STUDY, "Weekly share by which a partner's load follows demand")
    buckles_above = param(1.25, "load", (1.05, 1.6), "D", STUDY, "Load above which a service begins to buckle")
    buckles_after = param(8, "weeks", (4, 13), "D", STUDY, "Weeks of it after which it has buckled")
    defensive_above = param(1.2, "load", (1.05, 1.6), "D", STUDY, "Load above which a service turns defensive")
    fearful_above = param(0.4, "risk aversion", (0.2, 1.0), "D", STUDY, "Risk aversion above which a service turns defensive")
    calm_weeks = param(13, "weeks", (4, 26), "D", STUDY, "Calm weeks after which it is collaborative again")
    defensive_level = param(0.4, "level", (0.0, 1.0), "D", STUDY, "Rise of the level at which a defensive service accepts")
    defensive_sharing = param(0.6, "ratio", (0.2, 1.0), "D", STUDY, "What a defensive service shares, to a collaborative one")
    defensive_contacts = param(1.3, "ratio", (1.0, 2.0), "D", STUDY, "Contacts from a defensive service, to a collaborative one")
    fear_follows = param(0.1, "1/week", (0.02, 0.5), "D", STUDY, "Weekly share by which a service's risk aversion follows the authority's")
    first_hours = param(0.01, "hours/family/week", (0.001, 0.1), "D", "assumption; the past brings capacity to the area's demand", "Hours of a service that gets in touch, as its past begins")
    least_hours = param(2.0, "hours/week", (0.5, 7.5), "D", "assumption: a designated person's time", "Least hours that any service keeps for what comes upon it")
    headroom = param(1.15, "ratio", (1.0, 1.5), "D", "assumption", "Capacity to usual demand")
    capacity_follows = param(0.0064, "1/week", (0.001, 0.05), "D", "assumption: three years", "Weekly share by which capacity follows demand")
    attended_hours = param(3.0, "hours", (1.0, 8.0), "D", "assumption: two officers for an hour and a half", "Police time of one attendance at a home")
    strain_moves = param(0.05, "1/week", (0.01, 0.2), "D", STUDY, "Weekly share by which staff strain follows load above the usual")
    strain_gap = param(0.3, "ratio", (0.0, 0.8), "D", STUDY, "Places that stand empty where staff are fully strained: vacancies")
    bureaucracy = param(0.55, "share", (0.1, 1.0), "D", STUDY, "Procedure in a service as its past begins")
    bureaucracy_grows = param(0.0008, "1/week", (0.0, 0.005), "D", STUDY, "Weekly growth of procedure in a defensive service, with fear")
    bureaucracy_fades = param(0.0008, "1/week", (0.0, 0.005), "D", STUDY, "Weekly fading of procedure above the usual in a collaborative one")
    relation_grows = param(0.01, "1/week", (0.0, 0.05), "D", STUDY, "Growth of a relationship in a week of joint work")
    relation_falls = param(0.4, "ratio", (0.0, 1.0), "D", STUDY, "Share of relationships that goes with the social workers who leave")
    turnover_follows = param(0.04, "1/week", (0.01, 0.2), "D", "assumption", "Weekly share by which turnover as felt by partners follows the week's")
    contagion = param(0.3, "ratio", (0.0, 1.0), "D", STUDY, "What adult services lose of their budgets to what early help loses when the council overspends")
    secondment = param(0.02, "share", (0.0, 0.1), "D", STUDY, "Share of the least loaded service's council budget lent in a month to one that has buckled")
    comes_back = param(0.5, "share", (0.0, 1.0), "D", STUDY, "Share of what others hold of a budget that comes back in April")
    reopens = param(26, "weeks", (8, 52), "D", STUDY, "Weeks to reopen a place that was closed")
    hospital_share = param(0.25, "share", (0.0, 0.6), "D", "assumption", "Health contacts that come from the hospital")
    probation_share = param(0.05, "share", (0.0, 0.3), "D", "assumption on DfE referral sources (other legal agencies)", "Contacts of other services that come from probation")
    voluntary_share = param(0.3, "share", (0.0, 0.6), "D", "assumption on DfE referral sources", "Contacts of neighbours, charities and others that come from the voluntary sector")
    helpline_share = param(0.15, "share", (0.0, 0.5), "D", "assumption", "The same, from the NSPCC helpline")
