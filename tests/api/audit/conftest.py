"""The lab of the data tests, with its people and their apps, serves here as well."""

from tests.api.data.conftest import lab as lab
