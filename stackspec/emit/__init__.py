"""Deterministic writers of formats that have a parser: build data, dump once."""
