"""One seeded defect: what stands in one file of the product, what it is replaced by, and which tests notice."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A defect in words; `before` stands exactly once in `file`, `killers` are test ids as pytest takes them."""

    name: str
    file: str
    before: str
    after: str
    killers: tuple[str, ...]

    def of(self, text: str) -> str:
        """Break a file's text; raises ValueError where what is to be broken is not there, or there more than once."""
        found = text.count(self.before)
        if found != 1:
            raise ValueError(f"{self.file} holds what {self.name!r} would break {found} times, not once")
        return text.replace(self.before, self.after)
