#!/bin/sh
# Starts the model wide, role decode with vllm 0.33.0, on the first node of 2.
# Written by stackspec: change the spec and compile again.
set -eu
cd -- "$(dirname -- "$0")"

: "${LEADER_ADDRESS:?set it: host name or address of the node that runs serve.sh}"
: "${POD_IP:?set it: address of this node that the other nodes reach}"
export VLLM_NIXL_SIDE_CHANNEL_HOST="${POD_IP}"

exec vllm serve --config config.yaml --data-parallel-address "${LEADER_ADDRESS}"
