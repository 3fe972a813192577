"""Numbers of children's lives: development, behaviour, schooling, alcohol, risk outside the home, and foster carers."""
