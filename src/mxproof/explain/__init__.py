"""A bounce, a log line or a header in; the cause in plain words out."""
