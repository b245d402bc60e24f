"""Convolutions, and whole passes, in C++ for the instruction set of this processor."""
