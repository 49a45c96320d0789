"""Pure arithmetic: packing on pools, start-up time, memory per rank."""
