"""Lists that the code keeps: measures, events, scenarios, shocks, state variables, codes and fields of an area."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Any

from familyabm import codes, levers, measures, scenario_card, shocks, tables
from familyabm.area_files import FIELDS
from familyabm.levers import LEVER_TITLES, Scenario
from familyabm.town import LAYOUT
from tools.reference import code, text
from tools.reference.week import named
from visualization.texts import accessibility

STATE = {
    "FAMILY": "families", "ADULT": "adults", "CHILD": "children", "RECORD": "records", "WORKER": "workers", "TEAM": "teams",
    "MANAGER": "managers", "SUPPORT_UNIT": "support_units", "SERVICE": "services", "CARER": "carers",
    "NEIGHBOURHOOD": "neighbourhoods", "AUTHORITY": "authority", "MONEY": "money", "LEVERS": "levers", "CLOCK": "clocks",
    "RECOMMENDATION": "recommendations", "INCIDENT": "incidents", "FACTS": "facts", "CHANCES": "p.chances", "WEEK": "weekly",
    "NOTE": "page",
}  # fmt: skip
"""Each declaration of a table, and the table as rules know it."""


def pages() -> dict[str, str]:
    """Return the pages by file name."""
    return {
        "measures.md": _measures(), "events.md": _events(), "scenarios.md": _scenarios(), "shocks.md": _shocks(),
        "state.md": _state(), "area-fields.md": _fields(), "accessibility.md": _accessibility(),
    }  # fmt: skip


def _measures() -> str:
    rows = [
        [f"{text.marked(f'`{m.name}`', 'measure', m.name)} {text.cell(m.title.title)} ({text.cell(m.title.code)})",
         text.cell(m.title.unit), text.cell(m.title.definition), m.title.better or "neither"]
        for m in measures.MEASURES.values()
    ]  # fmt: skip
    return text.page(
        "Measures",
        f"All {len(rows)} measures, in the words of the official return that each mirrors. Children are counted, not "
        "families. A year runs from 1 April to 31 March and has 52 weeks. Rates are per 10,000 children aged 0 to 17.",
        text.table(["Measure (code)", "Unit", "Definition", "Better"], rows),
    )


def _events() -> str:
    rows = [
        [f"{event.value}", text.marked(f"`{event.name.lower()}`", "event", event.name),
         named(code.recorders().get(event.name, [])) or "no rule"]
        for event in codes.Event
    ]  # fmt: skip
    return text.page(
        "Events",
        "What the journal records. Each entry says who, when, which agency, how many children, what it cost in hours, "
        "what was judged against which threshold, and which earlier event caused it. Measures, journeys and failure "
        "demand are all read from it.",
        text.table(["Number", "Event", "Rules that name it"], rows),
        "## What an entry holds", _columns(tables.NOTE),
        "## Codes of demand", text.prose(codes.Failure.__doc__ or ""), _members(codes.Failure),
    )  # fmt: skip


def _members(kind: type[IntEnum]) -> str:
    return text.table(["Number", "Name"], [[f"{int(member)}", text.words(member.name)] for member in kind])


def _columns(columns: Mapping[str, tuple[Any, ...]]) -> str:
    rows = [
        [f"`{name}`", f"`{entry[0]}`" + (f" × {' × '.join(str(n) for n in entry[2])}" if len(entry) == 3 else ""),
         text.cell(entry[1])]
        for name, entry in columns.items()
    ]  # fmt: skip
    return text.table(["Variable", "Type", "Meaning"], rows)


def _scenarios() -> str:
    found = [levers.find(name) for name in levers.names()]
    rows = [[text.cell(s.code), text.link(f"`{s.name}`", "scenario", s.name), text.cell(s.title)] for s in found]
    return text.page(
        "Scenarios",
        "Named worlds that come with the package. Each says what policy intends for each lever, what strikes from "
        "outside, what the scenario expects and what would surprise. `familyabm credibility` checks the claims.",
        text.table(["Code", "Name", "Title"], rows),
        *(_scenario(scenario) for scenario in found),
    )


def _scenario(scenario: Scenario) -> str:
    card = scenario_card.card(scenario)
    moved = [row for row in card["levers"] if row["policy"] != row["typical"]]
    parts = [
        f"{text.target('scenario', scenario.name)}\n## {scenario.code} {text.cell(scenario.title)}",
        f"`{scenario.name}`. {text.prose(scenario.description)}",
        f"Expected: {text.prose(scenario.expect)}\n\nWould surprise: {text.prose(scenario.surprise)}",
        f"Practice already at its aim when the run begins: {scenario.maturity:.0%}.",
    ]
    if moved:
        rows = [[LEVER_TITLES[row["name"]], f"{row['typical']:.0%}", f"{row['policy']:.0%}"] for row in moved]
        parts.append(text.table(["Lever", "Typical authority", "Policy here"], rows))
    said = [f"- {text.prose(shock.sentence)}" for shock in scenario.shocks]
    said += [
        f"- {text.link(address, 'number', address)} is {value:g}." for address, value in scenario.parameters.items()
    ]
    if said:
        parts.append("What strikes from outside, and what is assumed:\n\n" + "\n".join(said))
    if scenario.expected:
        parts.append(
            "Claims that can be checked:\n\n" + "\n".join(f"- {text.prose(c.sentence)}" for c in scenario.expected)
        )
    return "\n\n".join(parts)


def _shocks() -> str:
    rows = [
        [f"`{name}`", text.cell(kind.title), "times the usual" if kind.multiplies else "added",
         f"{kind.low:g} to {kind.high:g}", ", ".join(f"`{which}`" for which in kind.names) or "–"]
        for name, kind in shocks.KINDS.items()
    ]  # fmt: skip
    return text.page(
        "Shocks",
        "What the world outside may do to an authority, on top of any scenario. On the command line a shock is "
        "`WHAT:SIZE@WEEK`, such as `need:1.6@26+26w`: need is 1.6 times the usual from week 26, for 26 weeks. In a file it is a "
        f"`[[shocks]]` table. Shapes: {', '.join(shocks.SHAPES)}.",
        text.table(["Kind", "What it does", "Its size is", "Bounds", "Of which"], rows),
    )


def _state() -> str:
    parts = []
    for declared, name in STATE.items():
        columns = getattr(tables, declared)
        parts += [f"{text.target('table', name)}\n## {name}", _columns(columns)]
    kinds = sorted((kind for kind in vars(codes).values() if isinstance(kind, type) and issubclass(kind, IntEnum)
                    and kind not in (IntEnum, codes.Event, codes.Failure)), key=lambda kind: kind.__name__)  # fmt: skip
    meant = [
        part for kind in kinds for part in (f"### {kind.__name__}", text.prose(kind.__doc__ or ""), _members(kind))
    ]
    scratch = sorted(set(LAYOUT) - set(STATE.values()))
    return text.page(
        "State variables",
        "Entities and what is known of each. One agent is one row of a table, and a row is never moved. Weeks are "
        "counted from the start of the past. `f8` is a number of eight bytes, `i4` a whole number of four, `u1` a code.",
        *parts,
        "## Working space",
        f"These tables hold nothing from one week to the next, or repeat what is above: {', '.join(f'`{n}`' for n in scratch)}.",
        "## Codes", *meant,
    )  # fmt: skip


def _fields() -> str:
    rows = [
        [text.marked(f"`{field.name}`", "field", field.name), text.cell(field.label), text.cell(field.accepted()),
         text.cell(field.source), text.cell(field.year)]
        for field in FIELDS
    ]  # fmt: skip
    return text.page(
        "Figures of an area",
        f"The {len(rows)} official figures that an authority is made from. A file of your own has the same fields. What you "
        "leave out is filled from similar authorities, and every output says so.",
        text.table(["Field", "What it is", "Accepted", "Source", "Year"], rows),
    )


def _accessibility() -> str:
    """Return the statement that the app shows; it has one home, and that is the app's."""
    told = accessibility()
    parts = [
        block
        for part in told.parts
        for block in (
            f"## {part.title}",
            *part.text,
            *(["\n".join(f"- {said}" for said in part.said)] if part.said else []),
        )
    ]
    return text.page(told.heading, *told.lead, *parts)
