"""Patterns V1 to V17: levels at status quo (CONCEPT 6.3). V13 and V16 are held back for validation.

The sizes are those of England. Where the concept gives a tolerance in brackets it is used as given; a figure
without one is taken with 15% either side. A single authority is held against `ACROSS`: no authority is England.
"""

from familyabm.codes import Event, Tally
from familyabm.credibility import names
from familyabm.credibility.experiments import (
    ANY,
    WEEKS_A_YEAR,
    Claim,
    Kept,
    Luck,
    Measure,
    Pattern,
    about,
    level,
    over,
    reading,
)
from familyabm.credibility.readings import at_equal_deprivation, gradient
from familyabm.credibility.settings import POOR, RICH, STATUS_QUO

SUMMER, TERM = slice(18, 22), slice(3, 15)
"""Weeks of the financial year: August, and May to July."""
PER_10K = "per 10,000 children"
SOURCES = ("police", "school", "health", "housing", "council_services", "public", "family")


ACROSS = {
    "referrals": (332, 729), "re_referrals": (15.1, 26.0), "referrals_police": (23.7, 35.1),
    "referrals_school": (13.4, 26.0), "referrals_no_action": (0, 14.3), "not_in_need": (13.6, 42.5),
    "section_47": (119, 309), "conferences_in_time": (71.3, 93.7), "plans": (27.7, 68.7), "plan_starts": (35.8, 79.9),
    "plans_again": (16.0, 31.0), "in_need": (242, 492), "looked_after": (39.9, 116.8), "care_starts": (16.9, 40.6),
    "caseload": (12.7, 18.1), "turnover": (7.7, 19.5), "agency": (2.3, 28.4), "sickness": (1.9, 4.9),
    "proceedings_weeks": (24, 53),
}  # fmt: skip
"""Tenth to ninetieth percentile of England's authorities: DfE, LAIT (2025) and workforce census (2025), referral
sources (2024); Ministry of Justice, family courts (2024)."""
MOVED_OFTEN_ACROSS = (7, 14)


def at(measure: str, statement: str, unit: str, low: float, high: float) -> Claim:
    """Return the claim that a measure's mean over all years at status quo lies in a range."""
    across = ACROSS.get(measure)
    return Claim(statement, unit, level(STATUS_QUO, measure), (STATUS_QUO,), low, high, across)


def quiet(
    statement: str, unit: str, of: Measure, low: float = -ANY, high: float = ANY,
    across: tuple[float, float] | None = None,
) -> Claim:  # fmt: skip
    """Return a claim about status quo alone."""
    return Claim(statement, unit, of, (STATUS_QUO,), low, high, across)


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
    """Return serious incidents a year per 60,000 children; a model in which none can happen does not have them."""
    kept = luck[STATUS_QUO]
    kept.total(names.INCIDENTS_KNOWN)
    happened = float(kept.events[:, Event.SERIOUS_INCIDENT].sum())
    return happened / len(kept.by_year) * 60_000.0 / float(kept.weekly["children_total"][-1])


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


