"""Real servers on this machine that behave well, or badly in one way each, and remember what they were handed."""
