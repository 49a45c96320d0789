"""Checkpoints: what a model's published `config.json` and tensor headers say, as one `ModelFacts` and one `Architecture`."""
