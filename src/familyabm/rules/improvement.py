"""P17: practice follows policy slowly, faster when levers move together, and slips under pressure and criticism."""

from familyabm.codes import Agency, Event, Phase
from familyabm.compiled import rule
from familyabm.journal import announce, totals
from familyabm.luck import Block, luck
from familyabm.newcomers import AUTHORITY_KEY, key_of
from familyabm.rules.clocks import watch_clocks
from familyabm.rules.each_lever import FENCE, N_LEVERS, between_agencies, mean_of, put_value, value_of
from familyabm.rules.learning import learn
from familyabm.rules.recommendations import work_through
from familyabm.town import Town

QUARTER = 13


@rule
def moves(town: Town, lever: int) -> bool:
    """Tell whether policy wants a lever elsewhere than it was."""
    return value_of(town.policy[0], lever) != value_of(town.p.base[0], lever)


@rule
def rises(town: Town, lever: int) -> bool:
    """Tell whether policy wants more of a lever; less of it needs no upkeep and does not slip."""
    return value_of(town.policy[0], lever) > value_of(town.p.base[0], lever)


@rule
def programme_maturity(town: Town) -> float:
    """Return the mean maturity of the levers that policy moves."""
    total, moved = 0.0, 0
    for lever in range(N_LEVERS):
        if moves(town, lever):
            total += value_of(town.maturity[0], lever)
            moved += 1
    return total / moved if moved > 0 else 0.0


@rule
def strain(town: Town) -> float:
    """Return the pressure under which old habits come back."""
    return max(0.0, town.authority[0].load - town.p.programme[0].pressure_above)


@rule
def backing(town: Town, lever: int) -> float:
    """Return the authority behind a lever: levers between agencies need the Systems Change Board, others a project's.

    The ring-fence is the council's own.
    """
    if lever == FENCE or not rises(town, lever):
        return 1.0
    return town.authority[0].systems_power if between_agencies(lever) else town.p.boards[0].project


@rule
def growth(town: Town, lever: int, mean: float) -> float:
    """Return how much a lever matures in a week: with its fellows, its board and its evaluation, less under strain."""
    p, more = town.p.programme[0], town.p.programmes[0]
    pace = p.matures * (1.0 - value_of(town.maturity[0], lever)) * (p.alone + (1.0 - p.alone) * mean)
    pace *= 1.0 - p.pressure_slows * min(1.0, 2.0 * strain(town))
    learnt = town.authority[0].evaluation / town.p.learning[0].usual_evaluation
    return pace * backing(town, lever) * (more.evaluated + (1.0 - more.evaluated) * learnt)


@rule
def slipping(town: Town, lever: int, mean: float) -> float:
    """Return how much a lever slips in a week: under strain and criticism, more alone, less if fenced or watched."""
    p, more, mature = town.p.programme[0], town.p.programmes[0], value_of(town.maturity[0], lever)
    if not rises(town, lever):
        return 0.0
    push = min(1.0, p.slip_pressure * strain(town) + more.slip_criticism * town.authority[0].criticism)
    held = 1.0 - town.p.effects[0].fence_slipping * town.levers[0].ring_fence
    watched = 1.0 - more.monitoring_halves * more.relapse_monitoring
    fellows = (N_LEVERS * mean - mature) / (N_LEVERS - 1.0)
    return p.slips * mature * push * held * watched * (1.0 + more.lone_slips * (1.0 - fellows))


@rule
def conducted(phase: int) -> bool:
    """Tell whether the programme is being carried out."""
    return phase == Phase.CONDUCT or phase == Phase.EMBEDDED or phase == Phase.RELAPSING


@rule
def mature(town: Town, lever: int, mean: float) -> float:
    """Return one lever's maturity a week later; `mean` is that of all eight."""
    now, phase = value_of(town.maturity[0], lever), town.authority[0].phase
    after = now - slipping(town, lever, mean)
    if conducted(phase):
        after += growth(town, lever, mean)
    elif phase == Phase.ABANDONED:
        after -= town.p.programmes[0].abandoned_fades * now
    return max(0.0, min(1.0, after))


@rule
def enter(town: Town, week: int, phase: int) -> None:
    """Move the programme to another phase."""
    town.authority[0].phase = phase
    town.authority[0].phase_since = week


@rule
def begin(town: Town, week: int) -> None:
    """Begin a programme with its design, unless practice follows policy already."""
    enter(town, week, Phase.CONDUCT if programme_maturity(town) > 0.0 else Phase.DESIGN)


