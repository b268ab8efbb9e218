import panel as pn

pn.extension()
number = pn.widgets.IntSlider(name="Number", start=0, end=20, value=3)
uploaded = pn.widgets.FileInput()


def square(value):
    return f"Its square is {value * value}"


def measure(content):
    return f"It has {len(content)} bytes" if content else "Nothing"


pn.Column("# Squares", number, pn.bind(square, number), uploaded, pn.bind(measure, uploaded)).servable()
