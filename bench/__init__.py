"""Measured against peers, side by side in one run: `make bench [ROWS="P1 P2"]`."""
