# Made by scripts/generate from openapi.yaml; edit that instead.
"""Contains endpoint functions for accessing the API"""
