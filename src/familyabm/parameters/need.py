"""Numbers of need: who lives here, how adults' risk factors come and go, and how children feel it."""
# fmt: off

from familyabm.parameters.register import Group, param

STUDY = "model specification, prototype value to be calibrated"
ONS_FAMILIES = "ONS, Families and households 2024"
DEVRIES = "Devries et al. 2013, 2014 (longitudinal odds ratios)"


class Population(Group):
    """Families, homes and neighbourhoods."""

    name = "population"
    one_child = param(0.30, "share of families", (0.22, 0.45), "B", ONS_FAMILIES, "Families that ever have one child")
    two_children = param(0.45, "share of families", (0.38, 0.52), "B", ONS_FAMILIES, "Families with two children")
    three_children = param(0.16, "share of families", (0.10, 0.20), "B", ONS_FAMILIES, "Families with three children")
    four_children = param(0.06, "share of families", (0.02, 0.08), "C", ONS_FAMILIES, "Families with four children")
    five_children = param(0.02, "share of families", (0.005, 0.03), "C", ONS_FAMILIES,
                          "Families with five children; the rest have six")
    years_between_births = param(2.7, "years", (1.5, 4.0), "C", "ONS, Birth characteristics", "Mean gap between siblings")
    lone_parent = param(0.27, "share of families", (0.20, 0.35), "B", "ONS, Families and households 2023",
                        "Families that start with one resident adult")
    third_adult = param(0.06, "share of families", (0.02, 0.12), "D", "assumption",
                        "Families with a third resident adult, such as a grandparent")
    neighbourhood_families = param(190, "families", (100, 400), "C", "ONS, lower super output areas",
                                   "Families with children in one neighbourhood")
    spread_of_deprivation = param(0.50, "log points", (0.3, 0.8), "C", "MHCLG, Indices of Deprivation 2019",
                                  "Spread of log deprivation scores between an authority's neighbourhoods")
    frailty_spread = param(0.54, "log points", (0.2, 1.0), "D", STUDY,
                           "Spread of families' unobserved lasting propensity to trouble")
    entrenched_share = param(0.0138, "share of families", (0.0, 0.1), "C", "study of 400 closed cases in three London authorities (8.5% of families, 52% of repeat referrals)",
                             "Families with trouble that lasts: the heavy tail of repeat demand")
    entrenched_times = param(1.41, "ratio", (1, 4), "D", "assumption", "Their frailty to others'")
    own_need_share = param(0.045, "share of children", (0.02, 0.08), "D", STUDY,
                           "Children with a need of their own that adults did not cause, such as disability")
    own_need_scale = param(0.55, "strain", (0.3, 0.9), "D", STUDY, "Scale of a child's own need (gamma, shape 2.2)")
    school_own_catchment = param(0.8, "probability", (0.5, 1.0), "D", "assumption",
                                 "Families who use the school nearest to them rather than the next one")


