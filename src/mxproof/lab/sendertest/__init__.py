"""The lab turned around: domains with one deliberate property each, served to a sending server that is watched.

The set is one world of the lab. What distinguishes it is that it stands at the ports where mail is delivered, that its names
are new in each run, and that every query, fetch and connection is noted (`watching`).
"""
