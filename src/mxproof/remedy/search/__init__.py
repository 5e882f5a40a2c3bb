"""Ways out: from what senders refuse for to the smallest sets of changes after which they deliver."""
