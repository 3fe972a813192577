"""Mesa agents that show the rows of the model's tables: made when somebody looks, and never written to.

A view reads its row each time it is asked. Rules change rows; a view only shows them, so that what a run does
can never depend on who was looking.

Some state variables are the truth of the made-up world: `harm`, `own_need`, `level`, `strain`, `frailty`,
adults' levels. They are here to be studied. No service in the model sees them: services decide on `seen`,
`judged` and what they have recorded.
"""

from collections.abc import Iterable
from enum import IntEnum
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

import numpy as np
from mesa.agent import Agent, AgentSet  # type: ignore[import-untyped]
from numpy.typing import NDArray

from familyabm import tables
from familyabm.codes import (
    LOOKED_AFTER,
    NOBODY,
    Agency,
    Answer,
    Legal,
    Placement,
    Posture,
    Service,
    Status,
    Worker,
)
from familyabm.errors import nearest

if TYPE_CHECKING:
    from familyabm.model import FamilyServicesModel

__all__ = [
    "KINDS",
    "Adult",
    "AdultMentalHealthService",
    "Child",
    "CourtService",
    "DomesticAbuseService",
    "EarlyHelpHub",
    "Family",
    "FrontDoor",
    "GPPractice",
    "Helpline",
    "Hospital",
    "HousingOffice",
    "PoliceTeam",
    "ProbationService",
    "School",
    "ServiceView",
    "SocialWorkTeam",
    "SocialWorker",
    "SubstanceMisuseService",
    "View",
    "VoluntarySector",
]  # fmt: skip

Kind = TypeVar("Kind", bound="View")
_MESA_SETS = ("model", "unique_id", "pos")


class Column:
    """A state variable of a view, read from the row at every look."""

    def __init__(self, name: str, meaning: str, code: type[IntEnum] | None = None) -> None:
        """Name the column; `code` is the enum that its numbers stand for, if any."""
        self.name, self.code, self.__doc__ = name, code, meaning

    def __get__(self, view: "View | None", owner: type) -> Any:
        """Return a Python number, an enum member, or a copy of an array that cannot be written to."""
        if view is None:
            return self
        value = view._read(self.name)
        if isinstance(value, np.ndarray):
            copied = np.array(value)
            copied.flags.writeable = False
            return copied
        return value.item() if self.code is None else self.code(value)


class View(Agent):  # type: ignore[misc]
    """One row of a table as a Mesa agent: its attributes are the table's columns, read and never set.

    `key` is the identity, the same in every world; `unique_id` is Mesa's own number. A view whose person or
    family has left, and whose place in the table has gone to another, raises LookupError.
    """

    table: ClassVar[str] = ""
    columns: ClassVar[dict[str, tuple[Any, ...]]] = {}
    codes: ClassVar[dict[str, type[IntEnum]]] = {}

    def __init_subclass__(cls, **given: object) -> None:
        """Give the class an attribute for each column that no relation stands in for."""
        super().__init_subclass__(**given)
        for name, entry in cls.columns.items():
            if not hasattr(cls, name):
                setattr(cls, name, Column(name, entry[1], cls.codes.get(name)))

    def __init__(self, model: "FamilyServicesModel", row: int) -> None:
        """Show a row of this kind's table; made by `FamilyServicesModel.views`."""
        object.__setattr__(self, "_row", row)
        object.__setattr__(self, "key", int(model.table(self.table)["key"][row]))
        super().__init__(model)

    @classmethod
    def there(cls, rows: tables.Table, week: int) -> NDArray[np.bool_]:
        """Say of each row of the table whether one of this kind is there in that week."""
        return np.ones(len(rows), dtype=bool)

    def __getattr__(self, name: str) -> Any:
        """Refuse an unknown state variable, naming the nearest known one."""
        kind = type(self)
        hint = "" if name.startswith("_") else nearest(name, dir(kind))
        raise AttributeError(f"{kind.__name__} has no state variable {name}{hint}.")

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse to change anything but what Mesa itself keeps with an agent."""
        if name not in _MESA_SETS:
            raise AttributeError(f"{type(self).__name__}.{name} is read, not set: only rules change rows.")
        object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        """Name the kind and the key."""
        return f"{type(self).__name__}(key={self.key})"

    def remove(self) -> None:
        """Stop showing this row in the model's agent sets; the row lives on."""
        super().remove()
        self.model.roll(type(self)).drop(self)

    def _read(self, name: str) -> Any:
        row = self.model.table(self.table)[self._row]
        if row["key"] != self.key:
            raise LookupError(f"{self!r} has left the model, and another is in its place.")
        return row[name]

    def _one(self, kind: type[Kind], row: int) -> Kind | None:
        """Return the view of one row of another kind, or None if nobody is there."""
        found = None if row == NOBODY else self.model.roll(kind).by_row.get(int(row))
        return cast("Kind | None", found)

    def _its(self, kind: type[Kind], row: int) -> Kind:
        """Return the view of one row of another kind that is always there."""
        return cast(Kind, self.model.roll(kind).by_row[int(row)])

    def _many(self, kind: type["View"], rows: Iterable[int]) -> AgentSet:
        """Return the views of rows of another kind, without those where nobody is there."""
        found = (self._one(kind, row) for row in rows)
        return AgentSet([view for view in found if view is not None], random=self.model.random)

    def _those(self, kind: type["View"], column: str) -> AgentSet:
        """Return the views of another kind whose column holds this row's number."""
        self._read("key")
        return self._many(kind, np.flatnonzero(self.model.table(kind.table)[column] == self._row))


