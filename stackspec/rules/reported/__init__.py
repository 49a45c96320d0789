"""Codes that the passes before the rules report, one file each: documentation, help and test, without a function."""
