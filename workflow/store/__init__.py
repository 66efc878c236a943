"""
Where cases are kept: tables, migrations, queries, and the one place that commits.

SQLModel lives here and nowhere else. One query file a noun; the scope of what a caller may see
lies in the query. The store knows the rules' types and nothing of the services.
"""
