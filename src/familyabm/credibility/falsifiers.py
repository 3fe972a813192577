"""What must never be seen (CONCEPT 6.4). If one of these fires, stop and mend the model.

Each claim's range is what is feared: a claim that "holds" here is the warning.
"""

import numpy as np

from familyabm.codes import Tally
from familyabm.credibility.experiments import ANY, Claim, Kept, Luck, Measure, Pattern, World, over, percent
from familyabm.credibility.settings import (
    ALONE,
    HALF,
    HELP_HELD,
    MORE_HELP,
    ORACLE,
    OTHER_LUCK,
    PLACEBO,
    SHARING,
    STATUS_QUO,
    THRESHOLDS_UP,
    TWICE_THE_HELP,
    WHOLE,
    WHOLE_SYSTEM,
)
from familyabm.levers import LEVER_TITLES

SPENDING = ("spend_early_help", "spend_staff", "spend_placements", "spend_legal", "spend_levers")
ACUTE = ("spend_staff", "spend_placements", "spend_legal")
MONTH, MONTHS = 4, 3
STATUTORY = ("section_47", "plan_starts", "care_starts", "plans", "in_need", "looked_after")
WORSE = ("harm", "omissions", "repeat_contacts", "section_47_per_referral")
NOTHING = 0.5
"""Change in percent below which a price is no price."""
LINEAR = 0.05
"""Distance from half the effect at which an effect counts as linear."""
IRREDUCIBLE = 55.0
"""Share of status quo's care starts, in percent, that no world can go below."""


def spent(kept: Kept, columns: tuple[str, ...], first: int, end: int) -> float:
    """Add up spending over some weeks in pence."""
    return sum(kept.total(column, first, end) for column in columns)


def cheaper_and_safer(luck: Luck) -> float:
    """Count the first three months, of four weeks, in which the whole system both costs less and has less harm."""
    whole, usual = luck[WHOLE_SYSTEM], luck[STATUS_QUO]
    months = [(MONTH * month, MONTH * (month + 1)) for month in range(MONTHS)]
    return float(sum(
        spent(whole, SPENDING, *weeks) < spent(usual, SPENDING, *weeks)
        and whole.total("harm_weeks", *weeks) < usual.total("harm_weeks", *weeks)
        for weeks in months
    ))  # fmt: skip


def payback(world: World) -> Measure:
    """Return acute spending saved in the first year for each pound more of early help."""

    def of(luck: Luck) -> float:
        more, usual = luck[world], luck[HELP_HELD]
        extra = more.total("spend_early_help", 0, 52) - usual.total("spend_early_help", 0, 52)
        return over(spent(usual, ACUTE, 0, 52) - spent(more, ACUTE, 0, 52), extra)

    return of


def dearest(luck: Luck) -> float:
    """Return the largest rise, in percent, of what raised thresholds may cost families in the first three years."""
    return max(percent(luck[THRESHOLDS_UP].mean(name, 1, 3), luck[STATUS_QUO].mean(name, 1, 3)) for name in WORSE)


def lowered(luck: Luck) -> float:
    """Return the share of statutory numbers, year by year, that are lower where information is shared, in percent."""
    more, usual = (luck[world].by_year[list(STATUTORY)] for world in (SHARING, STATUS_QUO))
    return float(100.0 * (more < usual).to_numpy().mean())


def least_care(luck: Luck) -> float:
    """Return care starts in the oracle world to those at status quo from the fifth year on, in percent."""
    return 100.0 * over(luck[ORACLE].mean("care_starts", 5), luck[STATUS_QUO].mean("care_starts", 5))


def bend(name: str) -> Measure:
    """Return how far half of a lever is from giving half of its effect on harm, as a share of the whole effect."""

    def of(luck: Luck) -> float:
        usual, half, full = (luck[world].mean("harm", 3) for world in (STATUS_QUO, HALF[name], ALONE[name]))
        return over(half - usual, full - usual) - 0.5

    return of


