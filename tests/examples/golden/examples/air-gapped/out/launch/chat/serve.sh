#!/bin/sh
# Starts the model chat with vllm 0.33.0, on one node.
# Written by stackspec: change the spec and compile again.
set -eu
cd -- "$(dirname -- "$0")"

export AWS_ENDPOINT_URL=https://s3.corp.example

exec vllm serve --config config.yaml
