"""What the page shows: each figure with its finding, picture, words and table."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd
from markupsafe import Markup

from familyabm.codes import N_SOURCES, Agency
from familyabm.report import charts, words
from familyabm.report.labels import (
    DIFFERENCES,
    DOTS,
    GROUPS,
    KINDS,
    OUTCOMES,
    PAYERS,
    SOURCES,
    SUBJECTS,
    TRENDS,
)
from familyabm.report.words import Finding, amount, number, signed
from familyabm.worlds import Comparison


@dataclass(frozen=True)
class Grid:
    """A table of words: a caption, headers, and rows whose first cell is their heading."""

    caption: str
    headers: list[str]
    rows: list[list[str]]
    units: list[str] = field(default_factory=list)
    """The unit of each row, where rows have units of their own."""


@dataclass(frozen=True)
class Figure:
    """One chart: its finding, what it shows of whom and when, the picture and the same as a table."""

    identity: str
    title: str
    line: str
    picture: Markup
    grid: Grid
    specifications: list[dict[str, Any]] = field(default_factory=list)
    """The picture's charts as Vega-Lite, where it is made of charts."""


def drawn(identity: str, title: str, line: str, chart: charts.Chart, alternative: str, grid: Grid) -> Figure:
    """Draw a chart and return it as a figure."""
    specification = charts.specification(chart)
    picture = charts.svg(specification, identity, words.cut(alternative))
    return Figure(identity, title, line, Markup(picture), grid, [specification])  # our own; its words are escaped


