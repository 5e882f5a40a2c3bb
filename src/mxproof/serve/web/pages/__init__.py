"""One module a page: from what was read to the elements that a browser is shown; nothing is asked or judged here."""
