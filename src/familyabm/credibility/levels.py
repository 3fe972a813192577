"""Patterns V1 to V17: levels at status quo (CONCEPT 6.3). V13 and V16 are held back for validation.

The figures, and the ranges accepted of England and of a single authority, are those of `truth.targets`; here stands
how each is measured where it is not a measure by its own name.
"""

from familyabm.codes import Event, Tally
from familyabm.credibility import names
from familyabm.credibility.experiments import (
    WEEKS_A_YEAR,
    Claim,
    Kept,
    Luck,
    Measure,
    Pattern,
    World,
    level,
    over,
    reading,
)
from familyabm.credibility.readings import at_equal_deprivation, gradient
from familyabm.credibility.settings import POOR, RICH, STATUS_QUO
from familyabm.truth import targets
from familyabm.truth.targets import Target

SUMMER, TERM = slice(18, 22), slice(3, 15)
"""Weeks of the financial year: August, and May to July."""
SOURCES = ("police", "school", "health", "housing", "council_services", "public", "family")


def contacts_to_referrals(luck: Luck) -> float:
    """Return contacts for each referral."""
    kept = luck[STATUS_QUO]
    return over(kept.mean("contacts"), kept.mean("referrals"))


def police_lead(luck: Luck) -> float:
    """Return by how many points the police's share of referrals is ahead of the next source's."""
    shares = {source: luck[STATUS_QUO].mean(f"referrals_{source}") for source in SOURCES}
    police = shares.pop("police")
    return police - max(shares.values())


def august(luck: Luck) -> float:
    """Return schools' contacts in a week of August to those in a week of the summer term."""
    weekly = luck[STATUS_QUO].weekly["contacts_school"]
    by_week = weekly.reshape(-1, WEEKS_A_YEAR).mean(axis=0)
    return over(float(by_week[SUMMER].mean()), float(by_week[TERM].mean()))


def notified_in_vain(luck: Luck) -> float:
    """Return the share of children in police notifications who are not referred, in percent."""
    kept = luck[STATUS_QUO]
    referred = kept.mean("referrals") * kept.mean("referrals_police") / 100.0
    return 100.0 * (1.0 - over(referred, kept.mean("contacts_police")))


def placed_with_carers(luck: Luck) -> float:
    """Return the share of looked-after children in foster care, kin included, in percent."""
    kept = luck[STATUS_QUO]
    return kept.mean("placed_kinship") + kept.mean("placed_foster")


def moved_often(luck: Luck) -> float:
    """Return the share of looked-after children with three or more placements in the year, at 31 March, in percent."""
    weekly = luck[STATUS_QUO].weekly
    ends = slice(WEEKS_A_YEAR - 1, None, WEEKS_A_YEAR)
    return 100.0 * over(float(weekly["moved_often"][ends].sum()), float(weekly["looked_after"][ends].sum()))


def stock_gradient(kind: int) -> Measure:
    """Return how many times higher a stock's rate is in decile 10 than in decile 1, over all year ends."""
    return lambda luck: gradient(luck[STATUS_QUO].read("deciles")[kind], luck[STATUS_QUO].read("deciles")[0])


def referral_gradient(luck: Luck) -> float:
    """Return how many times higher the rate of referrals is in decile 10 than in decile 1."""
    kept = luck[STATUS_QUO]
    return gradient(kept.read("tally_deciles")[Tally.REFERRALS], kept.read("deciles")[0])


def intervened(kept: Kept) -> tuple[object, object]:
    """Return children on plans or looked after, and children, by decile."""
    children, looked_after, plans = kept.read("deciles")
    return looked_after + plans, children


def inverse_intervention(luck: Luck) -> float:
    """Return the richer authority's rate of intervention to the poorer's, at equal neighbourhood deprivation."""
    return at_equal_deprivation(intervened(luck[RICH]), intervened(luck[POOR]))  # type: ignore[arg-type]


def more_in_need(luck: Luck) -> float:
    """Return absence of children in need to that of all pupils."""
    kept = luck[STATUS_QUO]
    return over(kept.mean(names.ABSENCE_IN_NEED), kept.mean(names.ABSENCE_ALL))


def incidents(luck: Luck) -> float:
    """Return serious incidents a year per 60,000 children; a model in which none can happen does not have them.

    They are those of the whole authority, whose reviews and fears are one, at any scale.
    """
    kept = luck[STATUS_QUO]
    kept.total(names.INCIDENTS_KNOWN)
    return kept.mean("serious_incidents") * 60_000.0 / kept.mean(names.CHILDREN_OF_ALL)


def incidents_known(luck: Luck) -> float:
    """Return the share of serious incidents to children known to social care, in percent."""
    kept = luck[STATUS_QUO]
    return 100.0 * over(kept.total(names.INCIDENTS_KNOWN), float(kept.events[:, Event.SERIOUS_INCIDENT].sum()))


def incidents_below(luck: Luck) -> float:
    """Return the share of those known who were below the statutory threshold at the time, in percent."""
    kept = luck[STATUS_QUO]
    return 100.0 * over(kept.total(names.INCIDENTS_BELOW), kept.total(names.INCIDENTS_KNOWN))


