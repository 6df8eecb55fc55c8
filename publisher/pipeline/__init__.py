"""The use cases, a folder for each noun: what the command line, the web and the service call.

`editions` what an edition holds, and is; `slots` what becomes of a planned instant; `sends` the
way of an edition to its readers; `readers` who they are and what they chose; `pages` feeds and the
site; `reports` what became of it all. Import the module that you need, and no other is loaded.
"""