def apart(luck: Luck) -> float:
    """Return the largest difference, in percent, between two lucks of the same families in any measure at status quo."""
    mine, other = luck[STATUS_QUO].by_year.mean(), luck[OTHER_LUCK].by_year.mean()
    known = (mine != 0.0) & mine.notna() & other.notna()
    return float((100.0 * (other[known] / mine[known] - 1.0)).abs().max())


def floor_share(kind: Tally) -> Measure:
    """Return what a change that means nothing "avoids", to what the whole system avoids family by family, in percent.

    Two lucks are taken together, because now and then putting one contact off leads nowhere.
    """

    def of(luck: Luck) -> float:
        avoided = floor = 0.0
        for lived in (luck.worlds, luck.after):
            usual, whole, placebo = (lived[world.name].tally[:, kind] for world in (STATUS_QUO, WHOLE_SYSTEM, PLACEBO))
            avoided += float(np.maximum(usual - whole, 0.0).sum())
            floor += float(np.maximum(usual - placebo, 0.0).sum())
        return 100.0 * over(floor, avoided)

    return of


TWINS = (STATUS_QUO, WHOLE_SYSTEM, PLACEBO)
FALSIFIERS = (
    Pattern("F1", "Whole-system working is cheaper and safer from month one.", "CONCEPT 6.4", (
        Claim("Of the first three months, those both cheaper and safer", "months", cheaper_and_safer, (WHOLE_SYSTEM, STATUS_QUO), 3, 3),
    ), "falsifier"),
    Pattern("F2", "Early help always pays back inside one financial year.", "CONCEPT 6.4", (
        Claim("A quarter more early help: saved for each pound in year 1", "£", payback(MORE_HELP), (MORE_HELP, HELP_HELD), 1.0),
        Claim("Twice the early help: saved for each pound in year 1", "£", payback(TWICE_THE_HELP), (TWICE_THE_HELP, HELP_HELD), 1.0),
    ), "falsifier"),
    Pattern("F3", "Raising thresholds is free.", "CONCEPT 6.4", (
        Claim("Largest rise of harm, omissions, repeat contacts or intensity", "%", dearest, (THRESHOLDS_UP, STATUS_QUO), -ANY, NOTHING),
    ), "falsifier"),
    Pattern("F4", "More information always lowers statutory numbers.", "CONCEPT 6.4", (
        Claim("Statutory numbers, year by year, that are lower", "%", lowered, (SHARING, STATUS_QUO), 100, 100),
    ), "falsifier"),
    Pattern("F5", "Entries to care can fall below what is exogenous and irreducible.", "CONCEPT 6.4", (
        Claim("Care starts in a world without any failing, to status quo", "%", least_care, (ORACLE, STATUS_QUO), -ANY, IRREDUCIBLE),
    ), "falsifier"),
    Pattern("F6", "Outcomes improve linearly with a lever.", "CONCEPT 6.4", tuple(
        Claim(f"{LEVER_TITLES[name]}: half the lever's share of the effect on harm, less a half", "share", bend(name), (STATUS_QUO, HALF[name], ALONE[name]), -LINEAR, LINEAR)
        for name in WHOLE
    ), "falsifier", "any"),
    Pattern("F7", "Results are identical across lucks.", "CONCEPT 6.4", (
        Claim("Largest difference in any measure between two lucks of the same families", "%", apart, (STATUS_QUO, OTHER_LUCK), 0.0, 0.0),
    ), "falsifier"),
    Pattern("F8", "Avoidable demand is unchanged by taking off the placebo floor.", "CONCEPT 6.4", (
        Claim("Contacts: the floor to what is avoided family by family", "%", floor_share(Tally.CONTACTS), TWINS, 0.0, 0.1),
        Claim("Plans: the floor to what is avoided family by family", "%", floor_share(Tally.PLANS), TWINS, 0.0, 0.1),
    ), "falsifier"),
)  # fmt: skip
