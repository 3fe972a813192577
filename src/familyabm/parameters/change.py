"""Numbers of change: learning, discussibility, bureaucracy, boards, recommendations and how programmes slip."""
# fmt: off

from familyabm.parameters.register import Group, param

STUDY = "model specification, prototype value to be calibrated"
ARGYRIS = "after Argyris, on discussibility; size assumed"


class Clocks(Group):
    """Statutory clocks, in weeks of five working days."""

    name = "clocks"
    contact_decision = param(0.2, "weeks", (0.2, 0.2), "B", "Working Together 2023 (one working day)", "Contact to decision")
    assessment = param(9, "weeks", (9, 9), "B", "Working Together 2023 (45 working days)", "Referral to the end of the assessment")
    conference = param(3, "weeks", (3, 3), "B", "Working Together 2023 (15 working days)", "Strategy discussion to conference")
    core_group = param(6, "weeks", (4, 6), "B", "Working Together 2023", "Core groups and visits under a plan")
    plan_review = param(26, "weeks", (13, 26), "B", "Working Together 2023 (3, then 6 months)", "Review of a child protection plan")
    looked_after_review = param(26, "weeks", (13, 26), "B", "Care planning regulations 2010 (20 working days, 3, then 6 months)", "Review of a child looked after")
    pre_proceedings = param(16, "weeks", (12, 26), "B", "Public Law Outline", "Letter before proceedings to its outcome")
    proceedings = param(26, "weeks", (26, 26), "B", "Children and Families Act 2014", "Issue to final order")
    adoption = param(26, "weeks", (26, 52), "B", "Statutory guidance on adoption 2013 (match within six months)", "Placement order to adoptive family")
    memory = param(0.04, "1/week", (0.01, 0.2), "D", "assumption (half a year)", "Weight of a week in what practice is taken to be")
    usually_kept = param(0.92, "share", (0.5, 1.0), "D", "assumption, near DfE timeliness returns", "Share of work within its clock at the start of the past")


class Programmes(Group):
    """The programme of change: phases, boards, and slipping back into old habits."""

    name = "programmes"
    embedded_above = param(0.8, "maturity", (0.6, 0.95), "D", STUDY, "Maturity above which a programme becomes embedded")
    embedded_after = param(52, "weeks", (26, 104), "D", STUDY, "Weeks above that until it is")
    relapse_fall = param(0.1, "maturity", (0.03, 0.3), "D", STUDY, "Fall of maturity within a quarter that counts as a relapse")
    slip_criticism = param(0.8, "ratio", (0.0, 1.5), "D", STUDY, "How criticism turns into slipping")
    relapse_monitoring = param(0.0, "share", (0.0, 1.0), "D", "a policy of the programme", "How well slipping back is watched for")
    monitoring_halves = param(0.5, "share", (0.0, 0.8), "D", STUDY, "Share of slipping that full monitoring prevents")
    lone_slips = param(0.5, "ratio", (0.0, 1.5), "D", "assumption", "Further slipping of a lever whose fellows have not moved")
    new_leader_stops = param(0.4, "probability", (0.0, 0.8), "D", STUDY, "A new leader gives a slipping programme up or starts it anew")
    new_leader_abandons = param(0.5, "probability", (0.0, 1.0), "D", "assumption", "Gives it up, of those")
    restart_keeps = param(0.5, "share", (0.0, 1.0), "D", "assumption", "Maturity kept when a programme is started anew")
    abandoned_fades = param(0.01, "1/week", (0.0, 0.05), "D", "assumption", "Weekly loss of maturity of an abandoned programme")
    evaluated = param(0.6, "share", (0.0, 1.0), "D", "assumption", "Growth of maturity that needs no evaluation")
    training = param(0.4, "hours/week", (0.0, 2.0), "D", "assumption", "Extra training for each worker while a programme is conducted")


