"""The rows of TLS reports: the cause behind each, alone or held against evidence."""
