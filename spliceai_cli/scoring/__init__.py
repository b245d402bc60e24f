"""From the outputs of networks to scores."""
