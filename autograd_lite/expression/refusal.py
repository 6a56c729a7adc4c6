"""What is said of a formula that is refused: what, where, and what to write instead."""


class ExpressionError(ValueError):
    """A formula that is refused. `message` says why; `text[start:end]` is what it speaks of.

    As text it is the message, the formula, and a line with ^ below the place.

    >>> print(ExpressionError("received ^", "x^2", 1, 2))
    Character 2: received ^
        x^2
         ^
    """

    def __init__(self, message: str, text: str, start: int = 0, end: int | None = None) -> None:
        self.text = text
        self.start = start
        self.end = max(start + 1, len(text) if end is None else end)
        typed = text.strip()
        self.message = f"Character {start + 1}: {message}" if typed else message
        self.caret = " " * start + "^" * (self.end - start)
        super().__init__(f"{self.message}\n    {text}\n    {self.caret}" if typed else message)

    @property
    def lines(self) -> list[str]:
        """The formula and the line that points into it, for letters of equal width."""
        return [self.text, self.caret] if self.text.strip() else []
