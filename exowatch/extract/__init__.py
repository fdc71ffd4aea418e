"""Pages and records plus knowledge become findings. Pure."""
