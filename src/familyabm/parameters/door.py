"""Numbers of the door: who notices a family, who gets in touch, and what the front door makes of it."""
# fmt: off

from familyabm.parameters.register import Group, param

STUDY = "model specification, prototype value to be calibrated"
CIN = "DfE, Children in need 2025"


class Noticing(Group):
    """Chances that somebody contacts children's social care about a family in a week."""

    name = "noticing"
    police_notify = param(0.61, "share", (0.1, 1.0), "D", STUDY, "Share of police attendances at homes with significant trouble that are notified")
    police_selects = param(1.0, "exponent", (0.0, 2.0), "D", "assumption; 5% of abuse notifications are assessed (Stanley et al. 2010)", "How far police pass over lesser and tell of graver trouble; none where they notify everything")
    police_abuse = param(0.0169, "1/week", (0.01, 0.08), "D", STUDY, "Police attendance at a home with conflict (rises with level)")
    police_abuse_shape = param(1.15, "exponent", (0.8, 1.6), "D", STUDY, "How police attendance rises with the level of abuse")
    police_substance = param(0.00458, "1/week", (0.001, 0.02), "D", STUDY, "Police attendance per level of substance misuse")
    school = param(0.0387, "1/week", (0.01, 0.08), "D", STUDY, "A school gets in touch about a child in full harm, in term")
    school_shape = param(1.25, "exponent", (0.8, 1.8), "D", STUDY, "How schools' and health's contacts rise with harm")
    health = param(0.0386, "1/week", (0.005, 0.06), "D", STUDY, "A GP, health visitor or hospital gets in touch, full harm")
    health_base = param(0.5, "ratio", (0.2, 1.0), "D", STUDY, "Health contacts where no child is under five")
    health_under_five = param(0.8, "ratio", (0.2, 1.5), "D", STUDY, "Further health contacts where a child is under five")
    housing = param(0.0004, "1/week/level", (0.0002, 0.004), "D", STUDY, "A housing officer gets in touch, per level of trouble")
    council = param(0.00293, "1/week", (0.001, 0.02), "D", STUDY, "Other council services get in touch, full harm")
    public_base = param(0.00066, "1/week", (0.0002, 0.002), "D", STUDY, "Neighbours, charities and others, any family")
    public = param(0.00587, "1/week", (0.002, 0.02), "D", STUDY, "Neighbours, charities and others, full harm")
    public_shape = param(1.5, "exponent", (1.0, 2.0), "D", STUDY, "How others' contacts rise with harm")
    family = param(0.00118, "1/week", (0.0005, 0.004), "D", STUDY, "A family asks for help itself, per unit of strain up to two")
    family_base = param(0.3, "ratio", (0.1, 0.8), "D", STUDY, "Share of asking that needs no open door")
    anxiety = param(0.9, "ratio", (0.0, 2.0), "D", STUDY, "Rise in professionals' contacts per unit of risk aversion")
    repeat_rise = param(0.2, "share", (0.0, 0.6), "C", "DfE, re-referrals; Troncoso 2017", "Rise in contacts after help was refused or ended unmet")
    holiday = param(0.25, "ratio", (0.0, 0.6), "B", "DfE, referral seasonality", "School contacts in August, to a term week")
    half_term = param(0.35, "ratio", (0.0, 0.7), "D", "assumption", "School contacts in other holidays, to a term week")
    september = param(1.3, "ratio", (1.0, 1.6), "B", "DfE, referral seasonality", "School contacts in September, to a term week")
    severe = param(0.02, "probability", (0.0, 0.08), "D", STUDY, "A contact about significant harm that needs action the same day")
    service_spread = param(0.25, "log points", (0.0, 0.6), "D", "assumption", "Spread between services in how readily they get in touch")
    area_shares = param(0.7, "exponent", (0.0, 1.0), "D", "assumption on DfE referral source shares", "How far an authority's own mix of referral sources shapes who gets in touch")
    relationship = param(0.35, "share", (0.1, 0.8), "D", STUDY, "Mean quality of a service's relationship with social care")
    relationship_spread = param(0.10, "share", (0.0, 0.2), "D", "assumption", "Spread of that quality between services")


