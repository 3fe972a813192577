"""The facilitator pack: complete for every length, the same in every form, and each of its numbers the engine's own."""

import io
import re
from html.parser import HTMLParser

import docx
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser

from familyabm import simulation
from familyabm.codes import Agency, Event
from familyabm.errors import InputError
from familyabm.report import document_html, document_text, word
from familyabm.report.document import Box, Cards, Document, Heading, Para, Picture, Points
from familyabm.report.figures import Grid
from familyabm.simulation import PAST_WEEKS
from familyabm.workshop import pack, paper, paper_files, plan
from familyabm.workshop.choices import LENGTHS, OWN, PLAN, ROOM, SHARED, YEAR, workshop
from familyabm.workshop.pack import facts, sheets, tables, whole
from familyabm.workshop.paper import Paper
from tests.app_pages import check

LUCKS = 2
SHEETS = (
    "Read this first", "Run sheet", "Script", "Room plan and kit", "Starting the app", "Advance notice, to send two weeks before",
    "Safety sheet, for those who run it", "Team briefs", "Choice slips", "Bet slips", "Family story cards",
    "The reveal, on paper", "Results tables, for paper", "The sum sheet, for paper", "Tables of points, for paper",
    "Ten years on, for paper", "Debrief question cards", "Why should I believe this?", "Hard questions",
    "Feedback form", "About these numbers",
)  # fmt: skip


@pytest.fixture(scope="module")
def snapshot() -> simulation.Snapshot:
    return paper.past_of("Rutland", 500)


@pytest.fixture(scope="module")
def lived(snapshot: simulation.Snapshot) -> Paper:
    return paper.live(snapshot, LUCKS)


@pytest.fixture(scope="module")
def packs(lived: Paper) -> dict[int, Document]:
    return {length: pack.document(lived, length) for length in LENGTHS}


def grid(document: Document, caption: str) -> Grid:
    return next(part for part in document.parts if isinstance(part, Grid) and part.caption.startswith(caption))


def said(document: Document) -> str:
    return document_text.text(document)


# --- Complete, for every length ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", LENGTHS)
def test_a_pack_has_every_sheet(packs: dict[int, Document], length: int):
    assert packs[length].contents == list(SHEETS)


@pytest.mark.parametrize("length", LENGTHS)
def test_the_run_sheet_adds_up_and_the_script_has_words_for_every_part(packs: dict[int, Document], length: int):
    sheet = grid(packs[length], f"{length} minutes")
    assert sum(int(row[1]) for row in sheet.rows if row[1]) == length
    wanted = [stage.title for stage in workshop().stages if stage.lasts(length)]
    assert [row[2] for row in sheet.rows] == [*wanted, "End"]
    headings = [part.text for part in packs[length].parts if isinstance(part, Heading) and part.level == 2]
    for stage in wanted:
        assert any(re.match(rf"\d:\d\d  {stage}\b", heading) for heading in headings), stage
    spoken = [part for part in packs[length].parts if isinstance(part, Para) and part.spoken]
    assert len(spoken) >= len(wanted)


@pytest.mark.parametrize("length", LENGTHS)
def test_the_large_button_is_pressed_at_the_minutes_of_the_run_sheet(packs: dict[int, Document], length: int):
    buttons = [part for part in packs[length].parts if isinstance(part, Grid) and part.caption == "Minute by minute"]
    ends = [button.rows[-1][0] for button in buttons]
    minutes = [stage.lasts(length) for stage in workshop().stages if stage.lasts(length)]
    whole_ = [60 * sum(minutes[: place + 1]) for place in range(len(minutes))]
    told = [sum(int(part) * by for part, by in zip(end.split(":"), (3600, 60, 1), strict=True)) for end in ends]
    assert all(abs(one - other) <= 3 for one, other in zip(told, whole_, strict=True))


@pytest.mark.parametrize("length", LENGTHS)
def test_every_table_has_a_slip_and_a_bet_for_every_round(packs: dict[int, Document], length: int):
    titles = [card.title for part in packs[length].parts if isinstance(part, Cards) for card in part.cards]
    for entry in workshop().rounds_of(length):
        for seat in paper.seats():
            assert titles.count(f"{seat.title}, round {entry.number}") == 2
    last = workshop().rounds_of(length)[-1].number
    assert not any(title.endswith(f"round {last + 1}") for title in titles)


