"""What learners really type: the message has the mend, and points at the place."""

import pytest

from autograd_lite.expression import ExpressionError, parse

# Typed, the place in the text that is meant, and what the message must say.
TYPED = [
    ("2x", "x", "write 2*x"),
    ("2(x + 1)", "(", "write 2*(…)"),
    ("(x + 1)(x - 1)", "(", r"write (…)*(…)"),
    ("2πr", "π", "write 2*pi"),
    ("x1 x2", "x2", "write x1*x2"),
    ("x 2", "2", "write x*2"),
    ("2 3 + x", "3", "expected a sign between them"),
    ("3sin(x)", "sin", "write 3*sin(…)"),
    ("sinx", "sinx", "Write sin(x)"),
    ("2*cosx1", "cosx1", "Write cos(x1)"),
    ("cost", "cost", "Write cos(t)"),
    ("x1x2", "x1x2", "Write x1*x2"),
    ("x*y + xy", "xy", "Write x*y"),
    ("sin x", "sin x", "write sin(x)"),
    ("sin", "sin", "write sin(…)"),
    ("maximum x", "maximum x", "write maximum(…, …)"),
    ("x^2", "^", "write x**2"),
    ("e^x", "^", "write e**x"),
    ("(x + 1)^-2", "^", "write (…)**-2"),
    ("sin^2(x)", "sin^", "write sin(…)**2"),
    ("sin**2(x)", "sin**", "write sin(…)**2"),
    ("x²", "²", "write **2"),
    ("x₁", "₁", "write 1"),
    ("ln(x)", "ln", "Write log(…)"),
    ("max(x, 2)", "max", "Write maximum(…)"),
    ("σ(x)", "σ", "Write sigmoid(…)"),
    ("sine(x)", "sine", "Did you mean sin(…)?"),
    ("Exp(x)", "Exp", "Did you mean exp(…)?"),
    ("foo(x)", "foo", "Functions are add, "),
    ("x(x + 1)", "x", "For a product write x*(…)"),
    ("pi*(x) + e(x)", "(", "write e*(…)"),
    ("sin(x", "(", "Write ) where it ends"),
    ("(x + (1", "(", "never closed"),
    ("x)", ")", "closes nothing"),
    ("sin(x]", "]", "expected ( or )"),
    ("()", ")", "nothing inside"),
    ("sin()", "sin()", "write sin(x1)"),
    ("maximum(x)", "maximum(x)", "received 1 input, expected 2: write maximum(x1, x2)"),
    ("sin(x, 2)", "sin(x, 2)", "received 2 inputs, expected 1"),
    ("3,5*x", "3,5", "write 3.5"),
    ("sin(0,5)*x", "sin(0,5)", "write a point: 0.5"),
    ("x, y", ",", "inputs of a function only"),
    ("1.2.3*x", ".3", "expected a sign between them"),
    ("y = sin(x1)", "=", "write sin(x1)"),
    ("x = 3", "=", "A slider sets"),
    ("x == 3", "=", "no slope"),
    ("x > 0", ">", "write relu(x1)"),
    ("x != 0", "!", "no slope"),
    ("a.b", ".", "a point after a"),
    ("np.sin(x)", ".", "write sin"),
    ("__import__('os')", "_", "expected a letter"),
    ("lambda x: x", "lambda", "ag.explore"),
    ("x if x else 2", "if", "a word of Python"),
    ("x and 2", "and", "a word of Python"),
    ("not x", "not", "a word of Python"),
    ("not(x)", "not", "a word of Python"),
    ("'x'", "'", "quotation mark"),
    ("[x]", "[", "expected ( or )"),
    ("x; x", ";", "one formula"),
    ("|x|", "|", "write abs(…)"),
    ("√x", "√", "write sqrt(…)"),
    ("x!", "!", "no function of the package"),
    ("x % 2", "%", "expected a number"),
    ("x // 2", "/", "the whole part has no slope"),
    ("x *** 2", "*", "expected"),
    ("* x", "*", "at the beginning"),
    ("x + * 2", "*", "received * after +"),
    ("x🙂", "🙂", "expected names, numbers"),
    ("1e999*x", "1e999", "up to 1e308"),
    ("v2*x", "v2", "Write another name"),
    ("_x", "_", "expected a letter"),
    ("x*" + "n" * 21, "n" * 21, "at most 20"),
    ("3", "3", "nothing to differentiate by"),
    ("sin(2*pi)", "sin(2*pi)", "Write a name, such as x1"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "mend"), TYPED)
def test_the_message_has_the_mend_and_the_place(text: str, place: str, mend: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    error = caught.value
    assert mend in error.message
    assert text[error.start : error.end] == place
    assert error.message.startswith(f"Character {error.start + 1}: ")
    formula, caret = error.lines
    assert formula == text
    assert caret == " " * error.start + "^" * len(place)
    assert str(error) == f"{error.message}\n    {formula}\n    {caret}"


@pytest.mark.parametrize(("text", "after"), [("x +", "+"), ("x**", "**"), ("2*(x -", None)])
def test_what_ends_too_early_points_behind_the_end(text: str, after: str | None) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    if after is None:
        assert caught.value.start == text.index("(")
    else:
        assert f"ends after {after}" in caught.value.message
        assert caught.value.start == len(text)


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_without_a_text_there_is_no_place(text: str) -> None:
    with pytest.raises(ExpressionError, match=r"^Nothing is typed yet.*x1\*x2\.$") as caught:
        parse(text)
    assert caught.value.lines == []


def test_a_name_that_is_given_is_a_name() -> None:
    assert parse("cost + xy*x*y", known=["cost", "xy"]).names == ("cost", "xy", "x", "y")


def test_names_may_have_digits_and_low_lines() -> None:
    assert parse("w_1*x_in + β2 + rate").names == ("w_1", "x_in", "β2", "rate")
