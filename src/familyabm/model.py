"""The model as Mesa users know it: `FamilyServicesModel`, whose agents are views made when somebody looks.

Nothing here takes part in a week. `step` hands over to `simulation.Life`; agents, tables and networks are
readings. A model that nobody looks into makes no agents, so a batch run costs what the engine costs.
"""

from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any, NoReturn, cast

import networkx as nx
import numpy as np
import pandas as pd
from mesa import DataCollector, Model  # type: ignore[import-untyped]
from mesa.agent import Agent, AgentSet  # type: ignore[import-untyped]

from familyabm import agents, areas, levers, measures, network
from familyabm.agents import Family, View
from familyabm.areas import Area
from familyabm.codes import FAILURES, LOOKED_AFTER, Agency, Event, Failure, Legal, Role, Service, Status
from familyabm.errors import InputError
from familyabm.journal import NO_JUDGEMENT
from familyabm.levers import Scenario
from familyabm.parameters import DEFAULT, changed
from familyabm.roll import Roll
from familyabm.simulation import MAX_SEED, PAST_WEEKS, Life, check_whole, past
from familyabm.tables import WEEKS_A_YEAR, Row, Table

__all__ = ["REPORTERS", "FamilyServicesModel"]

LONGEST = 100
"""Years that a run may last."""


def _this_week(model: "FamilyServicesModel") -> Row:
    return model.table("weekly")[model.life.week - 1]


def _all(kind: type[View], meaning: str) -> property:
    """Return the property of a model that is the set of its agents of one kind."""
    return property(lambda model: model.views(kind), doc=meaning)


REPORTERS = {
    "Contacts": lambda model: float(_this_week(model).events[Event.CONTACT].sum()),
    "Referrals": lambda model: float(_this_week(model).events[Event.REFERRAL].sum()),
    "Families in early help": lambda model: float(_this_week(model).status[Status.EARLY_HELP]),
    "Children in need": lambda model: float(_this_week(model).open_children),
    "Children on a plan": lambda model: float(_this_week(model).legal[Legal.CHILD_PROTECTION_PLAN]),
    "Children looked after": lambda model: float(_this_week(model).legal[list(LOOKED_AFTER)].sum()),
    "Approved foster households": lambda model: float(_this_week(model).carers),
    "Social workers in post": lambda model: float(_this_week(model).holders),
    "Social work units": lambda model: float(_this_week(model).units),
    "Families waiting for adult services": lambda model: float(_this_week(model).waiting.sum()),
    "Papers waiting for panels": lambda model: float(_this_week(model).panel_waiting.sum()),
    "Hours of failure demand": lambda model: float(_this_week(model).demand_hours[FAILURES].sum()),
}
"""What the model's own DataCollector collects each week; put another in its place to collect other things."""


