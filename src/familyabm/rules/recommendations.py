"""P17: recommendations are issued, heard by boards, accepted or dropped, and put into practice or only on paper."""

from familyabm.codes import Advice, Agency, Event, Origin, Paper, Phase, Service
from familyabm.compiled import rule
from familyabm.journal import announce, totals
from familyabm.luck import Block, luck
from familyabm.newcomers import RECOMMENDATION_KEY, key_of
from familyabm.rules.each_lever import N_LEVERS, between_agencies, put_value, value_of
from familyabm.rules.money import month_ends
from familyabm.tables import Row
from familyabm.town import Town

QUARTER = 13
ORIGINS = 16
"""Room in a key for the recommendations that one source issues in a week."""


@rule
def agency_of(origin: int) -> int:
    """Return the agency in whose name a recommendation is recorded."""
    if origin == Origin.OFSTED:
        return Agency.OFSTED
    if origin == Origin.NATIONAL_REVIEW or origin == Origin.DIRECTIVE:
        return Agency.GOVERNMENT
    if origin == Origin.CABINET:
        return Agency.COUNCIL
    return Agency.FAMILY if origin == Origin.COMPLAINT else Agency.SOCIAL_CARE


@rule
def more_procedure(town: Town, origin: int) -> float:
    """Return the chance that a recommendation asks for procedure: less where more can be discussed."""
    p, discussing, authority = town.p.recommending[0], town.p.discussing[0], town.authority[0]
    share = p.procedure_within
    if origin == Origin.CASE_REVIEW or origin == Origin.OFSTED:
        share = p.procedure_review
    elif origin == Origin.CABINET:
        share = p.procedure_cabinet
    elif origin == Origin.DIRECTIVE:
        share = p.procedure_directive
    elif origin == Origin.COMPLAINT:
        share = p.procedure_complaint
    franker = authority.discuss_range * authority.discuss_ease - discussing.usual_range * discussing.usual_ease
    return max(0.0, min(1.0, share * (1.0 - p.opens * franker)))


@rule
def subject(origin: int, draw: float) -> int:
    """Return the lever that a recommendation speaks of: directives the first four, national reviews the last two."""
    if origin == Origin.DIRECTIVE:
        return int(4.0 * draw)
    return 6 + int(2.0 * draw) if origin == Origin.NATIONAL_REVIEW else int(N_LEVERS * draw)


@rule
def issue(town: Town, week: int, origin: int, number: int) -> None:
    """Issue some recommendations; a full agenda pushes its oldest paper off."""
    authority = town.authority[0]
    for one in range(number):
        paper = town.recommendations[authority.n_recommendations % len(town.recommendations)]
        if paper.progress == Paper.ISSUED or paper.progress == Paper.ACCEPTED:
            drop(town, week, paper)
        paper.key = key_of(RECOMMENDATION_KEY, origin * ORIGINS + one, week)
        write_paper(town, week, paper, origin)
        authority.n_recommendations += 1
        authority.pending += 1


@rule
def write_paper(town: Town, week: int, paper: Row, origin: int) -> None:
    """Write one recommendation: more procedure, or another way of working with a lever in mind."""
    row, step = totals(town, week), town.p.procedure[0]
    wants_procedure = luck(town.luck, paper.key, week, Block.RECOMMENDATION, 0) < more_procedure(town, origin)
    paper.origin, paper.issued, paper.due, paper.progress = origin, week, week, Paper.ISSUED
    if wants_procedure:
        paper.advice, paper.lever = Advice.COMPLIANCE, -1
        paper.step = step.review_step if origin == Origin.CASE_REVIEW else step.step
        row.compliance_issued += 1.0
    else:
        paper.advice = Advice.ADAPTIVE
        paper.lever = subject(origin, luck(town.luck, paper.key, week, Block.RECOMMENDATION, 3))
        paper.step = town.p.recommending[0].teaches
        row.adaptive_issued += 1.0
    announce(town, week, Event.RECOMMENDATION, agency_of(origin), 1)


@rule
def settle(town: Town, paper: Row, progress: int) -> None:
    """Close a recommendation; what became of the front line's own shapes whether it speaks up."""
    authority, memory = town.authority[0], town.p.recommending[0].acting_memory
    paper.progress = progress
    authority.pending -= 1
    if paper.origin == Origin.FRONT_LINE:
        acted = 1.0 if progress == Paper.IMPLEMENTED else 0.0
        authority.acting += memory * (acted - authority.acting)


@rule
def drop(town: Town, week: int, paper: Row) -> None:
    """Drop a recommendation."""
    settle(town, paper, Paper.DROPPED)
    totals(town, week).dropped += 1.0
    announce(town, week, Event.RECOMMENDATION_DROPPED, agency_of(paper.origin), 1)


