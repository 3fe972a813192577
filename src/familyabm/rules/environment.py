"""P18: incidents, reviews, inspection, directives, campaigns, members and leaders press on the authority."""

from familyabm.codes import Agency, Event, Origin, Outside
from familyabm.compiled import rule
from familyabm.journal import announce, totals
from familyabm.luck import Block, four, luck
from familyabm.newcomers import AUTHORITY_KEY, key_of
from familyabm.rules.common import YEAR, chance
from familyabm.rules.improvement import programme_maturity
from familyabm.rules.incidents import frighten, review, strike
from familyabm.rules.inspection import burden, come, leader_leaves
from familyabm.rules.money import pence
from familyabm.rules.outside import outside_now
from familyabm.rules.recommendations import issue
from familyabm.town import Town

QUARTER = 13
TWO_YEARS = 2


@rule
def calm_down(town: Town) -> None:
    """Fear, criticism, audits and reports ease week by week; a leader who stays brings stability.

    While the past is lived, which has neither storms nor inadequate grades, fear and criticism are a typical
    authority's at least, so that futures do not start calmer than they go on.
    """
    authority, p = town.authority[0], town.p.environment[0]
    authority.risk_aversion *= p.fear_keeps
    authority.criticism *= p.criticism_keeps
    if authority.raids == 0:
        authority.risk_aversion = max(authority.risk_aversion, p.usual_risk_aversion)
        authority.criticism = max(authority.criticism, p.usual_criticism)
    authority.audit_share *= p.audit_keeps
    authority.stability += p.stability_grows * (1.0 - authority.stability)


@rule
def direct(town: Town, week: int) -> None:
    """The Department may issue a directive: a grant for a year, reports to write, and recommendations."""
    authority, p = town.authority[0], town.p.environment[0]
    comes, national, _, _ = four(town.luck, key_of(AUTHORITY_KEY, 0, 0), week, Block.DIRECTIVE)
    if week >= authority.grant_ends:
        authority.grant = 0.0
    if comes < chance(p.directives / YEAR):
        announce(town, week, Event.DIRECTIVE, Agency.GOVERNMENT, 1)
        authority.grant += pence(p.grant * town.facts[0].ten_thousands / YEAR)
        authority.grant_ends = week + YEAR
        burden(town, p.report_share)
        issue(town, week, Origin.DIRECTIVE, 1)
    if national < chance(p.national_reviews / YEAR):
        issue(town, week, Origin.NATIONAL_REVIEW, int(town.p.recommending[0].national_number))


@rule
def campaign(town: Town, week: int) -> None:
    """A campaign of the NSPCC brings more of the public's contacts for some weeks, at times with research."""
    authority, p = town.authority[0], town.p.environment[0]
    starts, length, _, research = four(town.luck, key_of(AUTHORITY_KEY, 0, 0), week, Block.ENVIRONMENT)
    if week >= authority.campaign_ends:
        authority.campaign = 0.0
    if authority.campaign == 0.0 and starts < chance(p.campaigns / YEAR):
        authority.campaign = p.campaign_rise
        weeks = p.campaign_shortest + (p.campaign_longest - p.campaign_shortest) * length
        authority.campaign_ends = week + 1 + int(weeks)
        if research < p.campaign_research:
            issue(town, week, Origin.RESEARCH, 1)


@rule
def summon(town: Town, week: int) -> None:
    """Senior officers may be summoned to account for themselves, oftener under criticism."""
    authority, p = town.authority[0], town.p.environment[0]
    yearly = p.summonses * (1.0 + p.summons_criticism * authority.criticism)
    if luck(town.luck, key_of(AUTHORITY_KEY, 0, 0), week, Block.ENVIRONMENT, 2) < chance(yearly / YEAR):
        announce(town, week, Event.SUMMONS, Agency.COUNCIL, 1)
        totals(town, week).senior_hours += p.summons_hours
        frighten(town, p.summons_fear, 0.0)


@rule
def overspent(town: Town) -> float:
    """Return this financial year's overspend as a share of its budget so far."""
    money = town.money[0]
    return money.year_spent / money.year_budget - 1.0 if money.year_budget > 0.0 else 0.0


@rule
def report_to_cabinet(town: Town, week: int) -> None:
    """Every quarter members read of overspends, criticism and success: their nerve moves, and they may want action."""
    authority, p, over = town.authority[0], town.p.environment[0], overspent(town)
    nerve = authority.nerve + p.nerve_moves * (p.usual_nerve - authority.nerve)
    nerve -= p.nerve_overspend * 100.0 * max(0.0, over) + p.nerve_criticism * authority.criticism
    nerve += p.nerve_success * programme_maturity(town)
    authority.nerve = max(0.0, min(1.0, nerve))
    if over > p.cabinet_overspend or authority.criticism > p.cabinet_criticism:
        issue(town, week, Origin.CABINET, 1)


@rule
def lead(town: Town, week: int) -> None:
    """The director may leave for reasons of their own."""
    leaves = luck(town.luck, key_of(AUTHORITY_KEY, 0, 0), week, Block.BOARD, 0)
    if leaves < chance(town.p.environment[0].leader_leaves / YEAR):
        leader_leaves(town, week)


@rule
def close_books(town: Town) -> None:
    """At the year's end, count the years running with a deep deficit: two raise the risk of a section 114 notice."""
    authority = town.authority[0]
    deep = overspent(town) > town.p.environment[0].deep_deficit
    authority.deficit_years = authority.deficit_years + 1 if deep else 0


@rule
def keep_record(town: Town, week: int) -> None:
    """Write down how things stand for the authority."""
    authority, row = town.authority[0], totals(town, week)
    row.risk_aversion = authority.risk_aversion
    row.criticism = authority.criticism
    row.nerve = authority.nerve
    row.stability = authority.stability
    row.grade = authority.grade
    row.section_114 = 1.0 if authority.deficit_years >= TWO_YEARS else 0.0


@rule
def take_a_blow(town: Town) -> None:
    """Something outside makes the authority afraid, as much as it is said to whatever the authority's size."""
    afraid = town.authority[0].risk_aversion + outside_now(town, Outside.RISK_AVERSION)
    town.authority[0].risk_aversion = min(town.p.environment[0].most_fear, afraid)


@rule
def press(town: Town, week: int) -> None:
    """Run P18."""
    calm_down(town)
    take_a_blow(town)
    strike(town, week)
    review(town, week)
    come(town, week)
    direct(town, week)
    campaign(town, week)
    summon(town, week)
    lead(town, week)
    if week % QUARTER == QUARTER - 1:
        report_to_cabinet(town, week)
    if (week + 1) % YEAR == 0:
        close_books(town)
    keep_record(town, week)
