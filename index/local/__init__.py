"""The index on this machine: segments, legs, builds, and the store that opens them."""
