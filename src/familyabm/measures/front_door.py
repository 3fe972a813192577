"""Contacts, referrals and assessments (K1 to K8)."""

from familyabm.codes import N_SOURCES, Agency, Event
from familyabm.measures.years import Definition, Year, children_share, over, rate, share

WORKING_DAYS = 5.0
SOURCES = list(Agency)[:N_SOURCES]


def _contacts_from(agency: Agency) -> Definition:
    return lambda year: float(year.rows["children"][:, Event.CONTACT, agency].sum()) / year.years / year.ten_thousands


def _referrals_from(agency: Agency) -> Definition:
    return lambda year: share(
        float(year.rows["children"][:, Event.REFERRAL, agency].sum()), year.children(Event.REFERRAL)
    )


def _requests(year: Year) -> float:
    """Return the share of contacts in which the family itself asks for help."""
    return share(float(year.rows["children"][:, Event.CONTACT, Agency.FAMILY].sum()), year.children(Event.CONTACT))


def _assessment_days(year: Year) -> float:
    return WORKING_DAYS * over(year.total("assessment_weeks"), year.children(Event.ASSESSMENT_ENDED))


DEFINITIONS: dict[str, Definition] = {
    "contacts": rate(Event.CONTACT),
    **{f"contacts_{agency.name.lower()}": _contacts_from(agency) for agency in SOURCES},
    "requests": _requests,
    "contacts_no_action": children_share(Event.CONTACT, Event.CONTACT_CLOSED, Event.SIGNPOSTED),
    "referrals": rate(Event.REFERRAL),
    **{f"referrals_{agency.name.lower()}": _referrals_from(agency) for agency in SOURCES},
    "re_referrals": children_share(Event.REFERRAL, Event.RE_REFERRAL),
    "repeat_contacts": children_share(Event.CONTACT, Event.REPEAT_CONTACT),
    "referrals_no_action": children_share(Event.REFERRAL, Event.REFERRAL_CLOSED),
    "not_in_need": children_share(Event.REFERRAL, Event.NOT_IN_NEED),
    "assessments_in_time": children_share(Event.ASSESSMENT_ENDED, Event.ASSESSMENT_IN_TIME),
    "assessment_days": _assessment_days,
}
