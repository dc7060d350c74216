"""Letters: how they are loaded, how much of one is its writer's own."""
