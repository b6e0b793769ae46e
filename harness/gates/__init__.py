"""Gates: the programs that host an agent ask before a tool is used, and the people of the scenario answer."""
