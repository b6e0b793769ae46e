"""Requests, people, decisions, grants: who was asked for what, who agreed, and which call that covers."""
