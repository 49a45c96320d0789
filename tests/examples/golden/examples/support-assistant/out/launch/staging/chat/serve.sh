#!/bin/sh
# Starts the model chat with vllm 0.33.0, on one node.
# Written by stackspec: change the spec and compile again.
set -eu
cd -- "$(dirname -- "$0")"

: "${HF_TOKEN:?set it: the secret hf-token, key HF_TOKEN}"
export HF_TOKEN

exec vllm serve --config config.yaml