@dataclass(frozen=True)
class Pictures:
    """Every figure of one comparison, made when asked for."""

    comparison: Comparison

    @cached_property
    def findings(self) -> dict[str, Finding]:
        """Return what may be said of each measure, by name."""
        pairs = self.comparison.by_pair.groupby("measure", sort=False)["difference"]
        of = {str(name): differences for name, differences in pairs}
        return {
            str(name): words.finding(str(name), row, of[str(name)]) for name, row in self.comparison.table.iterrows()
        }

    @property
    def population(self) -> str:
        """Say who and when, as every chart's line ends."""
        years = words.count(self.comparison.years, "year")
        return f"{self.comparison.area.la_name}, {years}, {words.count(self.comparison.runs, 'pair')}"

    def trends(self) -> list[Figure]:
        """Draw the main measures over the years in both worlds."""
        return [self.trend(name) for name in TRENDS]

    def trend(self, name: str) -> Figure:
        """Draw one measure over the years in both worlds."""
        found, rows = self.findings[name], self._years(name)
        sides = [
            rows[["year", f"{w}_mean", f"{w}_low", f"{w}_high"]].set_axis(["year", "mean", "low", "high"], axis=1)
            for w in ("a", "b")
        ]
        frame = pd.concat([sides[0].assign(world="A"), sides[1].assign(world="B")]).dropna()
        grid = Grid(
            f"{found.title}, {found.unit}",
            ["Year", "World A", "Range A", "World B", "Range B"],
            [
                [
                    f"{row['year']:.0f}",
                    amount(row["a_mean"], found.unit),
                    _range(row["a_low"], row["a_high"], found.unit),
                    amount(row["b_mean"], found.unit),
                    _range(row["b_low"], row["b_high"], found.unit),
                ]
                for row in records(rows)
            ],
        )
        return drawn(
            f"trend-{name.replace('_', '-')}",
            words.headline(found, SUBJECTS.get(name, found.title)),
            f"{found.title}, {found.unit}. {self.population}. The scale includes zero.",
            charts.trend(frame, self.comparison.years),
            words.alternative("Line chart of two worlds by year", found.title, found),
            grid,
        )

    def _years(self, name: str) -> pd.DataFrame:
        return self.comparison.trends[self.comparison.trends["measure"] == name].sort_values("year")

    def differences(self) -> list[Figure]:
        """Draw world B less world A over the years."""
        return [self._difference(name) for name in DIFFERENCES]

    def _difference(self, name: str) -> Figure:
        found, rows = self.findings[name], self._years(name)
        columns = ["difference_mean", "difference_low", "difference_high"]
        frame = rows[["year", *columns]].set_axis(["year", "mean", "low", "high"], axis=1).dropna()
        grid = Grid(
            f"{found.title}, {found.unit}: world B less world A",
            ["Year", "Difference", "Range"],
            [
                [f"{row['year']:.0f}", *differences(found.unit, row["mean"], row["low"], row["high"])]
                for row in records(frame)
            ],
        )
        return drawn(
            f"difference-{name.replace('_', '-')}",
            words.headline(found, SUBJECTS[name]),
            f"{found.title}, {found.unit}: world B less world A. {self.population}.",
            charts.difference(frame, self.comparison.years),
            words.alternative("Line chart of the difference by year, with a zero line", found.title, found),
            grid,
        )

    def dots(self) -> Figure:
        """Draw each pair's difference as a dot for the main measures."""
        shown = [self.findings[name] for name in DOTS]
        steady = sum(found.flips <= words.MOST_FLIPS for found in shown)
        grid = Grid(
            "Pairs of runs by the way their difference points",
            ["Measure", "Pairs", "Other way", "How often it flips"],
            [[f.title, number(f.pairs), number(_others(f)), words.percent(f.flips)] for f in shown],
        )
        specifications = [self._dots(found) for found in shown]
        return Figure(
            "pairs",
            f"{steady} of {len(shown)} answers seldom flip with luck",
            f"World B less world A in each pair, mean of all years. {self.population}. "
            "Round, dark blue: the way most point. Square, orange: the other way.",
            Markup("").join(map(_dot_picture, shown, specifications)),
            grid,
            specifications,
        )

    def _dots(self, found: Finding) -> dict[str, Any]:
        pairs = self.comparison.by_pair
        values = pairs.loc[pairs["measure"] == found.name, "difference"].dropna().to_numpy()
        return charts.specification(charts.dots(SUBJECTS[found.name], [found.unit, _flipped(found)], values))

    def sources(self) -> Figure:
        """Draw who got in touch."""
        names = [f"contacts_{agency.name.lower()}" for agency in list(Agency)[:N_SOURCES]]
        found = {SOURCES[name.removeprefix("contacts_")]: self.findings[name] for name in names}
        values = {thing: (f.a, f.b) for thing, f in found.items()}
        most = max(values, key=lambda thing: values[thing][0])
        return self._bars(
            "sources",
            f"Largest source: {most[:1].lower()}{most[1:]}",
            "Children in contacts, by who got in touch",
            values,
            found[most],
            "Who got in touch",
        )

    def outcomes(self) -> Figure:
        """Draw what became of contacts: flows, turned into rates by the measure of contacts."""
        scaled = {world: self._flow_rates(world) for world in ("a", "b")}
        values = {thing: (scaled["a"][event], scaled["b"][event]) for event, thing in OUTCOMES.items()}
        most = max(values, key=lambda thing: values[thing][0])
        return self._bars(
            "outcomes",
            f"Most often: {most[:1].lower()}{most[1:]}",
            "Children in contacts, by what came of it",
            values,
            self.findings["contacts_no_action"],
            "What came of it",
        )

    def _flow_rates(self, world: str) -> pd.Series:
        flows = self.comparison.flows(world).sum(axis=1)
        contacts = flows["contact"]
        rate = getattr(self.findings["contacts"], world)
        return flows * (rate / contacts if contacts > 0.0 else 0.0)

    def _bars(
        self,
        identity: str,
        title: str,
        line: str,
        values: dict[str, tuple[float, float]],
        found: Finding,
        head: str,
    ) -> Figure:
        unit = "per 10,000 children a year"
        said = "; ".join(f"{thing}: A {number(a)}, B {number(b)}" for thing, (a, b) in values.items())
        return drawn(
            identity,
            title,
            f"{line}, {unit}. {self.population}, mean of all.",
            charts.bars(_bar_frame(values)),
            f"Bar chart, {unit}. {said}",
            _bar_grid(f"{line}, {unit}", head, values, ""),
        )

    def costs(self) -> Figure:
        """Draw who pays what in both worlds."""
        found = {
            f"{what} ({who} pays)".replace("partners pays", "partners pay"): self.findings[name]
            for name, (what, who) in PAYERS.items()
        }
        values = {thing: (f.a, f.b) for thing, f in found.items()}
        said = "; ".join(
            f"{what}: A £{number(self.findings[name].a)}, B £{number(self.findings[name].b)}"
            for name, (what, _) in PAYERS.items()
        )
        return drawn(
            "spending",
            words.headline(self.findings["spend"], "Council spending"),
            f"Spending, £ per child aged 0 to 17 a year, 2024-25 prices. {self.population}, mean of all.",
            charts.bars(_bar_frame(values, "£")),
            f"Bar chart, £ per child a year. {said}",
            _bar_grid("Spending, £ per child a year", "Who pays for what", values, "£"),
        )

    def avoidable(self) -> Grid:
        """Return the table of demand that could be avoided, per 10,000 children over all years."""
        table = self.comparison.avoidable
        headers = [
            "Kind of demand",
            "World A",
            "World B",
            "Fewer in B, net",
            "Range of net",
            "Avoided, beyond the floor",
            "Added, beyond the floor",
            "Floor: avoided",
            "Floor: added",
        ]
        rows = [
            [
                KINDS[str(kind)],
                number(row["a"]),
                number(row["b"]),
                *differences("", row["net"], row["low"], row["high"]),
                number(row["avoidable"]),
                number(row["induced"]),
                number(row["floor_avoidable"]),
                number(row["floor_induced"]),
            ]
            for kind, row in zip(table.index, records(table), strict=True)
        ]
        years = words.count(self.comparison.years, "year")
        return Grid(f"Demand per 10,000 children over {years}", headers, rows)

    def measures(self) -> list[Grid]:
        """Return the full table, one grid a heading."""
        headers = [
            "Measure",
            "World A",
            "World B",
            "Difference",
            "Range over pairs",
            "How often it flips",
            "Reading",
        ]
        starts = {name: heading for heading, name in GROUPS.items()}
        grids: list[Grid] = []
        for name, found in self.findings.items():
            if name in starts:
                grids.append(Grid(starts[name], headers, []))
            grids[-1].rows.append(_measure_row(found))
            grids[-1].units.append(found.unit)
        return grids


