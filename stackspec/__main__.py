"""`python -m stackspec`."""

import os
import sys

if sys.path and os.path.realpath(sys.path[0]) == os.path.realpath(os.getcwd()):
    del sys.path[0]

from stackspec.cli import run

if __name__ == "__main__":
    run()
