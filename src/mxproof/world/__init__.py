"""A mail world as a value, and what it answers: the other half of asking, without a socket."""