class Family(View):
    """A family in its home; its `level`, `harm`, `strain`, `frailty` and `answer_need` are ground truth."""

    table, columns = "families", tables.FAMILY
    codes: ClassVar = {"status": Status, "source": Agency, "answer": Answer}

    @property
    def children(self) -> AgentSet:
        """The family's children under 18, at home or away."""
        first, number = self._read("first_child"), self._read("n_children")
        return self._many(Child, range(first, first + number))

    @property
    def adults(self) -> AgentSet:
        """The adults who live in the home."""
        first, number = self._read("first_adult"), self._read("n_adults")
        return self._many(Adult, range(first, first + number))

    @property
    def worker(self) -> "SocialWorker | None":
        """The family's social worker, if it has one."""
        return self._one(SocialWorker, self._read("worker"))

    @property
    def school(self) -> "School":
        """The children's school."""
        return self._its(School, self._read("school"))

    @property
    def gp_practice(self) -> "GPPractice":
        """The family's GP practice."""
        return self._its(GPPractice, self._read("gp_practice"))

    @property
    def police_team(self) -> "PoliceTeam":
        """The police neighbourhood team of the place where the family lives."""
        return self._its(PoliceTeam, self._read("police_team"))

    @property
    def housing_office(self) -> "HousingOffice":
        """The housing office of the place where the family lives."""
        return self._its(HousingOffice, self._read("housing_office"))

    @property
    def hub(self) -> "EarlyHelpHub":
        """The early help hub of the place where the family lives."""
        return self._its(EarlyHelpHub, self._read("hub"))

    @property
    def mental_health_service(self) -> "AdultMentalHealthService":
        """The adult mental health service of the place where the family lives."""
        return self._its(AdultMentalHealthService, self._read("mental_health_service"))

    @property
    def substance_service(self) -> "SubstanceMisuseService":
        """The substance misuse service of that place."""
        return self._its(SubstanceMisuseService, self._read("substance_service"))

    @property
    def abuse_service(self) -> "DomesticAbuseService":
        """The domestic abuse service of that place."""
        return self._its(DomesticAbuseService, self._read("abuse_service"))


class Adult(View):
    """An adult who lives in a family's home; the levels of its risk factors are ground truth."""

    table, columns = "adults", tables.ADULT

    @classmethod
    def there(cls, rows: tables.Table, week: int) -> NDArray[np.bool_]:
        """Say which adults live in their family's home."""
        return np.asarray(rows["resident"] == 1)

    @property
    def family(self) -> Family:
        """The family the adult lives with."""
        self._read("key")
        first = self.model.table("families")["first_adult"]
        return self._its(Family, int(np.searchsorted(first, self._row, side="right")) - 1)


