"""What people read of each measure: code, title, unit, which way is better, and the definition in words."""
# fmt: off

from typing import NamedTuple


class Title(NamedTuple):
    """The words of one measure. better: "lower", "higher" or "" where neither is better in itself."""

    code: str
    title: str
    unit: str
    better: str
    definition: str


_RATE = "per 10,000 children a year"
_STOCK = "per 10,000 children at 31 March"
_MIX = "% of looked-after children at 31 March"
_LEFT = "% of children who ceased to be looked after"
_HOURS = "% of demand hours"
_POUNDS = "£ per child a year"
_WAITS = "% of waiting"

_FROM = {
    "police": "the police", "school": "schools", "health": "health services", "housing": "housing services",
    "council_services": "other council services", "public": "neighbours, charities and others", "family": "the family itself",
}

_TREATS = {
    "housing": "housing services", "mental_health": "adult mental health services",
    "substance_misuse": "substance misuse services", "domestic_abuse": "domestic abuse services",
}

TITLES: dict[str, Title] = {
    "contacts": Title("K1", "Contacts", _RATE, "", "Children in contacts with children's social care in the year."),
    **{f"contacts_{key}": Title("K1", f"Contacts from {who}", _RATE, "", f"Children in contacts from {who} in the year.") for key, who in _FROM.items()},
    "contacts_no_action": Title("K2", "Contacts closed with no help", "% of contacts", "", "Children in contacts that ended in no further action, or in being told of a service with no follow-through."),
    "referrals": Title("K3", "Referrals", _RATE, "", "Children referred to children's social care in the year."),
    **{f"referrals_{key}": Title("K3", f"Referrals from {who}", "% of referrals", "", f"Share of children referred in the year by {who}.") for key, who in _FROM.items()},
    "re_referrals": Title("K4", "Re-referrals", "% of referrals", "lower", "Referrals of children within 12 months of a previous referral."),
    "repeat_contacts": Title("K4b", "Repeat contacts", "% of contacts", "lower", "Contacts about a family within 12 months of a previous contact."),
    "referrals_no_action": Title("K5", "Referrals with no further action", "% of referrals", "", "Referrals closed before an assessment."),
    "not_in_need": Title("K6", "Assessed, not in need", "% of referrals", "", "Referred children assessed and found not to be in need."),
    "assessments_in_time": Title("K7", "Assessments within 45 working days", "% of assessments", "higher", "Children whose assessment ended within 45 working days. Read with K28 and K41."),
    "assessment_days": Title("K8", "Length of assessments", "working days, mean", "", "Mean working days from start to end of an assessment."),
    "section_47": Title("K9", "Section 47 enquiries", _RATE, "", "Children who became subject to a section 47 enquiry in the year."),
    "section_47_per_referral": Title("K9b", "Section 47 enquiries to referrals", "% of referrals", "", "Children in section 47 enquiries as a share of children referred in the same year."),
    "section_47_to_conference": Title("K10", "Conferences to section 47 enquiries", "% of enquiries", "", "Children in initial conferences as a share of children in enquiries in the same year."),
    "conferences_in_time": Title("K11", "Conferences within 15 working days", "% of conferences", "higher", "Initial conferences held within 15 working days of the strategy discussion. Read with K28 and K41."),
    "plans": Title("K12", "Children on child protection plans", _STOCK, "", "Children subject of a child protection plan at 31 March."),
    "plan_starts": Title("K13", "Child protection plans started", _RATE, "", "Children who became subject of a plan in the year."),
    "plans_again": Title("K14", "Second or later plans", "% of plans started", "lower", "Plans started in the year for children who had one before."),
    "plans_two_years": Title("K14b", "Plans of two years or more", "% of plans at 31 March", "lower", "Children on a plan for two years or more."),
    "reviews_in_time": Title("K15", "Plan reviews in time", "% of review conferences", "higher", "Review conferences held by the week they were due."),
    "in_need": Title("K16", "Children in need", _STOCK, "", "Children in need at 31 March, including those on plans, looked after or under assessment."),
    "looked_after": Title("K17", "Children looked after", _STOCK, "", "Children looked after at 31 March."),
    "care_starts": Title("K18", "Children starting to be looked after", _RATE, "", "Children who started to be looked after in the year."),
    "care_ceased": Title("K19", "Children ceasing to be looked after", _RATE, "", "Children who ceased to be looked after in the year."),
    "ceased_home": Title("K19", "Ceased: returned home", _LEFT, "", "Returned home, or home under a supervision order."),
    "ceased_guardian": Title("K19", "Ceased: special guardianship", _LEFT, "", "Left to a special guardian."),
    "ceased_adopted": Title("K19", "Ceased: adopted", _LEFT, "", "Adopted."),
    "ceased_arrangements": Title("K19", "Ceased: child arrangements", _LEFT, "", "Left to live with a relative under a child arrangements order."),
    "ceased_eighteen": Title("K19", "Ceased: turned 18", _LEFT, "", "Turned 18 while looked after."),
    "placed_kinship": Title("K20", "Fostered by relatives or friends", _MIX, "", "Children in kinship foster care."),
    "placed_foster": Title("K20", "Fostered by others", _MIX, "", "Children with the authority's own or independent foster carers."),
    "placed_homes": Title("K20", "In children's homes", _MIX, "lower", "Children in children's homes and secure homes."),
    "placed_supported": Title("K20", "In supported accommodation", _MIX, "", "Children of 16 and 17 in supported accommodation."),
    "placed_parents": Title("K20", "Placed with parents", _MIX, "", "Children under a care order who live with their parents."),
    "placed_crisis": Title("K20", "In crisis placements", _MIX, "lower", "Children in unregistered placements made in a crisis."),
    "proceedings": Title("K24", "Care proceedings", _RATE, "", "Children in care proceedings issued in the year."),
    "proceedings_weeks": Title("K25", "Length of care proceedings", "weeks, mean", "lower", "Mean weeks from issue to final order, children. Read with K28 and K41."),
    "proceedings_in_time": Title("K25", "Care proceedings within 26 weeks", "% of proceedings", "higher", "Children whose proceedings ended within 26 weeks."),
    "pre_proceedings_weeks": Title("K26", "Length of pre-proceedings", "weeks, mean", "", "Mean weeks from the letter before proceedings to its outcome."),
    "early_help": Title("K27", "Early help begun", _RATE, "", "Children in early help episodes that began in the year."),
    "early_help_wait": Title("K27", "Wait for early help", "weeks, mean", "lower", "Mean weeks on the waiting list of families whose early help began."),
    "early_help_met": Title("K27", "Early help ended with needs met", "% of episodes ended", "higher", "Episodes that ended with needs met, of those that ended or stepped up."),
    "early_help_step_up": Title("K27", "Early help that stepped up", "% of episodes begun", "", "Episodes that stepped up to social care, to those begun in the year."),
    "early_help_pull": Title("K27", "Early help on the family's own request", "% of episodes begun", "higher", "Customer pull: help begun within a week of the family asking, with no panel."),
    "weeks_to_help": Title("K28", "From first sign to effective help", "weeks, mean", "lower", "Weeks from the first contact with unmet need to the first week of effective help."),
    "weeks_to_need_met": Title("K28", "From first sign to need met", "weeks, mean", "lower", "Weeks from the first contact with unmet need until need had been met for 13 weeks."),
    "workers_to_need_met": Title("K28", "Workers on the way", "workers, mean", "lower", "Workers that a family met on the way to need met."),
    "assessments_to_need_met": Title("K28", "Assessments on the way", "assessments, mean", "lower", "Assessments that a family went through on the way to need met."),
    "wait_front_door": Title("K28", "Waiting at the front door", _WAITS, "", "Share of families' waiting that is spent at the front door."),
    "wait_early_help": Title("K28", "Waiting for early help", _WAITS, "", "Share of families' waiting that is spent on the early help list."),
    "wait_allocation": Title("K28", "Waiting for a worker", _WAITS, "", "Share of families' waiting that is spent between referral and allocation."),
    "wait_assessment": Title("K28", "Waiting for an assessment to end", _WAITS, "", "Share of families' waiting that is spent under assessment."),
    "wait_court": Title("K28", "Waiting for the court", _WAITS, "", "Share of families' waiting that is spent in proceedings."),
    "caseload": Title("K29", "Caseload", "children per case holder", "lower", "Children allocated per full-time case holder at 31 March."),
    "load": Title("K29", "Load", "hours needed per hour there is", "lower", "Social work hours that cases need to the hours there are, mean of the year."),
    "turnover": Title("K30", "Turnover of social workers", "% a year", "lower", "Permanent case holders who left, to those in post."),
    "vacancies": Title("K31", "Vacancies", "% of posts", "lower", "Case-holding posts without a permanent holder at 31 March."),
    "agency": Title("K32", "Agency workers", "% of case holders", "lower", "Agency workers to case holders at 31 March."),
    "sickness": Title("K33", "Sickness absence", "% of time", "lower", "Case holders off sick, mean of the year."),
    "worker_changes": Title("K34", "Changes of social worker", "per child a year", "lower", "Changes of worker of children in need, to the mean number in need."),
    "three_workers": Title("K34", "Three or more changes in the year", "% of children in need", "lower", "Children in need with three or more changes of worker since 1 April."),
    "direct_time": Title("K35", "Time spent with families", "% of paid hours", "higher", "Direct hours to paid hours of case holders."),
    "failure_demand": Title("K39", "Failure demand, hours", _HOURS, "lower", "Hours of demand caused by a failure to help, or to help right, earlier (codes F1, F3, F6, F7, F9)."),
    "failure_demand_events": Title("K39", "Failure demand, events", "% of demand events", "lower", "The same by number of events."),
    "failure_f1": Title("K39", "F1: back after no help", _HOURS, "lower", "The same family within 52 weeks of an answer without help, with need that was there then and never met since."),
    "failure_f3": Title("K39", "F3: back after a refusal", _HOURS, "lower", "The family within 26 weeks of asking for help and being refused."),
    "failure_f6": Title("K39", "F6: a missed chance", _HOURS, "lower", "An enquiry, plan or entry to care within 104 weeks of a missed chance to help, with need risen since."),
    "failure_f7": Title("K39", "F7: done again", _HOURS, "lower", "An assessment within 26 weeks of the last."),
    "failure_f9": Title("K39", "F9: a solution that broke", _HOURS, "lower", "A breakdown after a poor match, a failed return home, or a repeat plan within 104 weeks."),
    "omissions": Title("K41", "Omissions", "children per 10,000, mean of the year", "lower", "Children in significant harm for four weeks or more with no protective response."),
    "commission_enquiries": Title("K41", "Enquiries that were not called for", "% of enquiries", "lower", "Section 47 enquiries where true need was below level 3."),
    "commission_plans": Title("K41", "Plans that were not called for", "% of plans started", "lower", "Plans started where true harm was below 0.40."),
    "commission_care": Title("K41", "Entries to care that were not called for", "% of entries", "lower", "Entries to care where true harm was below 0.45, unpreventable ones left out of the count of errors."),
    "spend": Title("K42", "Council spending on children's services", _POUNDS, "lower", "Early help, staff, placements, legal costs and the costs of the levers themselves; 2024-25 prices."),
    "spend_early_help": Title("K42", "Spending: early help and prevention", _POUNDS, "", "Early help and prevention."),
    "spend_staff": Title("K42", "Spending: social work staff", _POUNDS, "lower", "Case holders, agency premium, and those who manage and support them."),
    "spend_placements": Title("K42", "Spending: placements", _POUNDS, "lower", "Placements of looked-after children."),
    "spend_legal": Title("K42", "Spending: legal", _POUNDS, "lower", "Proceedings and conferences."),
    "spend_levers": Title("K42", "Spending: the levers themselves", _POUNDS, "lower", "What changing the system costs: design, then each lever as far as it acts."),
    "spend_partners": Title("K42", "Partners' time on contacts", _POUNDS, "lower", "Police, schools, health, housing and others getting in touch; paid by them, not by the council."),
    "spend_adult_services": Title("K42", "Spending: services for adults", _POUNDS, "", "Housing, adult mental health, substance misuse and domestic abuse services for families with children; most of it not the council's children's budget."),
    **{f"spend_{key}": Title("K42", f"Spending: {who}", _POUNDS, "", f"Places of {who} for families with children.") for key, who in _TREATS.items()},
    "spend_police": Title("K42", "Spending: police at homes", _POUNDS, "lower", "Police time of attendances at families' homes for abuse or substance misuse."),
    "early_to_late": Title("K42", "Early help to late spending", "£ per £", "higher", "Spending on early help to spending on staff, placements and legal costs."),
    "spend_per_need_met": Title("K42", "Spending per family whose need was met", "£", "lower", "Council spending to families whose need came to be met in the year."),
    "bail_out": Title("K43", "Taken from early help to pay for overspends", _POUNDS, "lower", "Yearly value of budget moved from early help to acute services in the year."),
    **{f"bail_out_{key}": Title("K43", f"Taken from {who}", _POUNDS, "lower", f"Yearly value of budget moved from {who} to other silos in the year: to the council's overspend, or to a service that had buckled.") for key, who in _TREATS.items()},
    "buckled": Title("K43", "Services that have buckled", "services, mean of the year", "lower", "Services whose load has been above 1.25 for eight weeks or more."),
    "defensive": Title("K43", "Services on the defensive", "services, mean of the year", "lower", "Services that accept later, share less and get in touch more because of load or fear."),
    "reserves": Title("K43", "Reserves", "£ per child at 31 March", "higher", "Reserves left; below zero is a deficit."),
    "harm": Title("K44", "Weeks of significant harm", "child-weeks per 10,000 children a year", "lower", "Weeks that children spend in significant harm, known to anyone or not."),
    "harm_mean": Title("K44", "Mean harm", "0 to 1", "lower", "Mean harm over all children."),
    "harm_unknown": Title("K44", "Significant harm that no service knows of", "% of those weeks", "lower", "Weeks of significant harm while no service is working with or deciding about the family."),
    "adult_asked": Title("K49", "Requests to adult services", "per 10,000 children a year", "", "Requests by families, or on their behalf, to housing, adult mental health, substance misuse and domestic abuse services."),
    "adult_bounced": Title("K49", "Requests refused by adult services", "% of requests", "lower", "Requests refused because the trouble was judged below the service's threshold."),
    "adult_completed": Title("K49", "Treatment completed", "% of requests", "higher", "Courses of treatment completed in the year to requests in the year; the rest were refused, gave up waiting or treatment, or moved away."),
    "adult_wait": Title("K49", "Wait for adult services", "weeks, mean", "lower", "Mean weeks from acceptance to the start of treatment."),
    **{
        f"adult_{what}_{key}": Title("K49", f"{title}: {who}", unit, better, f"{meaning} {who}.")
        for key, who in _TREATS.items()
        for what, title, unit, better, meaning in (
            ("asked", "Requests", "per 10,000 children a year", "", "Requests to"),
            ("bounced", "Requests refused", "% of requests", "lower", "Requests refused as below the threshold by"),
            ("completed", "Treatment completed", "% of requests", "higher", "Courses completed to requests in the year,"),
            ("wait", "Wait", "weeks, mean", "lower", "Mean weeks from acceptance to the start of treatment,"),
        )
    },
    "clinician_helped": Title("K49", "Helped by a unit's clinician", "families per 10,000 children a year", "", "Treatment begun at once by the clinician of a social work unit."),
    "police_attended": Title("K49", "Police attendances", "per 10,000 children a year", "lower", "Police attendances at families' homes for abuse or substance misuse, whether children's social care was told or not."),
    "relationships": Title("K54", "Relationships between services", "0 to 1", "higher", "Mean quality of services' relationships with children's social care."),
}
