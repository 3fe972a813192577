"""P17: what may be said and is said, what practice learns from it, how training fades and procedure grows."""

from familyabm.codes import N_FAILURE, Event, Origin, Phase
from familyabm.compiled import rule
from familyabm.journal import events_of, totals
from familyabm.rules.recommendations import issue
from familyabm.town import Town

MONTHS_A_WEEK = 12.0 / 52.0
EVENTS = len(Event)


@rule
def discussibility(town: Town) -> float:
    """Return the range of what may be raised times the ease of raising it."""
    return town.authority[0].discuss_range * town.authority[0].discuss_ease


@rule
def usual_discussibility(town: Town) -> float:
    """Return the same for a typical authority."""
    return town.p.discussing[0].usual_range * town.p.discussing[0].usual_ease


@rule
def passed_up(town: Town) -> float:
    """Return the share of problems that get past all the tiers, once raised."""
    return town.p.discussing[0].passes ** town.p.discussing[0].tiers


@rule
def problems(town: Town, week: int) -> float:
    """Count the problems met with this week: failure demand handled, and last week's omissions."""
    row, now, found = totals(town, week), week - town.authority[0].first_week, 0.0
    count = row.demand_count
    for code in range(1, N_FAILURE):
        for event in range(EVENTS):
            found += count[code, event]
    return found + (town.weekly[now - 1].omissions if now > 0 else 0.0)


@rule
def speak_up(town: Town, week: int) -> float:
    """Count the problems and those that reach the ones who decide; return the latter to the usual for their number."""
    row = totals(town, week)
    row.problems = problems(town, week)
    row.surfaced = row.problems * discussibility(town) * passed_up(town)
    usual = town.p.learning[0].usual_problems * town.facts[0].ten_thousands
    met = row.problems / usual
    return discussibility(town) / usual_discussibility(town) * 2.0 * met / (1.0 + met)


@rule
def dare(town: Town) -> None:
    """Raising a problem becomes easier where something comes of it, harder where there is fear."""
    p, authority = town.p.discussing[0], town.authority[0]
    tends_to = p.ease_least + p.ease_acting * authority.acting + p.ease_managers * p.action_learning
    tends_to -= p.ease_blame * authority.risk_aversion
    authority.discuss_ease += p.ease_moves * (tends_to - authority.discuss_ease)
    authority.discuss_ease = max(0.02, min(1.0, authority.discuss_ease))


@rule
def widen(town: Town) -> None:
    """The Systems Change Board widens the range of what may be raised; by itself the range narrows."""
    p, authority = town.p.discussing[0], town.authority[0]
    wider = p.range_widens * authority.systems_power * (1.0 - authority.discuss_range)
    authority.discuss_range += MONTHS_A_WEEK * (wider - p.range_narrows * authority.discuss_range)
    authority.discuss_range = max(0.02, min(1.0, authority.discuss_range))


@rule
def improve(town: Town, raised: float) -> None:
    """Practice learns from what is raised, if there is time to reflect and the means to evaluate; it also forgets."""
    p, authority = town.p.learning[0], town.authority[0]
    means = authority.evaluation / p.usual_evaluation * reflecting(town)
    gained = p.learns * min(3.0, raised) * means * (1.0 - authority.practice_quality)
    authority.practice_quality += gained - p.forgets * authority.practice_quality
    authority.practice_quality = max(0.0, min(1.0, authority.practice_quality))
    authority.evaluation += p.evaluation_moves * (p.usual_evaluation - authority.evaluation)


@rule
def reflecting(town: Town) -> float:
    """Return the hours for reflection to the usual."""
    return town.authority[0].reflection / max(0.01, town.p.hours[0].reflection)


@rule
def environment_moved(town: Town) -> float:
    """Return how far the authority has changed so that training is not lost in the same old ways, 0 to 1."""
    p, discussing = town.p.learning[0], town.p.discussing[0]
    leaner = max(0.0, town.p.hours[0].bureaucracy - town.authority[0].bureaucracy)
    franker = max(0.0, discussibility(town) - usual_discussibility(town))
    flatter = p.fewer_tiers * (5.0 - discussing.tiers)
    return max(0.0, min(1.0, (leaner + franker) / p.holds_at + flatter))


@rule
def train(town: Town) -> None:
    """Training is given, and half of it is gone in 40 weeks unless the authority has changed as well."""
    p, authority = town.p.learning[0], town.authority[0]
    conducted = authority.phase == Phase.CONDUCT
    authority.training_hours = p.extra_hours + (town.p.programmes[0].training if conducted else 0.0)
    fading = (1.0 - 0.5 ** (1.0 / p.half_life)) * (1.0 - environment_moved(town))
    authority.trained += p.training_works * (p.usual_hours + authority.training_hours) - fading * authority.trained
    authority.trained = max(0.0, min(1.0, authority.trained))


@rule
def relieved(town: Town) -> float:
    """Return the weekly share of procedure that is cut back: the usual, and what relief from bureaucracy adds."""
    more = town.levers[0].bureaucracy_relief - town.p.base[0].bureaucracy_relief
    return max(0.0, town.p.procedure[0].pruned + town.p.effects[0].relief_prunes * more)


@rule
def pile_up(town: Town) -> None:
    """Bureaucracy grows by itself, faster in fear, and falls only where it is cut back."""
    p, authority = town.p.procedure[0], town.authority[0]
    grown = p.grows * (1.0 - authority.bureaucracy) * (1.0 + p.fear * authority.risk_aversion)
    authority.bureaucracy += grown - relieved(town) * authority.bureaucracy
    authority.bureaucracy = max(0.1, min(1.0, authority.bureaucracy))


@rule
def speak_of(town: Town, week: int, raised: float, upheld: float) -> None:
    """The front line, reflective practice and complaints come up with recommendations of their own."""
    authority, p = town.authority[0], town.p.recommending[0]
    frank = discussibility(town) / usual_discussibility(town)
    authority.voiced += raised * p.front_line / 52.0
    authority.reflected += frank * reflecting(town) * p.reflection / 52.0
    authority.aggrieved += upheld * min(1.0, frank)
    if authority.voiced >= 1.0:
        authority.voiced -= 1.0
        issue(town, week, Origin.FRONT_LINE, 1)
    if authority.reflected >= 1.0:
        authority.reflected -= 1.0
        issue(town, week, Origin.REFLECTION, 1)
    if authority.aggrieved >= p.complaints:
        authority.aggrieved = 0.0
        issue(town, week, Origin.COMPLAINT, 1)


@rule
def learn(town: Town, week: int) -> None:
    """Take what is said, what is learnt from it, training and procedure a week further."""
    authority, row = town.authority[0], totals(town, week)
    raised = speak_up(town, week)
    dare(town)
    widen(town)
    improve(town, raised)
    train(town)
    pile_up(town)
    speak_of(town, week, raised, events_of(row, Event.COMPLAINT_UPHELD))
    row.bureaucracy = authority.bureaucracy
    row.practice_quality = authority.practice_quality
    row.discuss_range = authority.discuss_range
    row.discuss_ease = authority.discuss_ease
