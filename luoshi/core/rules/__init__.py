"""Pure rules of core: the hash chain and the working-day calendar."""
