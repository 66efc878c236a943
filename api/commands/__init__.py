"""
The commands of `guitu`, one file a noun. What a command needs is imported when it runs, so that
`guitu rehearse` starts without a web server or a database.
"""
