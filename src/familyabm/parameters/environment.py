"""Numbers of the environment: serious incidents, reviews, inspection, directives, media and members."""
# fmt: off

from familyabm.parameters.register import Group, param

STUDY = "model specification, prototype value to be calibrated"
PANEL = "Child Safeguarding Practice Review Panel, annual reports"


class Environment(Group):
    """Fear, criticism, nerve, leaders, directives, campaigns and summonses."""

    name = "environment"
    usual_risk_aversion = param(0.13, "share", (0.0, 0.5), "D", "typical authority of this model", "Risk aversion of a typical authority")
    usual_criticism = param(0.07, "share", (0.0, 0.4), "D", "typical authority of this model", "Criticism of a typical authority")
    usual_nerve = param(0.6, "share", (0.2, 1.0), "D", STUDY, "Political nerve of a typical authority")
    usual_stability = param(0.68, "share", (0.2, 1.0), "D", "typical authority of this model", "Stability of leadership of a typical authority")
    fear_keeps = param(0.985, "1/week", (0.95, 0.995), "D", STUDY, "Risk aversion left after a week")
    most_fear = param(1.5, "share", (1.0, 2.0), "D", STUDY, "Most that risk aversion can be")
    criticism_keeps = param(0.974, "1/week", (0.9, 0.995), "D", "assumption (half gone in half a year)", "Criticism left after a week")
    nerve_moves = param(0.2, "1/quarter", (0.0, 0.5), "D", "assumption", "Quarterly share of nerve's way back to the usual")
    nerve_overspend = param(0.01, "1/%", (0.0, 0.05), "D", STUDY, "Nerve lost per per cent of overspend, a quarter")
    nerve_criticism = param(0.1, "share", (0.0, 0.3), "D", STUDY, "Nerve lost to full criticism, a quarter")
    nerve_success = param(0.05, "share", (0.0, 0.2), "D", STUDY, "Nerve gained by a mature programme, a quarter")
    cabinet_overspend = param(0.05, "share", (0.01, 0.2), "D", "assumption", "Overspend at which the Cabinet wants action")
    cabinet_criticism = param(0.3, "share", (0.1, 0.9), "D", "assumption", "Criticism at which the Cabinet wants action")
    leader_leaves = param(0.28, "1/year", (0.1, 0.6), "C", "ADCS, directors' turnover; size assumed", "A director leaves")
    stability_grows = param(0.010, "1/week", (0.002, 0.03), "D", "assumption", "Weekly growth of stability under one leader")
    leader_keeps = param(0.3, "share", (0.0, 0.8), "D", "assumption", "Stability left when the leader leaves")
    directives = param(1.5, "1/year", (0.0, 5.0), "D", STUDY, "Government directives and initiatives")
    grant = param(60000, "GBP/10,000 children", (0, 300000), "D", "assumption", "Grant that comes with a directive, spread over a year")
    report_share = param(0.002, "share", (0.0, 0.01), "D", "assumption", "Workers' hours that a directive's reports take")
    audit_keeps = param(0.98, "1/week", (0.95, 0.995), "D", "assumption", "Audits and reports left after a week")
    most_audit = param(0.1, "share", (0.02, 0.3), "D", "assumption", "Most of workers' hours that audits and reports take")
    national_reviews = param(0.15, "1/year", (0.0, 0.5), "D", "assumption (Laming, Munro, MacAlister)", "National reviews")
    campaigns = param(0.7, "1/year", (0.0, 3.0), "D", "assumption", "Campaigns of the NSPCC and others")
    campaign_rise = param(0.3, "ratio", (0.0, 1.0), "D", "assumption", "Rise in the public's contacts in a campaign")
    campaign_shortest = param(4, "weeks", (1, 8), "D", STUDY, "Shortest campaign")
    campaign_longest = param(8, "weeks", (4, 16), "D", STUDY, "Longest campaign")
    campaign_research = param(0.2, "probability", (0.0, 1.0), "D", "assumption", "A campaign comes with research on practice")
    summonses = param(1.0, "1/year", (0.0, 6.0), "D", "assumption", "Senior officers are summoned to explain, no criticism")
    summons_criticism = param(4.0, "ratio", (0.0, 10.0), "D", "assumption", "Further summonses at full criticism")
    summons_fear = param(0.01, "share", (0.0, 0.05), "D", "assumption", "Risk aversion that a summons adds")
    summons_hours = param(30, "hours", (5, 100), "D", "assumption", "Managers' hours that a summons takes")
    deep_deficit = param(0.10, "share", (0.05, 0.3), "D", STUDY, "Yearly deficit that counts towards a section 114 notice")


