"""stackspec: check one YAML spec of an AI stack and compile it to everything needed to run it."""