@pytest.mark.parametrize("length", LENGTHS)
def test_the_debrief_cards_share_out_all_its_minutes(packs: dict[int, Document], length: int):
    cards = [card for part in packs[length].parts if isinstance(part, Cards) for card in part.cards]
    minutes = [int(found[1]) for card in cards if (found := re.search(r": (\d+) minutes$", card.title))]
    assert sum(minutes) == next(stage for stage in workshop().stages if stage.name == "debrief").lasts(length)
    assert sheets.shared_out(42, [0.15, 0.2, 0.25, 0.2, 0.2]) == [6, 9, 11, 8, 8]


def test_the_games_words_are_read_and_never_written_again(packs: dict[int, Document]):
    prose = (whole.resources.files("familyabm.workshop.pack") / "words.toml").read_text(encoding="utf-8")
    game = [option.words for option in workshop().options] + [option.explains for option in workshop().options]
    assert not [words for words in game if len(words) > 12 and words in prose]
    text = " ".join(said(packs[90]).split())
    for option in paper.options():
        assert option.words in text and option.explains in text


def test_prose_that_asks_for_a_number_nobody_knows_is_an_error():
    with pytest.raises(KeyError):
        whole.Fill({"town": "Rutland"}).text("{twon}")


def test_no_story_tells_of_a_child_who_came_to_serious_harm(packs: dict[int, Document]):
    assert "came to serious harm" not in said(packs[90]).split("Read slowly")[1].split("The reveal, on paper")[0]


# --- Every number is the engine's -------------------------------------------------------------------------------------


def test_the_same_address_gives_the_same_lives_and_kept_ones_the_same_pack(
    snapshot: simulation.Snapshot, lived: Paper, tmp_path
):
    again = paper.past_of("Rutland", 500)
    assert lived.address == paper.address(snapshot, LUCKS) == paper.address(again, LUCKS)
    for name in (paper.BASE, "path-1", *list(lived.years)[-2:]):
        world, years = paper.worlds()[name]
        for luck in range(1, LUCKS + 1):
            frame = paper.by_year(simulation.live(again, world, years * YEAR, luck))
            pd.testing.assert_frame_equal(frame, lived.years[name][luck - 1])
    paper_files.write(lived, tmp_path)
    kept = paper_files.read(tmp_path, snapshot, LUCKS)
    assert kept is not None
    assert said(pack.document(kept, 120)) == said(pack.document(lived, 120))
    assert paper_files.read(tmp_path, snapshot, LUCKS + 1) is None


def test_points_are_the_contacts_of_one_world_against_another(snapshot: simulation.Snapshot, lived: Paper):
    option = workshop().option("police", OWN, workshop().open_to("police", OWN)[0].name)
    assert option is not None
    moved = []
    for luck in range(1, LUCKS + 1):
        worlds = (paper.alone(option), plan.world(paper.path({}), "base", "Base"))
        runs = [simulation.live(snapshot, world, 5 * YEAR, luck) for world in worlds]
        with_it, without = (int(np.asarray(run.weekly["events"])[YEAR : 2 * YEAR, Event.CONTACT].sum()) for run in runs)
        moved.append(100.0 * (with_it - without) / without)
    points = lived.points(option, 1)
    assert points.contacts == pytest.approx(np.median(moved))
    assert (points.low, points.high) == pytest.approx((min(moved), max(moved)))


def test_the_reveal_counts_families_once_for_each_service_and_once_in_all(snapshot: simulation.Snapshot, lived: Paper):
    run, last = paper.blind_life(snapshot)
    rows = np.asarray(run.journal)
    rows = rows[rows["week"] >= PAST_WEEKS + last]
    here = set(run.town.families["key"].tolist())
    met = {
        seat.name: {int(key) for key in rows["family"][rows["agency"] == Agency[seat.agency.upper()]]} & here
        for seat in paper.seats()
    }
    assert {name: len(families) for name, families in lived.met.families.items()} == {
        name: len(families) for name, families in met.items()
    }
    assert lived.met.counted == sum(len(families) for families in met.values())
    assert len(lived.met.different) == len(set.union(*met.values()))


def test_the_slips_on_the_wall_come_to_the_numbers_that_are_read_out(lived: Paper, packs: dict[int, Document]):
    slips = [card for part in packs[90].parts if isinstance(part, Cards) and part.across == 6 for card in part.cards]
    steps = next(part for part in packs[90].parts if isinstance(part, Points) and "scissors" not in part.items[0]
                 and any("Count the columns" in item for item in part.items))  # fmt: skip
    assert f"on these slips it is {len(slips)}." in " ".join(steps.items)
    assert f"Count the columns: {len({slip.title for slip in slips})}." in steps.items
    assert f"It is {len(lived.met.different):,} families." in " ".join(steps.items)


