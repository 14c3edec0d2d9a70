"""What the client tests stand on: Weir processes, upstreams good and bad, and the clients themselves."""
