"""Other checkers held against the same mail worlds: each is run in a network of its own, where the lab serves one world."""