@rule
def fallen(town: Town, week: int, maturity: float) -> float:
    """Return how far maturity has fallen within a quarter."""
    then = max(0, week - town.authority[0].first_week - QUARTER)
    return town.weekly[then].programme_maturity - maturity


@rule
def watch(town: Town, week: int) -> None:
    """Tell conduct, embedding and relapse apart by how maturity has gone."""
    authority, p, now = town.authority[0], town.p.programmes[0], programme_maturity(town)
    authority.embedded_weeks = authority.embedded_weeks + 1 if now > p.embedded_above else 0
    fall = fallen(town, week, now)
    working = authority.phase == Phase.CONDUCT or authority.phase == Phase.EMBEDDED
    if working and fall > p.relapse_fall:
        enter(town, week, Phase.RELAPSING)
        totals(town, week).relapses += 1.0
        announce(town, week, Event.PROGRAMME_RELAPSED, Agency.COUNCIL, 1)
    elif authority.phase == Phase.RELAPSING and fall <= 0.0:
        enter(town, week, Phase.CONDUCT)
    elif authority.phase == Phase.CONDUCT and authority.embedded_weeks >= p.embedded_after:
        enter(town, week, Phase.EMBEDDED)


@rule
def new_leader(town: Town, week: int) -> None:
    """A new leader may stop a programme that is slipping, start one anew, or leave it be."""
    authority, p = town.authority[0], town.p.programmes[0]
    raised = 0
    for lever in range(N_LEVERS):
        raised += 1 if rises(town, lever) else 0
    key = key_of(AUTHORITY_KEY, 0, 0)
    if raised == 0 or luck(town.luck, key, week, Block.LEARNING, 0) >= p.new_leader_stops:
        return
    if authority.phase == Phase.RELAPSING:
        enter(town, week, Phase.ABANDONED)
    elif authority.phase != Phase.NONE:
        start_anew(town, week)


@rule
def start_anew(town: Town, week: int) -> None:
    """Go back to design; part of what had matured is kept."""
    enter(town, week, Phase.DESIGN)
    for lever in range(N_LEVERS):
        if rises(town, lever):
            kept = town.p.programmes[0].restart_keeps * value_of(town.maturity[0], lever)
            put_value(town.maturity[0], lever, kept)
    town.authority[0].embedded_weeks = 0


@rule
def run_programme(town: Town, week: int) -> None:
    """Take the programme of change a week further."""
    authority, moved = town.authority[0], 0
    for lever in range(N_LEVERS):
        moved += 1 if moves(town, lever) else 0
    if moved == 0:
        return
    if authority.phase == Phase.NONE:
        begin(town, week)
    if authority.phase == Phase.DESIGN and week - authority.phase_since >= town.p.programme[0].design_weeks:
        enter(town, week, Phase.CONDUCT)
    mean = mean_of(town.maturity[0])
    for lever in range(N_LEVERS):
        if moves(town, lever):
            put_value(town.maturity[0], lever, mature(town, lever, mean))
    watch(town, week)


@rule
def nerved(town: Town, lever: int) -> float:
    """Return how far a lever's rise is held up: the ring-fence needs political nerve."""
    if lever != FENCE or not rises(town, lever):
        return 1.0
    return min(1.0, town.authority[0].nerve / town.p.environment[0].usual_nerve)


@rule
def follow_policy(town: Town, week: int) -> None:
    """Set each lever's practice between where it stood and policy, as far as maturity has come, and count the gap."""
    gap = 0.0
    for lever in range(N_LEVERS):
        start, policy = value_of(town.p.base[0], lever), value_of(town.policy[0], lever)
        practice = start + value_of(town.maturity[0], lever) * nerved(town, lever) * (policy - start)
        practice = max(0.0, min(1.0, practice + value_of(town.nudge[0], lever)))
        put_value(town.levers[0], lever, practice)
        gap += abs(policy - practice)
    totals(town, week).lever_gap = gap / N_LEVERS


@rule
def practise(town: Town, week: int) -> None:
    """Run P17: clocks, problems raised, learning, recommendations, and the programme of change."""
    watch_clocks(town, week)
    learn(town, week)
    work_through(town, week)
    run_programme(town, week)
    follow_policy(town, week)
    row = totals(town, week)
    row.programme_maturity = programme_maturity(town)
    row.phase = town.authority[0].phase
