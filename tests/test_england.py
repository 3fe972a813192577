"""All of England: its sum by children, what its page says, and what its league refuses to say."""

import csv
import json
import re
from html import unescape

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_1samp

from familyabm import areas, lives
from familyabm.errors import InputError
from familyabm.lab import england, plan, provenance, store
from familyabm.lab.living import Outcome
from familyabm.lab.results import open_study
from familyabm.lab.tasks import Task, run_task
from familyabm.report import england as report
from familyabm.report import england_figures, england_words, words
from familyabm.report.sure import LEFT_OUT
from familyabm.worlds import STATUS_LINE
from tests.lab_england import england_of, made_up
from tests.test_cli import call  # noqa: F401 # a fixture

FEW = ("Rutland", "Torbay", "Leeds", "Kent")


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """Four authorities, ten lucks, three years."""
    return england_of(tmp_path_factory.mktemp("few") / "lives", only=FEW)


# --- What is asked ----------------------------------------------------------------------------------------------------
def test_all_authorities_are_asked_for_and_those_too_small_for_the_scale_are_named():
    assert len(england.ask(scale=1.0).study.areas) == 153 and england.ask(scale=1.0).too_small == ()
    asked = england.ask(scale=0.1)
    assert len(asked.study.areas) == 151 and set(asked.too_small) == {"City of London", "Isles of Scilly"}


def test_an_authority_or_a_region_may_be_asked_for_by_itself():
    names = [area.la_name for area in england.ask(only=["North East", "Rutland"]).study.areas]
    assert len(names) == 13 and names[-1] == "Rutland" and "Gateshead" in names


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"only": ["Wakefeld"]}, "did you mean Wakefield"),
        ({"only": ["North Eest"]}, "only = 'North Eest' is neither an English local authority nor a region (did you mean North West?)"),
        ({"only": ["Isles of Scilly"]}, "0.627 or more is accepted"),
        ({"only": ["Leeds", "Yorkshire and The Humber"]}, "areas = 'Leeds' is given twice"),
        ({"scale": 0.0}, "scale = 0.0 is not accepted"),
        ({"scale": float("nan")}, "scale = nan"),
        ({"scale": 1e-4}, "leaves 36 children of Kent"),
        ({"years": 0}, "years = 0"),
        ({"runs": 0}, "runs = 0"),
        ({"seed": -1}, "seed = -1"),
        ({"b": "status-quo"}, "worlds = 'status-quo' is given twice"),
        ({"a": "silod"}, "did you mean siloed"),
        ({"shocks": ["demand"]}, "--shock demand' is not of the form"),
        ({"settings": {"harm.level_2": 9.0}}, "harm.level_2"),
    ],
)  # fmt: skip
def test_what_cannot_be_lived_is_refused_in_one_sentence(given, told):
    with pytest.raises(InputError, match=re.escape(told)) as refused:
        england.ask(**given)
    assert "\n" not in str(refused.value)


# --- What it comes to -------------------------------------------------------------------------------------------------
def test_england_is_the_sum_of_its_authorities_by_children(few):
    children = {name: areas.named(name).children_0_17 for name in FEW}
    means = few.values[few.values["measure"] == "spend"].groupby("area")[["a", "b", "difference"]].mean()
    by_hand = sum(children[name] * means.loc[name] for name in FEW) / sum(children.values())
    row = few.table.set_index("measure").loc["spend"]
    assert row[["a", "b", "difference"]].to_numpy(dtype=float) == pytest.approx(by_hand.to_numpy())
    assert list(few.table["measure"]) == list(england.MEASURES)
    years = few.trends[few.trends["measure"] == "spend"]
    assert years["a"].mean() == pytest.approx(row["a"]) and list(years["year"]) == [1, 2, 3]


def test_authorities_do_not_share_their_luck(tmp_path):
    """Every authority has the same gains with the same luck: shuffled, they are no more at once than chance allows."""

    def together(study, cell, pasts):
        value = float(cell.luck)
        frame = pd.DataFrame(
            {name: [value] * study.years for name in study.measures},
            index=pd.RangeIndex(1, study.years + 1, name="year"),
        )
        return Outcome(frame.mean().to_dict(), frame)

    found = england_of(tmp_path / "lives", together, only=["South East"], years=1)
    national = found.national[found.national["measure"] == "harm"]["a"]
    alone = np.std(np.arange(1, 11), ddof=1)
    weight = found.children / found.children.sum()
    assert national.mean() == pytest.approx(5.5)
    assert national.std() < 2.0 * alone * np.sqrt((weight**2).sum())
    pair = found.values[(found.values["measure"] == "harm")]
    assert (pair["difference"] == 0.0).all()


