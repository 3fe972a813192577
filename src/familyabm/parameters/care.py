"""Numbers of law and care: pre-proceedings, court, the edge of care, placements and ways out."""
# fmt: off

from familyabm.parameters.register import Group, param

STUDY = "model specification, prototype value to be calibrated"
CLA = "DfE, Children looked after 2025"
COURT = "MoJ and Cafcass, 2024-25"


class Court(Group):
    """Pre-proceedings and care proceedings."""

    name = "court"
    pre_proceedings_weeks = param(16, "weeks", (8, 26), "B", "Public Law Outline", "Length of pre-proceedings where nobody is afraid")
    issue_threshold = param(0.612, "harm", (0.45, 0.75), "D", STUDY, "Judged harm at which proceedings are issued")
    issue_anxiety = param(0.05, "harm", (0.0, 0.15), "D", STUDY, "Fall of that threshold per unit of risk aversion")
    pre_anxiety = param(0.25, "share", (0.0, 0.8), "D", "assumption with Cafcass 2008 in view (applications up 23% within three weeks)", "Share of pre-proceedings that full risk aversion cuts")
    noise = param(0.06, "harm", (0.02, 0.12), "D", STUDY, "Spread of judgement before a court")
    weeks = param(36.2, "weeks", (26, 46), "B", COURT + " (36 to 43 weeks)", "Length of proceedings with the court at capacity")
    weeks_queue = param(25, "weeks", (0, 40), "D", STUDY, "Weeks added when cases are double the capacity")
    spread = param(0.6, "share", (0.1, 0.7), "B", COURT + " (quartiles 24 and 53)", "Spread of lengths about the mean, before the shortest and longest")
    shortest = param(20, "weeks", (12, 26), "D", STUDY, "Shortest proceedings")
    longest = param(70, "weeks", (52, 110), "D", STUDY, "Longest proceedings")
    statutory_weeks = param(26, "weeks", (26, 26), "B", "Children and Families Act 2014", "Statutory limit")
    late_report = param(0.30, "probability", (0.1, 0.6), "D", STUDY, "A hearing is adjourned for a late report with nothing shared")
    adjournment_weeks = param(4, "weeks", (2, 8), "D", STUDY, "Weeks lost to an adjournment")
    headroom = param(1.1, "ratio", (1.0, 1.4), "D", "assumption", "Families that a court can hear at a time, to those whom it has come to fit")
    others = param(2.0, "families", (0.5, 5.0), "D", "assumption", "Families of other areas before the same court, so that chance in a small town does not crowd it")
    memory = param(0.01, "1/week", (0.005, 0.05), "D", "assumption: about two years", "Weekly weight of what is before the court now in how crowded it is")
    fits = param(0.003, "1/week", (0.002, 0.02), "D", "assumption: about six years", "Weekly weight of that in what the court comes to fit while the past is lived")
    interim_order = param(0.82, "probability", (0.5, 0.9), "D", STUDY, "A child is looked after under an interim order")
    home = param(0.105, "share", (0.1, 0.35), "D", STUDY, "Final orders that leave the child at home under supervision")
    home_eased = param(2.5, "ratio", (1.0, 4.0), "C", "Harwin et al. 2014 (35 v 19% at home where 40 v 25% stopped); set with that study in view", "The same where no known trouble of the parents is still at a harmful level")
    guardian = param(0.0818, "share", (0.04, 0.4), "D", STUDY, "Final orders to a special guardian")
    arrangements = param(0.02, "share", (0.0, 0.15), "D", STUDY, "Final orders to live with a relative (child arrangements)")
    placement_order = param(0.65, "share", (0.1, 0.8), "D", STUDY, "Final orders for adoption, child under five")
    placed_at_home = param(0.16, "share", (0.0, 0.2), "B", CLA + " (6% placed with parents)", "Care orders with the child placed with parents")
    supervision_weeks = param(52, "weeks", (26, 104), "B", "Children Act 1989, sch. 3", "Length of a supervision order")
    conference_effect = param(0.40, "ratio", (0.0, 1.0), "A", "Taylor et al. 2024 (issue 59.2 v 71.7%)", "Worth of a family group decision offered as routine, to one prepared by all")
    conference_worth = param(0.045, "harm", (0.0, 0.15), "A", "Taylor et al. 2024", "Judged harm that a full family group decision takes off")


