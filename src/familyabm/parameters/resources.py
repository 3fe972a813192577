"""Numbers of money: pay, tariffs, and how a council moves funds when it overspends."""
# fmt: off

from familyabm.parameters.register import Group, param

STUDY = "model specification, prototype value to be calibrated"
S251 = "DfE, section 251 outturn 2024-25"


class Money(Group):
    """Pay, fees and the rules of budgets."""

    name = "money"
    worker = param(1290, "GBP/week", (1000, 1700), "C", "PSSRU unit costs, with overheads", "A permanent social worker in post, all costs")
    agency_premium = param(0.45, "ratio", (0.3, 0.6), "C", STUDY, "Extra cost of an agency worker")
    overhead = param(1.7, "ratio", (0.3, 2.0), "B", "DfE workforce (40% of social workers hold cases)", "Managers, reviewing officers and support per case-holding worker")
    proceedings = param(560, "GBP/week", (300, 1200), "D", "assumption; legal costs of proceedings", "Legal costs of a family in proceedings")
    conference = param(420, "GBP", (200, 900), "D", "assumption", "Cost of a child protection conference to the council")
    partner_hour = param(42, "GBP/hour", (30, 60), "C", "PSSRU unit costs", "An hour of a police officer, teacher, nurse or housing officer")
    worker_hour = param(46, "GBP/hour", (40, 55), "C", "PSSRU unit costs (40-55)", "An hour of a social worker, for the cost of demand events")
    overspend_notice = param(0.05, "share", (0.0, 0.08), "D", STUDY, "Forecast overspend at which the council acts")
    raid_rate = param(0.12, "ratio", (0.0, 0.5), "D", STUDY, "Share of the excess taken from early help in a month")
    raid_ceiling = param(0.04, "share", (0.0, 0.1), "D", STUDY, "Most of early help's budget taken in a month")
    early_help_floor = param(0.35, "share", (0.1, 0.6), "D", STUDY, "Share of the starting early help budget that is never taken")
    freeze_above = param(0.06, "share", (0.02, 0.15), "D", STUDY, "Forecast overspend at which recruitment is frozen")
    freeze = param(0.6, "ratio", (0.2, 1.0), "D", STUDY, "Recruitment under a freeze, to without")
    reinvest_below = param(-0.005, "share", (-0.05, 0.0), "D", STUDY, "Forecast underspend at which savings move to early help")
    reinvest_rate = param(0.3, "ratio", (0.0, 1.0), "D", STUDY, "Share of the underspend that moves under a full ring-fence")
    reinvest_ceiling = param(0.02, "share", (0.0, 0.05), "D", STUDY, "Most that early help grows in a month")
    growth_ceiling = param(1.3, "ratio", (1.0, 2.0), "D", "assumption", "Early help budget to its start at which savings go to reserves")
    rebase = param(0.5, "share", (0.0, 0.8), "D", STUDY, "Share of an overspend built into next year's acute budget")
    growth = param(0.012, "1/year", (0.0, 0.04), "D", STUDY, "Yearly growth of the acute budget in real terms")
    reserves = param(0.05, "share", (0.0, 0.2), "D", "assumption", "Reserves at the start, as a share of a year's spend")
    horizon = param(13, "weeks", (4, 52), "D", STUDY, "Weeks ahead for which money is planned with nothing pooled or fenced")
    benefit_lag = param(78, "weeks", (26, 208), "D", "assumption", "Weeks after which most of early help's benefit has come")
    slot_reopens = param(26, "weeks", (13, 52), "D", STUDY, "Weeks to reopen an early help place that was closed")


class Demand(Group):
    """Windows and tariffs by which demand is coded as value or failure."""

    name = "demand"
    repeat_window = param(52, "weeks", (26, 104), "D", STUDY, "F1: same family back after no help")
    bounce_window = param(26, "weeks", (13, 52), "D", STUDY, "F3: back after a request was refused")
    chance_window = param(104, "weeks", (52, 156), "D", STUDY, "F6: a missed chance to help")
    duplicate_window = param(4, "weeks", (1, 13), "D", STUDY, "F5: a second agency reports the same while the first waits or works")
    review = param(4, "hours", (1, 8), "D", "assumption", "Hours of a review, for coding (planned value demand)")
    rework_window = param(26, "weeks", (13, 52), "D", STUDY, "F7: assessed again")
    broken_window = param(104, "weeks", (52, 156), "D", STUDY, "F9: failed return home or repeat plan")
    met_weeks = param(13, "weeks", (4, 26), "D", STUDY, "Weeks below level 2 after which need counts as met")
    omission_weeks = param(4, "weeks", (2, 13), "D", STUDY, "Weeks of unanswered significant harm that count as an omission")
    assessment = param(19, "hours", (10, 35), "D", STUDY, "Hours of an assessment, for coding")
    enquiry = param(22, "hours", (12, 40), "D", STUDY, "Hours of a section 47 enquiry with its conference, for coding")
    hand_over = param(3, "hours", (1, 6), "D", STUDY, "Hours of a hand-over, for coding")
    move = param(14, "hours", (6, 30), "D", "assumption", "Hours of finding and making a placement, for coding")
    plan = param(12, "hours", (6, 24), "D", "assumption", "Hours of making a plan, for coding")
    adjournment = param(10, "hours", (4, 20), "D", "assumption", "Hours lost to an adjourned hearing or conference, for coding")
