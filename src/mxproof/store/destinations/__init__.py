"""Where the policy daemon keeps what it has learnt: one contract, four back ends."""