class FamilyServicesModel(Model):  # type: ignore[misc]
    """The families of an area and the services around them, one week a step.

    >>> model = FamilyServicesModel("Wakefield", "status-quo", years=1, scale=0.02)
    >>> model.run_model()
    >>> model.families.select(lambda family: family.status == Status.CHILD_PROTECTION).agg("n_children", sum)

    The same arguments give the same life, to the last bit. Making a model lives the 17 years before its first
    week, unless this process has just done so for the same area, changes, scale and seed.

    With `mesa.batch_run` vary `run` (other luck, same past) or `rng` (other families): `iterations` repeats
    the very same life. `changes` go in a list: {"changes": [{"harm.rise": 0.2}]}.

    week: the week lived last, on the clock of all the state variables that are weeks.
    world: the scenario being lived; `scenario` itself is a name that Mesa 3.4 and later keep for their own.
    """

    def __init__(
        self,
        area: str | Path | Area = "Wakefield",
        scenario: str | Path | Scenario = "status-quo",
        *,
        years: int = 10,
        scale: float = 0.05,
        rng: Any = 1,
        run: int = 1,
        changes: Mapping[str, float] | None = None,
        journal: bool = False,
        seed: int | None = None,
    ) -> None:
        """Bring the area to the first week; InputError names the argument that cannot be used.

        area: name, code, file or Area.  scenario: name, TOML file or Scenario.  scale: share of the area.
        rng: the seed of the families, or anything that numpy.random.default_rng takes.  seed: Mesa's old word
        for it.  run: which luck, from 1.  changes: {parameter: value}.  journal: keep every event.
        """
        weeks = WEEKS_A_YEAR * check_whole("years", _plain(years), 1, LONGEST)
        number = check_whole("run", _plain(run), 1, MAX_SEED)
        self.seed = _seed(rng, seed)
        self.area = _area(area)
        self.world = _scenario(scenario)
        _check_switch("journal", journal)
        self.keeps_journal = journal
        parameters = changed(DEFAULT, _changes(changes))
        self._rolls: dict[type[View], Roll] = {}
        self._numbers = count(1)
        super().__init__(rng=self.seed)
        snapshot = past(self.area, parameters, self.seed, _plain(scale))
        self.life = Life(snapshot, self.world, weeks, number, journal)
        self.first_team = int(np.flatnonzero(self.table("services")["kind"] == Service.SOCIAL_WORK_TEAM)[0])
        self.datacollector = DataCollector(model_reporters=REPORTERS)

    def step(self) -> None:
        """Live one week."""
        self.life.step()
        for roll in self._rolls.values():
            roll.keep_up()
        self.running = self.life.week < self.life.weeks
        self.datacollector.collect(self)

    @property
    def week(self) -> int:
        """The week lived last, counted from the start of the past."""
        return PAST_WEEKS + self.life.week - 1

    @property
    def scenario(self) -> None:
        """Nothing: the scenario being lived is `world`.

        SolaraViz of Mesa 3.5 would put a scenario of Mesa's own in the place of ours at every Reset.
        """
        return

    @scenario.setter
    def scenario(self, _mesa_own: object) -> None:
        """Leave Mesa's own scenario be."""

    def table(self, name: str) -> Table:
        """Return a table of the town, such as `families`, row by row as rules see it."""
        return cast(Table, self.life.town.given[name])

    @property
    def weekly(self) -> pd.DataFrame:
        """The weekly totals so far, one row a week from 0: events_contact, legal_care_order and so on."""
        return measures.weekly_frame(self.table("weekly")[: self.life.week].view(np.recarray))

    @property
    def journal(self) -> pd.DataFrame:
        """Every event so far, one a row: week from 0, what, to whom, by whom, its cost and its cause."""
        if not self.keeps_journal:
            raise InputError("journal = False: this model keeps none; one made with journal=True does.")
        return _journal_frame(self.life.result().journal)

    def network(self, family: Family | int | None = None) -> nx.Graph:
        """Return the network of families and services, or around one family, given as a view or a key."""
        if family is None:
            return network.whole(self.life.town)
        key = family.key if isinstance(family, Family) else _plain(family)
        check_whole("family", key, 1, 2**64 - 1)
        try:
            return network.around(self.life.town, key)
        except KeyError:
            raise InputError(f"family = {key} is not in the model; a Family or its key is accepted.") from None

    def roll(self, kind: type[View]) -> Roll:
        """Return the roll of one kind of agent, made at the first look and kept up week by week."""
        if kind not in self._rolls:
            self._rolls[kind] = Roll(self, kind)
        return self._rolls[kind]

    def views(self, kind: type[View]) -> AgentSet:
        """Return the agents of one kind, such as `Family`, who are there now; the set follows the weeks."""
        if kind not in agents.KINDS:
            raise InputError(f"kind = {kind!r} is not accepted; one of familyabm.agents.KINDS is.")
        return self.roll(kind).views

    def register_agent(self, agent: Agent) -> None:
        """Register an agent without Mesa 3.3's own counter, which would keep every model in memory."""
        super().register_agent(agent)
        if hasattr(Agent, "_ids"):
            Agent._ids.pop(self, None)
            agent.unique_id = next(self._numbers)

    def remove_all_agents(self) -> None:
        """Remove all agents; views are made anew at the next look."""
        super().remove_all_agents()
        self._rolls.clear()

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        """Refuse to be copied: compiled rules know the tables by their place in memory."""
        raise TypeError("a model is not copied or pickled: another made with its arguments lives the same life.")

    families = _all(Family, "All families.")
    children = _all(agents.Child, "All children under 18.")
    adults = _all(agents.Adult, "All adults who live with children.")
    foster_carers = _all(agents.FosterCarer, "The authority's own approved foster households.")
    social_workers = _all(agents.SocialWorker, "All social workers who hold cases; a vacant post is nobody.")
    unit_colleagues = _all(agents.UnitColleague, "Units' children's practitioners, clinicians and coordinators.")
    social_work_teams = _all(agents.SocialWorkTeam, "All teams of social workers, units among them.")
    managers = _all(agents.Manager, "All managers of teams and of groups of teams.")
    support_units = _all(agents.SupportUnit, "The units that social workers depend on.")
    authorities = _all(agents.Authority, "The authority as a whole, a set of one.")
    early_help_panels = _all(agents.EarlyHelpPanel, "The early help panel, a set of one.")
    resource_panels = _all(agents.WeeklyResourcePanel, "The Weekly Resource Panel, a set of one.")
    joint_panels = _all(agents.JointPanel, "The joint funding panel, a set of one.")
    legal_gateways = _all(agents.LegalGateway, "The legal gateway meeting, a set of one.")
    schools = _all(agents.School, "All schools.")
    gp_practices = _all(agents.GPPractice, "All GP practices.")
    police_teams = _all(agents.PoliceTeam, "All police neighbourhood teams.")
    housing_offices = _all(agents.HousingOffice, "All housing offices.")
    early_help_hubs = _all(agents.EarlyHelpHub, "All early help hubs.")
    adult_mental_health_services = _all(agents.AdultMentalHealthService, "All adult mental health services.")
    substance_misuse_services = _all(agents.SubstanceMisuseService, "All substance misuse services.")
    domestic_abuse_services = _all(agents.DomesticAbuseService, "All domestic abuse services.")
    front_doors = _all(agents.FrontDoor, "The front door, a set of one.")
    courts = _all(agents.CourtService, "The family court, a set of one.")
    hospitals = _all(agents.Hospital, "The hospital, a set of one.")
    probation_services = _all(agents.ProbationService, "The probation service, a set of one.")
    voluntary_sector = _all(agents.VoluntarySector, "Charities and community groups, a set of one.")
    helplines = _all(agents.Helpline, "The NSPCC helpline, a set of one.")

    @property
    def social_work_units(self) -> AgentSet:
        """The teams that work as social work units, the part-built one among them."""
        return self.social_work_teams.select(lambda team: team.unit > 0.0)

    @property
    def group_managers(self) -> AgentSet:
        """The managers who answer for several teams."""
        return self.managers.select(lambda manager: manager.role is Role.GROUP_MANAGER)


