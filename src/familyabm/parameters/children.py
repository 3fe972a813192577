"""Numbers of children's lives: development, behaviour, schooling, alcohol, risk outside the home, and foster carers."""
# fmt: off

from familyabm.parameters.register import Group, param

STUDY = "model specification, prototype value to be calibrated"
CLA = "DfE, Children looked after 2025"
FOSTERING = "Ofsted, Fostering in England 2024"
ABSENCE = "DfE, absence of children in need, 2022/23"


class Development(Group):
    """Physical and emotional development and behaviour: how harm takes from them and time gives back."""

    name = "development"
    physical_harm = param(0.003, "SD/week", (0.0, 0.01), "D", STUDY, "Physical development lost in a week of full harm")
    emotional_harm = param(0.006, "SD/week", (0.002, 0.015), "D", STUDY, "Emotional development lost in a week of full harm")
    recovers = param(0.004, "1/week", (0.001, 0.01), "D", STUDY, "Weekly share of lost development regained, unharmed")
    infant = param(1.5, "ratio", (1.0, 2.0), "D", "assumption", "Sensitivity under two, to age five to ten")
    toddler = param(1.25, "ratio", (1.0, 1.6), "D", "assumption", "Sensitivity at two to four")
    teenager = param(0.8, "ratio", (0.5, 1.0), "D", "assumption", "Sensitivity at eleven and over")
    lowest = param(-3.0, "SD", (-4.0, -2.0), "D", "assumption", "Lowest development")
    highest = param(2.0, "SD", (1.5, 3.0), "D", "assumption", "Highest development")
    together = param(0.5, "correlation", (0.0, 0.8), "C", "DfE, Early years foundation stage profile", "Correlation of physical and emotional development")
    ready = param(-0.45, "SD", (-1.0, 0.0), "B", "DfE, Early years foundation stage profile 2024 (68% at a good level)", "Development at which a five-year-old is ready for school")
    behaviour_middle = param(6.6, "points", (4.0, 9.0), "C", "NHS Digital, Mental health of children 2017 (SDQ mean about 8)", "Median difficulties of children with no trouble")
    behaviour_spread = param(0.6, "log points", (0.3, 0.9), "C", "NHS Digital, Mental health of children 2017", "Spread of difficulties among them")
    behaviour_own = param(5.0, "points/strain", (0.0, 10.0), "D", "assumption", "Difficulties that come with a child's own need")
    behaviour_harm = param(18, "points", (8.0, 28.0), "D", STUDY, "Further difficulties under full harm")
    behaviour_unsettled = param(5.0, "points", (0.0, 10.0), "D", STUDY, "Further difficulties in an unsettled placement")
    behaviour_outside = param(1.5, "points/level", (0.0, 4.0), "D", "assumption", "Further difficulties per level of risk outside the home")
    behaviour_pace = param(0.03, "1/week", (0.01, 0.08), "D", STUDY, "Weekly share of the way to other difficulties")
    behaviour_high = param(17, "points", (14, 20), "B", "Strengths and Difficulties Questionnaire, high band", "Difficulties that count as high")


class Schooling(Group):
    """Attendance: how much school is missed, what the school makes of it, and what it does for the child."""

    name = "schooling"
    intercept = param(-4.05, "log odds", (-5.0, -2.5), "B", ABSENCE + " (all pupils 7.5%)", "Log odds of missing a session, most regular attender")
    spread = param(0.90, "log odds", (0.3, 1.3), "B", ABSENCE + " (persistent 21%, severe 2.2% of all pupils)", "Mean of pupils' lasting further log odds (exponential)")
    harm = param(1.88, "log odds", (1.0, 3.5), "B", ABSENCE + " (children in need 16.4%)", "Further log odds under full harm")
    older = param(0.35, "log odds", (0.1, 0.6), "B", "DfE, Pupil absence 2022/23", "Further log odds at twelve and over")
    mental = param(0.4, "log odds", (0.0, 0.8), "D", STUDY, "Further log odds where a parent is moderately or severely ill")
    outside = param(0.4, "log odds/level", (0.0, 0.8), "D", "assumption", "Further log odds per level of risk outside the home")
    settled = param(-0.25, "log odds", (-1.2, 0.0), "B", ABSENCE + " (looked after less absent than in need)", "Log odds of a looked-after child in a settled placement")
    settled_weeks = param(26, "weeks", (13, 52), "D", "assumption", "Weeks in a placement after which it is settled")
    persistent = param(0.10, "share", (0.10, 0.10), "B", "DfE definition", "Share of sessions missed by the persistently absent")
    severe = param(0.50, "share", (0.50, 0.50), "B", "DfE definition", "Share of sessions missed by the severely absent")
    suspended = param(20, "points", (16, 26), "C", "DfE, Suspensions 2023/24 (4% of pupils in a year)", "Difficulties at which an older pupil counts as one of those who get suspended")
    unseen = param(0.5, "ratio", (0.0, 1.0), "D", "assumption", "Share of school contacts lost for a pupil who is never there")
    notices = param(0.012, "1/week", (0.0, 0.05), "D", "assumption", "A school gets in touch about a severely absent pupil")


