"""Why an experiment is known to fall short at times: what the model is thought to lack, said wherever it does."""

KNOWN = {
    "V8": "How far from home children are placed is set for England; an authority's own market of homes and carers is "
    "not modelled.",
    "V12": "A court fits what its area has brought to it; why some courts are slower than that is not modelled.",
    "V17": "Serious incidents are few, and a town that stands for a share of an authority has few families in whom "
    "they can happen.",
    "V18": "Years of heavy load are rare here and soon over, because thresholds follow load within weeks; what such "
    "years leave behind in re-referrals is hardly more than luck.",
    "V20": "Small children's families lose early help as well, though they are first in its queue.",
    "V21": "In very deprived places added poverty finds families who are in trouble already.",
    "V23": "A grade rests on one inspection every few years, so that ten years hold few of them. That inspectors see "
    "what is offered early is put in, with its published size.",
    "V27": "No evaluation found that shared information alone changes outcomes, so it does little here; the prototype "
    "that promised cleaner screening had it sharpen every judgement, which would also lower harm.",
    "V29": "Thresholds follow load by a size that was set with this pattern in view; in small teams luck moves load "
    "more.",
    "V30": "Levers help the same families by different ways, and a family that one has helped has less left for the "
    "next; nothing makes the whole more than its parts but a programme that holds together.",
    "V34": "Homes open slowly where they are sought; where there are few carers to lose, the rise comes late.",
    "S0": "While the past is lived nothing is taken from early help; afterwards money is, in some lucks, and waits "
    "grow. Small towns' money swings more, and early help pays more often.",
    "S6": "Relief gives workers hours, and referrals to early help come with them.",
    "S9": "Raised thresholds leave fewer families with more of a worker's time each, which makes up for much of what "
    "is not taken on.",
    "F6": "A lever whose effect on harm is near nothing has no half that could be told apart.",
}
"""By code of the experiment: the reason known so far."""
