"""Patterns V18 to V37: what follows when something changes (CONCEPT 6.3). V31 and V36 are held back for validation."""

import numpy as np

from familyabm.codes import Event
from familyabm.credibility import names
from familyabm.credibility.experiments import (
    ANY,
    Claim,
    Luck,
    Measure,
    Pattern,
    World,
    change,
    level,
    over,
    percent,
    points,
)
from familyabm.credibility.settings import (
    ALONE,
    BABY_P,
    BURDENED,
    CUT,
    FAMILY_PROGRAMME,
    FAMILY_SAFEGUARDING,
    FEW_CARERS,
    FULL_FAMILY_GROUP,
    HOURS_ADDED,
    INADEQUATE,
    MORE_HOURS,
    NO_FAMILY_GROUP,
    POORER,
    POVERTY_POINTS,
    RELAPSE_LONE,
    RELAPSE_WHOLE,
    STATUS_QUO,
    TARGETS,
    TWICE_THE_HELP,
    UNLIKE,
    WHOLE_SYSTEM,
)

LATE = 5
"""First of the years that count as the long run; they go on to the last year lived."""
SHARING, POOLED = ALONE["information_sharing"], ALONE["pooled_budget"]


def moved(
    statement: str, world: World, measure: str, low: float, high: float, first: int = LATE, last: int = 0,
    against: World = STATUS_QUO,
) -> Claim:  # fmt: skip
    """Return the claim that a measure changes by so many percent between two worlds of the same luck."""
    return Claim(statement, "% change", change(world, against, measure, first, last), (world, against), low, high)


def shifted(
    statement: str, world: World, measure: str, low: float, high: float, first: int = LATE, last: int = 0
) -> Claim:
    """Return the claim that a measure changes by so many of its own units from status quo."""
    return Claim(
        statement, "difference", points(world, STATUS_QUO, measure, first, last), (world, STATUS_QUO), low, high
    )


def together(world: World, of: Measure, statement: str, unit: str, low: float = -ANY, high: float = ANY) -> Claim:
    """Return a claim about one world beside status quo."""
    return Claim(statement, unit, of, (world, STATUS_QUO), low, high)


# --- Across authorities --------------------------------------------------------------------------------


def correlation(one: str, other: str) -> Measure:
    """Return the correlation over unlike authorities of two measures, or readings, at status quo."""

    def of(luck: Luck) -> float:
        both = [[_at(luck, world, name) for world in UNLIKE] for name in (one, other)]
        return float(np.asarray(np.corrcoef(both))[0, 1]) if np.std(both, axis=1).min() > 0.0 else float("nan")

    return of


def _at(luck: Luck, world: World, name: str) -> float:
    kept = luck[world]
    return float(kept.read(name)) if name in kept.extra else kept.mean(name)


def _across(statement: str, one: str, other: str, low: float = 0.0, high: float = ANY) -> Claim:
    return Claim(statement, "correlation", correlation(one, other), UNLIKE, low, high)


def busy_years(luck: Luck) -> float:
    """Return re-referrals in years of heavy caseloads and many referrals, less those of other years, in points."""
    heavy, other = [], []
    for world in UNLIKE:
        years = luck[world].by_year
        busy = (years["caseload"] > 10.0) & (years["referrals"] > 550.0)
        heavy += years["re_referrals"][busy].tolist()
        other += years["re_referrals"][~busy].tolist()
    return float(np.mean(heavy) - np.mean(other)) if heavy and other else float("nan")


# --- Early help, poverty and age ------------------------------------------------------------------------


def grows(luck: Luck) -> float:
    """Return by how much more care starts rise in the third to fifth year of a cut than in the first, in points."""
    cut, usual = luck[CUT], luck[STATUS_QUO]
    late = percent(cut.mean("care_starts", 3, 5), usual.mean("care_starts", 3, 5))
    return late - percent(cut.mean("care_starts", 1, 1), usual.mean("care_starts", 1, 1))


def sixteen_to_seventeen(luck: Luck) -> float:
    """Return care starts at 16 and 17 per 100,000 of that age for each £10 a child taken from prevention."""
    cut, usual = luck[CUT], luck[STATUS_QUO]
    tens = (usual.mean("spend_early_help") - cut.mean("spend_early_help")) / 10.0
    return over(cut.mean("starts_16", 2) - usual.mean("starts_16", 2), tens)


def older_than_younger(luck: Luck) -> float:
    """Return the change in care starts at 11 to 17 less that under five, in points."""
    cut, usual = luck[CUT], luck[STATUS_QUO]
    old = [kept.mean("starts_11", 2) * 5.0 + kept.mean("starts_16", 2) * 2.0 for kept in (cut, usual)]
    return percent(*old) - percent(cut.mean("starts_0", 2), usual.mean("starts_0", 2))


