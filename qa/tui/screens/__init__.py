"""Screens: one file each, a `.tcss` beside those that need one."""
