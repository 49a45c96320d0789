#!/bin/sh
# Starts the model wide, role decode with vllm 0.33.0, on each further node of 2.
# Written by stackspec: change the spec and compile again.
set -eu
cd -- "$(dirname -- "$0")"

: "${LEADER_ADDRESS:?set it: host name or address of the node that runs serve.sh}"
: "${POD_IP:?set it: address of this node that the other nodes reach}"
: "${WORKER_INDEX:?set it: number of this node, 1 for the first that runs serve-worker.sh}"
case "${WORKER_INDEX}" in
  *[!0-9]* | 0?*) echo 'serve-worker.sh: WORKER_INDEX must be a whole number without leading zeros' >&2; exit 2 ;;
esac
export VLLM_NIXL_SIDE_CHANNEL_HOST="${POD_IP}"

exec vllm serve \
  --config config-worker.yaml \
  --data-parallel-address "${LEADER_ADDRESS}" \
  --data-parallel-start-rank "$((WORKER_INDEX * 8))"
