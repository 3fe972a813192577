"""The results page: its numbers are the comparison's, its sentences claim no more than the pairs show."""

import io
import re
from dataclasses import replace
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from familyabm import areas, simulation, worlds
from familyabm.report import page, story, words
from familyabm.report.figures import Pictures
from familyabm.worlds import STATUS_LINE, Comparison


@lru_cache(maxsize=1)
def comparison() -> Comparison:
    return worlds.compare("Rutland", runs=6, years=2, scale=0.1, workers=2)


@lru_cache(maxsize=1)
def text() -> str:
    return page.html(comparison())


class Reader(HTMLParser):
    """Read a page as a person does: its words in order, its table rows, its ids and its pictures' labels."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.rows: list[list[str]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.within: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.within.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        while self.within and self.within.pop() != tag:
            pass

    def handle_data(self, data):
        if {"style", "title"} & set(self.within):
            return
        self.words += data.split()
        if {"th", "td"} & set(self.within) and "span" not in self.within:
            self.rows[-1][-1] += data.strip()

    @property
    def said(self) -> str:
        return " ".join(self.words)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def as_number(cell: str) -> float:
    return float(re.sub(r"[£,%+]", "", cell).replace("\N{MINUS SIGN}", "-"))


def rounding(cell: str) -> float:
    """Half of the last place shown."""
    decimals = re.sub(r"[^\d.]", "", cell).partition(".")[2]
    return 0.5 * 10.0 ** -len(decimals) + 1e-9


def found(**changes: object) -> words.Finding:
    """Return a clear fall of 12.4 in children looked after, or what is changed about it."""
    usual = {
        "name": "looked_after", "title": "Children looked after", "unit": "per 10,000 children at 31 March",
        "better": "", "a": 80.0, "b": 67.6, "difference": -12.4, "low": -18.0, "high": -6.5, "flips": 0.0,
        "pairs": 20, "agree": 20, "within": 18,
    }  # fmt: skip
    return words.Finding(**(usual | changes))


# --- Sentences -----------------------------------------------------------------------------------------


def test_a_clear_difference_is_said_with_its_range_and_how_many_pairs_agree():
    assert words.sentence(found()) == (
        "In the model, world B had 12.4 fewer children looked after per 10,000 children at 31 March than "
        "world A (between 6.5 and 18.0 fewer; 20 of 20 pairs point this way)."
    )


def test_a_range_that_spans_zero_cannot_tell_the_worlds_apart():
    assert words.sentence(found(high=3.2, agree=18, flips=0.1)) == (
        "The model cannot tell these apart on children looked after: the difference in world B was between "
        "18.0 fewer and 3.2 more per 10,000 children at 31 March."
    )


def test_an_answer_that_flips_in_more_than_one_pair_in_ten_is_not_clear():
    assert found(flips=0.1).verdict == "clear"
    assert found(flips=0.15).verdict == "not clear"


def test_fewer_than_six_pairs_never_show_a_clear_difference():
    assert found(pairs=6, agree=6).verdict == "clear"
    few = found(pairs=5, agree=5)
    assert few.verdict == "too few"
    assert words.sentence(few).startswith("5 pairs cannot tell the worlds apart from luck on children looked after")


def test_a_clear_change_for_the_worse_is_said_to_be_worse():
    waiting = found(
        name="early_help_wait", title="Wait for early help", unit="weeks, mean", better="lower",
        difference=4.0, low=2.5, high=6.0,
    )  # fmt: skip
    assert words.sentence(waiting) == (
        "In the model, the wait for early help was 4.0 weeks higher in world B than in world A "
        "(between 2.5 and 6.0 weeks higher; 20 of 20 pairs point this way). That is worse."
    )
    assert waiting.tag == "Clear, worse in B"


def test_a_clear_cost_is_said_to_cost_more():
    cost = found(
        name="spend_levers", title="Spending: the levers themselves", unit="£ per child a year",
        better="lower", difference=7.61, low=7.18, high=8.05,
    )  # fmt: skip
    assert words.sentence(cost) == (
        "In the model, the cost of the levers themselves was £7.61 higher per child a year in world B than "
        "in world A (between £7.18 and £8.05 higher; 20 of 20 pairs point this way). That costs more."
    )


def test_no_difference_at_all_is_said_to_be_none():
    same = found(difference=0.0, low=0.0, high=0.0, agree=0, a=5.0, b=5.0)
    assert words.sentence(same) == "In the model, children looked after came out the same in both worlds."


def test_a_measure_with_nothing_to_divide_by_is_said_to_show_nothing():
    nothing = found(difference=float("nan"), low=float("nan"), high=float("nan"), pairs=0, agree=0)
    assert words.sentence(nothing) == "Of children looked after the model has nothing to show here."
    assert words.number(float("nan")) == "not known"


def test_pairs_that_agree_are_counted_from_the_pairs_themselves():
    row = comparison().table.loc["failure_demand"]
    of = words.finding("failure_demand", row, pd.Series([-2.0, -1.0, 0.5, 0.0]).rename("difference"))
    assert (of.pairs, of.agree) == (4, 2 if row["difference"] < 0 else 1)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1234567.0, "1,234,567"), (99.96, "100.0"), (12.34, "12.3"), (0.5, "0.50"), (0.0, "0"),
        (-0.0001, "0.000"), (-3.21, "\N{MINUS SIGN}3.2"), (-4321.0, "\N{MINUS SIGN}4,321"),
    ],
)  # fmt: skip
def test_numbers_are_written_with_commas_and_about_three_figures(value, written):
    assert words.number(value) == written


def test_a_range_is_never_rounded_to_touch_zero_when_it_does_not():
    assert found(low=-18.0, high=-0.04).span() == "between 0.04 and 18.00 fewer"


# --- The page ------------------------------------------------------------------------------------------


def test_the_status_line_comes_before_anything_else():
    assert Reader(text()).said.startswith(f"Skip to the results {STATUS_LINE} Rutland. Official figures of 20")


def test_the_full_table_shows_every_measure_with_the_comparison_s_own_numbers():
    rows = {row[0]: row for row in Reader(text()).rows if len(row) == 7}
    table = comparison().table
    assert set(rows) == {"Measure", *table["title"]}
    for _, measure in table.iterrows():
        cells = rows[measure["title"]]
        ends = cells[4].split(" to ") if "not known" not in cells[4] else ["not known"] * 2
        shown = [cells[1], cells[2], cells[3], *ends]
        for cell, column in zip(shown, ("a", "b", "difference", "low", "high"), strict=True):
            if pd.isna(measure[column]):
                assert cell == "not known", (measure["title"], column)
            else:
                assert as_number(cell) == pytest.approx(measure[column], abs=rounding(cell)), measure["title"]
        if not pd.isna(measure["flips"]):
            assert as_number(cells[5]) == pytest.approx(100 * measure["flips"], abs=0.5)


def test_the_avoidable_table_shows_net_demand_and_the_floor():
    rows = {row[0]: row for row in Reader(text()).rows if len(row) == 9}
    for kind, label in (("contacts", "Contacts"), ("care_entries", "Entries to care")):
        row = comparison().avoidable.loc[kind]
        for cell, column in (
            (1, "a"),
            (3, "net"),
            (5, "avoidable"),
            (7, "floor_avoidable"),
            (8, "floor_induced"),
        ):
            shown = rows[label][cell]
            assert as_number(shown) == pytest.approx(row[column], abs=rounding(shown)), (kind, column)


def test_what_became_of_contacts_is_scaled_by_the_rate_of_contacts():
    flows = comparison().flows("a").sum(axis=1)
    grid = Pictures(comparison()).outcomes().grid
    shown = next(row for row in grid.rows if row[0] == "Referred to social care")[1]
    expected = flows["referral"] / flows["contact"] * comparison().table.loc["contacts", "a"]
    assert as_number(shown) == pytest.approx(expected, abs=rounding(shown))


def test_the_page_is_the_same_byte_for_byte_when_made_again(tmp_path):
    written = page.write(comparison(), tmp_path / "new" / "folder")
    assert written.read_bytes() == text().encode()
    files = {path.name for path in written.parent.iterdir()}
    assert files == {"index.html", "measures.csv", "by_year.csv", "pairs.csv", "avoidable.csv", "sure.csv"}


def named(name: str) -> Comparison:
    snapshot = comparison().snapshot
    return replace(comparison(), asked=20, snapshot=replace(snapshot, area=replace(snapshot.area, la_name=name)))


def test_a_hostile_area_name_is_shown_and_never_run_and_an_early_stop_is_told():
    source = page.html(named("<script>alert('x')</script>\"&"))
    assert "6 of 20 asked for; the run was stopped early" in Reader(source).said
    assert "<script" not in source
    assert "&lt;script&gt;" in source
    assert "<script>alert('x')</script>" in Reader(source).said


def test_nothing_on_the_page_is_fetched_from_elsewhere():
    reader = Reader(text())
    links = [attributes.get("href") or "" for attributes in reader.all("a")]
    assert links
    assert all(link.startswith("#") for link in links)
    assert not [tag for tag, attributes in reader.tags if tag in ("script", "link", "img") or "src" in attributes]
    assert "url(http" not in text()


def test_no_word_claims_more_than_a_model_can():
    said = Reader(text()).said
    assert not re.search(r"\b(proves?|proven|will|saves £)", said, re.IGNORECASE)


def test_every_chart_has_a_short_title_an_alternative_and_a_table():
    reader = Reader(text())
    figures = re.findall(r"<figure.*?</figure>", text(), re.DOTALL)
    assert len(figures) == 11
    for figure in figures:
        title = re.search(r"<h3[^>]*>(.*?)</h3>", figure)
        assert title is not None
        assert len(title[1].split()) <= 10, title[1]
        assert figure.count("<table") == 1
    labels = [svg["aria-label"] or "" for svg in reader.all("svg")]
    assert all(60 < len(label) <= 250 for label in labels)
    assert len(labels) == len(set(labels)) == 18


def test_no_two_parts_of_the_page_share_an_id():
    ids = [attributes["id"] for _, attributes in Reader(text()).tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    used = re.findall(r"url\(#([^)]+)\)", text()) + re.findall(r'href="#([^"]+)"', text())
    assert set(used) <= set(ids)


def test_costs_are_said_whatever_else_comes_out():
    said = Reader(text()).said
    table, trends = comparison().table, comparison().trends
    levers = words.amount(table.loc["spend_levers", "difference"], "£")
    assert f"the cost of the levers themselves was {levers} higher per child a year in world B" in said
    last = trends[(trends["measure"] == "reserves") & (trends["year"] == 2)].iloc[0]
    kept = "in deficit" if last["b_mean"] < 0.0 else "in hand"
    assert f"{words.amount(abs(last['b_mean']), '£')} per child {kept} in world B" in said


def test_filled_figures_are_named_and_the_command_repeats_the_run():
    said = Reader(text()).said
    area = comparison().area
    assert (area.filled_sentence() or "None: every figure is the area's own.") in said
    assert "familyabm compare Rutland --a status-quo --b whole-system --years 2 --runs 6 --seed 1 --scale 0.1" in said
    assert comparison().address in said
    assert areas.ATTRIBUTION in said
    assert comparison().b.surprise in said


def test_two_worlds_that_are_one_show_no_difference_and_tell_no_story():
    first = comparison()
    same = worlds.compare(first.area, first.a, first.a, runs=1, years=1, scale=0.1, snapshot=first.snapshot, workers=1)
    said = Reader(page.html(same)).said
    assert "children looked after came out the same in both worlds" in said
    assert "no family's life differed between the worlds" in said


def test_the_story_is_of_the_family_whose_lives_part_nearest_the_middle():
    told = story.tell(comparison())
    assert told is not None
    week = int(re.search(r"Until week (\d+) ", told.parting)[1])
    middle = int(re.search(r"before week (\d+)", told.chosen)[1])
    assert abs(week - middle) <= 26
    assert {line[0] for life in told.lives.values() for line in life}
    assert all(int(when.split()[1]) >= week for life in told.lives.values() for when, _ in life)


def test_lives_part_in_the_week_that_worlds_finds():
    first, weeks = comparison(), comparison().years * 52
    runs = [simulation.live(first.snapshot, world, weeks, 1, journal=True) for world in (first.a, first.b)]
    keys = np.unique(np.asarray(runs[0].journal)["family"])
    expected = {parting.family: parting.week for parting in worlds.partings(*runs, [int(key) for key in keys])}
    assert len(expected) > 10
    assert story._weeks_of_parting(runs[0].journal, runs[1].journal, keys) == expected


# --- Files ---------------------------------------------------------------------------------------------


def test_the_csv_files_hold_the_frames_exactly():
    frames = page.frames(comparison())
    read = pd.read_csv(io.StringIO(page.csv(frames["measures.csv"], comparison()))).set_index("measure")
    pd.testing.assert_frame_equal(read[["a", "b", "low", "high"]], comparison().table[["a", "b", "low", "high"]])
    assert (read["status"] == STATUS_LINE).all()
    assert set(read["area"]) == {"Rutland"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_in_a_csv_can_be_taken_for_a_formula(start):
    frame = page.frames(named("safe"))["avoidable.csv"]
    read = pd.read_csv(io.StringIO(page.csv(frame, named(f"{start}cmd|' /C calc'!A0")), newline=""))
    assert (read["area"].str[:2] == f"'{start}").all()
    assert read["net"].dtype == float


def test_a_page_that_cannot_be_made_leaves_the_old_one_whole(tmp_path, monkeypatch):
    (tmp_path / "index.html").write_text("old")

    def fail(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("familyabm.report.page.html", lambda *_: "new")
    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="No space"):
        page.write(comparison(), tmp_path)
    assert (tmp_path / "index.html").read_text() == "old"
