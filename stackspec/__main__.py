"""`python -m stackspec`."""

from stackspec.cli import run

if __name__ == "__main__":
    run()