class EdgeOfCare(Group):
    """Ways into care outside the court."""

    name = "edge_of_care"
    entry = param(0.00759, "1/week", (0.001, 0.008), "D", STUDY, "A child at the edge of care becomes looked after by agreement")
    entry_above = param(0.5, "harm", (0.4, 0.6), "D", STUDY, "Harm above which care is considered")
    entry_from = param(0.4, "harm", (0.3, 0.5), "D", STUDY, "Harm from which that chance rises")
    entry_scale = param(0.314, "harm", (0.2, 0.5), "D", STUDY, "Harm over which that chance rises")
    entry_shape = param(1.6, "exponent", (1.0, 2.2), "D", STUDY, "How sharply it rises")
    teenager = param(0.6, "ratio", (0.0, 1.5), "C", CLA + " (age at start)", "Further chance for teenagers")
    anxiety = param(0.5, "ratio", (0.0, 1.0), "D", STUDY, "Further chance per unit of risk aversion")
    unpreventable = param(5, "starts/10,000 children/year", (1.0, 10.0), "C", CLA, "Care entries that no lever can prevent, other than of children who arrive alone: disability, remand, bereavement")
    disability = param(0.2, "share", (0.05, 0.5), "C", CLA + " (2% of children looked after; many in short breaks not counted)", "Share of those that are due to the child's disability")
    alone_stay = param(1.3, "years", (0.7, 2.0), "C", CLA + " (6,540 looked after at 31 March)", "Years that a child who arrives alone is looked after: turns an authority's number into arrivals")
    settled_breaks = param(0.0002, "1/week", (0.0, 0.001), "C", "Selwyn, Wijedasa and Meakings 2014 (5% in five years)", "A child with a guardian or relative comes back into care")
    re_entry = param(0.0045, "1/week", (0.002, 0.015), "C", STUDY, "A child just returned home comes back into care")
    re_entry_fades = param(40, "weeks", (20, 80), "D", STUDY, "Weeks over which that chance fades")
    support = param(0.5, "ratio", (0.0, 0.8), "D", STUDY, "Share of that chance averted by full help")


