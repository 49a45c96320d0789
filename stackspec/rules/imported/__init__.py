"""Codes of what `stackspec import` says about what it was given, one file each: documentation and test, without a function."""
