"""One small module a topic; a check is a generator over a mail domain that yields findings."""
