"""What is done with the secrets of a person."""

from hothouse.secrets.personal.service.keeping import Given, PersonalSecrets
from hothouse.secrets.personal.service.sealed import SealedPersonalSecrets

__all__ = ["Given", "PersonalSecrets", "SealedPersonalSecrets"]
