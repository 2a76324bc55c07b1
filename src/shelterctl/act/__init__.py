"""What is done to a store: the acts that commands and walk-throughs share, each judged before it is written down."""
