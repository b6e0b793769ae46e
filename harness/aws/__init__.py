"""The mocked AWS account: gateway, world, inventory, rights, clock, and the transports that lead to the gateway."""
