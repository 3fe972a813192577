"""Six made-up families for the story cards: chosen by a rule, told in reports' words, in their last blind year."""

from collections.abc import Mapping

from familyabm.codes import Event
from familyabm.report import story, words
from familyabm.report.document import Card
from familyabm.workshop import paper
from familyabm.workshop.paper import Paper

CARDS = 6
LINES = 8
LEAST_MET = 2
"""Services that must have met a family for it to be told: the cards are about being known in parts."""


def stories(of: Paper) -> tuple[list[Card], int]:
    """Return the cards, and how many families they were chosen from."""
    run, last = paper.blind_life(of.snapshot)
    homes = paper.homes_of(run)
    keys = {home: key for key, home in homes.items()}
    lives = {}
    for home in of.met.different:
        if of.met.known_to(home) >= LEAST_MET and of.met.contacts.get(home, 0) > 0:
            life = story.life_of(run.journal, keys[home])
            if not (life["event"] == int(Event.SERIOUS_INCIDENT)).any():
                lives[home] = life[life["week"] >= last].assign(week=life["week"] - last + 1)
    chosen = evenly(of.met.contacts, list(lives))
    cards = [
        _card(of, home, _members(run.town.families[home - 1]), list(story.lines_of(lives[home]))) for home in chosen
    ]
    return cards, len(lives)


def evenly(contacts: Mapping[int, int], homes: list[int]) -> list[int]:
    """Return homes at even steps from the one with most contacts to the one with fewest, the lower number first."""
    ranked = sorted(homes, key=lambda home: (-contacts.get(home, 0), home))
    if len(ranked) <= CARDS:
        return ranked
    return [ranked[round(place * (len(ranked) - 1) / (CARDS - 1))] for place in range(CARDS)]


def _members(family: object) -> str:
    adults, children = int(family.n_adults), int(family.n_children)  # type: ignore[attr-defined]
    return f"{words.count(adults, 'adult')}, {words.count(children, 'child', 'children')}."


def _card(of: Paper, home: int, members: str, lines: list[tuple[str, str]]) -> Card:
    told = [f"{week}. {said}" for week, said in lines[:LINES]]
    rest = len(lines) - LINES
    more = [f"And {words.count(rest, 'more week')} like these before the year was out."] if rest > 0 else []
    contacts = words.times(of.met.contacts.get(home, 0))
    known = words.count(of.met.known_to(home), "service")
    end = f"In this one year somebody got in touch about them {contacts}. {known} met them."
    return Card(f"Family {home} (made up)", (members, *told, *more, end))
