"""What a policy in mode testing would have done, were it enforced."""


def enforced_words(refused: int, sessions: int, sender: str, because: tuple[str, ...]) -> str:
    """Return what a policy in mode testing would do if it were enforced."""
    *before, last = because or ("",)
    why = f", because {'; '.join(before)}{'; and ' if before else ''}{last}" if because else ""
    return f"In mode enforce {refused} of {sessions} sessions a day of {sender} would be refused{why}."
