"""What users may type: pydantic models, one module per layer; shape, bounds and unions only."""
