"""The authority's own people and bodies: social workers, teams and units, managers, support units, panels."""

from typing import Any, ClassVar

import numpy as np
from mesa.agent import AgentSet  # type: ignore[import-untyped]
from numpy.typing import NDArray

from familyabm import tables
from familyabm.agents.services import ServiceView
from familyabm.agents.view import View
from familyabm.codes import Grade, Panel, Phase, Role, Service, Stage, Support, Worker
from familyabm.newcomers import AUTHORITY_KEY, key_of


class _Post(View):
    """A post in a social work team and whoever holds it."""

    table, columns = "workers", tables.WORKER
    codes: ClassVar = {"kind": Worker, "role": Role}

    @property
    def team(self) -> "SocialWorkTeam":
        """The team that the post belongs to."""
        return self._its(SocialWorkTeam, self.model.first_team + self._read("team"))


class SocialWorker(_Post):
    """The holder of a case-holding post, a consultant social worker among them."""

    @classmethod
    def there(cls, rows: tables.Table, week: int) -> NDArray[np.bool_]:
        """Say which case-holding posts are filled."""
        return np.asarray((rows["kind"] != Worker.VACANT) & (rows["role"] <= Role.CONSULTANT))

    @property
    def families(self) -> AgentSet:
        """The families that the worker holds."""
        return self._those("Family", "worker")


class UnitColleague(_Post):
    """A children's practitioner, clinician or coordinator, who works beside the case holders of a unit."""

    @classmethod
    def there(cls, rows: tables.Table, week: int) -> NDArray[np.bool_]:
        """Say which of these posts there are: a team that is no unit has none."""
        return np.asarray((rows["role"] > Role.CONSULTANT) & (rows["fte"] > 0.0))


class SocialWorkTeam(ServiceView):
    """A team of social workers; `unit` says how far it works as a social work unit, from 0 to 1."""

    service = Service.SOCIAL_WORK_TEAM
    columns: ClassVar[dict[str, tuple[Any, ...]]] = {**tables.SERVICE, **tables.TEAM}

    def _read(self, name: str) -> Any:
        """Read a column of the team, or of the service that it is."""
        if name in tables.TEAM:
            return self.model.table("teams")[self._place][name]
        return super()._read(name)

    @property
    def _place(self) -> int:
        return int(self._row - self.model.first_team)

    @property
    def workers(self) -> AgentSet:
        """The team's social workers."""
        return self._posts(SocialWorker)

    @property
    def members(self) -> AgentSet:
        """All who belong to the team: its social workers and, so far as it is a unit, those beside them."""
        return AgentSet([*self.workers, *self._posts(UnitColleague)], random=self.model.random)

    @property
    def manager(self) -> "Manager":
        """The team's own manager."""
        return self._managed(Role.TEAM_MANAGER)

    @property
    def group_manager(self) -> "Manager":
        """The manager of the group that the team is in."""
        return self._managed(Role.GROUP_MANAGER)

    def _posts(self, kind: type[View]) -> AgentSet:
        return self._many(kind, np.flatnonzero(self.model.table("workers")["team"] == self._place))

    def _managed(self, role: Role) -> "Manager":
        rows = self.model.table("managers")
        after = self._place - rows["first_team"]
        its_own = (rows["role"] == role) & (after >= 0) & (after < rows["n_teams"])
        return self._its(Manager, int(np.flatnonzero(its_own)[0]))


class Manager(View):
    """A team manager, or a group manager who answers for several teams: what the week's hours go to."""

    table, columns = "managers", tables.MANAGER
    codes: ClassVar = {"role": Role}

    @property
    def teams(self) -> AgentSet:
        """The teams managed."""
        first = self.model.first_team + self._read("first_team")
        return self._many(SocialWorkTeam, range(first, first + self._read("n_teams")))


class SupportUnit(View):
    """A unit that social workers depend on, such as business support: its queue and how long a job waits."""

    table, columns = "support_units", tables.SUPPORT_UNIT
    codes: ClassVar = {"kind": Support}


class Authority(View):
    """The authority as a whole: what it is like to work in, its programme of change, its standing and its stocks."""

    table, columns = "authority", tables.AUTHORITY
    codes: ClassVar = {"grade": Grade, "phase": Phase}

    @classmethod
    def keys(cls, rows: tables.Table, week: int) -> NDArray[np.uint64]:
        """Return the authority's key."""
        return np.array([key_of(AUTHORITY_KEY, 0, 0)], dtype=np.uint64)

    def _read(self, name: str) -> Any:
        return self.model.table(self.table)[self._row][name]


class PanelView(View):
    """A panel that hears papers about families; each has a class of its own."""

    table: ClassVar = "authority"
    panel: ClassVar[Panel]

    @classmethod
    def keys(cls, rows: tables.Table, week: int) -> NDArray[np.uint64]:
        """Return the panel's key: the authority's, with the panel's number for its part."""
        return np.array([key_of(AUTHORITY_KEY, 0, int(cls.panel))], dtype=np.uint64)

    @property
    def slots(self) -> float:
        """The part of a paper's time that it carries over; the early help panel reads all it gets."""
        return float(self.model.table("authority")[0]["panel_slots"][self.panel])

    @property
    def families(self) -> AgentSet:
        """The families about whom a paper is before it, drafted, queued, disputed or agreed and not yet done."""
        return self._many("Family", np.flatnonzero(self.model.table("families")["panel"] == self.panel))

    @property
    def waiting(self) -> AgentSet:
        """Those of them whose paper waits to be heard, or for the funders to settle who pays."""
        rows = self.model.table("families")
        stuck = np.isin(rows["panel_stage"], (Stage.QUEUED, Stage.DISPUTED))
        return self._many("Family", np.flatnonzero((rows["panel"] == self.panel) & stuck))


class EarlyHelpPanel(PanelView):
    """The panel that starts early help."""

    panel = Panel.EARLY_HELP


class WeeklyResourcePanel(PanelView):
    """The panel that agrees to a child's entry to care and to changes of placement."""

    panel = Panel.RESOURCE


class JointPanel(PanelView):
    """The monthly panel of the council, health and education on who pays for a placement."""

    panel = Panel.JOINT


class LegalGateway(PanelView):
    """The meeting that agrees to pre-proceedings and to issuing proceedings."""

    panel = Panel.LEGAL
