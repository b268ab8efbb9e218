import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo

    return (mo,)


@app.cell
def _(mo):
    number = mo.ui.slider(0, 20, value=3, label="Number")
    uploaded = mo.ui.file(label="A file")
    mo.vstack([mo.md("# Squares"), number, uploaded])
    return number, uploaded


@app.cell
def _(mo, number):
    mo.md(f"Its square is {number.value * number.value}")
    return


@app.cell
def _(mo, uploaded):
    mo.md(f"It has {len(uploaded.contents() or b'')} bytes")
    return


if __name__ == "__main__":
    app.run()
