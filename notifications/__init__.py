"""
Tells people what the rules decided that they be told, and records that they were told.

It never decides who is owed what, or when: rungs and recipients come from `workflow`. It knows
channels, quiet hours and schedules, and nothing of HTTP routes.
"""
