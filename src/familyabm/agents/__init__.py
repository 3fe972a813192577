"""Mesa agents that show the rows of the model's tables: made when somebody looks, and never written to.

A view reads its row each time it is asked. Rules change rows; a view only shows them, so that what a run does
can never depend on who was looking.

Some state variables are the truth of the made-up world: `harm`, `own_need`, `level`, `strain`, `frailty`,
`risk_outside`, children's development, adults' levels. They are here to be studied. No service in the model sees
them: services decide on `seen`, `judged`, `risk_seen` and what they have recorded.
"""

from familyabm.agents.organisation import (
    Authority,
    EarlyHelpPanel,
    JointPanel,
    LegalGateway,
    Manager,
    PanelView,
    SocialWorker,
    SocialWorkTeam,
    SupportUnit,
    UnitColleague,
    WeeklyResourcePanel,
)
from familyabm.agents.people import Adult, Child, Family, FosterCarer
from familyabm.agents.services import (
    AdultMentalHealthService,
    AdultService,
    CourtService,
    DomesticAbuseService,
    EarlyHelpHub,
    FrontDoor,
    GPPractice,
    Helpline,
    Hospital,
    HousingOffice,
    PoliceTeam,
    ProbationService,
    School,
    ServiceView,
    SubstanceMisuseService,
    VoluntarySector,
)
from familyabm.agents.view import View

__all__ = [
    "KINDS",
    "Adult",
    "AdultMentalHealthService",
    "AdultService",
    "Authority",
    "Child",
    "CourtService",
    "DomesticAbuseService",
    "EarlyHelpHub",
    "EarlyHelpPanel",
    "Family",
    "FosterCarer",
    "FrontDoor",
    "GPPractice",
    "Helpline",
    "Hospital",
    "HousingOffice",
    "JointPanel",
    "LegalGateway",
    "Manager",
    "PanelView",
    "PoliceTeam",
    "ProbationService",
    "School",
    "ServiceView",
    "SocialWorkTeam",
    "SocialWorker",
    "SubstanceMisuseService",
    "SupportUnit",
    "UnitColleague",
    "View",
    "VoluntarySector",
    "WeeklyResourcePanel",
]

KINDS: tuple[type[View], ...] = (
    Family, Adult, Child, FosterCarer, SocialWorker, UnitColleague, SocialWorkTeam, Manager, SupportUnit, Authority,
    EarlyHelpPanel, WeeklyResourcePanel, JointPanel, LegalGateway, School, GPPractice, PoliceTeam, HousingOffice,
    EarlyHelpHub, AdultMentalHealthService, SubstanceMisuseService, DomesticAbuseService, FrontDoor,
    CourtService, Hospital, ProbationService, VoluntarySector, Helpline,
)  # fmt: skip
"""The kinds of agent that can be looked at."""