def test_facts_come_from_registers_and_the_validation_record():
    found = facts._validation()
    assert found["authorities"] > 50
    assert all(-1.0 <= float(found[f"rank_{name}"]) <= 1.0 for name in facts.BARS)
    assert sum(int(facts._registers()[f"grade_{grade}"]) for grade in "abcd") == len(facts.REGISTER)
    assert facts.ordinal(1), facts.ordinal(12) == ("1st", "12th")


# --- A workshop on paper ----------------------------------------------------------------------------------------------


def cell_points(text: str) -> int:
    """Read a printed number as a person does: the one before the brackets."""
    return int(text.split(" (")[0].replace("\N{MINUS SIGN}", "-").replace("+", ""))


class PaperRoom:
    """People with pens: they know what is printed and nothing else."""

    def __init__(self, document: Document) -> None:
        self.own, self.shared = grid(document, "1. Own targets"), grid(document, "2. With sight")
        self.plan = grid(document, "3. One shared plan")
        self.ruler = grid(document, "The ruler")

    def points(self, table: Grid, option: str, number: int) -> str:
        row = next(row for row in table.rows if row[0] == option)
        column = next(place for place, head in enumerate(table.headers) if head.startswith(f"Round {number}"))
        return row[column]

    def right_bet(self, total: int) -> str:
        for answer, bounds in self.ruler.rows:
            numbers = [int(one.replace("\N{MINUS SIGN}", "-")) for one in re.findall(r"[+\N{MINUS SIGN}]?\d+", bounds)]
            if "or more" in bounds and total >= numbers[0]:
                return answer
            if "or less" in bounds and total <= numbers[0]:
                return answer
            if "to" in bounds and numbers[0] <= total <= numbers[1]:
                return answer
        raise AssertionError(total)


@pytest.mark.parametrize("place", range(paper.PATHS))
def test_a_room_with_paper_alone_finds_every_sum_and_every_right_bet(
    lived: Paper, packs: dict[int, Document], place: int
):
    room, chosen = PaperRoom(packs[120]), paper.drawn_paths()[place]
    titles = {seat.name: seat.title for seat in paper.seats()} | {ROOM: "The whole room"}
    slips: dict[str, tuple[Grid, str]] = {}
    for number in paper.rounds():
        kind = plan.kind_of(number)
        table = {OWN: room.own, SHARED: room.shared, PLAN: room.plan}[kind]
        for seat, name in chosen[number].items():
            option = workshop().option(seat, kind, name)
            assert option is not None
            printed = f"{titles[seat]}: {option.words}"
            if room.points(table, printed, number) != "See table 1":
                slips[seat] = table, printed
        total = sum(cell_points(room.points(*slip, number)) for slip in slips.values())
        assert total == lived.sums(chosen, number)
        assert room.right_bet(total) == workshop().answer_for(float(total)).words


def test_the_ruler_gives_the_rooms_own_answers_for_every_sum(packs: dict[int, Document]):
    room = PaperRoom(packs[120])
    for total in range(-80, 81):
        assert room.right_bet(total) == workshop().answer_for(float(total)).words


def test_how_far_the_rule_is_off_is_measured_against_whole_paths(lived: Paper):
    found = lived.checked
    assert len(found) == paper.PATHS * len(paper.rounds())
    gaps = (found["rule"] - found["lived"]).abs()
    assert lived.off() == pytest.approx((gaps.median(), gaps.max()))
    moved = found["lived"].abs().median()
    assert gaps.median() < moved, "a rule that is off by more than what it tells would be of no use"


def test_the_worked_example_is_the_sum_that_a_room_would_find(lived: Paper, packs: dict[int, Document]):
    own = paper.strategies()
    chosen = {1: own, 2: own}
    lines = tables.worked(lived, chosen)
    for number, line in zip((1, 2), lines, strict=True):
        assert f"Sum {tables.whole(lived.sums(chosen, number))}:" in line
        assert line in " ".join(said(packs[90]).split()) or line[:40] in " ".join(said(packs[90]).split())


