"""An invented house for trying the program out: its people, its clients and a year of entries, drawn by lot."""
