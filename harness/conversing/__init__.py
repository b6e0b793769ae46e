"""Conversations with a model that calls tools: the loop, its budget, and how each SDK's conversation is held."""