class ExtraFamilial(Group):
    """Risk outside the home: exploitation, gangs and peers, from age eleven."""

    name = "extra_familial"
    onset = param(0.0002, "1/week", (0.00005, 0.001), "D", STUDY, "Risk outside the home begins, no trouble at home and regular at school")
    worse = param(0.010, "1/week", (0.002, 0.03), "D", "assumption", "It rises by a level, likewise")
    eases = param(0.025, "1/week", (0.01, 0.06), "D", "assumption", "It eases by a level")
    harm = param(0.9, "log points", (0.0, 2.0), "D", STUDY, "Harm raises onset and worsening")
    absence = param(1.5, "log points", (0.0, 3.0), "D", STUDY, "Missing school raises onset and worsening: school protects")
    youth_work = param(1.7, "log points", (0.0, 2.0), "C", "Bennett et al. 2021 (prevention spend and entries at 16 and 17)", "Loss of all youth and community work raises onset and worsening")
    helped = param(0.3, "log points", (0.0, 0.8), "D", "assumption; evidence on contextual safeguarding is thin", "Full help speeds easing")
    strain = param(0.5, "strain/level", (0.2, 0.8), "D", STUDY, "Strain that it puts on the child")
    police = param(0.006, "1/week/level", (0.0, 0.03), "D", "assumption", "The police get in touch about it")
    school = param(0.004, "1/week/level", (0.0, 0.02), "D", "assumption", "The school gets in touch about it")
    seen = param(0.25, "probability/month", (0.05, 0.6), "D", "assumption", "Agencies come to know its level")
    entry = param(0.0006, "1/week/level", (0.0, 0.004), "D", "assumption on " + CLA + " (ages at start)", "A teenager at significant risk enters care by agreement, per level above the first")


class YoungDrinking(Group):
    """A young person's own drinking, from age twelve."""

    name = "young_drinking"
    onset = param(0.0008, "1/week", (0.0003, 0.002), "D", STUDY, "Drinking begins, no trouble at home")
    worse = param(0.008, "1/week", (0.002, 0.02), "C", "NHS England, Smoking, drinking and drug use 2023 (5% drink weekly at 11-15)", "It rises by a level, likewise")
    eases = param(0.006, "1/week", (0.002, 0.03), "D", "assumption", "It eases by a level")
    harm = param(1.2, "log points", (0.0, 2.0), "D", STUDY, "Harm raises onset and worsening")
    parents = param(0.5, "log points/level", (0.0, 1.0), "D", STUDY, "Parents' substance misuse raises onset and worsening")
    outside = param(0.6, "log points/level", (0.0, 1.2), "D", STUDY, "Risk outside the home raises onset and worsening")


class CategoryMix(Group):
    """What kind of harm a child protection plan names, from what is known of the family."""

    name = "category_mix"
    neglect = param(1.0, "weight/level", (0.2, 3.0), "B", "DfE, Children in need 2025 (neglect about half of plans)", "Neglect, per level of housing, mental illness and substance misuse known")
    emotional = param(1.2, "weight/level", (0.2, 3.0), "B", "DfE, Children in need 2025 (emotional abuse over a third)", "Emotional abuse, per level of domestic abuse and mental illness known")
    physical = param(0.25, "weight/level", (0.0, 1.0), "B", "DfE, Children in need 2025 (physical abuse 7%)", "Physical abuse, per level of domestic abuse known")
    sexual = param(0.12, "weight", (0.0, 0.5), "B", "DfE, Children in need 2025 (sexual abuse 4%)", "Sexual abuse, in every family")
    sexual_outside = param(0.5, "weight/level", (0.0, 1.5), "D", "assumption", "Further, per level of risk outside the home known")