LEVELS = (
    Pattern("V1", "Referrals are 450 to 600 per 10,000 children a year.", "DfE, children in need 2023 to 2025", (
        at("referrals", "Referrals", f"{PER_10K} a year", 450, 600),
    )),
    Pattern(
        "V2", "Some 22.6% of referrals come within a year of the last; a third of closed cases are back in a year.",
        "DfE, children in need 2025; Goldacre et al. 2025; Troncoso 2017", (
            at("re_referrals", "Re-referrals within 12 months", "% of referrals", 18, 28),
            quiet("Referred again within a year of closure", "% of closed cases", reading(STATUS_QUO, "back_after_closure"), 26, 38),
        ),
    ),
    Pattern(
        "V3", "Three to five contacts for each referral; the police are the largest source, schools the second, quiet in "
        "August; most notifications of domestic abuse end without a referral.",
        "DfE, children in need 2025; Stanley et al. 2010", (
            quiet("Contacts to referrals", "ratio", contacts_to_referrals, 3, 5),
            at("referrals_police", "Referrals from the police", "% of referrals", *about(28)),
            quiet("The police ahead of the next source", "points", police_lead, 0),
            at("referrals_school", "Referrals from schools", "% of referrals", *about(21)),
            quiet("School contacts in August, to a week of term", "ratio", august, 0, 0.6),
            quiet("Children in police notifications who are not referred", "%", notified_in_vain, 50, 100),
        ),
    ),
    Pattern(
        "V4", "Some 7% of referrals are closed at once, 30% are assessed as not in need; assessments take 33 working "
        "days and pile up just under 45.", "DfE, children in need 2023", (
            at("referrals_no_action", "Referrals with no further action", "% of referrals", *about(7)),
            at("not_in_need", "Assessed, not in need", "% of referrals", 24, 36),
            at("assessment_days", "Mean length of assessments", "working days", 28, 38),
            quiet("Assessments ended in weeks 8 and 9, to the weeks about them", "ratio", reading(STATUS_QUO, "pile_up"), 1.2),
        ),
    ),
    Pattern("V5", "Some 190 enquiries; fewer than a third lead to a conference; 81% of conferences are in time.", "DfE, children in need 2023 to 2025", (
        at("section_47", "Section 47 enquiries", f"{PER_10K} a year", 160, 230),
        at("section_47_to_conference", "Conferences to enquiries", "%", 27, 38),
        at("conferences_in_time", "Conferences within 15 working days", "%", *about(81)),
    )),
    Pattern("V6", "41 children on plans, 50 start, a quarter of them for a second or later time.", "DfE, children in need 2023 to 2025", (
        at("plans", "Children on plans", PER_10K, 35, 52),
        at("plan_starts", "Plans started", f"{PER_10K} a year", *about(50)),
        at("plans_again", "Second or later plans", "% of plans started", *about(25)),
    )),
    Pattern("V7", "333 children in need, 67 to 70 looked after, 27 start to be.", "DfE, children in need and children looked after 2024 and 2025", (
        at("in_need", "Children in need", PER_10K, 280, 390),
        at("looked_after", "Children looked after", PER_10K, 60, 80),
        at("care_starts", "Children starting to be looked after", f"{PER_10K} a year", 23, 33),
    )),
    Pattern(
        "V8", "Two thirds in foster care, a sixth to a fifth in homes, a tenth moved often, 22% far away; a third of "
        "leavers go home, 11 to 12% to guardians, 9% are adopted.", "DfE, children looked after 2024 and 2025; NSPCC", (
            quiet("In foster care", "%", placed_with_carers, *about(67)),
            at("placed_homes", "In children's homes", "%", *about(16, 20)),
            quiet("Three or more placements in the year", "%", moved_often, *about(10), MOVED_OFTEN_ACROSS),
            at(names.PLACED_FAR, "Placed more than 20 miles away", "%", *about(22)),
            at("ceased_home", "Left care for home", "% of leavers", *about(31, 34)),
            at("ceased_guardian", "Left care to a special guardian", "% of leavers", *about(11, 12)),
            at("ceased_adopted", "Left care by adoption", "% of leavers", *about(9)),
        ),
    ),
    Pattern(
        "V9", "Care and plans are 8 to 12 times as common in the most deprived neighbourhoods as in the least, referrals 3 "
        "to 5 times; at equal deprivation a less deprived authority intervenes more.", "Bywaters et al.; Webb et al. 2020", (
            quiet("Looked after, decile 10 to decile 1", "ratio", stock_gradient(1), 8, 12),
            quiet("On plans, decile 10 to decile 1", "ratio", stock_gradient(2), 8, 12),
            quiet("Referrals, decile 10 to decile 1", "ratio", referral_gradient, 3, 5),
            Claim(f"{RICH.area} to {POOR.area} at equal deprivation: on plans or looked after", "ratio", inverse_intervention, (RICH, POOR), 1.0),
        ),
    ),
    Pattern(
        "V10", "Caseloads of 15 to 17 that feel heavier; turnover 14 to 16%, agency workers 16 to 18%, sickness 3.2%.",
        "DfE, children's social work workforce 2023 and 2024", (
            at("caseload", "Caseload", "children per case holder", *about(15, 17)),
            at("load", "Work that cases need, to the hours there are", "ratio", 1.0, ANY),
            at("turnover", "Turnover", "% a year", *about(14, 16)),
            at("agency", "Agency workers", "% of case holders", *about(16, 18)),
            at("sickness", "Sickness absence", "% of time", *about(3.2)),
        ),
    ),
    Pattern("V11", "A fifth to a third of paid time is spent with families.", "BASW, 80-20 campaign, 2018", (
        at("direct_time", "Direct time", "% of paid hours", 20, 30),
    )),
    Pattern("V12", "Care proceedings take 36 to 43 weeks; 25 to 35% end within 26.", "Cafcass; Ministry of Justice, 2022 to 2025", (
        at("proceedings_weeks", "Length of proceedings", "weeks", 36, 43),
        at("proceedings_in_time", "Within 26 weeks", "%", 25, 35),
    )),
    Pattern("V14", "Under a tenth of referred families make about half of the repeat referrals.", "Study of 400 closed cases in three London authorities", (
        quiet("Repeat referrals of the 8.5% of families with most of them, in 27 months", "%", reading(STATUS_QUO, "concentration"), *about(52)),
    )),
    Pattern(
        "V15", "Children in need miss twice as much school as all pupils; severe absence is worst on plans; settled "
        "looked-after children miss less than children in need.", "DfE, outcomes of children in need 2022/23", (
            quiet("Absence of children in need to all pupils'", "ratio", more_in_need, *about(2)),
            quiet("Severe absence on plans above that of children in need", "points", difference(names.SEVERE_ABSENCE_PLAN, names.SEVERE_ABSENCE_IN_NEED), 0),
            quiet("Absence in care below that of children in need", "points", difference(names.ABSENCE_IN_NEED, names.ABSENCE_LOOKED_AFTER), 0),
        ),
    ),
    Pattern(
        "V17", "Some 1.6 serious incidents a year per 60,000 children; three in four families known, and of those 45% below "
        "the statutory threshold.", "Child Safeguarding Practice Review Panel 2023/24; Action for Children", (
            quiet("Serious incidents", "a year per 60,000 children", incidents, 0.8, 3.2),
            quiet("Families known to services", "%", incidents_known, 75, 100),
            quiet("Of those, below the statutory threshold", "%", incidents_below, *about(45)),
        ),
    ),
)  # fmt: skip
