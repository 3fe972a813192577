"""Numbers of permission: panels, the decision matrix, complaints, chasing and trust."""
