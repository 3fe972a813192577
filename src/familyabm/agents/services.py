"""The services in the network, one class for each kind; relations back to families go by the name of the class."""

from typing import Any, ClassVar

import numpy as np
from mesa.agent import AgentSet  # type: ignore[import-untyped]
from numpy.typing import NDArray

from familyabm import tables
from familyabm.agents.view import View
from familyabm.codes import Factor, Posture, Service, Treatment


class ServiceView(View):
    """A service in the network; each kind has a class of its own."""

    table = "services"
    columns: ClassVar[dict[str, tuple[Any, ...]]] = tables.SERVICE
    codes: ClassVar = {"kind": Service, "posture": Posture}
    service: ClassVar[Service]

    @classmethod
    def there(cls, rows: tables.Table, week: int) -> NDArray[np.bool_]:
        """Say which services are of this kind."""
        return np.asarray(rows["kind"] == cls.service)


class CatchmentService(ServiceView):
    """A service with a catchment of families."""

    ties: ClassVar[str]

    @property
    def families(self) -> AgentSet:
        """The families in its catchment."""
        return self._those("Family", self.ties)


class AdultService(CatchmentService):
    """A service that treats one of adults' risk factors: its funded `places`, whom it treats and who waits."""

    factor: ClassVar[Factor]

    @property
    def waiting(self) -> AgentSet:
        """The families whom it has accepted and who wait for a place, as many as `n_waiting`."""
        return self._standing(Treatment.WAITING)

    @property
    def treated(self) -> AgentSet:
        """The families in treatment, as many as `n_treated`."""
        return self._standing(Treatment.ACTIVE)

    def _standing(self, treatment: Treatment) -> AgentSet:
        self._read("key")
        rows = self.model.table("families")
        own = (rows[self.ties] == self._row) & (rows["treatment"][:, self.factor] == treatment)
        return self._many("Family", np.flatnonzero(own))


class School(CatchmentService):
    """A school, with the families whose children go there."""

    service, ties = Service.SCHOOL, "school"


class GPPractice(CatchmentService):
    """A GP practice, with the families on its list."""

    service, ties = Service.GP_PRACTICE, "gp_practice"


class PoliceTeam(CatchmentService):
    """A police neighbourhood team."""

    service, ties = Service.POLICE_TEAM, "police_team"


class EarlyHelpHub(CatchmentService):
    """An early help hub."""

    service, ties = Service.EARLY_HELP_HUB, "hub"


class HousingOffice(AdultService):
    """A housing office."""

    service, ties, factor = Service.HOUSING_OFFICE, "housing_office", Factor.HOUSING


class AdultMentalHealthService(AdultService):
    """An adult mental health service."""

    service, ties, factor = Service.ADULT_MENTAL_HEALTH, "mental_health_service", Factor.MENTAL_HEALTH


class SubstanceMisuseService(AdultService):
    """A substance misuse service."""

    service, ties, factor = Service.SUBSTANCE_MISUSE, "substance_service", Factor.SUBSTANCE_MISUSE


class DomesticAbuseService(AdultService):
    """A domestic abuse service."""

    service, ties, factor = Service.DOMESTIC_ABUSE, "abuse_service", Factor.DOMESTIC_ABUSE


class FrontDoor(ServiceView):
    """The front door of children's social care."""

    service = Service.FRONT_DOOR


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
