"""Pages of HTML: one file with everything in it, for a browser, a mail attachment and paper."""