class Placements(Group):
    """Where looked-after children live, and how they leave."""

    name = "placements"
    kinship = param(0.16, "share", (0.1, 0.3), "B", CLA + " (16.3% with relatives)", "Placements with a relative or friend")
    usable = param(0.80, "share", (0.5, 1.0), "B", "Ofsted, Fostering 2024", "Approved in-house foster places that can take a child")
    agency_places = param(1.6, "ratio", (0.5, 2.0), "B", CLA + " (39% of fostering is private)", "Independent fostering places to in-house places")
    homes_places = param(7, "places/10,000 children", (4, 16), "B", CLA + " (12% in homes)", "Children's home places that the authority can buy at the ordinary price")
    supported = param(0.8, "share", (0.3, 0.9), "B", CLA + " (9% supported at 16 and over)", "Placements of 16 and 17 year olds in supported accommodation")
    teenager_home = param(0.524, "share", (0.05, 0.7), "D", STUDY, "Teenagers for whom a children's home is sought first")
    foster_full = param(0.93, "share", (0.8, 1.0), "D", "assumption", "Occupancy at which no further foster place can be matched")
    breakdown = param(0.00723, "1/week", (0.002, 0.008), "B", CLA + " (10% with three placements)", "A placement breaks down, perfect match missing by 0.6")
    match_needed = param(1.6, "ratio", (1.3, 2.0), "D", STUDY, "Match at which placements never break down")
    match_base = param(0.5, "share", (0.3, 0.8), "D", STUDY, "Match of child and carer found from what is vacant")
    broken_match = param(0.6, "share", (0.4, 0.8), "D", STUDY, "Match below which a breakdown counts as a broken solution")
    behaviour = param(0.05, "1/point", (0.0, 0.1), "D", STUDY, "Further chance of breakdown per point of difficulties")
    escalates = param(0.1, "probability", (0.1, 0.6), "D", STUDY, "A breakdown moves the child to a children's home")
    secure = param(0.01, "probability", (0.0, 0.04), "C", CLA + " (0.13% in secure homes)", "A teenager whose placement in a home breaks down is placed in a secure home")
    secure_weeks = param(13, "weeks", (4, 26), "D", "assumption", "Length of a secure placement")
    crisis_ends = param(0.06, "1/week", (0.02, 0.2), "D", "assumption", "A crisis placement is replaced by a registered one")
    settles = param(13, "weeks", (6, 26), "D", STUDY, "Weeks after a breakdown in which a child is unsettled")
    home = param(0.00454, "1/week", (0.001, 0.008), "B", CLA + " (19% of leavers go home)", "A child under agreed care goes home, no harm there")
    home_harm = param(1.3, "log points", (0.8, 2.5), "D", STUDY, "How that chance falls with harm at home")
    home_early = param(2.6, "ratio", (1.0, 3.0), "D", STUDY, "Rise of that chance in the first half year")
    home_by_order = param(0.25, "ratio", (0.05, 0.6), "D", STUDY, "That chance for a child under a care order, to one by agreement")
    guardian = param(0.000706, "1/week", (0.0005, 0.003), "B", CLA + " (12% of leavers)", "A looked-after child leaves to a special guardian")
    guardian_kinship = param(0.000861, "1/week", (0.0003, 0.008), "D", STUDY, "Further chance where the carer is a relative")
    arrangements = param(0.0001, "1/week", (0.0, 0.001), "B", CLA + " (3% of leavers)", "A looked-after child leaves to live with a relative by order")
    adoption_match = param(0.0436, "1/week", (0.01, 0.06), "B", CLA + " (19 months from entry to placement)", "A child with a placement order is placed for adoption, after the wait")
    adoption_wait = param(43.7, "weeks", (26, 90), "B", CLA, "Earliest placement for adoption after entering care")
    adoption_weeks = param(39, "weeks", (20, 60), "B", CLA + " (9 months from placement to order)", "From placement for adoption to the order")
    moves_away = param(0.008, "1/week", (0.0, 0.02), "C", CLA + " (8% of leavers taken on by another authority)", "A child who arrived alone is taken on by another authority")
    independent = param(0.0071, "1/week", (0.0, 0.01), "B", CLA + " (independent living, other reasons)", "A looked-after child of 16 or 17 leaves to live independently or for other reasons")
    relatives = param(0.00128, "1/week", (0.0, 0.003), "B", CLA + " (5% of leavers, relatives without parental responsibility)", "A looked-after child under 16 leaves to live with relatives without an order")
    step_down = param(0.0015, "1/week", (0.0, 0.01), "D", STUDY, "A child in a home is found a family, full needs-led review")


class Prices(Group):
    """What things cost a week where the authority's own price is not known; 2024-25 prices."""

    name = "prices"
    kinship = param(420, "GBP/week", (250, 600), "D", STUDY, "Kinship foster placement")
    agency_foster = param(1.45, "ratio", (1.2, 2.0), "C", "Competition and Markets Authority 2022", "Independent fostering to the authority's own foster cost")
    supported = param(1450, "GBP/week", (700, 2500), "D", STUDY, "Supported accommodation at 16 and over")
    secure = param(9000, "GBP/week", (6000, 14000), "D", STUDY, "Secure home")
    crisis = param(11000, "GBP/week", (9000, 15000), "D", STUDY, "Unregistered or crisis placement")
    at_home = param(120, "GBP/week", (0, 300), "D", "assumption", "Support where a child is placed with parents")
    scarcity = param(0.25, "ratio", (0.0, 1.5), "C", "NAO 2025 (cost +96%, children +10%)", "Rise of the price of homes per unit by which they are overfull")
