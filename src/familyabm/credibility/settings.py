"""The worlds in which experiments are made. Each is lived once per luck and shared by all that need it."""

from statistics import linear_regression

from familyabm import areas, levers
from familyabm.credibility.experiments import Change, World
from familyabm.levers import Scenario
from familyabm.parameters import DEFAULT
from familyabm.shocks import Shock

WHOLE = dict(levers.find("whole-system").levers)
"""Levers of the whole system (CONCEPT S2)."""
SPIKE = (Shock("need", "all", 1.6, 26, 26),)
FLOOD = (Shock("contacts", "all", 1.5, 0, 52),)


def made(name: str, *start: Change, shocks: tuple[Shock, ...] = (), maturity: float = 0.0, journal: bool = False,
         levers: dict[str, float] | None = None, parameters: dict[str, float] | None = None) -> World:  # fmt: skip
    """Return a world made for an experiment."""
    return World(
        name, Scenario(name, name, "", levers or {}, shocks, parameters or {}, maturity), "", (), start, journal
    )


STATUS_QUO = World("status quo", "S0", journal=True)
OTHER_LUCK = World("status quo, other luck", "S0", other_luck=10_000)
PLACEBO = World("placebo", "S0", placebo=True)
WHOLE_SYSTEM = World("whole system", "S2")
ORACLE = World("oracle", "O")
ALONE = {name: made(f"{name} alone", levers={name: value}) for name, value in WHOLE.items()}
"""Each lever moved by itself as far as the whole system moves it."""
HALF = {
    name: made(f"{name} half way", levers={name: 0.5 * (value + DEFAULT[f"base.{name}"])})
    for name, value in WHOLE.items()
}
"""Each lever moved half as far, from where a typical authority stands."""
CUT = made("early help cut by 45%", Change("money", "early_help_budget", times=0.55))
MORE_HELP = made(
    "early help up by a quarter, held", Change("money", "early_help_budget", times=1.25), levers={"ring_fence": 1.0},
    maturity=1.0,
)  # fmt: skip
TWICE_THE_HELP = made(
    "early help doubled, held", Change("money", "early_help_budget", times=2.0), levers={"ring_fence": 1.0},
    maturity=1.0,
)  # fmt: skip
HELP_HELD = made("early help held", levers={"ring_fence": 1.0}, maturity=1.0)
THRESHOLDS_UP = World("thresholds raised", "S9")
SHARING = made("information shared at once", levers={"information_sharing": 0.9}, maturity=1.0)
FAMILY_PROGRAMME = made(
    "whole-family key workers", journal=True, parameters={"programme.design_weeks": 0.0},
    levers={"joint_response": 0.9, "continuity": 0.85, "information_sharing": 0.9},
)  # fmt: skip
"""One key worker for the whole family, found and helped with what all agencies have on file; from the first week on."""
FAMILY_SAFEGUARDING = made(
    "family safeguarding teams", journal=True,
    parameters={
        "programme.design_weeks": 0.0, "adult_services.team_abuse": 1.0, "adult_services.clinician": 1.0,
        "adult_services.clinician_level": 3.0, "effects.joint_asking": 0.04, "adult_services.asks_open": 0.03,
        "adult_services.on_recovery": 0.6, "training.method": 3.0,
    },
    levers={
        "joint_response": 0.9, "unit_model": 0.9, "no_wrong_door": 0.85, "continuity": 0.7, "information_sharing": 0.7,
    },
)  # fmt: skip
"""Teams in which specialists for adults' mental health, substance misuse and domestic abuse work beside social workers,
take on most adults however ill, join plans as they are made, and are all trained in motivational practice. That teams
are so made is published. How quickly they treat is our choice, at the top of the ranges; how well, so that calls to the
police fall by two thirds after a plan begins, as was published."""
NO_FAMILY_GROUP = made("no family group decisions", parameters={"court.conference_worth": 0.0})
FULL_FAMILY_GROUP = made("full family group decisions", parameters={"court.conference_effect": 1.0})
MORE_HOURS = made("more social work hours", parameters={"hours.week": 40.0, "hours.leave": 0.1})
HOURS_ADDED = 40.0 * 0.90 / (37.0 * 0.86) - 1.0
"""By how much hours for families' cases grow there."""
TARGETS = World("target culture", "S12")
FEW_CARERS = made(
    "foster carers down by three eighths within a year",
    shocks=(Shock("foster_places", "all", 0.625, 0, 52, "ramp", True),),
)
BABY_P = World("Baby P", "S6b")
INADEQUATE = World("inadequate", "S6")
RELAPSE_WHOLE = made(
    "whole system under a spike", levers=WHOLE, maturity=0.9, shocks=(Shock("need", "all", 2.0, 0, 104),)
)
RELAPSE_LONE = made(
    "one lever under a spike", levers={"continuity": 0.85}, maturity=0.9, shocks=(Shock("need", "all", 2.0, 0, 104),)
)
CALM_WHOLE = made("whole system, no spike", levers=WHOLE, maturity=0.9)

FLOODED = made("contacts up by half for a year", shocks=FLOOD)
TIGHT = made("acute budget down by a tenth", Change("money", "acute_budget", times=0.9))
BURDENED = made("work per case up by a sixth", parameters={"hours.workload": 0.945})
ANXIOUS = made("anxious", Change("authority", "risk_aversion", plus=0.5))
PAPER = made("more paper", Change("authority", "bureaucracy", plus=0.3))
GATED = made(
    "adult services accept only graver need",
    parameters={
        f"adult_services.{factor}_level": min(
            3.0, DEFAULT[f"adult_services.{factor}_level"] + DEFAULT["partners.defensive_level"]
        )
        for factor in ("housing", "mental", "substance", "abuse")
    },
)
"""All four services ask for as much more as a defensive one does."""
MORE_CARE = made("more children taken into care", parameters={"edge_of_care.entry_from": 0.36})
RATIONED = made("spike, rationed", shocks=SPIKE)
UNRATIONED = made("spike, not rationed", shocks=SPIKE, parameters={"front_door.ration": 0.0})
HOMEWARD = made("more children go home", parameters={"placements.home": 0.008})

UNLIKE = tuple(
    World(place, "S0", area=place, journal=True)
    for place in ("Blackpool", "Surrey", "Leeds", "Norfolk", "Birmingham", "Oxfordshire")
)
"""Authorities unlike one another, from the poorest to the richest."""
POOR, RICH = UNLIKE[0], UNLIKE[1]
POVERTY_POINTS = 5.0


def imd_per_poverty_point() -> float:
    """Return by how much the deprivation score rises with one point of child poverty, over England's authorities."""
    known = areas.table()[["child_poverty_pct", "imd2019_score"]].dropna()
    return linear_regression(known["child_poverty_pct"].tolist(), known["imd2019_score"].tolist()).slope


POORER = World(
    "child poverty up by five points", "S0",
    figures=(
        ("child_poverty_pct", 1.0, POVERTY_POINTS),
        ("imd2019_score", 1.0, POVERTY_POINTS * imd_per_poverty_point()),
    ),
)  # fmt: skip
