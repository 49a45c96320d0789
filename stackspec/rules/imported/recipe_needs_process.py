"""A process that a feature needs beside the engine.

## Why
It runs on each node, and is no part of the spec.

Not shown: see tests/importers/test_recipe.py.
"""

SEVERITY = "warning"