def test_two_lucks_are_too_few_to_say_anything_of_the_decade(packs: dict[int, Document]):
    decade = grid(packs[90], "Ten years on")
    assert len(decade.rows) == 2 * len(workshop().open_to(ROOM, PLAN))
    assert all("cannot tell" in cell for row in decade.rows[1:] for cell in row[1:])
    assert len(grid(packs[60], "Ten years on").rows) == 2


# --- The files --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def files(lived: Paper, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    paths = pack.write(lived, 60, tmp_path_factory.mktemp("pack"))
    return {path.name: path.read_bytes() for path in paths}


def test_a_pack_comes_as_page_word_large_print_and_plain_text(files: dict[str, bytes]):
    assert list(files) == [pattern.format("familyabm-pack-60") for pattern in pack.FILES]


@pytest.mark.parametrize(("name", "size"), [("familyabm-pack-60.docx", 11), ("familyabm-pack-60-large-print.docx", 18)])
def test_the_word_file_has_headings_tables_and_alternative_texts(files: dict[str, bytes], name: str, size: int):
    paper_ = docx.Document(io.BytesIO(files[name]))
    first = [one.text for one in paper_.paragraphs if one.style.name == "Heading 1"]
    assert first == ["Contents", *SHEETS]
    assert paper_.core_properties.language == "en-GB" and "60 minutes" in paper_.core_properties.title
    assert paper_.styles["Normal"].font.size.pt == size
    pictures = [shape._inline.docPr for shape in paper_.inline_shapes]
    assert len(pictures) == 1
    assert all(seat.title in pictures[0].get("descr") for seat in paper.seats())
    repeated = [table for table in paper_.tables if table.rows[0]._tr.xpath(".//w:tblHeader")]
    assert len(repeated) >= 8
    assert "Made-up families" in paper_.sections[0].footer.paragraphs[0].text


def test_every_form_says_the_same(files: dict[str, bytes], lived: Paper):
    class Words(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.said: list[str] = []
            self.deaf = False

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.deaf = tag == "style"

        def handle_data(self, data: str) -> None:
            if not self.deaf:
                self.said.append(data)

    reader = Words()
    reader.feed(files["familyabm-pack-60.html"].decode())
    page = " ".join(" ".join(reader.said).split())
    plain = " ".join(files["familyabm-pack-60.txt"].decode().split())
    for part in pack.document(lived, 60).parts:
        for text in texts(part):
            assert " ".join(text.split()) in page, text
            assert " ".join(text.split()) in plain, text


def texts(part: object) -> list[str]:
    if isinstance(part, Heading | Para):
        return [part.text]
    if isinstance(part, Points):
        return list(part.items)
    if isinstance(part, Box):
        return list(part.lines)
    if isinstance(part, Cards):
        return [said for card in part.cards for said in (card.title, *card.said)]
    if isinstance(part, Grid):
        return [part.caption, *(cell for row in part.rows for cell in row if cell)]
    assert isinstance(part, Picture)
    return []


@pytest.mark.browser
@pytest.mark.parametrize("large", [False, True])
def test_the_page_of_the_pack_is_accessible_and_fetches_nothing(
    browser: Browser, packs: dict[int, Document], tmp_path, large: bool
):
    path = tmp_path / "pack.html"
    path.write_text(document_html.html(packs[120], large), encoding="utf-8")
    for width in (1366, 320):
        shown = browser.new_page(viewport={"width": width, "height": 900})
        asked: list[str] = []
        shown.on("request", lambda made, asked=asked: asked.append(made.url))
        shown.goto(path.as_uri())
        if (width == 320) is large:  # the page is long, and either print has the same parts
            check(shown)
        assert shown.evaluate("document.documentElement.scrollWidth") <= width
        assert asked == [path.as_uri()]
        shown.close()
    shown = browser.new_page(viewport={"width": 1000, "height": 900})
    shown.emulate_media(media="print")
    shown.goto(path.as_uri())
    shown.add_style_tag(content="body { width: 178mm !important; margin: 0 !important }")
    # What is wider than A4 makes a browser print everything smaller, large print too.
    assert (
        shown.evaluate(
            "Math.max(...[...document.querySelectorAll('main *')].map(e => e.getBoundingClientRect().right))"
        )
        < 675
    )
    size = float(shown.evaluate("getComputedStyle(document.querySelector('.half .slip')).fontSize").removesuffix("px"))
    assert size >= (24.0 if large else 16.0)
    shown.close()


def test_a_pack_without_word_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(__import__("sys").modules, "docx", None)
    with pytest.raises(InputError, match="familyabm\\[app\\]"):
        word.begun("T")
