"""What is asked of the operating system: files written and read safely, who may open them, drives, processes, and the
keys of a terminal. The only package that knows that there are several systems. Nothing here knows what a store or a
client is; prompts and screens are in `terminal`.
"""
