"""What the model must show to be believed: published patterns, signs of its feedback loops, and falsifiers.

Each is written down as an experiment with its source and the size expected before it is run. What falls short
is said first, and nothing here may change a rule, a parameter or a bound to make an experiment come out.
"""

from familyabm.credibility.experiments import HELD_BACK, Claim, Missing, Pattern, World
from familyabm.credibility.judge import Finding, Row, Verdict
from familyabm.credibility.run import Findings, examine

__all__ = ["HELD_BACK", "Claim", "Finding", "Findings", "Missing", "Pattern", "Row", "Verdict", "World", "examine"]
