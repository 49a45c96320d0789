#!/bin/sh
# Starts the model chat-next with vllm 0.33.0, on one node.
# Written by stackspec: change the spec and compile again.
set -eu
cd -- "$(dirname -- "$0")"

exec vllm serve --config config.yaml
