"""One family's two lives: chosen by a rule, told in words from the journal, and drawn among its services.

The family is the one nearest the middle of those that could be shown, so that no story is picked to suit.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
from markupsafe import Markup
from numpy.typing import NDArray

from familyabm import network, simulation, worlds
from familyabm.codes import Agency, Event, Failure
from familyabm.report import words
from familyabm.report.charts import INK, SHOWN, A, B
from familyabm.report.figures import Grid
from familyabm.simulation import Run
from familyabm.tables import Table
from familyabm.worlds import Comparison, Parting

LONGEST = 9
"""Lines of each life that are told; a page is not a case file."""
WHO = {
    Agency.POLICE: "the police", Agency.SCHOOL: "school", Agency.HEALTH: "a health service",
    Agency.HOUSING: "housing", Agency.COUNCIL_SERVICES: "another council service",
    Agency.PUBLIC: "a neighbour, charity or other", Agency.FAMILY: "the family itself",
}  # fmt: skip
TOLD = {
    Event.CONTACT_CLOSED: "closed with no help given",
    Event.SIGNPOSTED: "told of a service, with no follow-through",
    Event.FORWARDED: "passed to the worker already involved",
    Event.EARLY_HELP_OFFERED: "early help offered",
    Event.EARLY_HELP_DECLINED: "the family said no to early help",
    Event.EARLY_HELP_STARTED: "early help began",
    Event.EARLY_HELP_DROPPED: "the family left the waiting list for early help",
    Event.EARLY_HELP_ENDED_MET: "early help ended with needs met",
    Event.EARLY_HELP_ENDED_UNMET: "early help ended with needs not met",
    Event.STEPPED_UP: "early help passed the family on to social care",
    Event.REFERRAL: "referred to social care",
    Event.REFERRAL_CLOSED: "referral closed with no assessment",
    Event.ASSESSMENT_STARTED: "an assessment began",
    Event.NOT_IN_NEED: "found not to be in need",
    Event.STEPPED_DOWN: "stepped down to early help",
    Event.IN_NEED_STARTED: "a child in need plan began",
    Event.SECTION_47_STARTED: "a section 47 enquiry began (is a child suffering significant harm?)",
    Event.CONFERENCE: "a child protection conference met",
    Event.PLAN_STARTED: "a child protection plan began",
    Event.PLAN_ENDED: "the child protection plan ended",
    Event.CASE_CLOSED: "the case was closed",
    Event.PRE_PROCEEDINGS_STARTED: "pre-proceedings began",
    Event.PRE_PROCEEDINGS_ENDED: "pre-proceedings ended",
    Event.PROCEEDINGS_STARTED: "care proceedings were issued",
    Event.PROCEEDINGS_ENDED: "care proceedings ended",
    Event.CARE_STARTED: "a child started to be looked after",
    Event.PLACEMENT_BROKE_DOWN: "a placement broke down",
    Event.CARE_ENDED_HOME: "a child came home from care",
    Event.CARE_ENDED_GUARDIAN: "a child left care to a special guardian",
    Event.CARE_ENDED_ADOPTED: "a child was adopted",
    Event.CARE_ENDED_ARRANGEMENTS: "a child left care to live with a relative",
    Event.CARE_ENDED_EIGHTEEN: "a child turned 18 in care",
    Event.WORKER_CHANGED: "the social worker changed",
    Event.NEED_MET: "need had been met for 13 weeks",
    Event.PANEL_REFUSED: "a panel refused what was asked",
    Event.PANEL_DISPUTED: "funders fell out over who pays",
    Event.FLEXIBLE_SPEND: "a small sum was spent on the family",
    Event.PLACEMENT_STEPPED_DOWN: "a child moved from a children's home to a family",
    Event.COMPLAINT: "the family complained",
    Event.COMPLAINT_STAGE_2: "the complaint was investigated",
    Event.COMPLAINT_STAGE_3: "the complaint went before a review panel",
    Event.OMBUDSMAN: "the complaint went to the ombudsman",
    Event.COMPLAINT_UPHELD: "the complaint was upheld",
    Event.SERIOUS_INCIDENT: "a child came to serious harm",
}
"""Events that are told; the rest of the journal is bookkeeping or says the same again."""
BESIDES = {
    Event.REPEAT_CONTACT: "this was noted as a repeat contact",
    Event.ALLOCATED: "a social worker was allocated",
    Event.ASSESSMENT_ENDED: "an assessment ended",
    Event.SECTION_47_ENDED: "the section 47 enquiry ended",
    Event.REVIEW_HELD: "the plan was reviewed",
    Event.REVIEW_IN_TIME: "a review conference was held in time",
    Event.DRIFT: "weeks had passed with no direct work",
    Event.PLACED: "a child moved to a placement",
    Event.ADJOURNED: "a decision was put off",
    Event.FIRST_SIGN: "need showed for the first time",
    Event.FIRST_HELP: "help began to work",
    Event.RE_REFERRAL: "this was noted as a referral within a year of the last",
    Event.ASKED: "the family asked a service for adults for help",
    Event.BOUNCED: "a service for adults refused the family",
    Event.TREATMENT_STARTED: "help from a service for adults began",
    Event.TREATMENT_COMPLETED: "help from a service for adults was completed",
    Event.TREATMENT_DROPPED: "the family gave up waiting for a service for adults, or its help",
    Event.CLINICIAN_HELPED: "the social work unit's clinician began to help",
    Event.ATTENDED: "police were called to the home",
    Event.CHASED: "somebody called about what was overdue",
    Event.PANEL_ASKED: "a panel was asked",
    Event.PANEL_APPROVED: "a panel agreed",
    Event.PANEL_DEFERRED: "a panel wanted more information",
    Event.PANEL_SETTLED: "funders settled who pays",
    Event.PANEL_WITHDRAWN: "what a panel was asked for was overtaken",
    Event.DECISION_SENT_UP: "a decision went up to a manager",
    Event.APPROVED_UNCHANGED: "a manager agreed to what was proposed",
    Event.DECISION_CHANGED: "a manager changed what was proposed",
    Event.COMPLAINT_ANSWERED: "a complaint was answered",
    Event.COMPLAINT_IN_TIME: "a complaint was answered in time",
}
"""Events told only where they are the first that differs."""


@dataclass(frozen=True)
class Story:
    """A family's two lives: how it was chosen, where they part, and what then happened in each. events: every one."""

    name: str
    key: int
    chosen: str
    parting: str
    lives: dict[str, list[tuple[str, str]]]
    more: dict[str, str]
    totals: Grid
    pictures: dict[str, Markup]
    ties: Grid
    events: dict[str, pd.DataFrame] = field(repr=False, compare=False)


