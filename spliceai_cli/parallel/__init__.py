"""Tasks computed side by side: on threads, in processes, on a cluster."""
