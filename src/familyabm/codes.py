"""The vocabulary of the model: statuses, agencies, events and codes, as plain numbers that rules can hold."""

from enum import IntEnum

NEVER = -9999
"""The week of something that has not happened."""
NOBODY = -1
"""The row of no worker."""


class Factor(IntEnum):
    """Adults' risk factors, each at level 0 (none) to 3 (severe)."""

    HOUSING = 0
    MENTAL_HEALTH = 1
    SUBSTANCE_MISUSE = 2
    DOMESTIC_ABUSE = 3


class Status(IntEnum):
    """Where a family's case stands."""

    UNIVERSAL = 0
    CONTACT = 1
    EARLY_HELP_WAITING = 2
    EARLY_HELP = 3
    REFERRAL = 4
    ASSESSMENT = 5
    SECTION_47 = 6
    CONFERENCE = 7
    CHILD_IN_NEED = 8
    CHILD_PROTECTION = 9
    PRE_PROCEEDINGS = 10
    PROCEEDINGS = 11
    CLOSED = 12


class Legal(IntEnum):
    """A child's one legal status."""

    NONE = 0
    CHILD_IN_NEED = 1
    CHILD_PROTECTION_PLAN = 2
    SECTION_20 = 3
    EMERGENCY_PROTECTION = 4
    INTERIM_CARE_ORDER = 5
    CARE_ORDER = 6
    PLACEMENT_ORDER = 7
    SUPERVISION_ORDER = 8
    SPECIAL_GUARDIANSHIP = 9
    CHILD_ARRANGEMENTS = 10
    ADOPTED = 11


class Placement(IntEnum):
    """Where a child lives."""

    HOME = 0
    KINSHIP_FOSTER = 1
    IN_HOUSE_FOSTER = 2
    AGENCY_FOSTER = 3
    CHILDRENS_HOME = 4
    SUPPORTED = 5
    WITH_PARENTS = 6
    SECURE = 7
    CRISIS = 8
    PERMANENT_FAMILY = 9
    BEING_PLACED = 10
    FOR_ADOPTION = 11


class Carer(IntEnum):
    """Where a foster household stands."""

    NONE = 0
    ENQUIRY = 1
    VACANT = 2
    MATCHED = 3
    STRAINED = 4
    RESIGNED = 5


class Category(IntEnum):
    """Kinds of harm that a child protection plan names."""

    NONE = 0
    NEGLECT = 1
    EMOTIONAL = 2
    PHYSICAL = 3
    SEXUAL = 4


class Fate(IntEnum):
    """Why a child enters care that no service could prevent."""

    NONE = 0
    ALONE = 1
    DISABILITY = 2
    OTHER = 3


class Standing(IntEnum):
    """How a child stands with social care when outcomes are counted: one of these each."""

    NONE = 0
    IN_NEED = 1
    PLAN = 2
    LOOKED_AFTER = 3
    SETTLED_IN_CARE = 4


class Agency(IntEnum):
    """Who acts: the services that notice families, the family itself, and those who respond."""

    POLICE = 0
    SCHOOL = 1
    HEALTH = 2
    HOUSING = 3
    COUNCIL_SERVICES = 4
    PUBLIC = 5
    FAMILY = 6
    EARLY_HELP = 7
    SOCIAL_CARE = 8
    COURT = 9
    ADULT_MENTAL_HEALTH = 10
    SUBSTANCE_MISUSE = 11
    DOMESTIC_ABUSE_SERVICE = 12
    COUNCIL = 13
    OFSTED = 14
    GOVERNMENT = 15


N_AGENCIES = len(Agency)
N_SOURCES = 7
"""Agencies that get in touch: the first seven."""


class Knower(IntEnum):
    """Agencies that keep files on families; the first four are also the first four sources of contacts."""

    POLICE = 0
    SCHOOL = 1
    HEALTH = 2
    HOUSING = 3
    ADULT_MENTAL_HEALTH = 4
    SUBSTANCE_MISUSE = 5
    DOMESTIC_ABUSE_SERVICE = 6


N_KNOWERS = len(Knower)


