"""What the experts know, as YAML reviewed by people who do not program."""
