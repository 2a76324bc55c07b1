"""What stands on each sheet of paper: forms blank and filled, their codes, and where they go."""