class Child(View):
    """A child under 18; `harm` and `own_need` are ground truth."""

    table, columns = "children", tables.CHILD
    codes: ClassVar = {"legal_status": Legal, "placement": Placement}

    @classmethod
    def there(cls, rows: tables.Table, week: int) -> NDArray[np.bool_]:
        """Say which children are born and not yet 18."""
        age = week - rows["born"].astype(np.int64)
        return np.asarray((age >= 0) & (age < tables.ADULTHOOD))

    @property
    def family(self) -> Family:
        """The child's family, also while the child lives elsewhere."""
        return self._its(Family, self._read("family"))

    @property
    def age(self) -> int:
        """Age in whole years."""
        return int(self.model.week - self._read("born")) // tables.WEEKS_A_YEAR

    @property
    def looked_after(self) -> bool:
        """Whether the child is looked after by the authority."""
        return self._read("legal_status") in LOOKED_AFTER


class SocialWorker(View):
    """The holder of a post in a social work team."""

    table, columns = "workers", tables.WORKER
    codes: ClassVar = {"kind": Worker}

    @classmethod
    def there(cls, rows: tables.Table, week: int) -> NDArray[np.bool_]:
        """Say which posts are filled."""
        return np.asarray(rows["kind"] != Worker.VACANT)

    @property
    def families(self) -> AgentSet:
        """The families that the worker holds."""
        return self._those(Family, "worker")

    @property
    def team(self) -> "SocialWorkTeam":
        """The worker's team."""
        return self._its(SocialWorkTeam, self.model.first_team + self._read("team"))


class ServiceView(View):
    """A service in the network; each kind has a class of its own."""

    table, columns = "services", tables.SERVICE
    codes: ClassVar = {"kind": Service, "posture": Posture}
    service: ClassVar[Service]

    @classmethod
    def there(cls, rows: tables.Table, week: int) -> NDArray[np.bool_]:
        """Say which services are of this kind."""
        return np.asarray(rows["kind"] == cls.service)


class _CatchmentService(ServiceView):
    """A service with a catchment of families."""

    ties: ClassVar[str]

    @property
    def families(self) -> AgentSet:
        """The families in its catchment."""
        return self._those(Family, self.ties)


class School(_CatchmentService):
    """A school, with the families whose children go there."""

    service, ties = Service.SCHOOL, "school"


class GPPractice(_CatchmentService):
    """A GP practice, with the families on its list."""

    service, ties = Service.GP_PRACTICE, "gp_practice"


class PoliceTeam(_CatchmentService):
    """A police neighbourhood team."""

    service, ties = Service.POLICE_TEAM, "police_team"


class HousingOffice(_CatchmentService):
    """A housing office."""

    service, ties = Service.HOUSING_OFFICE, "housing_office"


class EarlyHelpHub(_CatchmentService):
    """An early help hub."""

    service, ties = Service.EARLY_HELP_HUB, "hub"


class AdultMentalHealthService(_CatchmentService):
    """An adult mental health service."""

    service, ties = Service.ADULT_MENTAL_HEALTH, "mental_health_service"


class SubstanceMisuseService(_CatchmentService):
    """A substance misuse service."""

    service, ties = Service.SUBSTANCE_MISUSE, "substance_service"


class DomesticAbuseService(_CatchmentService):
    """A domestic abuse service."""

    service, ties = Service.DOMESTIC_ABUSE, "abuse_service"


class FrontDoor(ServiceView):
    """The front door of children's social care."""

    service = Service.FRONT_DOOR


class SocialWorkTeam(ServiceView):
    """A team of social workers."""

    service = Service.SOCIAL_WORK_TEAM

    @property
    def workers(self) -> AgentSet:
        """The team's social workers."""
        posts = self.model.table("workers")["team"]
        return self._many(SocialWorker, np.flatnonzero(posts == self._row - self.model.first_team))


class CourtService(ServiceView):
    """The family court."""

    service = Service.COURT


class Hospital(ServiceView):
    """The hospital."""

    service = Service.HOSPITAL


class ProbationService(ServiceView):
    """The probation service."""

    service = Service.PROBATION


class VoluntarySector(ServiceView):
    """Charities and community groups, taken together."""

    service = Service.VOLUNTARY_SECTOR


class Helpline(ServiceView):
    """The NSPCC helpline."""

    service = Service.HELPLINE


KINDS: tuple[type[View], ...] = (
    Family, Adult, Child, SocialWorker, SocialWorkTeam, School, GPPractice, PoliceTeam, HousingOffice,
    EarlyHelpHub, AdultMentalHealthService, SubstanceMisuseService, DomesticAbuseService, FrontDoor,
    CourtService, Hospital, ProbationService, VoluntarySector, Helpline,
)  # fmt: skip
"""The kinds of agent that can be looked at."""
