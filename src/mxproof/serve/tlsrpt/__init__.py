"""TLS reports taken in: what `mxproof tlsrpt import` does at once and the daemon does for good."""