def tell(comparison: Comparison) -> Story | None:
    """Live the first pair again, with its journal, and tell one family's two lives; None if none part."""
    weeks, first = comparison.years * 52, comparison.pairs[0].number
    runs = {name: simulation.live(comparison.snapshot, world, weeks, first, journal=True)
            for name, world in (("A", comparison.a), ("B", comparison.b))}  # fmt: skip
    found = choose(runs["A"], runs["B"])
    if found is None:
        return None
    key, chosen = found
    parting = worlds.part(runs["A"].journal, runs["B"].journal, key)
    assert parting is not None  # only families whose lives part are chosen
    return _story(runs, parting, chosen)


def choose(a: Run, b: Run) -> tuple[int, str] | None:
    """Return the typical family's key and how it was chosen, or None if nobody's life differs.

    Candidates had a missed chance to help in world A that cost an enquiry, plan or entry to care later, still
    live in the area, and their two lives part. The one whose lives part nearest the median week is taken.
    """
    journal = np.asarray(a.journal)
    missed = np.unique(journal["family"][journal["code"] == Failure.F6_MISSED_CHANCE])
    every = np.unique(journal["family"][journal["event"] == Event.CONTACT])
    kinds = (
        (
            missed,
            "where a chance to help was missed in world A, with an enquiry, plan or entry to care later",
        ),
        (every, "that services heard about in world A"),
    )
    for keys, which in kinds:
        weeks = _weeks_of_parting(a.journal, b.journal, np.intersect1d(keys, a.town.families["key"]))
        if weeks:
            middle = float(np.median(list(weeks.values())))
            key = min(weeks, key=lambda family: (abs(weeks[family] - middle), family))
            families = words.count(len(weeks), "family", "families")
            chosen = (
                f"It is one of {families} {which}, that still live in the area, and whose two lives part. "
                f"Of these, its lives part nearest the middle: half before week {middle:.0f}, half after."
            )
            return key, chosen
    return None