def _plain(value: object) -> Any:
    """Return a NumPy number as Python's own, so that arrays of settings work in a batch run."""
    return value.item() if isinstance(value, np.generic) else value


def _seed(rng: object, seed: object) -> int:
    """Return the seed of the families; whatever is not a number is asked for one."""
    if seed is not None and not (isinstance(rng, int) and rng == 1):
        raise InputError(f"rng = {rng!r} and seed = {seed!r} are both given; one of them is accepted.")
    given = _plain(rng if seed is None else seed)
    if isinstance(given, int | float | str):
        return check_whole("rng" if seed is None else "seed", given, 0, MAX_SEED)
    try:
        return int(np.random.default_rng(given).integers(MAX_SEED, endpoint=True))
    except (TypeError, ValueError):
        raise InputError(f"rng = {given!r} is not accepted; a number from 0 to {MAX_SEED} is.") from None


def _area(given: object) -> Area:
    if isinstance(given, Area):
        return given
    if not isinstance(given, str | Path):
        raise InputError(f"area = {given!r} is not accepted; the name of an authority, a file or an Area is.")
    return areas.find(str(given))


def _scenario(given: object) -> Scenario:
    if isinstance(given, Scenario):
        return given
    if not isinstance(given, str | Path):
        raise InputError(f"scenario = {given!r} is not accepted; a name, a .toml file or a Scenario is.")
    return levers.find(str(given))


def _changes(given: object) -> Mapping[str, float]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise InputError(f"changes = {given!r} is not accepted; a dict of parameters and their values is.")
    return {address: _plain(value) for address, value in given.items()}


def _check_switch(name: str, given: object) -> None:
    if not isinstance(given, bool | np.bool_):
        raise InputError(f"{name} = {given!r} is not accepted; True or False is.")


def _journal_frame(journal: Table) -> pd.DataFrame:
    """Return journal entries with names for codes, run weeks from 0, and NaN where nothing was judged."""
    frame = pd.DataFrame.from_records(np.asarray(journal))
    for column, kind in (("event", Event), ("agency", Agency), ("code", Failure)):
        names = {int(member): member.name.lower() for member in kind}
        frame[column] = frame[column].map(names).astype(pd.CategoricalDtype(list(names.values())))
    frame["week"] -= PAST_WEEKS
    judged = frame["judged"] != NO_JUDGEMENT
    frame[["judged", "threshold"]] = frame[["judged", "threshold"]].where(judged)
    return frame
