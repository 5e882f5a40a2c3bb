"""What is read of the dialogue with a server."""

from mxproof.evidence import SmtpLine


def last_reply(transcript: tuple[SmtpLine, ...]) -> bytes:
    """Return the server's last line before the client took its leave, empty where it said nothing."""
    said = b""
    for line in transcript:
        if line.side == "C" and line.text.upper() == b"QUIT":
            break
        if line.side == "S":
            said = line.text
    return said
