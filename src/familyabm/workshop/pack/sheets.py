"""The sheets that tables hold: briefs, choice and bet slips, debrief cards and the slips of the reveal."""

from collections.abc import Iterator, Sequence
from typing import Any

from familyabm import measures
from familyabm.report.document import Card, Cards, Heading, Para, Part, Picture, Points
from familyabm.report.figures import Grid
from familyabm.workshop import paper
from familyabm.workshop.choices import PLAN, Round, Seat, workshop
from familyabm.workshop.pack import plan_of_room
from familyabm.workshop.paper import Paper

SLIPS = 90
"""About how many slips a room can cut and lay out in the minutes of the reveal."""


def rounds_for(length: int) -> list[Round]:
    """Return the rounds of a workshop of so many minutes."""
    return workshop().rounds_of(length)


def briefs(of: Paper) -> Iterator[Part]:
    """Return a brief for each seat, two to a page."""
    yield Heading(1, "Team briefs")
    yield Para("One for each table, and one each for the family and council finance if people take those seats.")
    yield Cards(tuple(_brief(seat, of) for seat in workshop().seats), 1, half=True)


def _brief(seat: Seat, of: Paper) -> Card:
    said = [seat.brief, f"Your target: {seat.target}.", f"People at this table: {seat.people}."]
    if seat.optional:
        said.append("On paper this seat chooses nothing. With the app it may choose:")
    else:
        own = paper.OWN_NUMBER[seat.name]
        said.append(
            f"Your own number last year, in this town: {of.counted(own):.0f} children "
            f"({measures.MEASURES[own].title.title.lower()}). Until round 3 you see no other."
        )
        said.append(workshop().bet_explains)
    options = workshop().open_to(seat.name, workshop().rounds[0].options)
    choices = tuple((option.words, f"{option.explains} {option.costs}") for option in options)
    return Card(seat.title, tuple(said), choices)


def slips(length: int) -> Iterator[Part]:
    """Return choice slips for every round and service."""
    yield Heading(1, "Choice slips")
    for entry in rounds_for(length):
        yield Heading(2, f"Round {entry.number}: {entry.title}")
        yield Cards(tuple(_slip(seat, entry) for seat in paper.seats()), 2)


def _slip(seat: Seat, entry: Round) -> Card:
    options = workshop().open_to(seat.name, entry.options)
    said = f"{entry.sentence}" if entry.options != PLAN else f"{entry.sentence} Your table’s vote:"
    choices = tuple((option.words, f"{option.explains} {option.costs}") for option in options)
    return Card(f"{seat.title}, round {entry.number}", (said,), choices)


def bets(length: int) -> Iterator[Part]:
    """Return bet slips: one for each round and table, and one for the reveal."""
    yield Heading(1, "Bet slips")
    answers = tuple((answer.words, "") for answer in workshop().answers)
    for entry in rounds_for(length):
        yield Heading(2, f"Round {entry.number}")
        yield Cards(tuple(
            Card(f"{seat.title}, round {entry.number}", (f"{workshop().bet}:",), answers) for seat in paper.seats()
        ), 3)  # fmt: skip
    yield Heading(2, "The reveal")
    yield Cards(tuple(Card(seat.title, (workshop().merged_bet,), (), ("",)) for seat in paper.seats()), 3)


def debrief(length: int, fill: Any) -> Iterator[Part]:
    """Return a card for each part of the debrief, with its minutes."""
    yield Heading(1, "Debrief question cards")
    yield Para(fill("slips", "debrief"))
    minutes = next(stage for stage in workshop().stages if stage.name == "debrief").lasts(length)
    screens = workshop().debrief
    lasts = shared_out(minutes, [screen.share for screen in screens])
    yield Cards(tuple(
        Card(f"{screen.title}: {mine} minutes", screen.questions)
        for screen, mine in zip(screens, lasts, strict=True)
    ), 2)  # fmt: skip


def shared_out(minutes: int, shares: Sequence[float]) -> list[int]:
    """Share out whole minutes so that none is lost: what is over goes to those who lost most by rounding down."""
    parts = [minutes * share for share in shares]
    whole = [int(part) for part in parts]
    by_loss = sorted(range(len(parts)), key=lambda place: whole[place] - parts[place])
    for place in by_loss[: minutes - sum(whole)]:
        whole[place] += 1
    return whole


def every(of: Paper) -> int:
    """Return which families have slips, every so-manieth, so that there are not too many to cut."""
    return max(1, round(of.met.counted / SLIPS))


def reveal(of: Paper, fill: Any) -> Iterator[Part]:
    """Return the reveal on paper: what to do, the numbers of the whole town, and each table's slips."""
    yield Heading(1, "The reveal, on paper")
    yield Para(fill("reveal", "lead"))
    yield Points(fill.list("reveal", "steps"), numbered=True)
    rows = [[seat.title, f"{len(of.met.families[seat.name]):,}"] for seat in paper.seats()]
    rows += [["All of these, added up", f"{of.met.counted:,}"], ["Different families", f"{len(of.met.different):,}"]]
    rows += [["Known to three services or more", f"{of.met.heaviest[0]:,}"]]
    yield Grid(fill("reveal", "whole"), ["Who counts", "Families"], rows)
    step = every(of)
    for seat in paper.seats():
        mine = [family for family in of.met.families[seat.name] if family % step == 0]
        yield Heading(2, f"{seat.title}: {len(mine)} slips")
        yield Cards(tuple(Card(f"Family {family}", (seat.title,)) for family in mine), 6)


def room(fill: Any) -> Iterator[Part]:
    """Return the room plan and the kit."""
    yield Heading(1, "Room plan and kit")
    yield Para(fill("room", "lead"))
    titles = [seat.title for seat in paper.seats()]
    yield Picture(plan_of_room.picture(titles), plan_of_room.said(titles))
    yield Para(fill("room", "people"))
    for part in ("kit", "kit_app"):
        yield Heading(2, fill("room", f"{part}_title"))
        yield Points(fill.list("room", part))
    yield Para(fill("room", "helper"))