class Circumstances(Group):
    """Adults' risk factors: weekly chances at the middle of the population, other things average."""

    name = "circumstances"
    housing_onset = param(0.00156, "1/week", (0.0005, 0.002), "D", STUDY, "Housing: secure to emerging trouble")
    housing_worse = param(0.00638, "1/week", (0.002, 0.01), "D", STUDY, "Housing: emerging to significant")
    housing_crisis = param(0.0045, "1/week", (0.002, 0.011), "D", STUDY, "Housing: significant to homeless")
    housing_ease_1 = param(0.0237, "1/week", (0.009, 0.04), "D", STUDY, "Housing: emerging trouble to secure")
    housing_ease_2 = param(0.0488, "1/week", (0.01, 0.05), "D", STUDY, "Housing: significant to emerging")
    housing_ease_3 = param(0.0478, "1/week", (0.003, 0.05), "D", STUDY, "Housing: homeless to significant")
    mental_onset = param(0.00182, "1/week", (0.0007, 0.003), "D", STUDY, "An adult's mental health: well to low")
    mental_worse = param(0.00528, "1/week", (0.002, 0.01), "D", STUDY, "Mental health: low to moderate illness")
    mental_crisis = param(0.0042, "1/week", (0.002, 0.01), "D", STUDY, "Mental health: moderate to severe")
    mental_ease_1 = param(0.015, "1/week", (0.006, 0.02), "C", "Whiteford et al. 2013 (53% remit in 12 months)",
                          "Mental health: low to well")
    mental_ease_2 = param(0.0322, "1/week", (0.008, 0.045), "D", STUDY, "Mental health: moderate to low")
    mental_ease_3 = param(0.035, "1/week", (0.008, 0.035), "D", STUDY, "Mental health: severe to moderate")
    substance_onset = param(0.000364, "1/week", (0.00015, 0.0008), "D", STUDY, "An adult's drinking or drug use: to hazardous")
    substance_worse = param(0.00619, "1/week", (0.002, 0.011), "D", STUDY, "Substance misuse: hazardous to harmful")
    substance_crisis = param(0.0038, "1/week", (0.002, 0.01), "D", STUDY, "Substance misuse: harmful to dependent")
    substance_ease_1 = param(0.0157, "1/week", (0.006, 0.025), "D", STUDY, "Substance misuse: hazardous to low risk")
    substance_ease_2 = param(0.0273, "1/week", (0.007, 0.03), "D", STUDY, "Substance misuse: harmful to hazardous")
    substance_ease_3 = param(0.0247, "1/week", (0.006, 0.026), "D", STUDY, "Substance misuse: dependent to harmful")
    abuse_onset = param(0.00153, "1/week", (0.0005, 0.002), "D", STUDY, "Domestic abuse: none to conflict")
    abuse_worse = param(0.00784, "1/week", (0.003, 0.014), "D", STUDY, "Domestic abuse: conflict to repeated")
    abuse_crisis = param(0.0046, "1/week", (0.003, 0.012), "D", STUDY, "Domestic abuse: repeated to high risk")
    abuse_ease_1 = param(0.0301, "1/week", (0.012, 0.05), "D", STUDY, "Domestic abuse: conflict to none")
    abuse_ease_2 = param(0.0475, "1/week", (0.012, 0.05), "D", STUDY, "Domestic abuse: repeated to conflict")
    abuse_ease_3 = param(0.0443, "1/week", (0.01, 0.05), "D", STUDY, "Domestic abuse: high risk to repeated")
    abuse_severe_onset = param(0.05, "share of onsets", (0.0, 0.2), "D", STUDY, "Abuse that starts with a severe incident")
    housing_to_mental = param(0.16, "log points/level", (0.0, 0.35), "C", "Mason et al. 2023; Pevalin 2009",
                              "Housing trouble raises the onset of mental illness")
    housing_to_substance = param(0.07, "log points/level", (0.0, 0.2), "D", STUDY, "Housing trouble to substance misuse")
    housing_to_abuse = param(0.08, "log points/level", (0.0, 0.2), "D", STUDY, "Housing trouble to domestic abuse")
    mental_to_housing = param(0.09, "log points/level", (0.0, 0.2), "D", STUDY, "Mental illness to housing trouble")
    mental_to_substance = param(0.18, "log points/level", (0.0, 0.4), "C", "Boden and Fergusson 2011",
                                "Mental illness to substance misuse")
    mental_to_abuse = param(0.10, "log points/level", (0.0, 0.35), "C", DEVRIES, "Mental illness to domestic abuse")
    substance_to_housing = param(0.16, "log points/level", (0.0, 0.35), "D", STUDY, "Substance misuse to housing trouble")
    substance_to_mental = param(0.18, "log points/level", (0.0, 0.4), "C", "Boden and Fergusson 2011",
                                "Substance misuse to mental illness")
    substance_to_abuse = param(0.20, "log points/level", (0.0, 0.4), "C", DEVRIES, "Substance misuse to domestic abuse")
    abuse_to_housing = param(0.20, "log points/level", (0.0, 0.4), "D", STUDY, "Domestic abuse to housing trouble")
    abuse_to_mental = param(0.24, "log points/level", (0.0, 0.45), "C", DEVRIES, "Domestic abuse to mental illness")
    abuse_to_substance = param(0.15, "log points/level", (0.0, 0.3), "C", DEVRIES, "Domestic abuse to substance misuse")
    coupling_ceiling = param(0.9, "log points", (0.4, 1.4), "D", STUDY, "Most that other factors can raise one factor's rise")
    drag_ratio = param(0.5, "ratio", (0.0, 1.0), "D", STUDY, "Drag on recovery as a share of the push on onset")
    drag_ceiling = param(0.5, "log points", (0.3, 1.2), "D", STUDY, "Most that other factors can slow one factor's recovery")
    housing_by_deprivation = param(0.671, "log points/SD", (0.1, 0.9), "D", STUDY, "Deprivation raises onset: housing")
    mental_by_deprivation = param(0.415, "log points/SD", (0.05, 0.6), "D", STUDY, "Deprivation raises onset: mental health")
    substance_by_deprivation = param(0.449, "log points/SD", (0.05, 0.6), "D", STUDY, "Deprivation raises onset: substance")
    abuse_by_deprivation = param(0.449, "log points/SD", (0.05, 0.6), "D", STUDY, "Deprivation raises onset: abuse")
    need_by_staffing = param(0.5, "elasticity", (0.0, 0.8), "C", "set with returns of 77 authorities in view, DfE 2025 (for 1% more social workers, agency staff among them, than deprivation foretells, children in need are 0.55% more and plans and care 0.44%)", "An authority with more social workers than its deprivation foretells has them because there is more need")
    staffing_by_deprivation = param(0.38, "elasticity", (0.2, 0.7), "B", "regression over 150 authorities, DfE workforce 2025 and MHCLG 2019", "How social workers for each child rise with an authority's deprivation score")
    recovery_by_deprivation = param(0.04, "log points/SD", (0.0, 0.2), "D", STUDY, "Deprivation slows recovery")
    worse_by_deprivation = param(0.225, "ratio", (0.0, 1.0), "D", "assumption on Bywaters et al. (referrals 3 to 5 times, care 8 to 12 times as common)", "How much deprivation raises worsening, to how much it raises onset")
    relative_deprivation = param(0.6, "share", (0.0, 0.9), "C", "Bywaters et al. 2020 (care 11 to 1 between neighbourhoods); set with returns of 77 authorities in view, DfE LAIT 2025",
                                 "How far it is a neighbourhood's standing within its authority, not in the country, that raises onset")
    recovery_by_frailty = param(0.25, "ratio", (0.0, 0.6), "D", STUDY, "Frailty slows recovery, as a share of its push on onset")
    recovery_by_network = param(0.15, "log points", (0.0, 0.4), "D", STUDY, "Kin and community support speed recovery")
    help_on_rise = param(0.22, "log points", (0.0, 0.5), "D", STUDY, "Effective help slows worsening")
    help_on_recovery = param(0.374, "log points", (0.0, 0.7), "D", STUDY, "Effective help speeds recovery")
    help_base = param(0.85, "ratio", (0.6, 1.0), "D", STUDY, "Share of help that reaches adults when services act apart")
    prevention_on_onset = param(0.075, "log points", (0.0, 0.4), "C", "Webb 2021 (CIN elasticity to spend)",
                                "Community prevention lowers onset and early worsening")
    chronicity = param(0.862, "ratio", (0.6, 1.0), "D", STUDY, "Recovery after a year at significant level or worse, to before")
    prevention_lag = param(0.02, "1/week", (0.01, 0.05), "D", STUDY, "Weekly share of a budget change felt by the community")
    partner_leaves = param(0.0006, "1/week", (0.0002, 0.002), "D", STUDY, "A resident partner leaves")
    partner_leaves_abuse = param(0.0025, "1/week", (0.0, 0.006), "D", STUDY, "Further chance of leaving under abuse with full help")
    partner_joins = param(0.0009, "1/week", (0.0003, 0.003), "D", STUDY, "A partner joins a lone parent")
    partner_trouble = param(0.12, "probability", (0.02, 0.3), "D", STUDY, "A new partner brings each factor at emerging level")
    abuse_without_partner = param(0.35, "ratio", (0.1, 1.0), "D", "assumption; leaving does not end abuse (MUSP cohort)",
                                  "Onset of abuse where no partner lives in the home, to with one")
    mental_by_area = param(0.4, "log points/SD", (0.0, 0.6), "D", "assumption on MHCLG mental health indicator; set with returns of 77 authorities in view, DfE 2025",
                           "An authority's mental health indicator raises onset of mental illness")
    housing_by_area = param(0.05, "elasticity", (0.0, 1.0), "D", "assumption on MHCLG homelessness rates; set with returns of 77 authorities in view, DfE 2025",
                            "An authority's homelessness rate raises onset of housing trouble")


