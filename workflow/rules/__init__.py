"""
The rules of the trade, as pure functions: facts, policy, calendar and a day in, decisions out.

Nothing here touches a disk, a network, a clock or the environment; a time is always an
argument. So the same facts give the same answer on every machine and on every day, and each
rule can be tested by a line. Reading packs and calendars is the business of `workflow.services`.
"""
