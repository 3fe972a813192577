"""The sizes that take too long for every change: `make torture`, within an hour."""
