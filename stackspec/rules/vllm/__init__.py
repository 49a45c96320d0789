"""What vLLM's own configuration refuses, or silently turns into something else: one file each, as in the folder above.

A rule here takes a `Launched` and says which flags call for it, which releases share it, and when vLLM itself would refuse:
`tests/engines/test_vllm_rules.py` asks the real configuration of several releases about each Bad and each Good example.
"""
