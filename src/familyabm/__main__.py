"""`python -m familyabm` does what `familyabm` does."""

from familyabm.cli import main

main()
