"""Codes of decisions and change: panels, clocks, recommendations, inspection and the world outside."""

from enum import IntEnum


class Outside(IntEnum):
    """What the world outside does week by week, as rules read it; `shocks.KINDS` says what each means."""

    EARLY_HELP_FUNDING = 0
    EARLY_HELP_PLACES = 1
    FOSTER_PLACES = 2
    COURT_PLACES = 3
    WORKERS = 4
    NOTIFY = 5
    POVERTY = 6
    THRESHOLD = 7
    TARGET_PRESSURE = 8
    RISK_AVERSION = 9
    INSPECTION = 10


class Clock(IntEnum):
    """Statutory clocks, and how far practice keeps them."""

    CONTACT_DECISION = 0
    ASSESSMENT = 1
    CONFERENCE = 2
    CORE_GROUP = 3
    PLAN_REVIEW = 4
    LOOKED_AFTER_REVIEW = 5
    PRE_PROCEEDINGS = 6
    PROCEEDINGS = 7
    ADOPTION = 8


class Phase(IntEnum):
    """Where the programme of change stands."""

    NONE = 0
    DESIGN = 1
    CONDUCT = 2
    EMBEDDED = 3
    RELAPSING = 4
    ABANDONED = 5


class Origin(IntEnum):
    """Where a recommendation comes from."""

    NATIONAL_REVIEW = 0
    CASE_REVIEW = 1
    OFSTED = 2
    DIRECTIVE = 3
    FRONT_LINE = 4
    REFLECTION = 5
    COMPLAINT = 6
    CABINET = 7
    RESEARCH = 8


class Advice(IntEnum):
    """What a recommendation asks for: more procedure, or another way of working."""

    COMPLIANCE = 0
    ADAPTIVE = 1


class Paper(IntEnum):
    """How far a recommendation has come; 0 is an empty row."""

    BLANK = 0
    ISSUED = 1
    ACCEPTED = 2
    IMPLEMENTED = 3
    PAPER_ONLY = 4
    DROPPED = 5


class ReviewStage(IntEnum):
    """How far the review of a serious incident has come; 0 is an empty row or one that is closed."""

    CLOSED = 0
    NOTIFYING = 1
    RAPID_REVIEW = 2
    PRACTICE_REVIEW = 3


class Grade(IntEnum):
    """The inspector's four grades."""

    OUTSTANDING = 1
    GOOD = 2
    REQUIRES_IMPROVEMENT = 3
    INADEQUATE = 4


class Panel(IntEnum):
    """Panels that hear what workers ask for."""

    NONE = 0
    EARLY_HELP = 1
    RESOURCE = 2
    JOINT = 3
    LEGAL = 4


class Stage(IntEnum):
    """Where a panel item stands."""

    PROPOSED = 0
    QUEUED = 1
    DISPUTED = 2
    ARRANGED = 3


class Decision(IntEnum):
    """Who may decide what: the rows of the decision matrix; the last two are statutory and never sent up."""

    CONTACT_OUTCOME = 0
    START_EARLY_HELP = 1
    FLEXIBLE_SPEND = 2
    END_ASSESSMENT = 3
    ACCOMMODATE = 4
    TRIPARTITE = 5
    ISSUE = 6
    PLACEMENT_CHANGE = 7
    SECTION_47 = 8
    CONFERENCE_PLAN = 9


class Permission(IntEnum):
    """Who permitted a family's next step."""

    NONE = 0
    OWN = 1
    ABOVE = 2


class Complaint(IntEnum):
    """Stages of a complaint."""

    NONE = 0
    STAGE_1 = 1
    STAGE_2 = 2
    STAGE_3 = 3
    OMBUDSMAN = 4
