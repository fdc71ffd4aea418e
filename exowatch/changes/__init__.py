"""Which claim is which, and what moved. Pure."""