class Discussing(Group):
    """What may be said, and how easily."""

    name = "discussing"
    usual_range = param(0.5, "share", (0.2, 0.9), "D", ARGYRIS, "Range of topics that may be raised in a typical authority")
    usual_ease = param(0.45, "probability", (0.2, 0.8), "D", ARGYRIS, "Ease of raising a problem in a typical authority")
    usual_acting = param(0.42, "share", (0.1, 0.8), "D", "assumption", "Front-line recommendations acted upon in a typical authority")
    ease_moves = param(0.02, "1/week", (0.005, 0.05), "D", STUDY, "Weekly share of the way to the ease that conditions lead to")
    ease_least = param(0.318, "probability", (0.1, 0.5), "D", STUDY, "Ease where nothing that is raised is acted upon")
    ease_acting = param(0.5, "probability", (0.0, 0.7), "D", STUDY, "Further ease where all of it is")
    ease_blame = param(0.6, "probability", (0.0, 1.0), "D", STUDY, "Ease lost per unit of risk aversion")
    action_learning = param(0.0, "share", (0.0, 1.0), "D", "a policy of the programme", "Managers in an action learning programme")
    ease_managers = param(0.15, "probability", (0.0, 0.4), "D", "assumption", "Further ease with all managers in action learning")
    range_widens = param(0.010, "1/month", (0.0, 0.03), "D", STUDY, "Widening of the range by the Systems Change Board")
    range_narrows = param(0.010, "1/month", (0.0, 0.03), "D", "assumption; balances the widening in a typical authority", "Narrowing of the range by itself")
    tiers = param(5, "tiers", (3, 6), "D", STUDY, "Tiers between a worker and the director")
    passes = param(0.85, "probability", (0.6, 1.0), "D", STUDY, "A tier passes a problem on")


class Learning(Group):
    """What surfaced problems, reflection, evaluation and training do for practice."""

    name = "learning"
    usual_quality = param(0.5, "share", (0.3, 0.7), "D", "by definition", "Practice quality of a typical authority")
    usual_problems = param(23, "problems/10,000 children/week", (2, 60), "D", "typical authority of this model", "Failure demand and omissions that a typical authority meets with")
    learns = param(0.003, "1/week", (0.0, 0.02), "D", "assumption", "Weekly learning from the usual problems, raised as usual")
    forgets = param(0.006, "1/week", (0.001, 0.02), "D", "assumption", "Weekly loss of what was learnt, as people move on")
    quality_worth = param(0.15, "ratio", (0.0, 0.4), "D", "assumption", "Worth of an hour, from no to full practice quality")
    quality_waste = param(0.4, "ratio", (0.0, 0.8), "D", "assumption", "Recording and chasing saved, from no to full practice quality")
    usual_trained = param(0.3, "share", (0.1, 0.6), "D", "assumption", "What is left of training in a typical authority")
    usual_hours = param(1.0, "hours/week", (0.5, 2.0), "D", "assumption", "Training within a worker's ordinary leave and training")
    extra_hours = param(0.0, "hours/week", (0.0, 4.0), "D", "a policy of the authority", "Training for each worker beyond the usual")
    training_works = param(0.0052, "1/hour", (0.0, 0.02), "D", "assumption; balances fading at the usual hours", "What an hour of training leaves")
    half_life = param(40, "weeks", (13, 104), "D", STUDY, "Weeks in which half of a training's effect is gone")
    training_worth = param(0.1, "ratio", (0.0, 0.3), "D", "assumption", "Worth of an hour, from none to full training")
    holds_at = param(0.3, "share", (0.1, 1.0), "D", "assumption", "Fall of bureaucracy plus rise of discussibility at which training does not fade")
    fewer_tiers = param(0.25, "share/tier", (0.0, 0.5), "D", "assumption", "Share of fading prevented by each tier fewer than five")
    usual_evaluation = param(0.5, "share", (0.1, 0.9), "D", "assumption", "Quality of evaluation in a typical authority")
    evaluation_moves = param(0.02, "1/week", (0.0, 0.1), "D", "assumption", "Weekly return of evaluation to the usual")


class Procedure(Group):
    """The natural growth of bureaucracy and what cuts it back."""

    name = "procedure"
    grows = param(0.0008, "1/week", (0.0, 0.003), "D", STUDY, "Natural growth of bureaucracy, with none there")
    fear = param(2.0, "ratio", (0.0, 4.0), "D", STUDY, "Further growth per unit of risk aversion")
    pruned = param(0.0014, "1/week", (0.0, 0.006), "D", "set so that a typical authority's bureaucracy neither rises nor falls", "Share of bureaucracy cut back in a typical authority")
    step = param(0.008, "share", (0.0, 0.03), "D", "assumption", "Bureaucracy that an implemented recommendation adds, a third of the way from full")
    review_step = param(0.012, "share", (0.0, 0.03), "D", STUDY + " (0.02 to 0.05 a review)", "The same after a case review")


