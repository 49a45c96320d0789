"""Generated files: `python -m stackspec.regen` writes them, `--check` fails where one is out of date.

Each module here owns some files: `outputs()` returns their paths and bytes. A module whose `ONLINE` is true reads published
packages and runs only when named; the others are pure and are checked by the test suite.
"""