def _weeks_of_parting(a: Table, b: Table, keys: NDArray[np.uint64]) -> dict[int, int]:
    """Return the week in which each family's lives part, of those whose lives do."""
    lives = [_by_family(journal, keys) for journal in (a, b)]
    weeks = {int(key): _parted(lives[0][int(key)], lives[1][int(key)]) for key in keys}
    return {key: week for key, week in weeks.items() if week is not None}


def _by_family(journal: Table, keys: NDArray[np.uint64]) -> dict[int, NDArray[np.void]]:
    """Split a journal by family once, in order, so that no family's life takes a search of the whole."""
    rows = np.asarray(journal)
    rows = rows[np.isin(rows["family"], keys)]
    rows = rows[np.argsort(rows["family"], kind="stable")]
    found, starts = np.unique(rows["family"], return_index=True)
    parts = dict(zip(found.tolist(), np.split(rows, starts[1:]), strict=True)) if len(rows) else {}
    return {int(key): parts.get(int(key), rows[:0]) for key in keys}


def _parted(a: NDArray[np.void], b: NDArray[np.void]) -> int | None:
    """Return the week in which two lives part, as `worlds.part` finds it but for thousands of families."""
    length = min(len(a), len(b))
    same = np.ones(length, dtype=bool)
    for column in worlds.SAME:
        same &= a[column][:length] == b[column][:length]
    first = length if same.all() else int(np.argmin(same))
    weeks = [int(life["week"][first]) for life in (a, b) if first < len(life)]
    return min(weeks) - simulation.PAST_WEEKS if weeks else None


def _story(runs: dict[str, Run], parting: Parting, chosen: str) -> Story:
    lives = {name: life_of(run.journal, parting.family) for name, run in runs.items()}
    told = {name: list(lines_of(life.iloc[parting.shared :])) for name, life in lives.items()}
    home = int(np.flatnonzero(runs["A"].town.families["key"] == np.uint64(parting.family))[0])
    graphs = {name: network.around(run.town, parting.family) for name, run in runs.items()}
    touched = {name: touched_in(life) for name, life in lives.items()}
    return Story(
        name=f"Family {home + 1:,}", key=parting.family, chosen=chosen, parting=in_words(parting, lives),
        lives={name: lines[:LONGEST] for name, lines in told.items()},
        more={name: _more(lines) for name, lines in told.items()}, totals=totals_of(lives),
        pictures={name: Markup(picture(graph, touched[name], name)) for name, graph in graphs.items()},
        ties=ties_of(touched), events=lives,
    )  # fmt: skip


def life_of(journal: NDArray[Any], family: int) -> pd.DataFrame:
    """Return one family's events, weeks counted from the start of the run."""
    rows = np.asarray(journal)
    life = pd.DataFrame(rows[rows["family"] == np.uint64(family)]).reset_index(drop=True)
    return life.assign(week=life["week"].astype(int) - simulation.PAST_WEEKS)


def in_words(parting: Parting, lives: dict[str, pd.DataFrame]) -> str:
    """Say where the lives part: the exact record's sentence, in the words of this page."""
    ends = []
    for name, life in lives.items():
        said = _event(life.iloc[parting.shared]) if parting.shared < len(life) else "nothing more happened"
        ends.append(f"in world {name}: {said}")
    events = words.count(parting.shared, "event")
    return f"Until week {parting.week} both lives were the same ({events}). Then {'; '.join(ends)}."


def _event(row: pd.Series) -> str:
    """Put one journal event into words, whatever it is."""
    event, agency = Event(int(row["event"])), Agency(int(row["agency"]))
    who = WHO.get(agency, agency.name.lower().replace("_", " "))
    said = f"{who} got in touch" if event == Event.CONTACT else (TOLD | BESIDES).get(event)
    said = said or f"{event.name.lower().replace('_', ' ')} ({who})"
    what = "level" if event in (Event.ASKED, Event.BOUNCED) else "need"
    judged = f" ({what} judged {row['judged']:.2f}; the bar is {row['threshold']:.2f})" if row["judged"] >= 0.0 else ""
    return f"{said}{judged} in week {int(row['week'])}"


