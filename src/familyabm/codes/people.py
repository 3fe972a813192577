"""Codes of people: factors, case and legal status, where children live and with whom."""

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