def by_poverty(luck: Luck) -> float:
    """Return care starts a year per 100,000 children for each point of child poverty."""
    return 10.0 * (luck[POORER].mean("care_starts") - luck[STATUS_QUO].mean("care_starts")) / POVERTY_POINTS


# --- Programmes -----------------------------------------------------------------------------------------


def in_weeks(world: World, event: Event, first: int, end: int) -> Measure:
    """Return the change in percent from status quo of children in events over some weeks."""
    return lambda luck: percent(luck[world].count(event, first, end), luck[STATUS_QUO].count(event, first, end))


def issued(world: World) -> Measure:
    """Return the share of pre-proceedings that end with proceedings issued, in percent."""

    def of(luck: Luck) -> float:
        kept = luck[world]
        begun, ended = (
            float(kept.events[:, kind].sum()) for kind in (Event.PROCEEDINGS_STARTED, Event.PRE_PROCEEDINGS_ENDED)
        )
        return 100.0 * over(begun, ended)

    return of


def issued_less(luck: Luck) -> float:
    """Return by how many points fewer cases are issued where family groups decide than where they do not."""
    return issued(FULL_FAMILY_GROUP)(luck) - issued(NO_FAMILY_GROUP)(luck)


def by_itself(luck: Luck) -> float:
    """Return the share of the fall after the peak, under the programme, that status quo shows too, in percent."""
    return 100.0 * over(luck[STATUS_QUO].read("fall_after_peak"), luck[FAMILY_SAFEGUARDING].read("fall_after_peak"))


def idle_without_a_door(luck: Luck) -> float:
    """Return the share of doubled early help places in use, in percent."""
    kept = luck[TWICE_THE_HELP]
    return 100.0 * over(kept.total("early_help_used", 104), kept.total("early_help_places", 104))


def elasticity(luck: Luck) -> float:
    """Return the fall of load to what the added hours alone would give; below one, demand follows supply."""
    alone = 100.0 * (1.0 - 1.0 / (1.0 + HOURS_ADDED))
    return -percent(luck[MORE_HOURS].mean("load", 2), luck[STATUS_QUO].mean("load", 2)) / alone


def beyond_the_parts(column: str, event: Event | None = None) -> Measure:
    """Return what all levers together avoid beyond the sum of what each avoids alone, in percent of status quo."""

    def amount(luck: Luck, world: World) -> float:
        return luck[world].total(column) if event is None else luck[world].count(event)

    def of(luck: Luck) -> float:
        usual = amount(luck, STATUS_QUO)
        parts = sum(usual - amount(luck, world) for world in ALONE.values())
        return 100.0 * over(usual - amount(luck, WHOLE_SYSTEM) - parts, usual)

    return of


EVERY_LEVER = (STATUS_QUO, WHOLE_SYSTEM, *ALONE.values())


def dearer_than_more(luck: Luck) -> float:
    """Return the rise of placement spending less that of children looked after, in points."""
    few, usual = luck[FEW_CARERS], luck[STATUS_QUO]
    return percent(few.mean("spend_placements", 3), usual.mean("spend_placements", 3)) - percent(
        few.mean("looked_after", 3), usual.mean("looked_after", 3)
    )


def lags(luck: Luck) -> float:
    """Return how much more the share in homes has risen after three years than in the first, in points."""
    few, usual = luck[FEW_CARERS], luck[STATUS_QUO]
    first = few.mean("placed_homes", 1, 1) - usual.mean("placed_homes", 1, 1)
    return few.mean("placed_homes", 3, 5) - usual.mean("placed_homes", 3, 5) - first


def fades_sooner_alone(luck: Luck) -> float:
    """Return maturity of continuity as one of eight less that of continuity alone, two years into a spike, in points."""
    whole, lone = luck[RELAPSE_WHOLE], luck[RELAPSE_LONE]
    return 100.0 * (whole.mean("maturity.continuity", 2, 2) - lone.mean("maturity.continuity", 2, 2))


def slipped(luck: Luck) -> float:
    """Return how far a mature programme's maturity has fallen after two years of a spike, in points."""
    return 100.0 * (0.9 - luck[RELAPSE_LONE].mean("maturity.continuity", 2, 2))


def acted_on(luck: Luck) -> float:
    """Return recommendations acted on to recommendations made after an inadequate judgement, in percent."""
    made, done = (
        luck[INADEQUATE].events[:, kind].sum() for kind in (Event.RECOMMENDATION, Event.RECOMMENDATION_ACTED_ON)
    )
    return 100.0 * over(float(done), float(made))