class Service(IntEnum):
    """Kinds of service in the network."""

    SCHOOL = 0
    GP_PRACTICE = 1
    POLICE_TEAM = 2
    HOUSING_OFFICE = 3
    ADULT_MENTAL_HEALTH = 4
    SUBSTANCE_MISUSE = 5
    DOMESTIC_ABUSE = 6
    EARLY_HELP_HUB = 7
    FRONT_DOOR = 8
    SOCIAL_WORK_TEAM = 9
    COURT = 10
    HOSPITAL = 11
    PROBATION = 12
    VOLUNTARY_SECTOR = 13
    HELPLINE = 14


class Treatment(IntEnum):
    """Where a family stands with the service for one risk factor."""

    NONE = 0
    WAITING = 1
    ACTIVE = 2
    COMPLETED = 3
    DROPPED = 4
    WITH_CLINICIAN = 5


class Posture(IntEnum):
    """How a service meets its partners."""

    COLLABORATIVE = 0
    DEFENSIVE = 1


class Silo(IntEnum):
    """Budgets between which money is moved when one of them cannot cope."""

    ACUTE = 0
    EARLY_HELP = 1
    HOUSING = 2
    ADULT_MENTAL_HEALTH = 3
    SUBSTANCE_MISUSE = 4
    DOMESTIC_ABUSE = 5


class Answer(IntEnum):
    """What the family last heard."""

    NONE = 0
    HELPED = 1
    CLOSED_NO_HELP = 2
    SIGNPOSTED = 3
    REFUSED_REQUEST = 4
    ENDED_UNMET = 5
    ENDED_MET = 6


class Worker(IntEnum):
    """Who holds a post."""

    VACANT = 0
    PERMANENT = 1
    NEWLY_QUALIFIED = 2
    AGENCY = 3


class Tier(IntEnum):
    """Kinds of case in the order in which hours go to them."""

    ENQUIRY = 0
    PROCEEDINGS = 1
    PROTECTION = 2
    PRE_PROCEEDINGS = 3
    ASSESSMENT = 4
    LOOKED_AFTER = 5
    IN_NEED = 6


class Failure(IntEnum):
    """Value demand (0 and 10 on) and the nine operational codes of failure demand."""

    VALUE = 0
    F1_REPEAT = 1
    F2_CHASE = 2
    F3_BOUNCE = 3
    F4_DEFENSIVE = 4
    F5_DUPLICATE = 5
    F6_MISSED_CHANCE = 6
    F7_REWORK = 7
    F8_COMPLAINT = 8
    F9_BROKEN_SOLUTION = 9
    V2_PLANNED = 10
    V3_NEW_INFORMATION = 11
    V4_RELAPSE = 12


N_FAILURE = len(Failure)
FAILURES = slice(1, 10)
"""The codes of failure demand; the rest is value demand."""


