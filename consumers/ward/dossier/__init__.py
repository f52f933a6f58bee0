"""All about each patient but the course of values."""

from consumers.ward.dossier.dossiers import Dossiers

__all__ = ["Dossiers"]
