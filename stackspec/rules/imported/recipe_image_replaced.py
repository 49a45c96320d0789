"""An image of a recipe that the release's own replaces.

## Why
A recipe may run an image of another release, or of a branch. The spec pins a release and takes the image that it publishes.

Not shown: see tests/importers/test_recipe.py.
"""

SEVERITY = "info"
