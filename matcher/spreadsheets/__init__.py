"""Spreadsheets as coordinators have them: a CSV export goes in, people and clear sentences come out."""
