"""Real tools for the tests: how each is put on this machine, and where a test finds it."""
