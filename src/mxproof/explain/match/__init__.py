"""Material to causes: the rules that a text matches, the results of authentication, and the host that failed."""
