"""
The tests mirror the tree: `workflow/rules/terms.py` is tested in `tests/workflow/rules/test_terms.py`.

What is about the whole (architecture, contract, migrations, documentation, journeys) lies at the root.
"""
