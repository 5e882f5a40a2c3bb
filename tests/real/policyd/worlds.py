"""The worlds in which `mxproof policyd` answers real Postfix, old and new, and what becomes of the mail.

| world | what it shows |
|---|---|
| incident, half-fixed, fixed, direct | the migration behind aliases, act by act |
| testing, none | a policy that asks for nothing |
| unlisted, wildcard depth | MX names that the policy does not list |
| TLSA mismatch, TLSA right with a wrong policy | DANE decides where there are usable TLSA records |
| alias with TLSA at the target, unsigned alias | the TLSA base domain of an aliased MX host |
| policy changed, id changed with the policy host gone | what a running daemon remembers |
| one MX SERVFAIL | what one broken MX host of two costs |
| IDN domain, smart hosts | keys that are no plain domain |
| hostile `mx:` values | nothing of a policy leaks into what Postfix parses |
"""
