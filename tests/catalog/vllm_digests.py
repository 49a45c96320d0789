"""What the tables of vLLM's releases say, as digests: `python -m tests.catalog.vllm_digests` records them."""

import hashlib
import json
from pathlib import Path

from stackspec.engines.vllm.release import read, versions

RECORD = Path(__file__).with_name("vllm_digests.json")


def digest(version: str) -> str:
    """What a table says, its date aside."""
    table = {key: value for key, value in read(version).items() if key != "retrieved"}
    return hashlib.sha256(json.dumps(table, sort_keys=True).encode()).hexdigest()[:16]


if __name__ == "__main__":
    RECORD.write_text(json.dumps({version: digest(version) for version in versions()}, indent=2) + "\n", encoding="utf-8")
