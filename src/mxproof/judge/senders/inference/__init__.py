"""The engine turned around: from what a sender was seen to do in known worlds to the traits that it has.

Each case is a domain with one deliberate property. What every possible sender does there is worked out by the engine
(`fate`) and put down as a table (`table`); what was seen strikes out the rows that it contradicts (`inferring`), and what is
left of each trait is what the sender may have. So a case distinguishes exactly what the engine says that it does, and a
trait that nothing distinguishes comes out as not shown.
"""
