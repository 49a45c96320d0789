"""A role that names no KV connector.

## Why
Nothing says how the cache travels from prefill to decode.

Not shown: see tests/importers/test_remarks.py.
"""

SEVERITY = "error"
