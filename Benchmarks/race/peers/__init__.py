"""The servers that race, each behind the same few names: `start`, `stop`, `pids`, `port`."""
