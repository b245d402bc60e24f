"""Thresholds at which toy networks make events."""

# The toy networks know nothing of splicing: low thresholds make events of what little they say.
LOW = ("min-largest=0", "min-weight=0", "min-pair=0", "max-pair=0", "min-gain=0.01", "reach=400")
WITH = [argument for pair in LOW for argument in ("--consequence-with", pair)]