class Harm(Group):
    """How strain in the family becomes harm to a child."""

    name = "harm"
    housing_weight = param(0.22, "strain/level", (0.05, 0.5), "D", STUDY, "Strain from a level of housing trouble")
    mental_weight = param(0.36, "strain/level", (0.15, 0.6), "D", STUDY, "Strain from a level of parental mental illness")
    substance_weight = param(0.52, "strain/level", (0.25, 0.9), "D", STUDY, "Strain from a level of parental substance misuse")
    abuse_weight = param(0.56, "strain/level", (0.25, 0.9), "D", STUDY, "Strain from a level of domestic abuse")
    together = param(0.10, "strain", (0.0, 0.25), "D", STUDY, "Further strain where two factors meet, per product of levels / 3")
    strain_scale = param(3.4, "strain", (2.0, 4.5), "D", STUDY, "Strain at which harm nears its ceiling")
    strain_shape = param(1.7, "exponent", (1.2, 2.4), "D", STUDY, "How sharply harm turns up with strain")
    network_shelter = param(0.35, "share", (0.1, 0.6), "D", STUDY, "Harm averted by full kin and community support")
    help_shelter = param(0.12, "share", (0.0, 0.3), "D", STUDY, "Harm averted at once by full help")
    infant = param(1.25, "ratio", (1.0, 1.4), "D", "assumption", "Vulnerability under one, to age five to ten")
    toddler = param(1.15, "ratio", (0.9, 1.3), "D", "assumption", "Vulnerability at one to four")
    teenager = param(0.92, "ratio", (0.7, 1.1), "D", "assumption", "Vulnerability at eleven and over")
    rises = param(0.07, "1/week", (0.02, 0.12), "D", STUDY, "Weekly share of the way to a higher level of harm")
    falls = param(0.055, "1/week", (0.015, 0.1), "D", STUDY, "Weekly share of the way to a lower level of harm")
    in_care = param(0.08, "harm", (0.0, 0.2), "D", STUDY, "Harm of being looked after in a suitable placement")
    unsuitable = param(0.25, "harm", (0.1, 0.4), "D", STUDY, "Further harm of an unsuitable placement or a recent breakdown")
    level_2 = param(0.125, "harm", (0.08, 0.2), "D", STUDY, "Need level 2, early help, begins")
    level_4 = param(0.55, "harm", (0.45, 0.65), "D", STUDY, "Need level 4, significant harm, begins")
