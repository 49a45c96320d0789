"""The version of the compiler, in one place; `pyproject.toml` reads it."""

VERSION = "0.1.0"