class Incidents(Group):
    """Serious incidents and what follows."""

    name = "incidents"
    least = param(0.18, "harm", (0.1, 0.8), "D", "assumption: three in seven known children were below the threshold", "Harm from which a serious incident may happen")
    steep = param(0.4, "exponent", (0.0, 5.0), "D", "assumption: three in seven known children were below the threshold", "How sharply the chance of a serious incident rises with harm")
    chance = param(1.05e-05, "1/week", (0.0000005, 0.0005), "B", PANEL + " (330 rapid reviews a year in England: 1.6 per 60,000 children)", "A child in full harm comes to serious harm or dies")
    missed = param(3, "ratio", (0.0, 4.0), "D", STUDY, "Further chance where the child is known and the harm unanswered")
    known_weeks = param(156, "weeks", (52, 260), "D", "assumption", "Weeks after a contact for which a family counts as known")
    rapid_weeks = param(3, "weeks", (3, 3), "B", "Working Together 2023 (15 working days)", "Rapid review")
    practice_review = param(0.25, "probability", (0.1, 0.5), "B", PANEL + " (82 of 330)", "A rapid review leads to a local child safeguarding practice review")
    practice_weeks = param(26, "weeks", (20, 52), "B", "Working Together 2023 (6 months)", "Length of that review")
    review_fear = param(0.03, "share", (0.0, 0.2), "D", "assumption", "Risk aversion that a published review adds")
    review_criticism = param(0.08, "share", (0.0, 0.3), "D", "assumption", "Criticism that a published review adds")
    review_hours = param(120, "hours", (20, 400), "D", "assumption", "Managers' hours that a practice review takes; a rapid review a quarter")
    storm = param(0.05, "probability", (0.0, 0.2), "D", STUDY, "The media take up an incident, discussed as usual")
    storm_late = param(1.0, "ratio", (0.0, 3.0), "D", "assumption", "Further chance where nothing is discussible, problems having grown unseen")
    storm_least = param(0.2, "share", (0.0, 0.5), "D", STUDY, "Least risk aversion that a storm adds")
    storm_most = param(1.0, "share", (0.5, 1.5), "D", STUDY, "Most risk aversion that a storm adds")
    storm_criticism = param(0.4, "share", (0.0, 1.0), "D", "assumption", "Criticism that a storm adds")
    reach = param(60000, "children", (10000, 200000), "D", "assumption", "Size of authority beyond which a storm in one part is felt less in the others")
    discipline = param(0.15, "probability", (0.0, 0.5), "D", STUDY, "A worker is suspended after an incident, full fear and nothing discussible")
    suspension = param(12, "weeks", (4, 52), "D", STUDY, "Length of a suspension")
    team_stress = param(0.15, "stress", (0.0, 0.4), "D", STUDY, "Stress that it adds for the team")
    silence = param(0.05, "share", (0.0, 0.2), "D", STUDY, "Discussibility, range and ease, lost by it")


