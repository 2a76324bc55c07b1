"""What is shown of a store: a client as a row or on one screen, a form, the first screen of the menu."""
