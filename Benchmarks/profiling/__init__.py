"""Where time goes: `make profile SCENARIO=…` runs one kind of load and looks into the server meanwhile."""