def lines_of(life: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Tell a life week by week, whatever comes first: (week, what happened)."""
    for week, rows in life.groupby("week", sort=True):
        first = Event(int(rows["event"].iloc[0])) if rows.index[0] == life.index[0] else None
        said = [BESIDES[first]] if first in BESIDES else []
        for event, agency, code in rows[["event", "agency", "code"]].to_numpy().tolist():
            said += _phrase(Event(event), Agency(agency), code)
        if said:
            text = ", ".join(dict.fromkeys(said))
            yield f"Week {week}", f"{text[:1].upper()}{text[1:]}."


def _phrase(event: Event, agency: Agency, code: int) -> list[str]:
    again = (
        " again, because it was not sorted before" if Failure.F1_REPEAT <= code <= Failure.F9_BROKEN_SOLUTION else ""
    )
    if event == Event.CONTACT:
        return [f"{WHO.get(agency, 'a service')} got in touch{again}"]
    if event not in TOLD:
        return []
    return [TOLD[event] + (" (after a missed chance to help)" if code == Failure.F6_MISSED_CHANCE else "")]


def _more(lines: list[tuple[str, str]]) -> str:
    rest = len(lines) - LONGEST
    if rest <= 0:
        return "Nothing more happened in the years shown."
    return f"{words.count(rest, 'more week')} with events, the last in {lines[-1][0].lower()}: {lines[-1][1]}"


COUNTED: dict[str, tuple[Event, ...]] = {
    "Contacts": (Event.CONTACT,),
    "Closed or signposted without help": (Event.CONTACT_CLOSED, Event.SIGNPOSTED),
    "Early help begun": (Event.EARLY_HELP_STARTED,),
    "Assessments": (Event.ASSESSMENT_ENDED,),
    "Section 47 enquiries": (Event.SECTION_47_STARTED,),
    "Child protection plans": (Event.PLAN_STARTED,),
    "Entries to care": (Event.CARE_STARTED,),
    "Changes of social worker": (Event.WORKER_CHANGED,),
}
"""What is counted of each life."""


def count_of(life: pd.DataFrame, *events: Event) -> int:
    """Count how often any of some events happened in a life."""
    return int(life["event"].isin([int(event) for event in events]).sum())


def totals_of(lives: dict[str, pd.DataFrame]) -> Grid:
    """Count what each life held."""
    rows = [[what, *(f"{count_of(life, *events):,}" for life in lives.values())] for what, events in COUNTED.items()]
    hours = ["Hours of demand", *(words.number(float(life["hours"].sum())) for life in lives.values())]
    caused = [
        float(life.loc[life["code"].between(Failure.F1_REPEAT, Failure.F9_BROKEN_SOLUTION), "hours"].sum())
        for life in lives.values()
    ]
    rows += [hours, ["Of these, failure demand", *(words.number(value) for value in caused)]]
    return Grid("Both lives in numbers, all years", ["What happened", "World A", "World B"], rows)


PLACES = {
    "school": ("School", 180, 34),
    "gp_practice": ("GP practice", 304, 96),
    "police_team": ("Police", 304, 208),
    "front_door": ("Social care", 180, 272),
    "early_help_hub": ("Early help hub", 56, 208),
    "housing_office": ("Housing", 56, 96),
}
"""Where each kind of service stands: the same place in both worlds and on every page."""
MIDDLE = (180, 152)
TOUCHES = {
    Agency.SCHOOL: "school", Agency.HEALTH: "gp_practice", Agency.POLICE: "police_team",
    Agency.SOCIAL_CARE: "front_door", Agency.EARLY_HELP: "early_help_hub", Agency.HOUSING: "housing_office",
}  # fmt: skip
ELSE = {
    Agency.COUNCIL_SERVICES: "Other council services", Agency.PUBLIC: "Neighbours, charities, others",
    Agency.FAMILY: "The family itself got in touch", Agency.COURT: "Court",
}  # fmt: skip


def touched_in(life: pd.DataFrame) -> dict[Agency, int]:
    """Count the weeks in which each agency acted for the family or got in touch about it."""
    kept = life[life["event"].isin([int(Event.CONTACT), *(int(event) for event in TOLD)])]
    contacts = kept[(kept["agency"] != int(Agency.FAMILY)) | (kept["event"] == int(Event.CONTACT))]
    weeks = contacts.groupby("agency")["week"].nunique()
    return {agency: int(weeks.get(int(agency), 0)) for agency in Agency}


def ties_of(touched: dict[str, dict[Agency, int]]) -> Grid:
    """Return a table of the weeks in which each service acted or got in touch, in each world."""
    named = {agency: PLACES[kind][0] for agency, kind in TOUCHES.items()} | ELSE
    rows = [[name, *(f"{touched[world][agency]:,}" for world in touched)] for agency, name in named.items()]
    return Grid("Weeks in which each service acted or got in touch", ["Service", "World A", "World B"], rows)


def picture(graph: nx.Graph, touched: dict[Agency, int], world: str) -> str:
    """Draw the network around one family: services at fixed places, ties as wide as they are strong or busy.

    graph: of `network.around`.  touched: weeks in which each agency acted.  world: "A" or "B".
    """
    kinds = {node: data["kind"] for node, data in graph.nodes(data=True) if data["kind"] in PLACES}
    ties = [(kinds[one], kinds[other], float(data["weight"])) for one, other, data in graph.edges(data=True)
            if one in kinds and other in kinds]  # fmt: skip
    weeks = {kind: touched[agency] for agency, kind in TOUCHES.items()}
    said = ", ".join(f"{PLACES[kind][0]} {n}" for kind, n in weeks.items())
    label = words.cut(f"Network of one family in world {world}. Weeks in which each service acted: {said}.")
    inside = [_tie(PLACES[one][1:], PLACES[other][1:], weight) for one, other, weight in sorted(ties)]
    inside += [_busy(PLACES[kind][1:], n, world) for kind, n in weeks.items()]
    inside += [_node(PLACES[kind], weeks[kind]) for kind in PLACES]
    inside.append(
        f'<circle cx="{MIDDLE[0]}" cy="{MIDDLE[1]}" r="31" fill="{INK}"/>'
        f'<text x="{MIDDLE[0]}" y="{MIDDLE[1] + 5}" fill="white" font-weight="bold">Family</text>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(label)}" '
        f'viewBox="0 0 360 306" '
        f'font-family="{SHOWN}" font-size="13.5" text-anchor="middle">{"".join(inside)}</svg>'
    )


def _tie(one: tuple[int, int], other: tuple[int, int], weight: float) -> str:
    """Draw the relationship of two services, bent away from the family in the middle."""
    bend_x, bend_y = [round((one[axis] + other[axis]) / 2 * 1.25 - MIDDLE[axis] * 0.25, 1) for axis in (0, 1)]
    return (
        f'<path d="M{one[0]},{one[1]}Q{bend_x},{bend_y} {other[0]},{other[1]}" '
        f'fill="none" stroke="#7A8791" stroke-width="{0.5 + 4 * weight:.1f}" stroke-dasharray="2 4"/>'
    )


def _busy(place: tuple[int, int], weeks: int, world: str) -> str:
    """Draw a service's dealings with the family: wider for more weeks, thin and grey for none."""
    line = f'<line x1="{MIDDLE[0]}" y1="{MIDDLE[1]}" x2="{place[0]}" y2="{place[1]}"'
    if weeks == 0:
        return f'{line} stroke="#B1B8BE" stroke-width="1"/>'
    dash = "" if world == "A" else ' stroke-dasharray="9 4"'
    return f'{line} stroke="{A if world == "A" else B}" stroke-width="{2 + 1.6 * weeks**0.5:.1f}"{dash}/>'


def _node(place: tuple[str, int, int], weeks: int) -> str:
    name, x, y = place
    return (
        f'<rect x="{x - 54}" y="{y - 22}" width="108" height="44" rx="7" '
        f'fill="white" stroke="{INK}" stroke-width="1.5"/>'
        f'<text x="{x}" y="{y - 3}" fill="{INK}">{escape(name)}</text>'
        f'<text x="{x}" y="{y + 15}" fill="{INK}" font-weight="bold">{words.count(weeks, "week")}</text>'
    )