class Event(IntEnum):
    """What the journal records."""

    CONTACT = 0
    CONTACT_CLOSED = 1
    SIGNPOSTED = 2
    FORWARDED = 3
    EARLY_HELP_OFFERED = 4
    EARLY_HELP_DECLINED = 5
    EARLY_HELP_STARTED = 6
    EARLY_HELP_DROPPED = 7
    EARLY_HELP_ENDED_MET = 8
    EARLY_HELP_ENDED_UNMET = 9
    STEPPED_UP = 10
    REFERRAL = 11
    RE_REFERRAL = 12
    REFERRAL_CLOSED = 13
    ALLOCATED = 14
    ASSESSMENT_STARTED = 15
    ASSESSMENT_ENDED = 16
    ASSESSMENT_IN_TIME = 17
    NOT_IN_NEED = 18
    STEPPED_DOWN = 19
    IN_NEED_STARTED = 20
    SECTION_47_STARTED = 21
    SECTION_47_ENDED = 22
    CONFERENCE = 23
    CONFERENCE_IN_TIME = 24
    PLAN_STARTED = 25
    PLAN_AGAIN = 26
    PLAN_ENDED = 27
    CASE_CLOSED = 28
    PRE_PROCEEDINGS_STARTED = 29
    PRE_PROCEEDINGS_ENDED = 30
    PROCEEDINGS_STARTED = 31
    PROCEEDINGS_ENDED = 32
    PROCEEDINGS_IN_TIME = 33
    CARE_STARTED = 34
    CARE_AGAIN = 35
    PLACED = 36
    PLACEMENT_BROKE_DOWN = 37
    CARE_ENDED_HOME = 38
    CARE_ENDED_GUARDIAN = 39
    CARE_ENDED_ADOPTED = 40
    CARE_ENDED_ARRANGEMENTS = 41
    CARE_ENDED_EIGHTEEN = 42
    REPEAT_CONTACT = 43
    WORKER_CHANGED = 44
    FAMILY_LEFT = 45
    SUPERVISION_STARTED = 46
    REVIEW_HELD = 47
    REVIEW_IN_TIME = 48
    FIRST_SIGN = 49
    FIRST_HELP = 50
    NEED_MET = 51
    ADJOURNED = 52
    COMMISSION_ENQUIRY = 53
    COMMISSION_PLAN = 54
    COMMISSION_CARE = 55
    DRIFT = 56
    FAMILY_ARRIVED = 57
    BORN = 58
    TURNED_EIGHTEEN = 59
    ASKED = 60
    BOUNCED = 61
    TREATMENT_STARTED = 62
    TREATMENT_COMPLETED = 63
    TREATMENT_DROPPED = 64
    CLINICIAN_HELPED = 65
    CHASED = 66
    COMPLAINT = 67
    COMPLAINT_STAGE_2 = 68
    COMPLAINT_STAGE_3 = 69
    OMBUDSMAN = 70
    COMPLAINT_UPHELD = 71
    COMPLAINT_ANSWERED = 72
    COMPLAINT_IN_TIME = 73
    PANEL_ASKED = 74
    PANEL_APPROVED = 75
    PANEL_DEFERRED = 76
    PANEL_REFUSED = 77
    PANEL_DISPUTED = 78
    PANEL_SETTLED = 79
    DECISION_SENT_UP = 80
    APPROVED_UNCHANGED = 81
    FLEXIBLE_SPEND = 82
    SERIOUS_INCIDENT = 83
    RAPID_REVIEW = 84
    PRACTICE_REVIEW = 85
    MEDIA_STORM = 86
    INSPECTION = 87
    MONITORING_VISIT = 88
    DIRECTIVE = 89
    SUMMONS = 90
    DISCIPLINE = 91
    RECOMMENDATION = 92
    RECOMMENDATION_ACTED_ON = 93
    RECOMMENDATION_DROPPED = 94
    PROGRAMME_RELAPSED = 95
    DUPLICATE = 96
    OMISSION = 97
    ENQUIRY_CALL = 98
    FAMILY_ASKED = 99
    CARER_APPROVED = 100
    CARER_RESIGNED = 101
    PLACEMENT_STEPPED_DOWN = 102
    CARE_ENDED_OTHER = 103
    RISK_OUTSIDE_HOME = 104
    INFORMATION_SHARED = 105
    ATTENDED = 106
    BUCKLED = 107
    BAILED_OUT = 108
    ARRIVED_ALONE = 109
    LEADER_LEFT = 110
    WORKER_SUSPENDED = 111
    PLAN_CHANGED = 112
    PANEL_WITHDRAWN = 113
    DECISION_CHANGED = 114


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


class Tally(IntEnum):
    """Kinds of demand counted family by family for the comparison of worlds."""

    CONTACTS = 0
    REFERRALS = 1
    SECTION_47 = 2
    PLANS = 3
    CARE_ENTRIES = 4
    FAILURE_HOURS = 5
    DEMAND_HOURS = 6
    HARM_WEEKS = 7


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


class Exit(IntEnum):
    """Reasons why a child's need ends the care it was in (kept in the order of the official return)."""

    HOME = 0
    GUARDIAN = 1
    ADOPTED = 2
    ARRANGEMENTS = 3
    EIGHTEEN = 4


LOOKED_AFTER = (
    Legal.SECTION_20,
    Legal.EMERGENCY_PROTECTION,
    Legal.INTERIM_CARE_ORDER,
    Legal.CARE_ORDER,
    Legal.PLACEMENT_ORDER,
)
"""Legal statuses of a child looked after."""