def _dot_picture(found: Finding, specification: dict[str, Any]) -> Markup:
    alternative = words.alternative("Dot chart, one dot a pair, with a zero line", found.title, found)
    return Markup(charts.svg(specification, f"pairs-{found.name.replace('_', '-')}", alternative))


def records(frame: pd.DataFrame) -> list[dict[str, float]]:
    """Return a frame of numbers row by row."""
    numbers = frame[[column for column in frame if column != "measure"]].astype(float)
    return [{str(name): float(value) for name, value in row.items()} for row in numbers.to_dict("records")]


def _measure_row(f: Finding) -> list[str]:
    change, span = differences(f.unit, f.difference, f.low, f.high)
    return [f.title, amount(f.a, f.unit), amount(f.b, f.unit), change, span, words.percent(f.flips), f.tag]


def differences(unit: str, value: float, low: float, high: float) -> list[str]:
    """Write a difference and its range, all to as many decimals; percentages as points."""
    places = words.together(value, low, high)
    if unit.startswith("£") and unit != "£ per £":
        places = 2 if places else 0  # pounds and pence, or pounds
    ends = [difference(end, unit, places) for end in (low, high)]
    return [difference(value, unit, places), ends[0] if "not known" in ends else " to ".join(ends)]


def difference(value: float, unit: str, places: int | None = None) -> str:
    """Write a difference with its sign, and pounds with theirs."""
    text = signed(value, places)
    if unit.startswith("£") and unit != "£ per £" and text[:1] in ("+", "\N{MINUS SIGN}"):
        return f"{text[0]}£{text[1:]}"
    return text


def _range(low: float, high: float, unit: str) -> str:
    """Write a range of two values of one measure."""
    ends = [amount(value, unit, words.together(low, high)) for value in (low, high)]
    return ends[0] if "not known" in ends else " to ".join(ends)


def _others(found: Finding) -> int:
    return round(found.flips * found.pairs) if found.pairs else 0


def _flipped(found: Finding) -> str:
    return f"{_others(found)} of {words.count(found.pairs, 'pair')} the other way"


def _bar_frame(values: dict[str, tuple[float, float]], sign: str = "") -> pd.DataFrame:
    rows = [
        (thing, world, value, f"{world}  {amount(value, sign)}")
        for thing, pair in values.items()
        for world, value in zip("AB", pair, strict=True)
    ]
    return pd.DataFrame(rows, columns=["thing", "world", "value", "words"])


def _bar_grid(caption: str, head: str, values: dict[str, tuple[float, float]], sign: str) -> Grid:
    rows = [[thing, amount(a, sign), amount(b, sign), difference(b - a, sign)] for thing, (a, b) in values.items()]
    return Grid(caption, [head, "World A", "World B", "Difference"], rows)
