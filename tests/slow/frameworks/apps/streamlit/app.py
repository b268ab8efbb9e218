import streamlit as st

st.title("Squares")
number = st.slider("Number", 0, 20, 3)
st.write(f"Its square is {number * number}")
uploaded = st.file_uploader("A file")
if uploaded:
    st.write(f"It has {len(uploaded.getvalue())} bytes")
