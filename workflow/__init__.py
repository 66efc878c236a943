"""
The engine: what happened in a case, what follows from it, and where both are kept.

Three shelves, each of which knows only those below it: `services` (use cases, one transaction
each), `store` (tables, migrations, queries), `rules` (pure functions of facts, policy, calendar
and a day). The packs lie beside them as data in `policies`, calendars and divisions in `data`.
"""
