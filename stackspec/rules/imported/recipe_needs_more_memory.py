"""Hardware with less memory than the recipe asks for.

## Why
The strategy runs on one node, and the variant needs more than that node has. Choose another variant, hardware or strategy.

Not shown: see tests/importers/test_recipe.py.
"""

SEVERITY = "warning"
