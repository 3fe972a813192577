"""The anchor in Mesa: one object per family, adult and child, which live three processes by the same rules and luck.

The rules are the model's own, as the plain Python that they are written in, on plain attributes, lists and
dictionaries. Only the draws stay compiled, so that Mesa is not charged with a generator nobody would write in Python.
"""

from types import SimpleNamespace
from typing import Any

import mesa  # type: ignore[import-untyped]
import numpy as np

from familyabm import luck
from familyabm.codes import Agency, Status
from familyabm.compiled import as_python
from familyabm.town import Town

COMPARED = ("families", "adults", "children")
"""Tables whose every field must come out the same."""
KEPT = ("luck", "births", "family_keys", "awake", "known", "queue", "rank", "page")
"""Tables that stay arrays: luck's addresses, and lists that are sorted."""


class Grid(dict[Any, Any]):
    """A small table read by (row, column); by the row alone it gives the row as a list."""

    def __missing__(self, row: int) -> list[Any]:
        """Return a whole row."""
        return [value for (first, *_), value in self.items() if first == row]


def four(fate: Any, key: Any, week: int, block: int) -> Any:
    """Draw the four numbers at an address."""
    return luck.four(fate, key, int(week), int(block))


def one(fate: Any, key: Any, week: int, block: int, lane: int) -> Any:
    """Draw one of them."""
    return luck.four(fate, key, int(week), int(block))[lane]


def as_chance(word: int) -> float:
    """Turn a dealt word into a number between 0 and 1."""
    return (word + 0.5) * 2.0**-32


def adult_luck(town: Any, row: int, lane: int) -> float:
    """Return one of the numbers dealt to an adult, all of whom are dealt theirs at once here."""
    return as_chance(town.adult_hand[lane * len(town.adults) + row])


RULES = as_python(
    "familyabm.journal", "familyabm.rules", four=four, luck=one, as_chance=as_chance, adult_luck=adult_luck
)


def plain(value: Any) -> Any:
    """Return a field as Python keeps it: a number, a list or a grid; an agent's key stays what luck is drawn with."""
    if isinstance(value, np.ndarray) and value.ndim > 1:
        return Grid((at, value[at].item()) for at in np.ndindex(value.shape))
    if isinstance(value, np.ndarray):
        return value.tolist()
    return value if isinstance(value, np.uint64) else value.item()


def fields(row: Any) -> dict[str, Any]:
    """Return a row's fields as Python keeps them."""
    return {name: plain(row[name]) for name in row.dtype.names}


class Person(mesa.Agent):  # type: ignore[misc]
    """An adult or a child."""

    def __init__(self, model: "Anchor", row: Any) -> None:
        """Take over the state of a row."""
        super().__init__(model)
        self.__dict__.update(fields(row))


class Family(mesa.Agent):  # type: ignore[misc]
    """A family."""

    def __init__(self, model: "Anchor", row: Any, place: int) -> None:
        """Take over the state of a row, which stands at that place among the families."""
        super().__init__(model)
        self.__dict__.update(fields(row))
        self.place = place
        self.is_awake = False

    def escalate(self) -> None:
        """P2: adults' risk factors escalate or resolve."""
        town, week, rules = self.model.town, self.model.week, RULES["circumstances"]
        if not rules.untouched(town, self, week, self.place):
            rules.home_changes(town, self, week, self.place)
            for row in range(self.first_adult, self.first_adult + self.n_adults):
                rules.adult_changes(town, self, week, row)
            rules.worst_of_adults(town, self)
        self.is_awake = rules.awake(self, week)

    def be_noticed(self) -> None:
        """P4: somebody may get in touch."""
        town, week = self.model.town, self.model.week
        if self.is_awake:
            if self.strain > 0.0:
                meets = four(town.luck, self.key, week, luck.Block.ENCOUNTER)
                RULES["seeing"].agencies_meet(town, self, week, meets)
            RULES["noticing"].contact_about(town, self, self.place, week, [0.0] * len(Agency))
            RULES["attendance"].attend_untold(town, self, week)
        else:
            RULES["noticing"].quiet_contact(town, self, self.place, week, self.model.quiet)
        if self.status == Status.CONTACT or self.severe == 1:
            town.queue[town.authority[0].n_queue] = self.place
            town.authority[0].n_queue += 1


class Anchor(mesa.Model):  # type: ignore[misc]
    """Three processes of the week as an idiomatic Mesa model."""

    def __init__(self, town: Town, week: int) -> None:
        """Turn a town's rows into objects; its tables are left as they are."""
        super().__init__()
        given = {name: self.table(name, town.given[name]) for name in town}
        self.keys = {"family_hand": town.family_keys.copy(), "adult_hand": np.ascontiguousarray(town.adults["key"])}
        groups = {name: [SimpleNamespace(**fields(group[0]))] for name, group in town.p.groups.items()}
        self.town, self.week, self.quiet = SimpleNamespace(**given, p=SimpleNamespace(**groups)), week, 0.0

    def table(self, name: str, table: Any) -> Any:
        """Return one of the town's tables as agents, objects, a grid or a list."""
        if name in KEPT:
            return table.copy()
        if name == "families":
            return [Family(self, row, place) for place, row in enumerate(table)]
        if name in COMPARED:
            return [Person(self, row) for row in table]
        if table.dtype.names:
            return [SimpleNamespace(**fields(row)) for row in table]
        return plain(table)

    def live(self, week: int) -> None:
        """Live one week."""
        assert week == self.week
        self.step()

    def step(self) -> None:
        """Live one week of the three processes."""
        town, week, noticing = self.town, self.week, RULES["noticing"]
        self.deal()
        RULES["circumstances"].set_limits(town, week)
        families = self.agents_by_type[Family]
        families.do("escalate")
        awake = [family.place for family in families if family.is_awake]
        town.authority[0].n_awake, town.awake[: len(awake)] = len(awake), awake
        self.quiet = RULES["common"].chance(noticing.quiet_rate(town, week))
        town.authority[0].busiest, town.authority[0].n_queue = noticing.busiest(town, week), 0
        families.do("be_noticed")
        RULES["front_door"].decide(town, week)
        self.week += 1

    def deal(self) -> None:
        """Deal the week's luck, as the compiled model does, into lists."""
        town = self.town
        for block, (hand, keys) in enumerate(self.keys.items()):
            words = np.zeros(4 * len(keys), np.uint32)
            luck.deal(words, keys, town.luck, self.week, block)
            setattr(town, hand, words.tolist())


def differences(anchor: Anchor, town: Town) -> list[str]:
    """Return the fields in which the two have come out differently."""
    found = []
    for name in COMPARED:
        for field in town.given[name].dtype.names:
            ours = [plain(value) for value in town.given[name][field]]
            if ours != [getattr(agent, field) for agent in getattr(anchor.town, name)]:
                found.append(f"{name}.{field}")
    return found