class CarerNumbers(Group):
    """Foster households: who comes, who stays, whom they can care for."""

    name = "carers"
    one_place = param(0.50, "share", (0.3, 0.7), "C", FOSTERING + " (1.7 places a household)", "Households approved for one child")
    two_places = param(0.33, "share", (0.2, 0.45), "C", FOSTERING, "Households approved for two children; the rest for three")
    approved = param(0.089, "1/year", (0.04, 0.15), "B", FOSTERING + " (4,055 joined)", "Enquiries that lead to approval, to households there are")
    assessment_weeks = param(26, "weeks", (16, 40), "B", "Fostering Services Regulations 2011", "From enquiry to approval")
    resigns = param(0.125, "1/year", (0.06, 0.2), "B", FOSTERING + " (4,820 left)", "A household with no child and no strain resigns")
    resigns_strain = param(1.0, "ratio", (0.0, 2.0), "D", STUDY, "Further chance of resigning under full strain")
    resigns_caring = param(0.6, "ratio", (0.2, 1.0), "D", "assumption", "Chance of resigning with children in place, to without")
    skill_least = param(0.30, "share", (0.1, 0.5), "D", "assumption", "Difficulties that the least able carer can live with, as a share of the scale")
    skill_spread = param(0.50, "share", (0.2, 0.6), "D", "assumption", "Range of that share among carers")
    other_age = param(0.20, "share", (0.0, 0.5), "D", STUDY, "Fit lost per age band away from the carer's own")
    too_hard = param(1.5, "ratio", (0.0, 3.0), "D", STUDY, "Fit lost per share of difficulties beyond the carer's skill")
    sibling = param(0.25, "share", (0.0, 0.5), "D", STUDY, "Fit gained where a brother or sister lives there")
    distant = param(0.15, "share", (0.0, 0.4), "D", "assumption", "Fit lost from one end of the area to the other")
    least_fit = param(0.7, "share", (0.2, 0.8), "C", FOSTERING + " (16% of places vacant, half of them unusable)", "Fit below which a vacancy is not usable for a child")
    usual_fit = param(0.85, "share", (0.5, 1.0), "D", STUDY, "Fit that gives an ordinary match")
    fit_weight = param(1.00, "ratio", (0.2, 1.5), "D", STUDY, "Match gained per share of fit")
    by_need = param(0.3, "share", (0.0, 0.6), "D", STUDY, "Weight of fit in choosing among vacancies, to what happens to come up, with nothing pooled")
    too_strained = param(0.6, "share", (0.4, 0.9), "D", STUDY, "Strain above which a household takes no further child")
    burden = param(1.2, "ratio", (0.4, 2.5), "D", STUDY, "Strain from a child with the highest difficulties and the worst match")
    support = param(0.4, "share", (0.0, 0.7), "D", STUDY, "Strain taken off by support when workers' load is usual")
    strain_pace = param(0.08, "1/week", (0.02, 0.2), "D", STUDY, "Weekly share of the way to another strain")
    crowded_match = param(0.4, "ratio", (0.0, 1.0), "D", STUDY, "Match lost per share by which bought placements are fuller than they need be")
    crowded_above = param(0.85, "share", (0.6, 1.0), "D", STUDY, "Share of bought places in use above which matches worsen")
    together = param(0.6, "probability", (0.3, 0.9), "C", CLA, "A bought or kinship placement keeps brothers and sisters together where one is there already")
    far_in_house = param(0.07, "probability", (0.0, 0.2), "B", CLA + " (22% over 20 miles)", "Placed over 20 miles from home: own foster carers")
    far_agency = param(0.28, "probability", (0.1, 0.5), "C", CLA, "Independent foster carers")
    far_homes = param(0.49, "probability", (0.3, 0.7), "B", "NAO 2025 (49% over 20 miles)", "Children's homes")
    far_other = param(0.25, "probability", (0.1, 0.5), "D", "assumption on " + CLA, "Kin, supported accommodation, adopters, crisis placements")


class Market(Group):
    """Commissioning: contracts with independent fostering agencies and homes are let anew every few years."""

    name = "market"
    contract_weeks = param(208, "weeks", (104, 312), "D", "assumption: four-year frameworks", "Length of a contract")
    opens = param(0.4, "1/year", (0.0, 1.0), "C", "Ofsted 2025 (children's homes up by a tenth in a year while numbers in care fell)", "Growth of home places while twice as many are sought as there are")
    supply_spread = param(0.05, "log points", (0.0, 0.2), "D", "assumption", "Spread of places from one contract to the next")
    price_spread = param(0.06, "log points", (0.0, 0.2), "C", "NAO 2025; Competition and Markets Authority 2022", "Spread of prices from one contract to the next")
