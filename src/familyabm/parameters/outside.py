"""Numbers of the world outside and of ways of organising that a scenario may assume: context, not levers."""
# fmt: off

from familyabm.parameters.register import Group, param

STUDY = "model specification, prototype value to be calibrated"


class Outside(Group):
    """How far what comes from outside reaches families and practice."""

    name = "outside"
    poverty_onset = param(0.02, "log points/percentage point", (0.0, 0.06), "B", "Bennett et al. 2022 (+1 point of child poverty, +5 entries to care per 100,000 children), calibrated", "Rise of all four risk factors' onset and worsening per percentage point of child poverty")


class NeedsLed(Group):
    """Needs-led review: continue, change or stop by what the last weeks' work has bought."""

    name = "needs_led"
    scope = param(0, "0 none, 1 children in care, 2 all plans", (0, 2), "D", "scenario switch (model specification S11)", "Who is reviewed by need and by marginal benefit per pound")
    worth = param(0.03, "harm/GBP 1,000", (0.0, 0.2), "D", "assumption", "Fall in judged need per thousand pounds below which a plan is changed or stopped")
    stop_within = param(0.03, "harm", (0.0, 0.1), "D", "assumption", "A plan that buys too little stops if judged need is no further than this above the threshold to close")
    fits_better = param(0.12, "ratio", (0.0, 0.4), "D", "assumption; no trial of needs-led review", "Further strength of help under a plan that was changed to fit")
    change_hours = param(6, "hours", (0, 20), "D", "assumption", "Hours of making another plan")
    care_review_weeks = param(26, "weeks", (13, 52), "B", "Care Planning Regulations 2010 (reviews every 6 months)", "Review of a child in a children's home")
    family_could = param(0.30, "harm", (0.1, 0.5), "D", "assumption", "Judged need below which a foster family could meet it")
    judgement = param(0.08, "harm", (0.0, 0.2), "D", "assumption", "Spread of that judgement")
    found = param(0.20, "probability", (0.0, 0.5), "D", "assumption", "A review that asks for a family finds a willing one, if a place is vacant")
    cost_care = param(15000, "GBP/10,000 children/year", (0, 50000), "D", "assumption: reviewing and matching posts", "Cost of needs-led review of children in care")
    cost_plans = param(45000, "GBP/10,000 children/year", (0, 150000), "D", "assumption: reviewing posts and analysis", "Further cost of needs-led review of all plans")


class FamilyHelp(Group):
    """Family Help: targeted early help and child in need work merged, with one family help lead practitioner."""

    name = "family_help"
    merged = param(0, "0 or 1", (0, 1), "D", "scenario switch (Families First Partnership guide, March 2025)", "Early help and child in need work are one service")
    others_hold = param(0.5, "share", (0.0, 0.8), "D", "assumption on the Families First Partnership guide 2025", "Child in need work that family help workers do instead of social workers, out of early help's places")
