"""The lab: studies of many runs that survive what happens to machines, and what can be read from them.

A study is a file or a `Study`; its runs are kept in a folder that anything can read while it grows.
"""