class Records(Group):
    """What agencies have on file about families, and for how long it is worth anything."""

    name = "records"
    school = param(0.02, "1/week", (0.005, 0.08), "D", "assumption", "A school notes signs of housing trouble or abuse in a troubled family")
    health = param(0.025, "1/week", (0.005, 0.08), "D", "assumption on GP consultation rates", "A practice notes parents' mental health and substance misuse")
    housing = param(0.03, "1/week", (0.005, 0.1), "D", "assumption", "A housing office notes a family's housing trouble")
    stale_weeks = param(52, "weeks", (26, 156), "D", "assumption", "Age at which an entry on file counts a level less")


class FrontDoor(Group):
    """Screening of contacts: what is seen, what is judged, what is answered."""

    name = "front_door"
    contacts_per_worker = param(22, "families/FTE/week", (10, 40), "D", STUDY, "Contacts that one screening worker can decide in a week")
    workers_per_10k = param(1.35, "FTE/10,000 children", (0.6, 2.5), "D", "assumption from contacts per authority (ADCS)", "Screening workers at the front door")
    noise = param(0.187, "harm", (0.05, 0.3), "D", STUDY, "Spread of judgement at the front door with no information shared")
    sees_child = param(0.5, "share", (0.0, 0.9), "D", "assumption", "Weight of what a service sees of the child itself, school and health")
    sees_child_less = param(0.2, "share", (0.0, 0.6), "D", "assumption", "The same for police, housing, family and others")
    history = param(0.0279, "harm", (0.0, 0.05), "D", STUDY, "Judged need added by each of up to two earlier contacts")
    early_help_threshold = param(0.125, "harm", (0.08, 0.2), "D", STUDY, "Judged need at which early help is considered")
    referral_threshold = param(0.309, "harm", (0.15, 0.4), "D", STUDY + ", set with England's referrals in view", "Judged need at which a contact becomes a referral")
    enquiry_threshold = param(0.55, "harm", (0.45, 0.7), "D", STUDY, "Judged need at which a strategy discussion is held at once")
    ration = param(0.3, "harm/load", (0.0, 0.6), "D", "judgement, set with V29 in view; Hood et al. 2019 describe it and give no size (screen, ration, churn)", "Rise of thresholds per unit of load above the usual")
    usual_load = param(1.05, "load", (0.9, 1.2), "D", STUDY, "Load at which thresholds are at their written level")
    ration_floor = param(-0.8, "load", (-1.5, 0.0), "D", STUDY, "Spare load below which thresholds fall no further")
    ration_ceiling = param(1.5, "load", (0.5, 2.5), "D", STUDY, "Excess load above which thresholds rise no further")
    anxiety = param(0.09, "harm", (0.0, 0.2), "D", STUDY, "Fall of the referral threshold per unit of risk aversion")
    consent_base = param(0.5, "probability", (0.2, 0.8), "D", STUDY, "Consent to early help with no trust in services")
    consent_trust = param(0.4, "probability", (0.1, 0.6), "D", STUDY, "Further consent at full trust")
    connected = param(0.2, "probability", (0.1, 0.5), "C", "Action for Children, Revolving Door (one in four)", "A family below the referral threshold is connected to early help, not just told of it")
    feedback = param(0.3, "probability", (0.1, 0.7), "D", STUDY, "The one who got in touch is told what happened")
    feedback_calms = param(0.5, "ratio", (0.3, 1.0), "D", STUDY, "Repeat contacts after feedback, to without")
    refusal_trust = param(0.02, "trust", (0.0, 0.06), "D", STUDY, "Trust lost when help is refused")
    hours_per_contact = param(1.0, "hours", (0.4, 2.0), "D", "assumption", "Screening time for one family's contact")
    partner_hours = param(1.5, "hours", (0.5, 4.0), "D", "assumption", "The time of the service that gets in touch, per contact")


class Referral(Group):
    """From referral to allocation."""

    name = "referral"
    no_further_action = param(0.0756, "share", (0.0, 0.143), "B", CIN, "Referrals closed with no further action (mostly recording practice)")
    urgent = param(0.10, "harm", (0.0, 0.3), "D", "assumption", "Judged need above the threshold at which a referral is allocated first")
    repeat_window = param(52, "weeks", (52, 52), "B", CIN + ", methodology", "Window of a re-referral")