def test_an_authority_of_which_a_run_failed_does_not_count_and_is_named(tmp_path):
    def failing(study, cell, pasts):
        if cell.area == "Leeds" and cell.luck == 3:
            raise ZeroDivisionError("planted")
        return made_up(study, cell, pasts)

    found = england_of(tmp_path / "lives", failing, only=FEW)
    assert [area.la_name for area in found.counted] == ["Rutland", "Torbay", "Kent"]
    assert found.left_out == {"Leeds": "a run failed"}
    assert "Left out, because a run of theirs failed: Leeds." in report.html(found, "")


def test_an_authority_that_is_half_lived_does_not_count_and_the_page_says_so(tmp_path):
    asked = england.ask(only=FEW, runs=10, years=3)
    opened = store.create(tmp_path / "lives", asked.study)
    cells = tuple(cell for cell in plan.rows(asked.study) if cell.area != "Kent" or cell.luck < 5)
    task = Task(str(opened.folder), opened.id, cells, frozenset(), 1, "", provenance.code_hash(), guarded=False)
    run_task(task, made_up)
    found = england.England(open_study(tmp_path / "lives"))
    assert [area.la_name for area in found.counted] == ["Rutland", "Torbay", "Leeds"]
    assert found.left_out == {"Kent": "not all of its runs are lived yet"} and not found.whole
    assert "Left out, because not all of their runs are lived yet: Kent." in report.html(found, "")


def test_national_numbers_are_given_to_three_figures():
    assert england_figures._rounded([56_226.0, -56.4, 9_871.0], 3) == [56_200.0, -100.0, 9_900.0]
    assert england_figures._rounded([1.634, 0.0, -0.26], 3) == [1.6, 0.0, -0.3]
    assert england_figures._rounded([0.0, 0.0], 3) == [0.0, 0.0]


# --- Groups, places and refusals, worked by hand ----------------------------------------------------------------------
#            A         B         C         D         E       A and B touch, B and C overlap, D is alone, E above it
LOW = np.array([1.0, 2.0, 2.5, 9.0, 5.0])
HIGH = np.array([2.0, 3.0, 4.0, 9.5, 6.0])


def test_ranges_that_overlap_with_any_of_a_group_are_in_it_and_groups_lie_wholly_apart():
    assert list(england.groups(LOW, HIGH)) == [1, 1, 1, 3, 2]
    for one in range(5):
        for other in range(5):
            if england.groups(LOW, HIGH)[one] < england.groups(LOW, HIGH)[other]:
                assert HIGH[one] < LOW[other]


def test_a_place_counts_only_who_lies_wholly_below_or_above():
    first, last = england.places(LOW, HIGH)
    assert list(zip(first, last, strict=True)) == [(1, 2), (1, 3), (2, 3), (5, 5), (4, 4)]


def test_a_range_that_touches_englands_cannot_be_told_apart_from_it():
    assert england.against(LOW, HIGH, 2.0, 4.0) == [
        england.SAME,
        england.SAME,
        england.SAME,
        england.ABOVE,
        england.ABOVE,
    ]
    assert england.against(LOW, HIGH, 4.5, 4.6)[:3] == [england.BELOW] * 3


def test_authorities_all_alike_are_next_to_never_told_apart():
    """Ranges over the fewest lucks accepted: of 11,628 pairs that do not differ, fewer than one is set apart."""
    apart = 0
    for number in range(40):
        draws = np.random.default_rng(number).standard_normal((153, england.FEWEST_LUCKS))
        low, high = np.quantile(draws, (0.025, 0.975), axis=1)
        apart += int((england.places(low, high)[0] - 1).sum())
    assert apart / 40 < 1.0


def test_a_league_names_each_authority_once_by_the_alphabet_within_its_group(few):
    frame = few.league("looked_after", "a")
    assert sorted(frame["area"]) == sorted(FEW)
    for _, group in frame.groupby("group"):
        assert list(group["area"]) == sorted(group["area"])
    assert frame["group"].is_monotonic_increasing
    alike = few.league("spend_levers")
    assert set(alike["group"]) == {1} and list(alike["area"]) == sorted(FEW)
    assert all(alike["first"] == 1) and all(alike["last"] == 4)


