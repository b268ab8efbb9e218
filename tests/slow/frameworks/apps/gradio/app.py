import os

import gradio as gr


def square(number):
    return f"Its square is {number * number:.0f}"


def measure(path):
    return f"It has {os.path.getsize(path)} bytes" if path else "Nothing"


with gr.Blocks() as demo:
    gr.Markdown("# Squares")
    number = gr.Slider(0, 20, value=3, step=1, label="Number")
    answer = gr.Textbox(label="Answer")
    number.change(square, number, answer)
    uploaded = gr.File(label="A file", type="filepath")
    size = gr.Textbox(label="Size")
    uploaded.change(measure, uploaded, size)

if __name__ == "__main__":
    demo.launch()