@rule
def hear_paper(town: Town, week: int, paper: Row) -> None:
    """A board hears one paper: it accepts, with time to act, or drops it."""
    p, authority = town.p.recommending[0], town.authority[0]
    likely, lag = p.accept_procedure, p.lag_procedure
    if paper.advice == Advice.ADAPTIVE:
        likely = p.accept_other + p.accept_open * authority.discuss_range * authority.discuss_ease
        lag = p.lag_other
    totals(town, week).senior_hours += town.p.boards[0].paper_hours
    if luck(town.luck, paper.key, paper.issued, Block.RECOMMENDATION, 1) < likely:
        paper.progress = Paper.ACCEPTED
        paper.due = week + int(lag)
    else:
        drop(town, week, paper)


@rule
def sit(town: Town, week: int, between: bool, papers: float) -> None:
    """A board clears its oldest papers as far as it has time: those between agencies, or the others."""
    n, size, left = town.authority[0].n_recommendations, len(town.recommendations), papers
    for back in range(size):
        paper = town.recommendations[(n + back) % size]
        mine = between_agencies(paper.lever) == between
        if left >= 1.0 and paper.progress == Paper.ISSUED and mine:
            hear_paper(town, week, paper)
            left -= 1.0


@rule
def power_of_systems_board(town: Town) -> float:
    """Return the power of the Systems Change Board: who attends, and how well partners get on with social care."""
    p, total, partners = town.p.boards[0], 0.0, 0.0
    for row in range(len(town.services)):
        if town.services[row].kind <= Service.DOMESTIC_ABUSE:
            total += town.services[row].relationship
            partners += 1.0
    closeness = total / partners / town.p.noticing[0].relationship if partners > 0.0 else 1.0
    return p.systems * min(1.5, p.seniority / p.usual_seniority * closeness)


@rule
def sit_boards(town: Town, week: int) -> None:
    """The Project Board sits every month, the Systems Change Board every quarter, if there are any."""
    p = town.p.boards[0]
    if month_ends(week):
        sit(town, week, False, p.project * p.project_papers)
    if week % QUARTER == QUARTER - 1:
        town.authority[0].systems_power = power_of_systems_board(town)
        sit(town, week, True, p.systems * p.systems_papers)


@rule
def add_procedure(town: Town, week: int, step: float) -> None:
    """Add procedure, less where there is little room for more."""
    authority = town.authority[0]
    added = step * (1.0 - authority.bureaucracy) / (1.0 - min(0.99, town.p.hours[0].bureaucracy))
    authority.bureaucracy += added
    totals(town, week).procedure_added += added


@rule
def change_practice(town: Town, week: int, paper: Row) -> None:
    """Another way of working: practice learns, and the practice of its lever moves a little, for a time."""
    p, authority = town.p.recommending[0], town.authority[0]
    learnt = paper.step * 2.0 * (1.0 - authority.practice_quality)
    authority.practice_quality = min(1.0, authority.practice_quality + learnt)
    totals(town, week).learning_added += learnt
    moved = min(p.nudge_ceiling, value_of(town.nudge[0], paper.lever) + p.nudge)
    put_value(town.nudge[0], paper.lever, moved)
    if paper.origin == Origin.NATIONAL_REVIEW:
        authority.evaluation = min(1.0, authority.evaluation + p.evidence)


@rule
def done_for_good(town: Town, paper: Row) -> float:
    """Return the chance that an accepted recommendation is put into practice, not only on paper."""
    p = town.p.recommending[0]
    if paper.advice == Advice.COMPLIANCE:
        return p.done_procedure
    return p.done_other * (min(1.0, town.authority[0].systems_power) if between_agencies(paper.lever) else 1.0)


@rule
def carry_out(town: Town, week: int, paper: Row) -> None:
    """The time has come to act on an accepted recommendation."""
    row = totals(town, week)
    if luck(town.luck, paper.key, paper.issued, Block.RECOMMENDATION, 2) >= done_for_good(town, paper):
        settle(town, paper, Paper.PAPER_ONLY)
        row.paper_only += 1.0
        return
    settle(town, paper, Paper.IMPLEMENTED)
    announce(town, week, Event.RECOMMENDATION_ACTED_ON, agency_of(paper.origin), 1)
    if paper.advice == Advice.COMPLIANCE:
        row.compliance_done += 1.0
        add_procedure(town, week, paper.step)
    else:
        row.adaptive_done += 1.0
        change_practice(town, week, paper)


@rule
def fade(town: Town) -> None:
    """What recommendations moved fades, unless the programme is embedded."""
    if town.authority[0].phase == Phase.EMBEDDED:
        return
    keeps = 0.5 ** (1.0 / town.p.recommending[0].half_life)
    for lever in range(N_LEVERS):
        put_value(town.nudge[0], lever, keeps * value_of(town.nudge[0], lever))


@rule
def work_through(town: Town, week: int) -> None:
    """Take all recommendations a week further."""
    fade(town)
    if town.authority[0].pending > 0:
        sit_boards(town, week)
        for place in range(len(town.recommendations)):
            paper = town.recommendations[place]
            if paper.progress == Paper.ACCEPTED and week >= paper.due:
                carry_out(town, week, paper)
            elif paper.progress == Paper.ISSUED and week - paper.issued > town.p.boards[0].stale_weeks:
                drop(town, week, paper)
    totals(town, week).pending = town.authority[0].pending
