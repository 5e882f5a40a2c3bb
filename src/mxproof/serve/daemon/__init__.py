"""What every daemon needs."""
