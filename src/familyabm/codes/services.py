"""Codes of those who help: agencies, services, workers and what they are."""

from enum import IntEnum

from familyabm.codes.people import Factor


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

IN_VIEW = (
    (Knower.POLICE, Factor.SUBSTANCE_MISUSE), (Knower.POLICE, Factor.DOMESTIC_ABUSE),
    (Knower.SCHOOL, Factor.HOUSING), (Knower.SCHOOL, Factor.DOMESTIC_ABUSE),
    (Knower.HEALTH, Factor.MENTAL_HEALTH), (Knower.HEALTH, Factor.SUBSTANCE_MISUSE),
    (Knower.HOUSING, Factor.HOUSING), (Knower.ADULT_MENTAL_HEALTH, Factor.MENTAL_HEALTH),
    (Knower.SUBSTANCE_MISUSE, Factor.SUBSTANCE_MISUSE), (Knower.DOMESTIC_ABUSE_SERVICE, Factor.DOMESTIC_ABUSE),
)  # fmt: skip
"""The factors that each agency's own work brings into its view: the entries of a family's file, in their order."""
N_IN_VIEW = len(IN_VIEW)


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


class Worker(IntEnum):
    """Who holds a post."""

    VACANT = 0
    PERMANENT = 1
    NEWLY_QUALIFIED = 2
    AGENCY = 3


class Role(IntEnum):
    """What a post is for: the first two hold cases, the others work beside them in a social work unit."""

    SOCIAL_WORKER = 0
    CONSULTANT = 1
    CHILDRENS_PRACTITIONER = 2
    CLINICIAN = 3
    COORDINATOR = 4
    TEAM_MANAGER = 5
    GROUP_MANAGER = 6


class Skill(IntEnum):
    """What a social worker is good at."""

    ASSESS = 0
    ENGAGE = 1
    SPECIALIST = 2


class PracticeModel(IntEnum):
    """The method that an authority trains its workers in."""

    NONE = 0
    STRENGTHS_BASED = 1
    SYSTEMIC = 2
    MOTIVATIONAL = 3


class Support(IntEnum):
    """Units that social workers depend on to get their work done."""

    BUSINESS_SUPPORT = 0
    LEGAL = 1
    TECHNOLOGY = 2
    RECRUITMENT = 3
    PLACEMENTS_TEAM = 4
    CONTACT_CENTRE = 5


class Tier(IntEnum):
    """Kinds of case in the order in which hours go to them."""

    ENQUIRY = 0
    PROCEEDINGS = 1
    PROTECTION = 2
    PRE_PROCEEDINGS = 3
    ASSESSMENT = 4
    LOOKED_AFTER = 5
    IN_NEED = 6
