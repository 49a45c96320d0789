#!/bin/sh
# Starts the model deepseek with vllm 0.33.0, on the first node of 2.
# Written by stackspec: change the spec and compile again.
set -eu
cd -- "$(dirname -- "$0")"

: "${LEADER_ADDRESS:?set it: host name or address of the node that runs serve.sh}"

exec vllm serve --config config.yaml --master-addr "${LEADER_ADDRESS}"
