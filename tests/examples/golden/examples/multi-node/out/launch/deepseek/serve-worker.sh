#!/bin/sh
# Starts the model deepseek with vllm 0.33.0, on each further node of 2.
# Written by stackspec: change the spec and compile again.
set -eu
cd -- "$(dirname -- "$0")"

: "${LEADER_ADDRESS:?set it: host name or address of the node that runs serve.sh}"
: "${WORKER_INDEX:?set it: number of this node, 1 for the first that runs serve-worker.sh}"

exec vllm serve \
  --config config-worker.yaml \
  --master-addr "${LEADER_ADDRESS}" \
  --node-rank "${WORKER_INDEX}"
