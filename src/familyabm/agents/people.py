"""Families, their adults and children, and the foster households that care for some of them."""

from typing import ClassVar

import numpy as np
from mesa.agent import AgentSet  # type: ignore[import-untyped]
from numpy.typing import NDArray

from familyabm import tables
from familyabm.agents.organisation import SocialWorker
from familyabm.agents.services import (
    AdultMentalHealthService,
    DomesticAbuseService,
    EarlyHelpHub,
    GPPractice,
    HousingOffice,
    PoliceTeam,
    School,
    SubstanceMisuseService,
)
from familyabm.agents.view import View
from familyabm.codes import (
    LOOKED_AFTER,
    Agency,
    Answer,
    Carer,
    Category,
    Complaint,
    Decision,
    Fate,
    Legal,
    Panel,
    Permission,
    Placement,
    Stage,
    Status,
)


class Family(View):
    """A family in its home; its `level`, `harm`, `strain`, `frailty` and `answer_need` are ground truth."""

    table, columns = "families", tables.FAMILY
    codes: ClassVar = {
        "status": Status, "source": Agency, "answer": Answer, "passed_by": Agency, "complaint": Complaint,
        "panel": Panel, "panel_stage": Stage, "panel_about": Decision, "permission": Permission,
    }  # fmt: skip

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
    def worker(self) -> SocialWorker | None:
        """The family's social worker, if it has one."""
        return self._one(SocialWorker, self._read("worker"))

    @property
    def school(self) -> School:
        """The children's school."""
        return self._its(School, self._read("school"))

    @property
    def gp_practice(self) -> GPPractice:
        """The family's GP practice."""
        return self._its(GPPractice, self._read("gp_practice"))

    @property
    def police_team(self) -> PoliceTeam:
        """The police neighbourhood team of the place where the family lives."""
        return self._its(PoliceTeam, self._read("police_team"))

    @property
    def housing_office(self) -> HousingOffice:
        """The housing office of the place where the family lives."""
        return self._its(HousingOffice, self._read("housing_office"))

    @property
    def hub(self) -> EarlyHelpHub:
        """The early help hub of the place where the family lives."""
        return self._its(EarlyHelpHub, self._read("hub"))

    @property
    def mental_health_service(self) -> AdultMentalHealthService:
        """The adult mental health service of the place where the family lives."""
        return self._its(AdultMentalHealthService, self._read("mental_health_service"))

    @property
    def substance_service(self) -> SubstanceMisuseService:
        """The substance misuse service of that place."""
        return self._its(SubstanceMisuseService, self._read("substance_service"))

    @property
    def abuse_service(self) -> DomesticAbuseService:
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
    """A child under 18; `harm`, `own_need`, `risk_outside` and its development are ground truth."""

    table, columns = "children", tables.CHILD
    codes: ClassVar = {"legal_status": Legal, "placement": Placement, "category": Category, "fate": Fate}

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
    def carer(self) -> "FosterCarer | None":
        """The foster household that cares for the child, if it is one of the authority's own."""
        return self._one(FosterCarer, self._read("carer"))

    @property
    def age(self) -> int:
        """Age in whole years."""
        return int(self.model.week - self._read("born")) // tables.WEEKS_A_YEAR

    @property
    def looked_after(self) -> bool:
        """Whether the child is looked after by the authority."""
        return self._read("legal_status") in LOOKED_AFTER


class FosterCarer(View):
    """An approved foster household of the authority's own; kin are not among them."""

    table, columns = "carers", tables.CARER
    codes: ClassVar = {"state": Carer}

    @classmethod
    def there(cls, rows: tables.Table, week: int) -> NDArray[np.bool_]:
        """Say which households are approved."""
        return np.isin(rows["state"], (Carer.VACANT, Carer.MATCHED, Carer.STRAINED))

    @property
    def children(self) -> AgentSet:
        """The children placed with the household."""
        return self._those(Child, "carer")

    @property
    def family(self) -> Family | None:
        """The family whose children it cares for."""
        rows = np.flatnonzero(self.model.table("families")["key"] == self._read("family"))
        return self._its(Family, int(rows[0])) if len(rows) else None