def difference(one: str, other: str) -> Measure:
    """Return by how much one measure at status quo exceeds another."""
    return lambda luck: luck[STATUS_QUO].mean(one) - luck[STATUS_QUO].mean(other)


def conferences(luck: Luck) -> float:
    """Return children in initial conferences per 10,000 children a year."""
    kept = luck[STATUS_QUO]
    return kept.mean("section_47") * kept.mean("section_47_to_conference") / 100.0


MEASURED: dict[str, Measure] = {
    "contacts_to_referrals": contacts_to_referrals,
    "police_lead": police_lead,
    "august": august,
    "notified_in_vain": notified_in_vain,
    "conferences": conferences,
    "placed_with_carers": placed_with_carers,
    "moved_often": moved_often,
    "gradient_looked_after": stock_gradient(1),
    "gradient_plans": stock_gradient(2),
    "gradient_referrals": referral_gradient,
    "inverse_intervention": inverse_intervention,
    "absence_ratio": more_in_need,
    "absence_severe": difference(names.SEVERE_ABSENCE_PLAN, names.SEVERE_ABSENCE_IN_NEED),
    "absence_settled": difference(names.ABSENCE_IN_NEED, names.ABSENCE_LOOKED_AFTER),
    "incidents": incidents,
    "incidents_of_known_families": incidents_known,
    "incidents_below_threshold": incidents_below,
    **{name: reading(STATUS_QUO, name) for name in ("back_after_closure", "concentration", "pile_up")},
}
"""How targets are measured that are no measure by their own name."""
NEEDS: dict[str, tuple[World, ...]] = {"inverse_intervention": (RICH, POOR)}
"""The worlds that a target needs, where status quo is not enough."""


def claim(target: Target) -> Claim:
    """Return the claim that a target's measure at status quo lies in the range accepted."""
    of = MEASURED.get(target.measure) or level(STATUS_QUO, target.measure)
    needs = NEEDS.get(target.measure, (STATUS_QUO,))
    return Claim(target.statement, target.unit, of, needs, target.low, target.high, target.across)


def pattern(code: str, statement: str, source: str) -> Pattern:
    """Return a pattern with a claim for each target that it states."""
    return Pattern(code, statement, source, tuple(claim(target) for target in targets.of_pattern(code)))


LEVELS = (
    pattern("V1", "Referrals are 450 to 600 per 10,000 children a year.", "DfE, children in need 2023 to 2025"),
    pattern(
        "V2",
        "Some 22.6% of referrals come within a year of the last; a third of closed cases are back in a year.",
        "DfE, children in need 2025; Goldacre et al. 2025; Troncoso 2017",
    ),
    pattern(
        "V3",
        "Three to five contacts for each referral; the police are the largest source, schools the second, quiet in August; most notifications of domestic abuse end without a referral.",
        "DfE, children in need 2025; Stanley et al. 2010",
    ),
    pattern(
        "V4",
        "Some 7% of referrals are closed at once, 30% are assessed as not in need; assessments take 33 working days and pile up just under 45.",
        "DfE, children in need 2023",
    ),
    pattern(
        "V5",
        "Some 190 enquiries; fewer than a third lead to a conference; 81% of conferences are in time.",
        "DfE, children in need 2023 to 2025",
    ),
    pattern(
        "V6",
        "41 children on plans, 50 start, a quarter of them for a second or later time.",
        "DfE, children in need 2023 to 2025",
    ),
    pattern(
        "V7",
        "333 children in need, 67 to 70 looked after, 27 start to be.",
        "DfE, children in need and children looked after 2024 and 2025",
    ),
    pattern(
        "V8",
        "Two thirds in foster care, a sixth to a fifth in homes, a tenth moved often, 22% far away; a third of leavers go home, 11 to 12% to guardians, 9% are adopted.",
        "DfE, children looked after 2024 and 2025; NSPCC",
    ),
    pattern(
        "V9",
        "Care and plans are 8 to 12 times as common in the most deprived neighbourhoods as in the least, referrals 3 to 5 times; at equal deprivation a less deprived authority intervenes more.",
        "Bywaters et al.; Webb et al. 2020",
    ),
    pattern(
        "V10",
        "Caseloads of 15 to 17 that feel heavier; turnover 14 to 16%, agency workers 16 to 18%, sickness 3.2%.",
        "DfE, children's social work workforce 2023 and 2024",
    ),
    pattern("V11", "A fifth to a third of paid time is spent with families.", "BASW, 80-20 campaign, 2018"),
    pattern(
        "V12",
        "Care proceedings take 36 to 43 weeks; 25 to 35% end within 26.",
        "Cafcass; Ministry of Justice, 2022 to 2025",
    ),
    pattern(
        "V14",
        "Under a tenth of referred families make about half of the repeat referrals.",
        "Study of 400 closed cases in three London authorities",
    ),
    pattern(
        "V15",
        "Children in need miss twice as much school as all pupils; severe absence is worst on plans; settled looked-after children miss less than children in need.",
        "DfE, outcomes of children in need 2022/23",
    ),
    pattern(
        "V17",
        "Some 1.6 serious incidents a year per 60,000 children; three in four families known, and of those 45% below the statutory threshold.",
        "Child Safeguarding Practice Review Panel 2023/24; Action for Children",
    ),
)