class Boards(Group):
    """The Project Board and the Systems Change Board."""

    name = "boards"
    project = param(1.0, "share", (0.0, 1.0), "D", "a policy of the authority", "Authority of the Project Board, 0 none")
    systems = param(1.0, "share", (0.0, 1.0), "D", "a policy of the partnership", "Authority of the Systems Change Board, 0 none")
    seniority = param(0.6, "share", (0.0, 1.0), "D", "assumption", "Seniority of partners who attend, 1 chief officers")
    usual_seniority = param(0.6, "share", (0.3, 1.0), "D", "assumption", "The same in a typical authority")
    project_papers = param(3, "papers/month", (1, 10), "D", "assumption", "Papers that the Project Board clears")
    systems_papers = param(4, "papers/quarter", (1, 12), "D", "assumption", "Papers that the Systems Change Board clears")
    paper_hours = param(6, "hours", (2, 20), "D", "assumption", "Managers' hours for each paper")
    stale_weeks = param(52, "weeks", (26, 104), "D", "assumption", "Weeks on an agenda after which a recommendation is dropped")


class Recommending(Group):
    """Recommendations: what they ask for, and what becomes of them."""

    name = "recommending"
    review_number = param(3, "recommendations", (1, 8), "C", "Child Safeguarding Practice Review Panel reports; number assumed", "Recommendations of a published review")
    inspection_number = param(4, "recommendations", (1, 8), "C", "Ofsted reports (three to six)", "Recommendations of an inspection")
    national_number = param(3, "recommendations", (1, 15), "C", "Munro review 2011 (fifteen); number acted on locally assumed", "Recommendations of a national review")
    front_line = param(6, "1/year", (0.0, 20.0), "D", "assumption", "Recommendations of the front line in a typical authority")
    reflection = param(2, "1/year", (0.0, 12.0), "D", "assumption", "Recommendations of reflective practice in a typical authority")
    complaints = param(3, "complaints", (1, 20), "D", "assumption", "Upheld complaints discussed until one becomes a recommendation")
    procedure_review = param(0.8, "share", (0.0, 1.0), "C", "Munro 2011", "Case reviews' and inspections' recommendations for more procedure")
    procedure_cabinet = param(0.9, "share", (0.0, 1.0), "D", "assumption", "The same, Cabinet")
    procedure_directive = param(0.6, "share", (0.0, 1.0), "D", "assumption", "The same, government directives")
    procedure_complaint = param(0.4, "share", (0.0, 1.0), "D", "assumption", "The same, complaints")
    procedure_within = param(0.1, "share", (0.0, 1.0), "D", "assumption", "The same, front line, reflection, research and national reviews")
    opens = param(1.3, "ratio", (0.0, 3.0), "D", "assumption", "Fall of those shares per unit of discussibility above the usual")
    accept_procedure = param(0.95, "probability", (0.5, 1.0), "D", STUDY, "A board accepts more procedure")
    accept_other = param(0.5, "probability", (0.1, 1.0), "D", STUDY, "A board accepts another way of working, nothing discussible")
    accept_open = param(0.8, "probability", (0.0, 1.0), "D", "assumption", "Further chance per unit of discussibility")
    lag_procedure = param(8, "weeks", (2, 26), "D", "assumption", "Weeks from acceptance to action, procedure")
    lag_other = param(26, "weeks", (8, 78), "D", "assumption", "Weeks from acceptance to action, another way of working")
    done_procedure = param(0.7, "probability", (0.3, 1.0), "D", STUDY, "Accepted procedure is put into practice, not only on paper")
    done_other = param(0.54, "probability", (0.1, 0.9), "D", STUDY, "Another way of working is, once accepted")
    teaches = param(0.017, "share", (0.0, 0.05), "D", "assumption: as much learning as procedure at a discussibility of 0.4", "Practice quality gained by another way of working")
    nudge = param(0.01, "share", (0.0, 0.05), "D", "assumption", "How far it moves practice of its lever")
    nudge_ceiling = param(0.06, "share", (0.0, 0.2), "D", "assumption", "Most that such nudges add to a lever")
    half_life = param(40, "weeks", (13, 104), "D", STUDY, "Weeks in which half a nudge is gone, unless embedded")
    acting_memory = param(0.05, "share", (0.02, 0.5), "D", "assumption", "Weight of one recommendation in what the front line believes")
    evidence = param(0.05, "share", (0.0, 0.2), "D", "assumption", "Quality of evaluation gained by a national review's recommendation")
