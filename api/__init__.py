"""
The outside of Guitu: HTTP, the command line, and the wiring of everything.

This package turns requests into calls of `workflow.services` and their answers into JSON or
text. It is the only one that reads settings (`api.settings`), the only one that builds engines,
clocks and gateways (`api.bootstrap`), and the only one that knows a status code (`api.errors`).
It decides nothing about a case.
"""
