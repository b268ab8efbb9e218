import base64

from dash import Dash, Input, Output, dcc, html

app = Dash(__name__)
app.layout = html.Div(
    [
        html.H1("Squares"),
        dcc.Slider(0, 20, 1, value=3, id="number"),
        html.Div(id="answer"),
        dcc.Graph(id="line"),
        dcc.Upload(html.Button("A file"), id="uploaded"),
        html.Div(id="size"),
    ]
)


@app.callback(Output("answer", "children"), Output("line", "figure"), Input("number", "value"))
def square(number):
    points = list(range(number + 1))
    return f"Its square is {number * number}", {"data": [{"x": points, "y": [x * x for x in points]}]}


@app.callback(Output("size", "children"), Input("uploaded", "contents"), prevent_initial_call=True)
def measure(contents):
    return f"It has {len(base64.b64decode(contents.partition(',')[2]))} bytes"


if __name__ == "__main__":
    app.run()