def test_a_league_of_one_year_is_refused_in_one_sentence(few, tmp_path):
    with pytest.raises(
        InputError, match="A league of a single year is refused: in one year an authority's place is mostly luck"
    ):
        few.league("looked_after", year=2)
    short = england_of(tmp_path / "one", only=FEW, years=1)
    with pytest.raises(InputError, match="single year is refused"):
        short.league("looked_after")
    page = report.html(short, "")
    assert "A league of a single year is refused" in page and "Places it may have" not in page
    assert "league.csv" not in report.frames(short)


@pytest.mark.parametrize(
    ("asked", "told"), [({"years": 2}, "A league of 2 years is refused"), ({"runs": 9}, "9 lucks show no range")]
)
def test_a_league_of_few_years_or_lucks_is_refused(tmp_path, asked, told):
    with pytest.raises(InputError, match=told):
        england_of(tmp_path / "lives", only=FEW, **asked).league("spend")


# --- The page ---------------------------------------------------------------------------------------------------------
def test_the_page_says_what_it_is_before_anything_else_and_how_to_make_it_again(few):
    command = report.command_of(few, {"a": "status-quo", "b": "whole-system", "only": FEW, "shock": []})
    page = report.html(few, command)
    body = page[page.index("<body>") :]
    assert body.index(STATUS_LINE) < body.index("<h1>")
    text = re.sub(r"<[^>]+>|\s+", " ", body)
    for part in ("Open Government Licence v3.0", few.results.store.id, "Official figures of", "familyabm 0.", "4 of 153 authorities count here",
                 "Nothing on this page says how well any of them works", "95 of 100 lucks fall within them"):  # fmt: skip
        assert part in text, part
    assert (
        "familyabm england --a status-quo --b whole-system --years 3 --runs 10 --seed 1 --scale 0.1 --only Rutland"
        in text
    )
    assert report.html(few, command) == page


def test_the_page_says_how_sure_each_difference_is_and_what_is_left_out(few):
    text = unescape(report.html(few, "familyabm england"))
    assert LEFT_OUT in text and "familyabm takeouts" in text
    rows = {row[0]: row[1:] for row in england_figures.sure(few).rows}
    lucks = few.national[few.national["measure"] == "spend"]["difference"]
    wrong = ttest_1samp(lucks, 0.0).pvalue / 2.0
    assert rows[lives.title("spend")][0] == ("under 1%" if wrong < 0.01 else words.percent(wrong))
    assert all(re.fullmatch(r"[\d,]+|more than [\d,]+", row[1]) for row in rows.values())


def test_only_all_of_england_is_called_england(few):
    assert england_words.title(few).startswith("4 English authorities") and england_words.name(few) != "England"


def test_csv_files_say_what_they_are_of(few, tmp_path):
    report.write(few, tmp_path, "")
    found = sorted(path.name for path in tmp_path.glob("*.csv"))
    assert found == ["authorities.csv", "by_year.csv", "england.csv", "league.csv", "lucks.csv"]
    for name in found:
        rows = list(csv.DictReader((tmp_path / name).read_text(encoding="utf-8-sig").splitlines()))
        assert (
            rows
            and {row["status"] for row in rows} == {STATUS_LINE}
            and {row["address"] for row in rows} == {few.results.store.id}
        )


@pytest.mark.slow
def test_a_few_authorities_really_lived_from_the_command_line_go_on_where_they_were(call):  # noqa: F811
    words = [
        "england",
        "--only",
        "Rutland",
        "--only",
        "Hartlepool",
        "--years",
        "1",
        "--runs",
        "2",
        "--scale",
        "0.03",
        "--workers",
        "1",
    ]
    code, out, err = call(*words, "--json")
    assert code == 0 and "Page: results/England/index.html" in err
    whole = json.loads(out)
    assert whole["no_league"].startswith("A league of a single year is refused")
    assert whole["left_out"] == {} and len(whole["england"]) == len(england.MEASURES)
    assert all(row["a"] > 0.0 for row in whole["england"] if row["measure"] in ("contacts", "harm", "spend"))
    again = call(*words, "--json")
    assert again[0] == 0 and again[1] == out
    code, _, err = call(*words, "--seed", "2")
    assert code == 2 and "holds another study: study.seeds was [1] and is [2]" in err
