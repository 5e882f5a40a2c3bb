"""The check for many domains: a folder of parts, phases of tasks that any engine can run, and tables of what was found."""
