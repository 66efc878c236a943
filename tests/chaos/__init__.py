"""Kills in earnest: an office at work that is killed with SIGKILL again and again, and what is left of its work."""
