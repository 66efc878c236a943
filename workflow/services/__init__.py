"""
The use cases: record, project, sweep, rehearse. Each is one transaction.

A service loads facts through the store, asks the rules, and writes what they answered. It reads
packs and calendars for the rules, which touch no disk. It knows no HTTP, no scheduler and no
environment.
"""