DYNAMICS = (
    Pattern(
        "V18", "Screen, ration, churn: across authorities load goes with higher thresholds and re-referrals, within one with agency staff; "
        "re-referrals are higher where caseloads and referrals are.", "Hood et al. 2019; Goldacre et al. 2025", (
            _across("Load and the threshold practised", "load", "practised_threshold"),
            _across("Load and re-referrals", "load", "re_referrals"),
            moved("A sixth more work per case, agency being an authority's own input: agency workers", BURDENED, "agency", 0.1, ANY, 2),
            Claim("Re-referrals in years above 10 cases and 550 referrals, less other years", "points", busy_years, UNLIKE, 0.0),
        ),
    ),
    Pattern("V19", "After years of early help cuts referrals are flat while enquiries and conferences grow.", "Hood et al. 2019", (
        moved("Referrals", CUT, "referrals", -10, 10),
        moved("Section 47 enquiries", CUT, "section_47", 5, ANY),
        together(CUT, in_weeks(CUT, Event.CONFERENCE, 208, 5200), "Conferences", "% change", 5),
        moved("Enquiries to referrals: intensity, not arrivals", CUT, "section_47_per_referral", 5, ANY),
    )),
    Pattern(
        "V20", "Early help cuts bite slowly, after one to two years, and adolescents more than infants.", "Bennett et al. 2021", (
            moved("Care starts in the first year of a cut", CUT, "care_starts", -3, 3, 1, 1),
            moved("Enquiries in the first year of a cut", CUT, "section_47", -3, 3, 1, 1),
            together(CUT, grows, "Care starts: rise in years 3 to 5 above that of year 1", "points", 1),
            together(CUT, sixteen_to_seventeen, "Starts at 16 and 17 for each £10 a child less", "per 100,000 of that age", 0.5, 4),
            together(CUT, older_than_younger, "Rise at 11 to 17 above that under five", "points", 0),
            moved("Care starts under five", CUT, "starts_0", -10, 10, 2),
        ),
    ),
    Pattern("V21", "One point more child poverty goes with 5 more care entries per 100,000 children.", "Bennett et al. 2022", (
        together(POORER, by_poverty, "Care starts for each point of child poverty", "per 100,000 children a year", 2, 8),
    )),
    Pattern("V22", "After a notorious death applications to court rise fast and do not come back for years.", "Cafcass 2008 to 2012", (
        moved("Care proceedings in the first year", BABY_P, "proceedings", 10, 50, 1, 1),
        moved("Care proceedings in years 3 and 4", BABY_P, "proceedings", 5, ANY, 3, 4),
        moved("Weeks of significant harm in years 1 to 3: no fall", BABY_P, "harm", -3, ANY, 1, 3),
    )),
    Pattern(
        "V23", "Inspection grades follow timeliness of procedure more than outcomes, and worsen where prevention is cut.",
        "Wilkins and Antonopoulou 2018; Webb et al. 2022", (
            _across("Grade (4 inadequate) and assessments in time", names.GRADE, "assessments_in_time", -ANY, 0.0),
            shifted("Early help cut by 45%: grade (4 inadequate)", CUT, names.GRADE, 0.01, ANY, 3),
        ),
    ),
    Pattern(
        "V24", "Whole-family key workers: plans are higher at first, care is lower at 19 to 24 months; better joint working "
        "raises statutory demand in the short run.", "MHCLG 2019; Hood et al. 2020", (
            together(FAMILY_PROGRAMME, in_weeks(FAMILY_PROGRAMME, Event.PLAN_STARTED, 26, 78), "Plans started in months 7 to 18", "% change", 0, 30),
            together(FAMILY_PROGRAMME, in_weeks(FAMILY_PROGRAMME, Event.CARE_STARTED, 78, 104), "Care starts in months 19 to 24", "% change", -45, 0),
            moved("Whole system: contacts in year 1", WHOLE_SYSTEM, "contacts", 5, 15, 1, 1),
            moved("Whole system: enquiries in year 1", WHOLE_SYSTEM, "section_47", -2, 15, 1, 1),
            moved("Whole system: plans started in year 1", WHOLE_SYSTEM, "plan_starts", -2, 15, 1, 1),
        ),
    ),
    Pattern(
        "V25", "Family group decisions before proceedings: 72% to 59% are issued, and children looked after fall; nothing "
        "before that stage changes.", "Taylor et al. 2024 (trial)", (
            Claim("Issued without them", "% of pre-proceedings", issued(NO_FAMILY_GROUP), (NO_FAMILY_GROUP,), *(0.85 * 72, 1.15 * 72)),
            Claim("Issued with them, less without", "points", issued_less, (NO_FAMILY_GROUP, FULL_FAMILY_GROUP), -20, -6),
            moved("Children looked after", FULL_FAMILY_GROUP, "looked_after", -ANY, 0, against=NO_FAMILY_GROUP),
            moved("Enquiries", FULL_FAMILY_GROUP, "section_47", -2, 2, against=NO_FAMILY_GROUP),
            moved("Plans started", FULL_FAMILY_GROUP, "plan_starts", -3, 3, against=NO_FAMILY_GROUP),
        ),
    ),
    Pattern(
        "V26", "About half of the fall after a programme, among families selected at their worst, would have come anyway.",
        "Hertfordshire Family Safeguarding (uncontrolled)", (
            together(FAMILY_SAFEGUARDING, by_itself, "Fall in police contacts at status quo, to that under a programme", "%", 35, 85),
        ),
    ),
    Pattern("V27", "Single levers disappoint: sharing alone improves screening but not care; pooling moves price, not number.", "Model concept, prototype", (
        shifted("Sharing alone: assessed, not in need", SHARING, "not_in_need", -15, -2),
        moved("Sharing alone: enquiries", SHARING, "section_47", -45, -5),
        moved("Sharing alone: children looked after", SHARING, "looked_after", -4, 4),
        moved("Pooling alone: children looked after", POOLED, "looked_after", -4, 4),
        moved("Pooling alone: placement spending", POOLED, "spend_placements", -ANY, -1),
    )),
    Pattern("V28", "An open door without early help lengthens waits; early help without a door stands idle.", "Model concept, prototype", (
        moved("Open door alone: wait for early help", ALONE["no_wrong_door"], "early_help_wait", 20, ANY),
        together(TWICE_THE_HELP, idle_without_a_door, "Doubled early help: places in use", "%", 0, 60),
    )),
    Pattern("V29", "Added social work hours are partly eaten by lower thresholds.", "Model concept, prototype", (
        together(MORE_HOURS, elasticity, "Fall of load, to what the hours added alone would give", "ratio", 0.0, 0.95),
        moved("Referrals accepted", MORE_HOURS, "referrals", 0.5, 20, 2),
    )),
    Pattern("V30", "Acted upon together: all levers avoid at least what each avoids alone, added up.", "Public claim; to be tested, not wired in", (
        Claim("Weeks in care avoided all together, less the parts", "% of status quo", beyond_the_parts("looked_after"), EVERY_LEVER, 0.0),
        Claim("Plans avoided all together, less the parts", "% of status quo", beyond_the_parts("", Event.PLAN_STARTED), EVERY_LEVER, 0.0),
    )),
    Pattern("V32", "Timeliness can go green while the whole way to help gets longer.", "Model concept; Vanguard studies", (
        together(TARGETS, level(TARGETS, "assessments_in_time"), "Assessments in time under targets", "%", 95, 100),
        moved("Weeks from first sign to effective help", TARGETS, "weeks_to_help", 0, ANY, 2),
    )),
    Pattern("V33", "Placement spending is driven by mix and price, not by numbers.", "National Audit Office 2025", (
        together(FEW_CARERS, dearer_than_more, "Fewer carers: rise of spending above that of numbers", "points", 5),
    )),
    Pattern("V34", "When foster carers leave, the share in children's homes rises with a lag, though numbers do not.", "DfE 2025; Ofsted 2025", (
        shifted("Share in children's homes", FEW_CARERS, "placed_homes", 1, ANY, 3),
        together(FEW_CARERS, lags, "Rise in years 3 to 5 above that of year 1", "points", 0),
        moved("Children looked after", FEW_CARERS, "looked_after", -5, 5, 3),
    )),
    Pattern("V35", "Recommendations add procedure faster than learning where problems cannot be discussed.", "Munro review; model concept", (
        Claim("Recommendations acted on", "%", acted_on, (INADEQUATE,), 0, 50),
        moved("Bureaucracy after an inadequate judgement", INADEQUATE, names.BUREAUCRACY, 2, ANY, 2, 5),
    )),
    Pattern("V37", "Gains decay under pressure, quicker for programmes of a single part.", "Model concept; relapse literature", (
        Claim("Maturity lost by one lever in a two-year spike", "points", slipped, (RELAPSE_LONE,), 2),
        Claim("Maturity kept among eight levers above that kept alone", "points", fades_sooner_alone, (RELAPSE_WHOLE, RELAPSE_LONE), 0),
    )),
)  # fmt: skip