class Inspection(Group):
    """Ofsted: when it comes, what it sees, what follows."""

    name = "inspection"
    cycle = param(156, "weeks", (104, 208), "B", "Ofsted, ILACS framework (three years)", "Weeks between inspections")
    cycle_spread = param(26, "weeks", (0, 52), "D", "assumption", "Spread of that")
    trigger = param(0.5, "share", (0.2, 1.0), "D", "assumption", "Criticism at which an inspection is brought forward")
    trigger_after = param(52, "weeks", (26, 104), "D", "assumption", "Weeks for which no other follows")
    timeliness = param(0.35, "weight", (0.0, 1.0), "C", "Wilkins and Antonopoulou 2018 (grade tracks procedure)", "Weight of timeliness")
    quality = param(0.25, "weight", (0.0, 1.0), "D", STUDY, "Weight of the quality of decisions, as files show it")
    leadership = param(0.20, "weight", (0.0, 1.0), "D", STUDY, "Weight of stable leadership")
    omission = param(0.20, "weight", (0.0, 1.0), "D", STUDY, "Weight of work left undone, as files show it")
    deprivation = param(0.08, "score/SD", (0.0, 0.3), "C", "Webb, Bennett and Bywaters 2022", "Score lost per standard deviation of deprivation")
    prevention = param(0.4, "score/share", (0.15, 0.7), "C", "Webb, Bennett and Bywaters 2022 (odds of a good grade 1.69, 1.28 to 2.24, for each £100 a child; £242 spent)", "Weight of what is offered early, to what an authority has at the start")
    noise = param(0.5, "score", (0.0, 1.0), "D", STUDY, "Spread of an inspection's score")
    usual_kept = param(0.895, "share", (0.4, 1.0), "D", "typical authority of this model", "Share of work within its clocks that an inspector is used to")
    spread_kept = param(0.06, "share", (0.02, 0.3), "D", "assumption", "Spread of that between authorities")
    usual_again = param(0.245, "share", (0.1, 0.4), "B", "DfE, Children in need 2025 (re-referrals)", "Share of re-referrals and repeat plans that an inspector is used to")
    spread_again = param(0.06, "share", (0.02, 0.2), "B", "DfE, Children in need 2025", "Spread of that between authorities")
    usual_undone = param(0.17, "share", (0.0, 0.5), "D", "typical authority of this model", "Share of the hours that cases need and do not get, that an inspector is used to")
    spread_undone = param(0.08, "share", (0.02, 0.3), "D", "assumption", "Spread of that between authorities")
    spread_stability = param(0.25, "share", (0.1, 0.5), "D", "assumption", "Spread of stability between authorities")
    outstanding_above = param(0.5, "score", (0.1, 1.0), "B", "Ofsted 2025 (about a fifth outstanding)", "Score of an outstanding authority")
    good_above = param(-0.10, "score", (-0.5, 0.3), "B", "Ofsted 2024 (60% good or outstanding)", "Score of a good authority")
    improvement_above = param(-0.85, "score", (-1.5, -0.3), "B", "Ofsted 2024 (about one in twelve inadequate)", "Score of an authority that requires improvement")
    improvement_criticism = param(0.15, "share", (0.0, 0.5), "D", "assumption", "Criticism where improvement is required")
    fear = param(0.9, "share", (0.0, 1.5), "D", STUDY, "Risk aversion added by an inadequate grade")
    procedure = param(0.15, "share", (0.0, 0.4), "D", STUDY, "Bureaucracy added by an inadequate grade")
    criticism = param(0.5, "share", (0.0, 1.0), "D", "assumption", "Criticism added by an inadequate grade")
    leader_leaves = param(0.6, "probability", (0.2, 1.0), "C", STUDY + "; Guardian 2018", "The director leaves after an inadequate grade")
    attraction = param(0.25, "ratio", (0.0, 0.6), "D", STUDY, "Attraction lost while inadequate")
    audit = param(0.03, "share", (0.0, 0.1), "D", "assumption", "Workers' hours that the action plan of an inadequate authority takes")
    ordinary_audit = param(0.01, "share", (0.0, 0.05), "D", "assumption", "The same of an ordinary inspection")
    visit_audit = param(0.008, "share", (0.0, 0.05), "D", "assumption", "The same of a monitoring visit")
    hours = param(300, "hours", (50, 1000), "D", "assumption", "Managers' hours that an inspection takes; a visit a fifth")
    visit_from = param(13, "weeks", (8, 26), "B", "Ofsted, ILACS framework", "Weeks between monitoring visits, shortest")
    visit_to = param(17, "weeks", (13, 39), "B", "Ofsted, ILACS framework", "The same, longest")
    again_from = param(104, "weeks", (52, 130), "C", "about two and a half years", "Weeks to re-inspection of an inadequate authority, shortest")
    again_to = param(130, "weeks", (104, 182), "C", "about two and a half years", "The same, longest")
